import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { minutes, range, spoken, wait } from "/static/shared/waits.js";
import { inLanguage, itIs, useHoursOf } from "/static/shared/i18n.js";

// The same table is read by tests/domain/test_waits.py: the ticket and the screens must say one wait in the same numbers.
/**
 * @type {{case: string, p50: number, p90: number, says: [number, number], unit?: string, over?: boolean,
 *   at?: string, part?: string}[]} */
const TABLE = JSON.parse(readFileSync(new URL("../waits.json", import.meta.url), "utf-8"));

for (const { case: name, p50, p90, says, unit = "minutes", over = false, at, part = null } of TABLE) {
  const minute = at ? Number(at.slice(0, 2)) * 60 + Number(at.slice(3)) : null;
  test(`the screens say a wait in the numbers of the table: ${name}`, () => {
    assert.deepEqual(spoken(p50, p90, minute), { unit, low: says[0], high: says[1], over, part });
  });
}

const inEnglish = (/** @type {() => string} */ work) => inLanguage("en", work);

test("a wait that is not known is never a number", () => {
  assert.equal(
    inEnglish(() => range(null)),
    "not open yet",
  );
  assert.equal(
    inEnglish(() => wait(null)),
    "not open yet",
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

test("a wait of more than an hour and a half is told in hours", () => {
  assert.equal(
    inEnglish(() => range(5400, 9000)),
    "1½ h to 2½ h",
  );
  assert.equal(
    inEnglish(() => range(3000, 7200)),
    "half an hour to 2 h",
  );
  assert.equal(
    inEnglish(() => range(60, 7200)),
    "at most 2 h",
  );
  assert.equal(
    inEnglish(() => range(15000, 36000)),
    "more than 4 h",
  );
});

test("a duration of more than an hour and a half is told in hours and minutes", () => {
  assert.equal(
    inEnglish(() => minutes(90 * 60)),
    "90 min",
  );
  assert.equal(
    inEnglish(() => minutes(130 * 60)),
    "2 h 10 min",
  );
  assert.equal(
    inEnglish(() => minutes(7200)),
    "2 h",
  );
});

test("what is hours off is said by the part of the day, in the hall's time and not this machine's", () => {
  const hours = (/** @type {number} */ seconds) =>
    useHoursOf({ timezone: "Africa/Casablanca", utc_offsets: [{ since: "2019-01-01T00:00:00Z", seconds }] });
  const said = () => inEnglish(() => range(4 * 3600, 6 * 3600));
  assert.equal(said(), "more than 4 h");
  itIs("2019-12-27T07:30:00Z");
  hours(0);
  assert.equal(said(), "later this morning");
  hours(3600);
  assert.equal(said(), "this afternoon");
  itIs("2019-12-27T14:00:00Z");
  assert.equal(said(), "this evening");
  itIs("2019-12-27T20:00:00Z");
  assert.equal(said(), "more than 4 h");
});
