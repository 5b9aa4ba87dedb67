/**
 * A keyboard-wedge scanner types the card's code anywhere on the page, followed by Enter or Tab.
 *
 * The code is taken from `KeyboardEvent.code` (which key), never from `key` (which letter): under a French or Arabic layout the
 * letters come out wrong, the keys do not. A scanner is told from fingers by its speed: keys less than 100 ms apart.
 *
 * Signed cards hold signs that the US layout writes with Shift (`$ % * + :`): there Shift counts. With letters it does not, since
 * scanners hold it for capitals, and CapsLock turns that round.
 */

const GAP = 100; // milliseconds between two keys of one scan, at most
const SHORTEST = 8; // characters; fewer are somebody's typing
const ECHO = 300; // milliseconds after a scan in which another Enter or Tab is the scanner's own: some end a code with two
const ENDS = new Set(["Enter", "NumpadEnter", "Tab"]);

/** @type {Record<string, string>} */
const PUNCTUATION = {
  Minus: "-",
  Equal: "=",
  Slash: "/",
  Period: ".",
  Comma: ",",
  Semicolon: ";",
  Quote: "'",
  Backslash: "\\",
  BracketLeft: "[",
  BracketRight: "]",
  Backquote: "`",
  Space: " ",
  NumpadDecimal: ".",
  NumpadSubtract: "-",
  NumpadDivide: "/",
  NumpadAdd: "+",
  NumpadMultiply: "*",
};

/** @type {Record<string, string>} */
const WITH_SHIFT = {
  Digit1: "!",
  Digit2: "@",
  Digit3: "#",
  Digit4: "$",
  Digit5: "%",
  Digit6: "^",
  Digit7: "&",
  Digit8: "*",
  Digit9: "(",
  Digit0: ")",
  Minus: "_",
  Equal: "+",
  Slash: "?",
  Period: ">",
  Comma: "<",
  Semicolon: ":",
  Quote: '"',
  Backslash: "|",
  BracketLeft: "{",
  BracketRight: "}",
  Backquote: "~",
};

/**
 * The character a scanner set to the US layout meant by this key, or "" for a key that writes nothing.
 * @param {string} code of a KeyboardEvent
 * @param {boolean} [shift] whether Shift was held
 */
export function character(code, shift = false) {
  if (shift && WITH_SHIFT[code]) return WITH_SHIFT[code];
  const plain = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return plain ? (plain[1] ?? plain[2]) : (PUNCTUATION[code] ?? "");
}

/**
 * @typedef {object} Key what is looked at of a KeyboardEvent
 * @property {string} code
 * @property {number} timeStamp milliseconds
 * @property {boolean} [repeat]
 * @property {boolean} [shiftKey]
 * @property {boolean} [isComposing]
 * @property {boolean} [ctrlKey]
 * @property {boolean} [altKey]
 * @property {boolean} [metaKey]
 */

/** Tells a scanner from fingers, key by key. */
export class Burst {
  constructor() {
    this.text = "";
    this.at = -Infinity;
    this.ended = -Infinity;
  }

  /**
   * Takes a key. `began`: it may be the first of a scan. `code`: the scan that this Enter or Tab ended. `echo`: one more end of the
   * scan before, which must press nothing.
   * @param {Key} key
   * @returns {{began?: true, code?: string, echo?: true}}
   */
  take({ code, timeStamp, repeat, isComposing, shiftKey, ctrlKey, altKey, metaKey }) {
    // Ctrl+J and Ctrl+M are how some scanners type the line feed and the carriage return.
    const end = ENDS.has(code) || (ctrlKey && (code === "KeyJ" || code === "KeyM"));
    if (end && timeStamp - this.ended <= ECHO && timeStamp >= this.ended && !this.text) return { echo: true };
    if (repeat || isComposing) return {};
    if (timeStamp - this.at > GAP) this.text = "";
    if (end) {
      const { text } = this;
      this.text = "";
      if (text.length < SHORTEST) return {};
      this.ended = timeStamp;
      return { code: text };
    }
    if (/^(Shift|CapsLock)/.test(code)) {
      this.at = timeStamp;
      return {};
    }
    const written = ctrlKey || altKey || metaKey ? "" : character(code, shiftKey);
    this.text = written && this.text + written;
    this.at = timeStamp;
    return this.text.length === 1 ? { began: true } : {};
  }
}

/**
 * Listens on `target` in the capture phase and calls `onScan(code)` with each scanned code, in capitals. The Enter or Tab that ends a
 * scan goes no further, nor does one that follows within a third of a second, and a field that had the focus gets back what stood in it before.
 *
 * @param {Window | Document | HTMLElement} target
 * @param {(code: string) => void} onScan
 * @returns {() => void} stops listening
 */
export function listen(target, onScan) {
  const burst = new Burst();
  /** @type {ReturnType<typeof remember>} */
  let before = null;

  /** @param {Event} event */
  function onKey(event) {
    if (!(event instanceof KeyboardEvent)) return;
    const { began, code, echo } = burst.take(event);
    if (began) before = remember();
    if (code === undefined && !echo) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (code === undefined) return;
    restore(before);
    onScan(code);
  }

  target.addEventListener("keydown", onKey, { capture: true });
  return () => target.removeEventListener("keydown", onKey, { capture: true });
}

/** The field that has the focus, and what stands in it. */
function remember() {
  const field = document.activeElement;
  const typed = [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement].find((kind) => field instanceof kind);
  if (!typed) return null;
  return { field: /** @type {HTMLInputElement} */ (field), value: /** @type {HTMLInputElement} */ (field).value };
}

/** @param {ReturnType<typeof remember>} before */
function restore(before) {
  if (!before || before.field.value === before.value) return;
  before.field.value = before.value;
  before.field.dispatchEvent(new Event("input", { bubbles: true }));
}
