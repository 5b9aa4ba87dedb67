/**
 * The one socket client. The server pushes whole snapshots `{topic, epoch, version, data}`; commands never travel here. What a
 * screen takes of them, and when it asks for itself, stands in watch.js.
 *
 * @import { BoardData, CounterData, DashboardData, KioskData, WelcomeData } from "api"
 * @import { LiveState, At } from "./watch.js"
 */

/**
 * What a topic's snapshot holds.
 * @template {string} T
 * @typedef {T extends "kiosk" ? KioskData : T extends "welcome" ? WelcomeData : T extends "dashboard" ? DashboardData
 *   : T extends `board:${string}` ? BoardData : T extends `counter:${string}` ? CounterData : never} TopicData
 */
import { client } from "./api.js";
import { meta } from "./dom.js";
import { itIs } from "./i18n.js";
import { Watch } from "./watch.js";

// In a name of its own: the library is not ours to check.
const LIBRARY = "./vendor/socket.io.esm.min.js";

/** @type {Promise<object | void> | null} */
let connection = null;
/** @type {Set<Watch<any>>} */
const watches = new Set();

/**
 * Follows one topic.
 *
 * @template {string} T
 * @param {T} topic for example "kiosk", "board:B1", "counter:BANK-1", "dashboard".
 * @param {string} path its snapshot on the API, for example "/boards/B1/snapshot".
 * @param {object} told
 * @param {(data: TopicData<T>, at: At) => void} [told.onData] called with each newer snapshot
 * @param {(state: LiveState) => void} [told.onState] called whenever that changes
 * @param {() => void} [told.onRestart] called when the server was started anew: what is known of the venue may have changed
 */
export function watch(topic, path, told) {
  const ask = (/** @type {Record<string, string>} */ headers, /** @type {AbortSignal} */ signal) =>
    client.ask(path, { headers, signal });
  const onData = (/** @type {TopicData<T>} */ data, /** @type {At} */ at) => {
    client.shown.hear(data);
    itIs(data.now);
    told.onData?.(data, at);
  };
  const one = new Watch(topic, ask, { ...told, onData });
  watches.add(one);
  connect();
  one.refresh();
  const timer = setInterval(() => one.tick(), 1000);
  return {
    refresh: () => {
      one.refresh();
    },
    stop() {
      clearInterval(timer);
      watches.delete(one);
    },
  };
}

/** One connection a page. If the library can't be loaded, the 5 s question keeps the screen right. */
function connect() {
  if (connection) return;
  connection = import(LIBRARY)
    .then(({ io }) => {
      const socket = io({
        transports: ["websocket"],
        auth: { device: meta("device") },
        reconnectionDelay: 500,
        reconnectionDelayMax: 5000,
        randomizationFactor: 0.5,
      });
      socket.on("connect", () => {
        for (const one of watches) one.refresh();
      });
      // A refused connection is not tried again by the library itself.
      socket.on("connect_error", () => {
        if (!socket.active) setTimeout(() => socket.connect(), 3000 + Math.random() * 4000);
      });
      socket.on("disconnect", (/** @type {string} */ reason) => {
        if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000 + Math.random() * 2000);
      });
      socket.on("snapshot", (/** @type {{topic: string, epoch: string, version: number, data: any}} */ snapshot) => {
        for (const one of watches) if (one.topic === snapshot?.topic) one.take(snapshot);
      });
      return socket;
    })
    .catch((error) => {
      connection = null;
      console.warn("no live connection, asking every 5 s instead:", error);
    });
}
