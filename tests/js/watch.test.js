import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch } from "/static/shared/watch.js";

/** A topic as a screen follows it, with time in the test's hands. */
function followed(/** @type {() => Response | Error} */ answer = () => new Error("nobody asks")) {
  let now = 0;
  /** @type {number[]} */
  const drawn = [];
  /** @type {string[]} */
  const states = [];
  /** @type {Record<string, string>[]} */
  const asked = [];
  const watch = new Watch(
    "kiosk",
    async (headers) => {
      asked.push(headers);
      const given = answer();
      if (given instanceof Error) throw given;
      return given;
    },
    { onData: (/** @type {number} */ data) => drawn.push(data), onState: (state) => states.push(state) },
    () => now,
  );
  const pass = (/** @type {number} */ ms) => {
    now += ms;
    watch.tick();
  };
  const push = (/** @type {string} */ epoch, /** @type {number} */ version) =>
    watch.take({ epoch, version, data: version });
  return { watch, drawn, states, asked, pass, push };
}

test("a newer version is drawn, an older one of the same epoch never", () => {
  const { drawn, push } = followed();
  push("a", 7);
  push("a", 6);
  push("a", 8);
  assert.deepEqual(drawn, [7, 8]);
});

test("the version that is on the screen confirms it and is not drawn again", () => {
  const { drawn, push, pass, states } = followed();
  push("a", 7);
  pass(9_000);
  push("a", 7);
  pass(9_000);
  assert.deepEqual(drawn, [7]);
  assert.deepEqual(states, ["live"]);
});

test("another epoch starts anew, with a lower version too", () => {
  const { drawn, push } = followed();
  push("a", 70);
  push("b", 1);
  assert.deepEqual(drawn, [70, 1]);
});

test("an epoch that is over does not come back, however high its version", () => {
  const { drawn, push } = followed();
  push("a", 7);
  push("b", 1);
  push("a", 99);
  push("b", 2);
  assert.deepEqual(drawn, [7, 1, 2]);
});

test("an older version does not make a screen live", () => {
  const { push, pass, states } = followed();
  push("a", 7);
  pass(10_001);
  push("a", 6);
  assert.deepEqual(states, ["live", "stale"]);
});

test("ten seconds without a word are stale, and the next word is live again", () => {
  const { push, pass, states } = followed();
  push("a", 7);
  pass(10_000);
  assert.deepEqual(states, ["live"]);
  pass(1);
  assert.deepEqual(states, ["live", "stale"]);
  push("a", 8);
  assert.deepEqual(states, ["live", "stale", "live"]);
});

test("a screen asks by itself after five seconds without a push, and every five seconds while the server is away", async () => {
  const { push, pass, asked } = followed();
  const answered = () => new Promise((resolve) => setImmediate(resolve));
  push("a", 7);
  pass(4_999);
  assert.equal(asked.length, 0);
  pass(1);
  await answered();
  pass(4_999);
  await answered();
  assert.equal(asked.length, 1);
  pass(1);
  assert.equal(asked.length, 2);
});

test("nothing new since (304) confirms what is on the screen", async () => {
  let status = 200;
  const { watch, drawn, asked, states, pass } = followed(() =>
    status === 200
      ? Response.json({ epoch: "a", version: 3, data: 3 }, { headers: { ETag: '"a-3"' } })
      : new Response(null, { status }),
  );
  await watch.refresh();
  status = 304;
  pass(9_000);
  await watch.refresh();
  pass(9_000);
  assert.deepEqual(drawn, [3]);
  assert.deepEqual(states, ["live"]);
  assert.equal(asked.at(-1)?.["If-None-Match"], '"a-3"');
});

for (const status of [401, 403]) {
  test(`a device that may not see the topic (${status}) says so, and time does not turn that into "stale"`, async () => {
    const { watch, states, pass } = followed(() => new Response(null, { status }));
    await watch.refresh();
    pass(60_000);
    assert.deepEqual(states, ["denied"]);
  });
}

test("a server that is away changes nothing on the screen by itself", async () => {
  const { watch, drawn, states } = followed(() => new Response(null, { status: 503 }));
  await watch.refresh();
  assert.deepEqual([drawn, states], [[], []]);
});

test("what is asked for while an answer is under way is asked for once more afterwards", async () => {
  const { watch, asked } = followed(() => Response.json({ epoch: "a", version: 1, data: 1 }));
  const first = watch.refresh();
  watch.refresh();
  watch.refresh();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked.length, 2);
});
