/**
 * A keyboard-wedge scanner types the card's code anywhere on the page, followed by Enter or Tab.
 *
 * The code is taken from `KeyboardEvent.code` (which key), never from `key` (which letter): under a French or Arabic layout the
 * letters come out wrong, the keys do not. A scanner is told from fingers by its speed: keys less than 100 ms apart.
 */

const GAP = 100; // milliseconds between two keys of one scan, at most
const SHORTEST = 8; // characters; fewer are somebody's typing

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

/** The character a scanner set to the US layout meant by this key, or "" for a key that writes nothing. */
export function character(code) {
  const plain = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code);
  return plain ? (plain[1] ?? plain[2]) : (PUNCTUATION[code] ?? "");
}

/**
 * Listens on `target` in the capture phase and calls `onScan(code)` with each scanned code, in capitals. The Enter or Tab that ends a
 * scan goes no further, and a field that had the focus gets back what stood in it before.
 *
 * @returns a function that stops listening.
 */
export function listen(target, onScan) {
  let burst = null;

  function onKey(event) {
    if (event.repeat || event.isComposing) return;
    const sinceLast = burst ? event.timeStamp - burst.at : Infinity;
    if (burst && sinceLast > GAP) burst = null;

    if (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab") {
      const done = burst;
      burst = null;
      if (!done || done.text.length < SHORTEST) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      restore(done);
      onScan(done.text);
      return;
    }
    if (/^(Shift|CapsLock)/.test(event.code)) {
      if (burst) burst.at = event.timeStamp;
      return;
    }
    const written = event.ctrlKey || event.altKey || event.metaKey ? "" : character(event.code);
    if (!written) {
      burst = null;
      return;
    }
    burst ??= { text: "", ...remember() };
    burst.text += written;
    burst.at = event.timeStamp;
  }

  target.addEventListener("keydown", onKey, { capture: true });
  return () => target.removeEventListener("keydown", onKey, { capture: true });
}

function remember() {
  const field = document.activeElement;
  if (!field || !("value" in field) || field.tagName === "BUTTON") return { field: null };
  return { field, value: field.value };
}

function restore({ field, value }) {
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
