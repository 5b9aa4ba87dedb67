/** The short code on a card, which is typed where the card can't be read: C, eight letters, and one that tells a slip. */

export const LETTERS = "BCDFGHJKLNPRSTVX";
/** With the C and the check letter. */
export const SHORT_LENGTH = 10;
const SHORT = new RegExp(`^C[${LETTERS}]{9}$`);

/**
 * The letter that belongs behind these; the same rule as `check_letter` in checkin_server/domain/members/codes.py, where it is
 * explained.
 * @param {string} letters
 */
export function checkLetter(letters) {
  let total = 0;
  for (const letter of letters) {
    total = (total ^ LETTERS.indexOf(letter)) << 1;
    if (total & 16) total ^= 0b10011;
  }
  return LETTERS[total];
}

/**
 * Whether a text in capitals, without spaces, is a short code without a slip.
 * @param {string} text
 */
export function isShort(text) {
  return SHORT.test(text) && checkLetter(text.slice(1, -1)) === text.at(-1);
}
