/**
 * The one socket client. The server pushes whole snapshots `{topic, epoch, version, data}`; commands never travel here.
 *
 * A screen drops older versions of the same epoch, asks for the snapshot after every connect and every 5 s without a push, and
 * is "stale" after 10 s without confirmation (say so on the screen).
 */
import { headers, Problem } from "./api.js";
import { meta } from "./dom.js";

const POLL = 5_000;
const STALE = 10_000;

let connection = null;
const watches = new Set();

/**
 * Follows one topic.
 *
 * @param topic for example "kiosk", "board:B1", "counter:BANK-1", "dashboard".
 * @param path  its snapshot on the API, for example "/boards/B1/snapshot".
 * @param onData  called as `onData(data, {epoch, version})` with each newer snapshot.
 * @param onState called with "live" or "stale" whenever that changes; a third state, "denied", says that this device may not see
 *   the topic any more (revoked or not paired).
 * @returns `{stop(), refresh()}`.
 */
export function watch(topic, path, { onData, onState } = {}) {
  const one = new Watch(topic, path, onData, onState);
  watches.add(one);
  connect();
  one.refresh();
  one.timer = setInterval(() => one.tick(), 1000);
  return {
    refresh: () => one.refresh(),
    stop() {
      clearInterval(one.timer);
      watches.delete(one);
    },
  };
}

class Watch {
  constructor(topic, path, onData, onState) {
    Object.assign(this, { topic, path, onData, onState });
    this.epoch = null;
    this.version = -1;
    this.retired = new Set();
    this.etag = null;
    this.state = null;
    this.confirmed = performance.now();
    this.asked = -Infinity;
    this.pending = false;
    this.again = false;
  }

  /** Takes a snapshot unless it is older than what is on the screen. */
  take({ epoch, version, data }) {
    if (this.retired.has(epoch)) return;
    if (epoch === this.epoch && version < this.version) return;
    this.confirm();
    if (epoch === this.epoch && version === this.version) return;
    if (this.epoch !== null && epoch !== this.epoch) this.retired.add(this.epoch);
    this.epoch = epoch;
    this.version = version;
    this.onData?.(data, { epoch, version });
  }

  confirm() {
    this.confirmed = performance.now();
    this.become("live");
  }

  become(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState?.(state);
  }

  tick() {
    const now = performance.now();
    if (now - this.confirmed > STALE && this.state !== "denied") this.become("stale");
    if (now - Math.max(this.confirmed, this.asked) >= POLL) this.refresh();
  }

  async refresh() {
    if (this.pending) {
      this.again = true;
      return;
    }
    this.pending = true;
    this.asked = performance.now();
    try {
      const answer = await fetch(`/api/v1${this.path}`, {
        headers: headers(this.etag ? { "If-None-Match": this.etag } : {}),
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(POLL),
      });
      if (answer.status === 304) this.confirm();
      else if (answer.ok) {
        const body = await answer.json();
        this.etag = answer.headers.get("ETag");
        this.take(body);
      } else if (answer.status === 401 || answer.status === 403) this.become("denied");
      else throw new Problem(answer.status, null);
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

/** One connection a page. If the library can't be loaded, the 5 s question keeps the screen right. */
function connect() {
  connection ??= import("./vendor/socket.io.esm.min.js")
    .then(({ io }) => {
      const socket = io({
        transports: ["websocket"],
        auth: { device: meta("device") },
        reconnectionDelay: 500,
        reconnectionDelayMax: 5000,
        randomizationFactor: 0.5,
      });
      socket.on("connect", () => watches.forEach((one) => one.refresh()));
      // A refused connection is not tried again by the library itself.
      socket.on("connect_error", () => {
        if (!socket.active) setTimeout(() => socket.connect(), 3000 + Math.random() * 4000);
      });
      socket.on("disconnect", (reason) => {
        if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 2000);
      });
      socket.on("snapshot", (snapshot) => {
        for (const one of watches) if (one.topic === snapshot?.topic) one.take(snapshot);
      });
      return socket;
    })
    .catch((error) => {
      connection = null;
      console.warn("no live connection, asking every 5 s instead:", error);
    });
}
