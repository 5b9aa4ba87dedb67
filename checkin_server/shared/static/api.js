/** The one way a screen talks to the server: /api/v1 over HTTP. How it is asked, and asked again, stands in client.js. */
import { Client, limited, Problem, uuid, within } from "./client.js";
import { meta } from "./dom.js";
import { browsersOffset } from "./i18n.js";

export { Problem, uuid, within };

const AGAIN_MS = 60_000;
/** @type {{offset: number | null, at: number}} */
let reckoned = { offset: null, at: -AGAIN_MS };

/** What this browser adds to UTC at the venue, at most a minute old: each request says it. */
function offsetNow() {
  const now = performance.now();
  if (reckoned.offset === null || now - reckoned.at >= AGAIN_MS) reckoned = { offset: browsersOffset(), at: now };
  return reckoned.offset;
}

/** This page's client: the page says which of this browser's paired devices speaks. */
export const client = new Client("/api/v1", () => meta("device"), undefined, offsetNow);

/** Headers every request carries. */
export const headers = client.headers.bind(client);

/** GET; see `Asking` in client.js for the options. @type {Client["get"]} */
export const get = (path, options) => client.get(path, options);

/** POST a command; see `Commanding` in client.js for the options. @type {Client["post"]} */
export const post = (path, body, options) => client.post(path, body, options);

/** PUT a command; options as for `post`. @type {Client["put"]} */
export const put = (path, body, options) => client.put(path, body, options);

/** DELETE; options as for `get`. @type {Client["del"]} */
export const del = (path, options) => client.del(path, options);

/**
 * GET a file that only this device may have; gives an address that is good until `URL.revokeObjectURL`.
 *
 * Fetched, not linked: neither an `<img>` nor a link can say which of this browser's devices asks.
 * @param {string} path
 * @param {string} kind its media type, for example "image/*"
 * @param {AbortSignal} [signal]
 * @throws {Problem} when it can't be had
 */
export async function file(path, kind, signal) {
  const answer = await client.ask(path, { headers: { Accept: kind }, signal: limited(signal) });
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => null));
  return URL.createObjectURL(await answer.blob());
}
