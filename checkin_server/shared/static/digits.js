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

/**
 * The digit a key means, under any layout: a row of digits says which key it was, a touch screen's keyboard only what it wrote.
 * @param {Pick<KeyboardEvent, "code" | "key">} key
 */
export function digitOf({ code, key }) {
  return /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] ?? (/^[0-9]$/.exec(plainDigits(key))?.[0] || "");
}

/**
 * A field in which digits of any keyboard become 0-9 as they are typed: what the page checks and sends is what it can read.
 * @param {HTMLInputElement} field
 */
export function onlyPlainDigits(field) {
  field.addEventListener("input", () => {
    const plain = plainDigits(field.value);
    if (plain !== field.value) field.value = plain;
  });
}
