/**
 * A keyboard-wedge scanner types the card's code anywhere on the page, followed by Enter or Tab.
 *
 * The code is taken from `KeyboardEvent.code` (which key), never from `key` (which letter): under a French or Arabic layout the
 * letters come out wrong, the keys do not. A scanner is told from fingers by its speed: keys less than 100 ms apart.
 */

const GAP = 100; // milliseconds between two keys of one scan, at most
const SHORTEST = 8; // characters; fewer are somebody's typing

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
};

/**
 * The character a scanner set to the US layout meant by this key, or "" for a key that writes nothing.
 * @param {string} code of a KeyboardEvent
 */
export function character(code) {
  const plain = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return plain ? (plain[1] ?? plain[2]) : (PUNCTUATION[code] ?? "");
}

/**
 * @typedef {object} Key what is looked at of a KeyboardEvent
 * @property {string} code
 * @property {number} timeStamp milliseconds
 * @property {boolean} [repeat]
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
  }

  /**
   * Takes a key. `began`: it may be the first of a scan. `code`: the scan that this Enter or Tab ended.
   * @param {Key} key
   * @returns {{began?: true, code?: string}}
   */
  take({ code, timeStamp, repeat, isComposing, ctrlKey, altKey, metaKey }) {
    if (repeat || isComposing) return {};
    if (timeStamp - this.at > GAP) this.text = "";
    if (code === "Enter" || code === "NumpadEnter" || code === "Tab") {
      const { text } = this;
      this.text = "";
      return text.length < SHORTEST ? {} : { code: text };
    }
    if (/^(Shift|CapsLock)/.test(code)) {
      this.at = timeStamp;
      return {};
    }
    const written = ctrlKey || altKey || metaKey ? "" : character(code);
    this.text = written && this.text + written;
    this.at = timeStamp;
    return this.text.length === 1 ? { began: true } : {};
  }
}

/**
 * Listens on `target` in the capture phase and calls `onScan(code)` with each scanned code, in capitals. The Enter or Tab that ends a
 * scan goes no further, and a field that had the focus gets back what stood in it before.
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
    const { began, code } = burst.take(event);
    if (began) before = remember();
    if (code === undefined) return;
    event.preventDefault();
    event.stopImmediatePropagation();
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
