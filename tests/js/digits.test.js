import assert from "node:assert/strict";
import { test } from "node:test";
import { digitOf, plainDigits } from "/static/shared/digits.js";
import { shownBy } from "../../booth_display/tablet/static/arriving.js";
import { kindOf, numberOf } from "../../checkin_server/pages/welcome/static/find.js";
import { normalise } from "../../kiosk/static/codes.js";

test("digits of Arabic, Persian and full-width keyboards are 0-9, and nothing else changes", () => {
  assert.equal(plainDigits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ ０９ a7"), "0123456789 0123456789 09 a7");
});

test("a number may be typed on any keyboard at the welcome desk", () => {
  for (const text of ["17", "١٧", "۱۷", " 1 7 ", "\u200f١٧"]) {
    assert.equal(kindOf(text), "number", text);
    assert.equal(numberOf(text), 17, text);
  }
  assert.equal(kindOf("محمد ١٧"), "name");
  assert.equal(kindOf(" - "), "");
});

test("a number may be typed on any keyboard at a counter's tablet", () => {
  for (const text of ["17", "١٧", "۱۷"]) assert.deepEqual(shownBy(text), { number: 17 }, text);
  assert.equal(shownBy("١٧a"), null);
  assert.deepEqual(shownBy("VBCDFGHJK"), { code: "VBCDFGHJK" });
});

test("a PIN may be typed on any keyboard at a counter's tablet", () => {
  for (const [code, key] of [
    ["Digit7", "è"], // a French keyboard without Shift
    ["Digit7", "٧"],
    ["Numpad7", "7"],
    ["", "٧"], // a touch screen's own keyboard names no key
    ["", "۷"],
  ])
    assert.equal(digitOf({ code, key }), "7", key);
  for (const [code, key] of [
    ["KeyA", "a"],
    ["", "Unidentified"],
    ["F7", "F7"],
  ])
    assert.equal(digitOf({ code, key }), "", key);
});

test("a digit in a typed code is named as what no code of ours has, whatever keyboard it came from", () => {
  assert.equal(normalise("c bc١"), "CBC1");
});
