/** The kiosk's table of screens: whole, without a dead end, and the only ways there are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ALWAYS, FIRST, follows, NotInTable, STATES, way } from "../../kiosk/static/states.js";

const names = Object.keys(STATES);

test("the table names no screen that it does not have", () => {
  for (const name of [FIRST, ...ALWAYS]) assert.ok(name in STATES, name);
  for (const [name, { next }] of Object.entries(STATES))
    for (const other of next) assert.ok(other in STATES, `${name} goes to ${other}`);
});

test("no screen lists twice what may follow it, nor what may follow every one", () => {
  for (const [name, { next }] of Object.entries(STATES)) {
    assert.equal(new Set(next).size, next.length, name);
    for (const other of ALWAYS) assert.ok(!next.includes(other), `${name} lists ${other}`);
  }
});

test("every screen is reached from the invitation", () => {
  for (const name of names) assert.ok(way(FIRST, name), name);
});

test("every screen is reached without the server being slow", () => {
  const reached = new Set([FIRST]);
  for (const name of reached) for (const next of STATES[name].next) reached.add(next);
  assert.deepEqual(
    names.filter((name) => !reached.has(name)),
    ["waiting"],
  );
});

test("every screen may go back to the invitation at once, and show that the server is slow", () => {
  for (const name of names) for (const other of [FIRST, "waiting"]) assert.ok(follows(name, other), `${name} ${other}`);
});

test("only numbers that were given and a refusal have nothing after them but the invitation", () => {
  assert.deepEqual(
    names.filter((name) => !STATES[name].next.length),
    ["numbers", "refused"],
  );
});

test("what is refused on a screen, and what was sent from it, may follow the waiting for it", () => {
  // A request that takes longer than a blink is answered on "one moment": whatever its own screen may lead to, that one may.
  assert.ok(STATES.attract.next.every((name) => follows("waiting", name)));
  for (const answer of ["result", "numbers", "services", "left", "themes", "thanks"])
    assert.ok(follows("waiting", answer));
});

test("what the table does not have is refused", () => {
  for (const [from, to] of [
    ["attract", "services"],
    ["attract", "result"],
    ["services", "rate"],
    ["numbers", "services"],
    ["left", "services"],
    ["refused", "services"],
    ["services", "servces"],
    ["servces", "services"],
    ["servces", "attract"],
    ["services", "toString"],
  ])
    assert.equal(follows(from, to), false, `${from} ${to}`);
});

test("a screen that goes on by itself goes to the first of what may follow", () => {
  assert.deepEqual(
    names.filter((name) => STATES[name].passes),
    ["greeting"],
  );
  assert.equal(STATES.greeting.next[0], "services");
});

test("nothing rests but the invitation: every other screen is somebody's", () => {
  assert.deepEqual(
    names.filter((name) => STATES[name].idle === "rests"),
    [FIRST],
  );
});

test("a name in a title is never said aloud: each screen that greets somebody says so", () => {
  assert.deepEqual(
    names.filter((name) => STATES[name].named),
    ["greeting", "company", "family", "apart"],
  );
});

test("the way between two screens is the shortest, step by step as the table has it", () => {
  assert.deepEqual(way(FIRST, FIRST), []);
  assert.deepEqual(way(FIRST, "route"), ["greeting", "services", "route"]);
  for (const to of names) {
    let at = FIRST;
    for (const next of way(FIRST, to) ?? []) {
      assert.ok(follows(at, next));
      at = next;
    }
    assert.equal(at, to);
  }
});

test("what is refused says from where to where", () => {
  assert.match(new NotInTable("services", "rate").message, /"services".*"rate"/);
});
