import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inLanguage } from "/static/shared/i18n.js";
import { grouped, LENGTH, mistake, normalise, Typing } from "../../kiosk/static/codes.js";

// The same table is read by tests/domain/members/test_codes.py.
/** @type {{code: string, short: string}[]} */
const TABLE = JSON.parse(readFileSync(new URL("../short_codes.json", import.meta.url), "utf-8"));
const LETTERS = "BCDFGHJKLNPRSTVX".repeat(2);
const english = (/** @type {() => string} */ work) => inLanguage("en", work);

test("spaces, dashes and small letters are as good as the code on the card, and no more than a code is taken", () => {
  assert.equal(normalise("c bcdf-ghjk\u00a0lnpr"), "CBCDFGHJKLNPR");
  assert.equal(normalise(`C${LETTERS}BBBB`).length, LENGTH);
});

test("a code is shown in the groups that are printed on the card", () => {
  assert.equal(grouped("CBCDFGHJKL"), "C BCDF GHJK L");
  assert.equal(grouped(""), "");
});

test("the first large key brings the kind along, card or ticket", () => {
  const typing = new Typing();
  typing.press("B");
  assert.equal(typing.code, "CB");
  typing.choose("V");
  assert.equal(typing.code, "VB");
  typing.clear();
  typing.press("D");
  assert.equal(typing.code, "VD");
});

test("a code that is typed with its first letter says itself what it is of", () => {
  const typing = new Typing();
  typing.set("V BCDF");
  assert.equal(typing.kind, "V");
});

test("what is wrong is said only after Continue, follows the typing, and is forgotten with the last letter", () => {
  const typing = new Typing();
  typing.set("CBCDF");
  assert.equal(typing.wrong, "");
  assert.equal(typing.submit(), "");
  assert.equal(
    english(() => typing.wrong),
    "5 letters are still missing.",
  );
  typing.press("G");
  assert.equal(
    english(() => typing.wrong),
    "4 letters are still missing.",
  );
  for (let left = 6; left > 0; left -= 1) typing.erase();
  assert.equal(typing.wrong, "");
});

test("letters that no code of ours has are named, once each", () => {
  assert.match(
    english(() => mistake("CAAEB")),
    /codes: A E\. /,
  );
});

test("a whole code is handed on, and nothing of it is kept afterwards", () => {
  const typing = new Typing();
  typing.set(`C${LETTERS}`);
  assert.equal(typing.submit(), `C${LETTERS}`);
  typing.clear();
  assert.equal(typing.code, "");
});

test("a card's short code is handed on, a slip in it is named, and whoever types the whole code goes on", () => {
  for (const { code, short } of TABLE) {
    const typing = new Typing();
    typing.set(grouped(short));
    assert.equal(typing.submit(), short);
    typing.set(short.slice(0, 9) + (short.endsWith("B") ? "C" : "B"));
    assert.equal(typing.submit(), "");
    assert.match(
      english(() => typing.wrong),
      /^A letter is wrong/,
    );
    typing.set(code.slice(0, 30));
    assert.equal(
      english(() => typing.wrong),
      "3 letters are still missing.",
    );
    typing.set(code);
    assert.equal(typing.submit(), code);
  }
});
