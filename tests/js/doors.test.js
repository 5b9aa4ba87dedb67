// When the stands open, that it is over, when it opens again: the words that every screen has for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { doorsWords, oneLine, shut } from "/static/shared/doors.js";
import { date, speak, useHoursOf } from "/static/shared/i18n.js";

/** @import { Doors } from "api" */

const NOW = "2019-12-27T17:30:00Z";
/** @type {Doors} */
const OPEN = {
  state: "open",
  ended: false,
  day: "2019-12-27",
  opens_at: "2019-12-27T08:00:00Z",
  closes_at: "2019-12-27T17:00:00Z",
  stands_open: true,
};
/** @type {Doors} */
const OVER = { ...OPEN, state: "over", ended: true, stands_open: false, opens_at: "2019-12-28T08:00:00Z" };

useHoursOf({ timezone: "Africa/Casablanca", utc_offsets: [{ since: "2019-06-01T00:00:00Z", seconds: 3600 }] });
speak("en");

test("while stands are open nothing is said, and before the first counter that they will", () => {
  assert.equal(doorsWords(OPEN, NOW), null);
  assert.equal(doorsWords({ ...OPEN, stands_open: false }, NOW)?.title, "The stands open in a moment.");
  assert.equal(shut({ ...OPEN, stands_open: false }), false);
});

test("before the hours it is said when the stands open: the hour today, else with the date", () => {
  /** @type {Doors} */
  const early = { ...OPEN, state: "early", stands_open: false };
  assert.equal(doorsWords(early, "2019-12-27T07:00:00Z")?.title, "The stands open at 09:00.");
  assert.equal(doorsWords(early, "2019-12-26T20:00:00Z")?.title, "The stands open on Friday 27 December at 09:00.");
  assert.equal(shut(early), true);
});

test("in the evening it is over, and opens again on a date; in the morning nobody hears of yesterday", () => {
  const words = doorsWords(OVER, NOW);
  assert.ok(words);
  assert.equal(oneLine(words), "It is over for today. It opens again on Saturday 28 December at 09:00.");
  assert.equal(doorsWords(OVER, "2019-12-28T07:00:00Z")?.title, "The stands open at 09:00.");
});

test("after the last day nothing is promised", () => {
  assert.deepEqual(doorsWords({ ...OVER, opens_at: null }, NOW), { title: "It is over for today.", detail: "" });
  assert.equal(doorsWords({ ...OVER, state: "none", opens_at: null }, NOW)?.title, "Not open yet.");
});

test("an Amazigh sentence has an Amazigh date", () => {
  speak("zgh");
  assert.equal(date("2019-12-27"), "ⴰⵙⵉⵎⵡⴰⵙ 27 ⴷⵓⵊⴰⵏⴱⵉⵔ");
  speak("en");
});
