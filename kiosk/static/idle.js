/** Watches for nobody being there: warns after 30 s without a touch, clears after 20 s more, the least that WCAG 2.2.1 leaves to answer. */

export const WARN = 30; // seconds
export const GRACE = 20; // seconds

/**
 * @param {object} on
 * @param {() => boolean} on.busy true while the clock must stand still (a request is under way).
 * @param {(left: number) => void} on.onWarn called once a second while the warning is shown, with the seconds left.
 * @param {() => void} on.onCalm called when somebody is there after all.
 * @param {() => void} on.onGone called when the time is over.
 * @returns {{poke: () => void, stop: () => void}} `poke` says that somebody is there
 */
export function watchIdle({ busy, onWarn, onCalm, onGone }) {
  let last = performance.now();
  let warned = false;

  const timer = setInterval(() => {
    const now = performance.now();
    if (busy()) {
      last = now;
      if (warned) calm();
      return;
    }
    const quiet = (now - last) / 1000;
    if (quiet >= WARN + GRACE) {
      warned = false;
      last = now;
      onGone();
    } else if (quiet >= WARN) {
      warned = true;
      onWarn(Math.ceil(WARN + GRACE - quiet));
    }
  }, 250);

  function calm() {
    warned = false;
    onCalm();
  }

  function poke() {
    last = performance.now();
    if (warned) calm();
  }

  return { poke, stop: () => clearInterval(timer) };
}
