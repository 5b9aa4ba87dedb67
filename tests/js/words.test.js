import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanguage, LANGUAGES, useHoursOf } from "/static/shared/i18n.js";
import { printerError, trouble } from "/static/shared/machine_words.js";
import { problem, refusal } from "/static/shared/refusal_words.js";
import { advice, outOfTurn, priorityReason, ticketState, why } from "/static/shared/words.js";

const english = (/** @type {() => any} */ work) => inLanguage("en", work);

test("a reason that staff typed is said in their own words, isolated in every language", () => {
  for (const language of LANGUAGES)
    assert.equal(
      inLanguage(language, () => outOfTurn("sa mère attend")),
      "\u2068sa mère attend\u2069",
    );
});

test("names in advice and in troubles are isolated, whatever the language of the line", () => {
  english(() => {
    const { what } = advice({ code: "divert_counter", name: "بنك", from_name: "صحة", wait_s: 600, becomes_s: 300 });
    assert.match(what, /\u2068صحة\u2069.*\u2068بنك\u2069/);
    assert.match(trouble({ code: "printer_failing", kiosk: "K2", error: "paper_out" }).what, /\u2068K2\u2069/);
    assert.match(ticketState("printed", "K3").what, /\u2068K3\u2069/);
  });
});

test("two clocks that differ are said with their times, and with their dates where these differ", () => {
  useHoursOf({ timezone: "Africa/Casablanca", utc_offsets: [{ since: "2018-10-28T02:00:00Z", seconds: 3600 }] });
  const differing = { code: "clock_differs", riwaq: "2019-12-27T09:45:00Z", followed: false };
  const { what, todo } = english(() => trouble({ ...differing, machine: "2019-12-27T09:05:30Z" }));
  assert.equal(what, "The server's clock was set to 10:05; Riwaq goes on by its own time, 10:45");
  assert.equal(todo, "Look at a watch and say which is right.");
  const behind = english(() => trouble({ ...differing, machine: "2019-12-26T09:45:00Z", followed: true }));
  assert.match(behind.what, /shows 10:45, Thursday 26 December, but before the start it was 10:45, Friday 27 December/);
});

test("a day that is open on another date asks first whether the clock is right", () => {
  const left = { code: "day_left_open", day: "2019-12-27", closes_at: "2019-12-27T17:00:00Z" };
  assert.equal(
    english(() => trouble({ ...left, another_date: false })).todo,
    "Close the day, or open the next one: that ends it.",
  );
  assert.match(english(() => trouble({ ...left, another_date: true })).todo, /clock is wrong.*If not, close the day/);
});

test("what the store has is said with what to do, and for how long once that is a minute", () => {
  const codes = ["disk_full", "read_only", "disk_error", "locked", "unreachable", "no_answer", "slow", "unknown"];
  for (const error of codes) {
    const said = english(() => trouble({ code: "store_failing", error, seconds: 5 }));
    assert.match(said.what, /server/);
    assert.match(said.todo, /technician|Make room/);
    assert.doesNotMatch(said.what, / for /);
  }
  const { what } = english(() => trouble({ code: "store_failing", error: "disk_full", seconds: 180 }));
  assert.match(what, /disk is full.*\(for 3 min\)/);
});

test("priority is told with its reason only where that is one of ours: never a category", () => {
  english(() => {
    assert.equal(priorityReason("executive"), "");
    assert.match(why({ code: "priority", reason: "wheelchair", head_start: 30 }), /wheelchair.*30 minutes/);
    assert.equal(why({ code: "priority", reason: "executive", head_start: 30 }), "Has priority: 30 minutes ahead");
  });
});

test("why nobody is next, or a reason that is not known yet, is no words at all", () => {
  assert.equal(why(null), "");
  assert.equal(why({ code: "of tomorrow" }), "");
});

test("what a screen does not know is still a sentence that says what to do", () => {
  english(() => {
    assert.ok(refusal("of tomorrow").what && refusal("of tomorrow").todo);
    assert.match(problem("of tomorrow"), /Nothing is lost/);
    assert.ok(printerError("of tomorrow").todo);
  });
});

test("a ticket that could not be laid out is the server's fault, whatever it says in its own words", () => {
  assert.deepEqual(
    english(() => printerError("render: no such font")),
    english(() => printerError("render")),
  );
});

test("a ticket that failed is trouble, one on its way is not", () => {
  const kinds = ["printed", "failed", "cancelled", "uncertain", "queued"].map(
    (state) => english(() => ticketState(state)).kind,
  );
  assert.deepEqual(kinds, ["good", "trouble", "trouble", "trouble", "busy"]);
  const late = ["printed", "sent", "failed", "uncertain", "queued", "sending"].map(
    (state) => english(() => ticketState(state, "K3", true)).kind,
  );
  assert.deepEqual(late, ["good", "good", "trouble", "trouble", "late", "late"]);
});
