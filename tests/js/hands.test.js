import assert from "node:assert/strict";
import { test } from "node:test";
import { Hands } from "../../booth_display/tablet/static/hands.js";

/** Hands over a clock that is set, and a tablet that is touched. */
function tablet(may = () => true) {
  let now = 0;
  let said = 0;
  /** @type {Record<string, () => void>} */
  const touch = {};
  const where = /** @type {any} */ ({
    addEventListener: (/** @type {string} */ kind, /** @type {() => void} */ heard) => {
      touch[kind] = heard;
    },
  });
  const here = async () => {
    said += 1;
  };
  const hands = new Hands({ here, may }, () => now, where);
  return { hands, touch, said: () => said, wait: (/** @type {number} */ s) => (now += s * 1000) };
}

test("a touch begins the time anew, by finger or by key", () => {
  const { hands, touch, wait } = tablet();
  wait(300);
  assert.equal(hands.idleFor(), 300);
  touch.pointerdown();
  assert.equal(hands.idleFor(), 0);
  wait(10);
  touch.keydown();
  assert.equal(hands.idleFor(), 0);
});

test("the server is told at most three times a minute, and not of what happened before", () => {
  const { touch, said, wait } = tablet();
  for (let tap = 0; tap < 60; tap += 1) {
    wait(1);
    touch.pointerdown();
  }
  assert.equal(said(), 3);
});

test("while nobody is signed in, or the tablet is locked, a touch says nothing and unlocks nothing", () => {
  const { hands, touch, said, wait } = tablet(() => false);
  wait(900);
  touch.pointerdown();
  assert.equal(said(), 0);
  assert.equal(hands.idleFor(), 900);
});
