import assert from "node:assert/strict";
import { test } from "node:test";
import { plainDigits } from "/static/shared/digits.js";
import { shownBy } from "../../booth_display/tablet/static/arriving.js";
import { kindOf, numberOf } from "../../checkin_server/pages/welcome/static/find.js";

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
