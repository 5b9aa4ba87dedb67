import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanguage } from "/static/shared/i18n.js";
import { padded } from "../../checkin_server/pages/dashboard/static/arrivals.js";
import { scaleEnd } from "../../checkin_server/pages/dashboard/static/bars.js";
import { waitWords } from "../../checkin_server/pages/dashboard/static/services.js";
import { counterState } from "../../checkin_server/pages/dashboard/static/zones.js";
import { kindOf } from "../../checkin_server/pages/welcome/static/find.js";

const CARD = `C${"BCDFGHJKLNPRSTVX".repeat(2)}`;

test("the welcome desk's one field tells a code, a number and a name apart", () => {
  assert.equal(kindOf(CARD), "code");
  assert.equal(kindOf(`${CARD.slice(0, 5)} ${CARD.slice(5)}`.toLowerCase()), "code");
  assert.equal(kindOf(CARD.slice(0, -1)), "cut", "a scanner that stopped too early looks nobody up by name");
  assert.equal(kindOf(CARD.slice(0, 8)), "cut");
  assert.equal(kindOf("Clément"), "name");
  assert.equal(kindOf(" 71 "), "number");
  assert.equal(kindOf("\u206871\u2069"), "number");
  assert.equal(kindOf("1234567"), "name");
  assert.equal(kindOf("أمينة"), "name");
  assert.equal(kindOf(" \u200e"), "");
});

test("a morning's few bars do not fill the chart: quarters still to come are empty, not nought", () => {
  const shown = padded([{ at: "2019-12-27T08:00:00.000Z", count: 9 }], 3);
  assert.deepEqual(shown, [
    { at: "2019-12-27T08:00:00.000Z", count: 9 },
    { at: "2019-12-27T08:15:00.000Z", count: null },
    { at: "2019-12-27T08:30:00.000Z", count: null },
  ]);
  assert.deepEqual(padded([], 3), []);
});

test("bars of waits end at a whole quarter-hour that holds the longest", () => {
  assert.equal(scaleEnd([null, 901, undefined, 60]), 1800);
  assert.equal(scaleEnd([]), 900);
});

test("a service without an open counter has no number for its wait", () => {
  const wait = { p50: 360, p90: 600 };
  const words = (/** @type {any} */ service) => inLanguage("en", () => waitWords(service));
  assert.equal(words({ counters_open: 0, expected_wait: wait }), "closed, time unknown");
  assert.equal(words({ counters_open: 1, expected_wait: null }), "time unknown");
  assert.equal(words({ counters_open: 1, expected_wait: wait }), "about 6-10 min");
});

test("an open counter with nobody at it is free", () => {
  assert.equal(counterState({ state: "open" }), "free");
  assert.equal(counterState({ state: "serving" }), "serving");
});
