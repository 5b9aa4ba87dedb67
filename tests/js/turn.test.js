import assert from "node:assert/strict";
import { test } from "node:test";
import { passed } from "../../kiosk/static/turn.js";

const visit = (/** @type {string} */ state, /** @type {string[]} */ ...steps) =>
  /** @type {any} */ ({ state, steps: steps.map((one) => ({ state: one })) });

test("who missed their last call is not told that they have finished", () => {
  assert.equal(passed(visit("done", "no_show")), "missed");
  assert.equal(passed(visit("done", "served", "no_show", "cancelled")), "missed");
});

test("who was set aside at their last stop is asked back too", () => {
  assert.equal(passed(visit("open", "served", "parked")), "aside");
});

test("nobody is asked back while a stop is still to come", () => {
  for (const ahead of ["waiting", "headed", "called", "serving"])
    assert.equal(passed(visit("open", "no_show", "parked", ahead)), null);
});

test("nobody is asked back who has had everything, has left, or whose place is kept", () => {
  assert.equal(passed(visit("done", "served", "cancelled", "transferred")), null);
  assert.equal(passed(visit("left", "served", "no_show")), null);
  assert.equal(passed(visit("held", "parked")), null);
});
