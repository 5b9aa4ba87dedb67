import assert from "node:assert/strict";
import { test } from "node:test";
import { Burst, character } from "/static/shared/scanner.js";

const CODE = "CBCDFGHJ";

/** Types a text key by key, `gap` milliseconds apart, and gives what came of the last key. */
function type(/** @type {Burst} */ burst, /** @type {string} */ text, { gap = 20, from = 0, end = "Enter" } = {}) {
  let timeStamp = from;
  for (const letter of text) {
    timeStamp += gap;
    burst.take({ code: `Key${letter}`, timeStamp });
  }
  return burst.take({ code: end, timeStamp: timeStamp + gap });
}

for (const end of ["Enter", "NumpadEnter", "Tab"]) {
  test(`a fast row of keys that ends with ${end} is a scan`, () => {
    assert.deepEqual(type(new Burst(), CODE, { end }), { code: CODE });
  });
}

test("keys as slow as fingers are no scan", () => {
  assert.deepEqual(type(new Burst(), CODE, { gap: 101 }), {});
});

test("fewer than eight characters are somebody's typing", () => {
  assert.deepEqual(type(new Burst(), CODE.slice(1)), {});
});

test("a letter that a finger typed before the scan is no part of it", () => {
  const burst = new Burst();
  burst.take({ code: "KeyA", timeStamp: 0 });
  assert.deepEqual(type(burst, CODE, { from: 500 }), { code: CODE });
});

test("the key counts, not the letter: capitals, and what the US layout writes", () => {
  assert.deepEqual(
    ["KeyQ", "Digit7", "Numpad7", "Minus", "Slash", "Space", "F5", "ArrowUp"].map((code) => character(code)),
    ["Q", "7", "7", "-", "/", " ", "", ""],
  );
});

test("Shift between the keys belongs to the scan", () => {
  const burst = new Burst();
  const keys = [...CODE].flatMap((letter) => ["ShiftLeft", `Key${letter}`]);
  keys.forEach((code, at) => {
    burst.take({ code, timeStamp: 60 * at });
  });
  assert.deepEqual(burst.take({ code: "Enter", timeStamp: 60 * keys.length }), { code: CODE });
});

test("a shortcut ends what was typed before it", () => {
  const burst = new Burst();
  [...CODE].forEach((letter, at) => {
    burst.take({ code: `Key${letter}`, timeStamp: 20 * at });
  });
  burst.take({ code: "KeyV", timeStamp: 160, ctrlKey: true });
  assert.deepEqual(burst.take({ code: "Enter", timeStamp: 180 }), {});
});

test("a key that is held down, or a letter being composed, is looked past", () => {
  const burst = new Burst();
  burst.take({ code: "KeyC", timeStamp: 10 });
  burst.take({ code: "KeyC", timeStamp: 20, repeat: true });
  burst.take({ code: "KeyC", timeStamp: 30, isComposing: true });
  assert.deepEqual(type(burst, CODE.slice(1), { from: 30 }), { code: CODE });
});

test("the first key of a scan is told, so that a field can be given back what stood in it", () => {
  const burst = new Burst();
  assert.deepEqual(burst.take({ code: "KeyC", timeStamp: 10 }), { began: true });
  assert.deepEqual(burst.take({ code: "KeyB", timeStamp: 20 }), {});
  assert.deepEqual(burst.take({ code: "KeyB", timeStamp: 900 }), { began: true });
});

test("a scan is over with its Enter: the next one begins with nothing", () => {
  const burst = new Burst();
  type(burst, CODE);
  assert.deepEqual(burst.take({ code: "Enter", timeStamp: 210 }), { echo: true });
});

for (const end of ["Enter", "NumpadEnter", "Tab"]) {
  test(`a scanner that ends with two keys presses nothing by the second one: ${end}`, () => {
    const burst = new Burst();
    type(burst, CODE);
    const at = 20 * (CODE.length + 1);
    assert.deepEqual(burst.take({ code: end, timeStamp: at + 5 }), { echo: true });
    assert.deepEqual(burst.take({ code: end, timeStamp: at + 300 }), { echo: true });
    assert.deepEqual(burst.take({ code: end, timeStamp: at + 301 }), {}, "a finger's own");
  });
}

test("a line feed that is typed as Ctrl+J ends a scan, or is the second end of one", () => {
  const feed = { code: "KeyJ", ctrlKey: true };
  const burst = new Burst();
  for (const [place, letter] of [...CODE].entries()) burst.take({ code: `Key${letter}`, timeStamp: 20 * place });
  assert.deepEqual(burst.take({ ...feed, timeStamp: 170 }), { code: CODE });
  assert.deepEqual(burst.take({ ...feed, timeStamp: 180 }), { echo: true });
});

// What a scanner set to the US layout presses for each sign of Base45 that is no letter and no digit, and what the
// machine's layout makes of the same keys (`event.key`): `fr(basic)` and `ara(basic)` of xkb-data 2.35.1.
const SIGNS = [
  [" ", "Space", false, " ", " "],
  ["$", "Digit4", true, "4", "$"],
  ["%", "Digit5", true, "5", "%"],
  ["*", "Digit8", true, "8", "*"],
  ["+", "Equal", true, "+", "+"],
  ["-", "Minus", false, ")", "-"],
  [".", "Period", false, ":", "ز"],
  ["/", "Slash", false, "!", "ظ"],
  [":", "Semicolon", true, "M", ":"],
];

test("the signs of a signed card come through by their keys, whatever the layout makes of them", () => {
  for (const [sign, code, shift] of SIGNS) assert.equal(character(String(code), Boolean(shift)), sign);
  const lost = (/** @type {number} */ layout) => SIGNS.filter((each) => each[layout] !== each[0]).length;
  assert.ok(lost(3) > 5 && lost(4) > 1, "by the letters they would be lost");
});

test("letters are letters with Shift and without: CapsLock turns round what scanners do", () => {
  assert.equal(character("KeyA", true), "A");
  assert.equal(character("KeyA", false), "A");
  assert.equal(character("Numpad4", true), "4");
});

test("a signed card that a scanner types with Shift is read whole", () => {
  const burst = new Burst();
  let timeStamp = 0;
  const press = (/** @type {string} */ code, shiftKey = false) => {
    timeStamp += 5;
    return burst.take({ code, timeStamp, shiftKey });
  };
  /** @type {[string, boolean][]} */
  const keys = [["KeyR", true], ["Digit1", false], ["Semicolon", true], ["KeyB", true], ["Space", false], ["Digit4", true],
    ["Equal", true], ["Slash", false], ["Digit9", false]]; // biome-ignore format: one card
  for (const [code, shift] of keys) {
    if (shift) press("ShiftLeft", true);
    press(code, shift);
  }
  assert.deepEqual(press("Enter"), { code: "R1:B $+/9" });
});
