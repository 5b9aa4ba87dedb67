/**
 * The one way a screen talks to the server: /api/v1 over HTTP.
 *
 * Every command carries an id made here, once. While the server is away the same request is sent again with the same id, so
 * that nothing is lost and nothing happens twice.
 */
import { meta } from "./dom.js";

const BASE = "/api/v1";
const PAUSES = [500, 1000, 2000, 4000, 5000];
const PATIENCE = 10_000;
const AWAY = new Set([502, 503, 504]);

/** An answer of the server that says no (RFC 9457 problem). `code` is stable; words for it: `problem(code)` in words.js. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body?.code || (status === 404 ? "not_found" : "internal");
    this.detail = body?.detail ?? "";
    this.body = body ?? {};
  }
}

/** A random UUID; works on plain-HTTP origins too, where `crypto.randomUUID` does not exist. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Headers every request carries: which of this browser's paired devices speaks. */
export function headers(extra = {}) {
  return { Accept: "application/json", "X-Riwaq-Device": meta("device"), ...extra };
}

/** GET; options: `signal`, `onWaiting(attempt)`, `retry` (default true). */
export function get(path, options = {}) {
  return send("GET", path, undefined, options);
}

/**
 * POST a command. Options: `id_field` ("command_id" or "scan_id"), `id` (to repeat a command made earlier), `signal`,
 * `onWaiting(attempt)` called before each new attempt, `retry` (default true).
 */
export function post(path, body = {}, options = {}) {
  return send("POST", path, identified(body, options), options);
}

/** PUT a command; options as for `post`. */
export function put(path, body = {}, options = {}) {
  return send("PUT", path, identified(body, options), options);
}

/** DELETE; options as for `get`. */
export function del(path, options = {}) {
  return send("DELETE", path, undefined, options);
}

/** GET an image; gives an address for <img src> that is good until `URL.revokeObjectURL`. Throws when it can't be had. */
export async function image(path, { signal } = {}) {
  // Fetched, not linked: an <img> can't say which of this browser's devices asks.
  const answer = await fetch(BASE + path, {
    headers: headers({ Accept: "image/*" }),
    signal: limited(signal),
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!answer.ok) throw new Problem(answer.status, null);
  return URL.createObjectURL(await answer.blob());
}

function identified(body, { id_field = "command_id", id } = {}) {
  return { [id_field]: id ?? uuid(), ...body };
}

async function send(method, path, body, { signal, onWaiting, retry = true } = {}) {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const heads = headers(payload === undefined ? {} : { "Content-Type": "application/json" });
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    let answer;
    let read;
    try {
      const limit = limited(signal);
      answer = await fetch(BASE + path, {
        method,
        headers: heads,
        body: payload,
        signal: limit,
        credentials: "same-origin",
        cache: "no-store",
      });
      read = await parse(answer);
    } catch (error) {
      signal?.throwIfAborted();
      if (!retry) throw new Problem(0, { code: "unavailable", detail: String(error?.message ?? error) });
      answer = null;
    }
    if (answer?.ok) return read;
    if (answer && !(retry && AWAY.has(answer.status))) throw new Problem(answer.status, read);
    onWaiting?.(attempt);
    await pause(PAUSES[Math.min(attempt, PAUSES.length) - 1] * (0.85 + Math.random() * 0.3), signal);
  }
}

/** A request that hangs is given up after 10 s and sent again, like one that failed. */
function limited(signal) {
  const limit = AbortSignal.timeout(PATIENCE);
  return signal && AbortSignal.any ? AbortSignal.any([signal, limit]) : (signal ?? limit);
}

async function parse(answer) {
  if (answer.status === 204) return null;
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return answer.ok ? Promise.reject(new Error("the answer is not JSON")) : null;
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
  });
}
