import assert from "node:assert/strict";
import { test } from "node:test";
import { CallSequence } from "../../booth_display/board/static/sequence.js";

const NOW = 1_577_433_600_000;

/** A call as the snapshot has it. */
function call(/** @type {number} */ number, { recall = 0, ago = 0, id = `s${number}` } = {}) {
  return { call: id, number, counter: "BANK-1", recall, at: new Date(NOW - ago * 1000).toISOString() };
}

/** Calls from the newest to the oldest, one every `ago(number)` seconds. */
const calls = (/** @type {number} */ from, /** @type {number} */ to, /** @type {(number: number) => number} */ ago) =>
  Array.from({ length: from - to + 1 }, (_, at) => call(from - at, { ago: ago(from - at) }));

/** A sequence whose time stands still until `wait` is called. */
function board() {
  /** @type {{large: number | null, others: number[], fresh: boolean}[]} */
  const shown = [];
  /** @type {{run: () => void, ms: number}[]} */
  const waiting = [];
  const sequence = new CallSequence({
    holdMs: 2500,
    later: (run, ms) => waiting.push({ run, ms }),
    onChange: ({ large, others, fresh }) =>
      shown.push({ large: large?.number ?? null, others: others.map((one) => one.number), fresh }),
  });
  return {
    shown,
    take: (/** @type {ReturnType<typeof call>[]} */ ...snapshot) => sequence.take(snapshot, NOW),
    announced: () => shown.filter(({ fresh }) => fresh).map(({ large }) => large),
    /** Lets the large call's time pass, so many times; gives how long the last was to be, in milliseconds. */
    wait(times = 1) {
      let ms = 0;
      for (let left = times; left > 0; left -= 1) {
        const next = waiting.shift();
        assert.ok(next, "nothing is held");
        ({ ms } = next);
        next.run();
      }
      return ms;
    },
  };
}

test("calls that come together are each announced, oldest first, for two and a half seconds", () => {
  const { take, announced, wait, shown } = board();
  take();
  take(call(4), call(3), call(2), call(1));
  assert.deepEqual(announced(), [1]);
  assert.deepEqual([wait(), wait(), wait()], [2500, 2500, 2500]);
  assert.deepEqual(announced(), [1, 2, 3, 4]);
  wait();
  assert.equal(shown.at(-1)?.large, 4);
});

test("a call is on the board before its turn in large", () => {
  const { take, shown } = board();
  take();
  take(call(2), call(1));
  assert.deepEqual(shown.at(-1), { large: 1, others: [2], fresh: true });
});

test("a rush of more calls than the server lists loses none", () => {
  const { take, announced, wait } = board();
  const rush = calls(15, 1, (number) => 20 - number);
  take();
  take(...rush.slice(3));
  take(...rush.slice(0, 12));
  wait(14);
  assert.deepEqual(
    announced(),
    Array.from({ length: 15 }, (_, at) => at + 1),
  );
});

test("the large call stays when nothing new comes", () => {
  const { take, announced, wait, shown } = board();
  take();
  take(call(1));
  wait();
  take(call(1));
  assert.deepEqual(announced(), [1]);
  assert.deepEqual(shown.at(-1), { large: 1, others: [], fresh: false });
});

test("a board that starts shows the newest call without announcing it", () => {
  const { take, shown } = board();
  take(call(2), call(1));
  assert.deepEqual(shown, [{ large: 2, others: [1], fresh: false }]);
});

test("a recall is announced again", () => {
  const { take, announced } = board();
  take(call(2), call(1));
  take(call(2), call(1, { recall: 1 }));
  assert.deepEqual(announced(), [1]);
});

test("a recall of an old call is announced: it counts from now", () => {
  const { take, announced } = board();
  take(call(1, { ago: 300 }));
  take(call(1, { recall: 1, ago: 300 }));
  assert.deepEqual(announced(), [1]);
});

test("calls of a long outage are listed and not announced", () => {
  const { take, announced, shown } = board();
  take(call(1, { ago: 500 }));
  take(call(3, { ago: 90 }), call(2, { ago: 120 }), call(1, { ago: 500 }));
  assert.deepEqual(announced(), []);
  assert.deepEqual(shown.at(-1), { large: 3, others: [2, 1], fresh: false });
});

test("a call taken back leaves the board and is not announced later", () => {
  const { take, announced, wait, shown } = board();
  take(call(1));
  take(call(3), call(2), call(1));
  take(call(2), call(1));
  wait();
  take(call(1));
  assert.deepEqual(announced(), [2]);
  assert.deepEqual(shown.at(-1), { large: 1, others: [], fresh: false });
});

test("a number called twice is listed once, with its newest stop", () => {
  const { take, shown } = board();
  take(call(8), call(7, { id: "s-health" }), call(7, { id: "s-bank" }));
  assert.deepEqual(shown.at(-1), { large: 8, others: [7], fresh: false });
});

test("thirty calls at once and a reconnect lose none and repeat none", () => {
  const { take, announced, wait } = board();
  const thirty = calls(30, 1, (number) => 20 - number / 2);
  take();
  take(...thirty);
  wait(5);
  take(...thirty.slice(0, 12)); // a minute later the server lists only the newest twelve
  wait(5);
  // Cut off and back: four more were called meanwhile, two of the old ones are pushed out.
  take(...calls(34, 31, (number) => (34 - number) / 2), ...thirty.slice(0, 8));
  wait(23);
  assert.deepEqual(
    announced(),
    Array.from({ length: 34 }, (_, at) => at + 1),
  );
});
