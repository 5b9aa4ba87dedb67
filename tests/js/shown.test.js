import assert from "node:assert/strict";
import { test } from "node:test";
import { Shown } from "/static/shared/shown.js";

test("the highest number of the day is said, and nothing else is a number", () => {
  const shown = new Shown();
  shown.hear({ number: 7 });
  assert.equal(shown.said(), "", "of which day is not known");
  shown.on("l_1/2019-12-27");
  shown.hear({ calls: [{ number: 12 }, { step: { number: 31 } }], number: null, waiting: 400, seats: [900] });
  shown.hear({ number: 30, queue: "number" });
  shown.hear(null);
  assert.equal(shown.said(), "l_1/2019-12-27=31");
});

test("numbers begin anew with another day, and a day that is not known yet changes nothing", () => {
  const shown = new Shown();
  shown.on("l_1/2019-12-27");
  shown.hear({ number: 300 });
  shown.on(null);
  assert.equal(shown.said(), "l_1/2019-12-27=300");
  shown.on("l_1/2019-12-28");
  assert.equal(shown.said(), "");
  shown.hear({ number: 2 });
  assert.equal(shown.said(), "l_1/2019-12-28=2");
});
