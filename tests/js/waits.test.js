import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { minutes, range, spokenMinutes, wait } from "/static/shared/waits.js";
import { inLanguage } from "/static/shared/i18n.js";

// The same table is read by tests/domain/test_waits.py: the ticket and the screens must say one wait in the same numbers.
/** @type {{case: string, p50: number, p90: number, says: [number, number]}[]} */
const TABLE = JSON.parse(readFileSync(new URL("../waits.json", import.meta.url), "utf-8"));

for (const { case: name, p50, p90, says } of TABLE) {
  test(`the screens say a wait in the numbers of the table: ${name}`, () => {
    assert.deepEqual(spokenMinutes(p50, p90), says);
  });
}

const inEnglish = (/** @type {() => string} */ work) => inLanguage("en", work);

test("a wait that is not known is never a number", () => {
  assert.equal(
    inEnglish(() => range(null)),
    "time unknown",
  );
  assert.equal(
    inEnglish(() => wait(null)),
    "time unknown",
  );
});

test("a wait is a range, at most so much when it may be none, and almost none below two minutes", () => {
  assert.equal(
    inEnglish(() => range(0, 119)),
    "almost no wait",
  );
  assert.equal(
    inEnglish(() => range(0, 121)),
    "at most 3 min",
  );
  assert.equal(
    inEnglish(() => wait({ p50: 360, p90: 600 })),
    "about 6-10 min",
  );
});

test("a duration is told to the nearest minute, and below half a minute in words", () => {
  assert.equal(
    inEnglish(() => minutes(29)),
    "under 1 min",
  );
  assert.equal(
    inEnglish(() => minutes(30)),
    "1 min",
  );
  assert.equal(
    inEnglish(() => minutes(150)),
    "3 min",
  );
});
