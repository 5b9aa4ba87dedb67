// The dashboard's rules: what is one thing to do, and whether the headline may say that all is well.

import assert from "node:assert/strict";
import { test } from "node:test";
import { overTarget } from "../../checkin_server/pages/dashboard/static/figures.js";
import { grouped } from "../../checkin_server/pages/dashboard/static/trouble.js";

const silent = (/** @type {string} */ station) => ({
  code: /** @type {const} */ ("device_silent"),
  role: "counter",
  station,
  since: "2019-12-27T10:00:00Z",
});
const low = { code: /** @type {const} */ ("paper_low"), printer: "P1", kiosk: "K1" };

test("a few silent devices are each named, many are one thing to do in the place of the first", () => {
  const few = [low, silent("a"), silent("b"), silent("c")];
  assert.deepEqual(grouped(few), few);
  const many = [low, silent("a"), silent("b"), low, silent("c"), silent("d")];
  assert.deepEqual(
    grouped(many).map(({ code }) => code),
    ["paper_low", "devices_silent", "paper_low"],
  );
  const one = grouped(many)[1];
  assert.deepEqual("all" in one && one.all.map(({ station }) => station), ["a", "b", "c", "d"]);
});

test("waiting longer than the target on the mean is never all well", () => {
  const waited = (/** @type {number | null} */ mean_s) => ({
    wait: { mean_s, max_s: mean_s },
    service_level: { share: 0.7, target_minutes: 20 },
  });
  assert.equal(overTarget(waited(null)), false);
  assert.equal(overTarget(waited(20 * 60)), false);
  assert.equal(overTarget(waited(20 * 60 + 1)), true);
});
