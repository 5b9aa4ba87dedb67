/** A code that is typed by hand: what it may be, what is wrong with it, what each key does to it. Without the page. */
import { plainDigits } from "/static/shared/digits.js";
import { t, tn } from "/static/shared/i18n.js";
import { isShort, SHORT_LENGTH } from "/static/shared/short_code.js";

/** The sixteen letters of our codes. */
export const LETTERS = [..."BCDFGHJKLNPRSTVX"];
/** C (card) or V (ticket), then 32 letters. A card has a short code besides. */
export const LENGTH = 33;
const STRANGE = new RegExp(`[^${LETTERS.join("")}]`, "g");

/**
 * What was typed, in capitals and without the spaces between the groups.
 * @param {string} text
 */
export function normalise(text) {
  return plainDigits(text)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, LENGTH);
}

/**
 * "C BCDF GHJK …": the code as it is printed on the card.
 * @param {string} code
 */
export function grouped(code) {
  return [code.slice(0, 1), ...(code.slice(1).match(/.{1,4}/g) ?? [])].filter(Boolean).join(" ");
}

/**
 * What is wrong with a code before it is sent, in words, or "".
 * @param {string} code
 */
export function mistake(code) {
  const strange = [...new Set(code.match(STRANGE) ?? [])];
  if (strange.length)
    return t("These do not occur in our codes: {letters}. Please compare with your card.", {
      letters: strange.join(" "),
    });
  if (isShort(code)) return "";
  if (code.length === SHORT_LENGTH && code.startsWith("C"))
    return t("A letter is wrong, or two have changed places. Please compare with your card.");
  const missing = lengthOf(code) - code.length;
  return missing ? tn("{n} letter is still missing.", "{n} letters are still missing.", missing) : "";
}

/**
 * How long a code that begins so is when it is whole.
 * @param {string} code
 */
export function lengthOf(code) {
  return code.startsWith("V") || code.length > SHORT_LENGTH ? LENGTH : SHORT_LENGTH;
}

/** A code while it is typed. */
export class Typing {
  constructor() {
    /** What the code is of, C (card) or V (ticket), also before anything was typed. */
    this.kind = "C";
    this.code = "";
    /** "Continue" was pressed: from now on what is wrong is said, and follows what is typed. */
    this.asked = false;
  }

  /**
   * What stands in the field from now on.
   * @param {string} text
   */
  set(text) {
    this.code = normalise(text);
    // Ours start with C or V; somebody who types the groups only means the kind that is chosen.
    if (/^[CV]/.test(this.code)) this.kind = this.code[0];
    if (!this.code) this.asked = false;
  }

  /**
   * It is a card's, or a ticket's.
   * @param {string} kind
   */
  choose(kind) {
    this.kind = kind;
    this.set(kind + (/^[CV]/.test(this.code) ? this.code.slice(1) : this.code));
  }

  /**
   * A letter of the large keys; the first one is preceded by the kind.
   * @param {string} letter
   */
  press(letter) {
    this.set((this.code || this.kind) + letter);
  }

  erase() {
    this.set(this.code.slice(0, -1));
  }

  /** Nothing typed is kept. */
  clear() {
    this.set("");
  }

  /** What to say about it now, in words, or "". */
  get wrong() {
    return this.asked ? mistake(this.code) : "";
  }

  /** "Continue": the code to send, or "" while it cannot be one. */
  submit() {
    if (!this.code) return "";
    this.asked = mistake(this.code) !== "";
    return this.asked ? "" : this.code;
  }
}
