/** Whether somebody's hands are on the tablet: told to the server now and then, so that it does not lock under them. */

const SAY_MS = 20_000; // at most so often
const TOUCHES = ["pointerdown", "keydown"];

export class Hands {
  /**
   * @param {object} on
   * @param {() => Promise<unknown>} on.here tells the server
   * @param {() => boolean} on.may whether there is anything to tell
   * @param {() => number} [clock] milliseconds that only go forward
   * @param {Pick<Window, "addEventListener">} [where]
   */
  constructor({ here, may }, clock = () => performance.now(), where = window) {
    this.here = here;
    this.may = may;
    this.clock = clock;
    this.last = clock();
    this.said = clock();
    for (const kind of TOUCHES) where.addEventListener(kind, () => this.touched(), { capture: true });
  }

  /** Seconds since the last touch. */
  idleFor() {
    return (this.clock() - this.last) / 1000;
  }

  /** Somebody has touched the tablet. */
  touched() {
    if (!this.may()) return;
    const now = this.clock();
    this.last = now;
    if (now - this.said < SAY_MS) return;
    this.said = now;
    // What can't be said now is said with the next touch; a command says it as well.
    this.here().catch(() => {});
  }
}
