/**
 * One topic as a screen follows it: which snapshots it takes, when it asks, when it says that it is not live. Without a page and
 * without a socket; live.js joins it to both.
 *
 * A screen drops older versions of the same epoch, asks for the snapshot after every connect and every 5 s without a push, and
 * is "stale" after 10 s without confirmation (say so on the screen).
 */

const POLL = 5_000;
const STALE = 10_000;

/**
 * @typedef {"live" | "stale" | "denied"} LiveState "denied": this device may not see the topic (revoked or not paired)
 * @typedef {{epoch: string, version: number}} At
 */

/** @template Data */
export class Watch {
  /**
   * @param {string} topic for example "kiosk", "board:B1", "counter:BANK-1", "dashboard"
   * @param {(headers: Record<string, string>, signal: AbortSignal) => Promise<Response>} ask for the snapshot, over HTTP
   * @param {object} told
   * @param {(data: Data, at: At) => void} [told.onData] with each newer snapshot
   * @param {(state: LiveState) => void} [told.onState] whenever it changes
   * @param {() => void} [told.onRestart] when another process answers: it may run another plan
   * @param {() => number} [clock] milliseconds that only go forward
   */
  constructor(topic, ask, { onData, onState, onRestart }, clock = () => performance.now()) {
    this.topic = topic;
    this.ask = ask;
    this.onData = onData;
    this.onState = onState;
    this.onRestart = onRestart;
    this.clock = clock;
    /** @type {string | null} */
    this.epoch = null;
    this.version = -1;
    /** @type {Set<string>} */
    this.retired = new Set();
    /** @type {string | null} */
    this.etag = null;
    /** @type {LiveState | null} */
    this.state = null;
    this.confirmed = clock();
    this.asked = -Infinity;
    this.pending = false;
    this.again = false;
  }

  /**
   * Takes a snapshot unless it is older than what is on the screen.
   * @param {At & {data: any}} snapshot
   */
  take({ epoch, version, data }) {
    if (this.retired.has(epoch)) return;
    if (epoch === this.epoch && version < this.version) return;
    this.confirm();
    if (epoch === this.epoch && version === this.version) return;
    const restarted = this.epoch !== null && epoch !== this.epoch;
    if (this.epoch !== null && restarted) this.retired.add(this.epoch);
    this.epoch = epoch;
    this.version = version;
    this.onData?.(data, { epoch, version });
    if (restarted) this.onRestart?.();
  }

  confirm() {
    this.confirmed = this.clock();
    this.become("live");
  }

  /** @param {LiveState} state */
  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState?.(state);
  }

  /** Once a second. */
  tick() {
    const now = this.clock();
    if (now - this.confirmed > STALE && this.state !== "denied") this.become("stale");
    if (now - Math.max(this.confirmed, this.asked) >= POLL) this.refresh();
  }

  /** Asks for the snapshot; while it is being asked for, once more afterwards. */
  async refresh() {
    if (this.pending) {
      this.again = true;
      return;
    }
    this.pending = true;
    this.asked = this.clock();
    try {
      const answer = await this.ask(this.etag ? { "If-None-Match": this.etag } : {}, AbortSignal.timeout(POLL));
      if (answer.status === 304) this.confirm();
      else if (answer.ok) {
        const body = await answer.json();
        this.etag = answer.headers.get("ETag");
        this.take(body);
      } else if (answer.status === 401 || answer.status === 403) this.become("denied");
    } catch {
      // Away: the next tick asks again, and the screen says "not live" after 10 s.
    } finally {
      this.pending = false;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    }
  }
}
