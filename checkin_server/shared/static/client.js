/**
 * Asking the server over HTTP, without a page: what `api.js` does for a screen, node's tests do with a server of their own.
 *
 * Every command carries an id made here, once. While the server is away the same request is sent again with the same id, so
 * that nothing is lost and nothing happens twice.
 *
 * @import { DeleteAnswer, GetAnswer, PostAnswer, PostBody, PutAnswer, PutBody } from "api"
 */

import { Shown } from "./shown.js";

const PAUSES = [500, 1000, 2000, 4000, 5000];
const PATIENCE = 10_000;
const LONGEST_PAUSE = 10_000; // whatever a server asks for: people stand here
const AWAY = new Set([502, 503, 504]);
const NOBODY = new Set(["no_session", "session_locked"]);

/**
 * @typedef {object} Asking how a request is made
 * @property {AbortSignal} [signal] gives it up
 * @property {(attempt: number) => void} [onWaiting] called before each new attempt while the server is away
 * @property {boolean} [retry] false: one attempt only; what fails is thrown
 *
 * @typedef {object} Naming how a command is named
 * @property {"command_id" | "scan_id"} [id_field]
 * @property {string} [id] to repeat a command made earlier; else a new one
 *
 * @typedef {Asking & Naming} Commanding
 */

/** An answer of the server that says no (RFC 9457 problem). `code` is stable; words for it: `problem(code)` in words.js. */
export class Problem extends Error {
  /**
   * @param {number} status of HTTP; 0 when there was no answer
   * @param {{code?: string, detail?: string, title?: string, [field: string]: any} | null} body
   */
  constructor(status, body) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body?.code || (status === 404 ? "not_found" : "internal");
    this.detail = body?.detail ?? "";
    /** @type {{[field: string]: any}} */
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

export class Client {
  /**
   * @param {string} base what stands before every path, for example "/api/v1"
   * @param {() => string} device which of this browser's paired devices speaks
   * @param {number[]} [pauses] milliseconds before the second attempt, the third, …; the last one for all that follow
   * @param {() => number | null} [offset] what this browser adds to UTC at the venue (s), for the doctor; null: not known
   */
  constructor(base, device, pauses = PAUSES, offset = () => null) {
    this.base = base;
    this.device = device;
    this.offset = offset;
    this.shown = new Shown();
    this.pauses = pauses;
    /**
     * Asks who is there where a command needs a person; true when somebody has signed in. Without it such a command is refused.
     * @type {(() => Promise<boolean>) | null}
     */
    this.askPerson = null;
  }

  /**
   * Headers every request carries.
   * @param {Record<string, string>} [extra]
   * @returns {Record<string, string>}
   */
  headers(extra = {}) {
    const offset = this.offset();
    /** @type {Record<string, string>} */
    const reckons = offset === null ? {} : { "X-Riwaq-Utc-Offset": String(offset) };
    const said = this.shown.said();
    /** @type {Record<string, string>} */
    const shown = said ? { "X-Riwaq-Shown": said } : {};
    return { Accept: "application/json", "X-Riwaq-Device": this.device(), ...reckons, ...shown, ...extra };
  }

  /**
   * @template {string} P
   * @param {P} path
   * @param {Asking} [options]
   * @returns {Promise<GetAnswer<P>>}
   */
  get(path, options = {}) {
    return this.#send("GET", path, undefined, options);
  }

  /**
   * A command.
   * @template {string} P
   * @param {P} path
   * @param {PostBody<P>} body
   * @param {Commanding} [options]
   * @returns {Promise<PostAnswer<P>>}
   */
  post(path, body, options = {}) {
    return this.#send("POST", path, identified(body, options), options);
  }

  /**
   * A command.
   * @template {string} P
   * @param {P} path
   * @param {PutBody<P>} body
   * @param {Commanding} [options]
   * @returns {Promise<PutAnswer<P>>}
   */
  put(path, body, options = {}) {
    return this.#send("PUT", path, identified(body, options), options);
  }

  /**
   * @template {string} P
   * @param {P} path
   * @param {Asking} [options]
   * @returns {Promise<DeleteAnswer<P>>}
   */
  del(path, options = {}) {
    return this.#send("DELETE", path, undefined, options);
  }

  /**
   * One request, whatever it answers.
   * @param {string} path
   * @param {{method?: string, headers?: Record<string, string>, body?: string, signal?: AbortSignal}} [more]
   */
  async ask(path, { headers, ...more } = {}) {
    const answer = await fetch(this.base + path, {
      ...more,
      headers: this.headers(headers),
      credentials: "same-origin",
      cache: "no-store",
    });
    this.shown.on(answer.headers.get("X-Riwaq-Day"));
    return answer;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | undefined} body
   * @param {Asking} options
   * @returns {Promise<any>}
   */
  async #send(method, path, body, { signal, onWaiting, retry = true }) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    /** @type {Record<string, string>} */
    const headers = payload === undefined ? {} : { "Content-Type": "application/json" };
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      let answer = null;
      let read = null;
      try {
        answer = await this.ask(path, { method, headers, body: payload, signal: limited(signal) });
        read = await parse(answer);
      } catch (error) {
        signal?.throwIfAborted();
        if (!retry) throw new Problem(0, { code: "unavailable", detail: error instanceof Error ? error.message : "" });
        answer = null;
      }
      if (answer?.ok) {
        this.shown.hear(read);
        return read;
      }
      if (answer?.status === 401 && NOBODY.has(read?.code) && method !== "GET" && this.askPerson) {
        // The same command with the same id goes on once somebody has signed in.
        if (await this.askPerson()) continue;
        throw new Problem(answer.status, read);
      }
      if (answer && !(retry && AWAY.has(answer.status))) throw new Problem(answer.status, read);
      onWaiting?.(attempt);
      const { pauses } = this;
      const soonest = 1000 * Number(answer?.headers.get("Retry-After") ?? 0) || 0;
      const wait = Math.max(pauses[Math.min(attempt, pauses.length) - 1], Math.min(soonest, LONGEST_PAUSE));
      await pause(wait * (0.85 + Math.random() * 0.3), signal);
    }
  }
}

/**
 * @param {object} body
 * @param {Naming} options
 */
function identified(body, { id_field = "command_id", id }) {
  return { [id_field]: id ?? uuid(), ...body };
}

/**
 * A request that hangs is given up after 10 s and sent again, like one that failed.
 * @param {AbortSignal | undefined} signal
 */
export function limited(signal) {
  const limit = AbortSignal.timeout(PATIENCE);
  return signal && "any" in AbortSignal ? AbortSignal.any([signal, limit]) : (signal ?? limit);
}

/**
 * Gives up after a while what would else be tried for ever: nobody is to be signed in long after they have gone.
 * @param {number} milliseconds
 * @param {AbortController} [stop]
 */
export function within(milliseconds, stop = new AbortController()) {
  setTimeout(() => stop.abort(new Problem(0, { code: "gave_up" })), milliseconds);
  return stop.signal;
}

/** @param {Response} answer */
async function parse(answer) {
  if (answer.status === 204) return null;
  const text = await answer.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return answer.ok ? Promise.reject(new Error("the answer is not JSON")) : null;
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
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
