/**
 * Which call stands large, and for how long.
 *
 * Calls that come together are shown one after another, oldest first, each for at least `holdMs`; none is skipped.
 * Every call is in `others` from the moment it is known, so that nobody waits for their turn in large to see it.
 * No DOM and no clock of its own: the board draws what `onChange` says, the tests drive time.
 * A voice, when there is one, speaks at the same moments: `onChange` with `fresh`.
 */

/**
 * @import { BoardCall } from "api"
 *
 * @typedef {Pick<BoardCall, "call" | "number" | "recall" | "at">} Call what is looked at of a call
 */

/** A call that was out this long before the board heard of it (ms) is listed, no longer announced. */
const TOO_OLD_MS = 60_000;

/** The server lists this many calls, and more when they came within the last minute. */
const LISTED = 12;

/** A recall of the same call is announced again; the same call seen twice is not. */
const callOf = (/** @type {Call} */ call) => call.call;
const announcementOf = (/** @type {Call} */ call) => `${callOf(call)}|${call.recall ?? 0}`;

/** @template {Call} Shown */
export class CallSequence {
  /**
   * @param {object} options
   * @param {number} [options.holdMs] the least time a call stands large
   * @param {(state: {large: Shown | null, others: Shown[], fresh: boolean}) => void} options.onChange
   *   `fresh` is true when `large` is announced just now (slide in, flash, later: speak).
   * @param {(run: () => void, ms: number) => unknown} [options.later] as `setTimeout`
   */
  constructor({ holdMs = 2500, onChange, later = (run, ms) => setTimeout(run, ms) }) {
    this.holdMs = holdMs;
    this.onChange = onChange;
    this.later = later;
    /**
     * What was announced or listed before; null at the start.
     * @type {Set<string> | null}
     */
    this.known = null;
    /** @type {Shown[]} */
    this.calls = [];
    /** @type {Shown[]} */
    this.pending = [];
    /** @type {Shown | null} */
    this.large = null;
    this.holding = false;
  }

  /**
   * Takes the calls of a snapshot.
   * @param {Shown[]} calls newest first, as the server sends them
   * @param {number} now the server's time of that snapshot, in ms
   */
  take(calls, now) {
    this.calls = calls;
    const before = this.known;
    const unknown = before ? calls.filter((call) => !before.has(announcementOf(call))) : [];
    // A recall counts from now, however long ago the first call was.
    const fresh = unknown.filter((call) => call.recall > 0 || now - Date.parse(call.at) < TOO_OLD_MS);
    this.pending.push(...fresh.reverse());
    const known = new Set(calls.map(announcementOf));
    this.known = known;
    // Not in the snapshot any more: taken back; or, in a rush, pushed out by newer ones, and then it still has its turn.
    const oldest = calls.length >= LISTED ? Date.parse(calls[calls.length - 1].at) : -Infinity;
    this.pending = this.pending.filter((call) => known.has(announcementOf(call)) || Date.parse(call.at) < oldest);
    const { large } = this;
    this.large = (large && calls.find((call) => callOf(call) === callOf(large))) ?? null;
    const missed = unknown.length > 0 && this.pending.length === 0;
    if (missed || (this.large === null && (this.pending.length === 0 || this.holding))) {
      // Undone, long over, or called while we were cut off: what is true now, without a flash.
      this.large = calls.find((call) => !this.pending.includes(call)) ?? null;
    }
    if (this.pending.length && !this.holding) this.#announce();
    else this.#tell(false);
  }

  #announce() {
    this.large = this.pending.shift() ?? null;
    this.holding = true;
    this.#tell(true);
    this.later(() => {
      this.holding = false;
      if (this.pending.length) this.#announce();
    }, this.holdMs);
  }

  /** @param {boolean} fresh */
  #tell(fresh) {
    const seen = new Set(this.large ? [this.large.number] : []);
    const others = this.calls.filter((call) => !seen.has(call.number) && seen.add(call.number));
    this.onChange({ large: this.large, others, fresh });
  }
}
