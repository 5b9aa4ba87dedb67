/** Digits as people type them: an Arabic or Persian keyboard writes 17 as ١٧ or ۱۷. */

const ZEROS = [0x0660, 0x06f0, 0xff10];

/**
 * The same text with its digits as 0-9.
 * @param {string} text
 * @returns {string}
 */
export function plainDigits(text) {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = ZEROS.findLast((first) => first <= code) ?? code;
    return String(code - zero);
  });
}
