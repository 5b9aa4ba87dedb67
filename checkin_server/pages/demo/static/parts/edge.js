/**
 * What the screens on /demo/parts find where the server, the socket, the clock and the browser's memory would be: fixed answers, no
 * connection, a time that stands still, and nothing kept. The screens themselves are the real ones.
 */

/** @typedef {{status?: number, body?: unknown} | "never" | "away"} Answer "never": it hangs; "away": no connection */

const API = "/api/v1";

/** The time on every part: a Friday morning of the demo's event. */
export const NOW = Date.parse("2019-12-27T10:30:00Z");

let passed = 0; // milliseconds since then

/**
 * A moment before or after `NOW`, as the API writes it.
 * @param {number} seconds
 */
export const at = (seconds) => new Date(NOW + seconds * 1000).toISOString().replace(".000Z", "Z");

/**
 * Lets time pass at once.
 * @param {number} ms
 */
export function pass(ms) {
  passed += ms;
}

/**
 * Puts itself between the page and the world. Call it before any of a screen's modules is loaded.
 * @param {() => Record<string, Answer>} answers by "GET /venue"; what is not there is 404
 * @param {Record<string, string>} [kept] what the browser would have kept
 */
export function stand(answers, kept = {}) {
  standStill();
  answerWith(answers);
  const memory = {
    getItem: (/** @type {string} */ key) => kept[key] ?? null,
    setItem() {},
    removeItem() {},
    clear() {},
  };
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { value: memory });
  // A socket that never opens; the snapshot comes over HTTP.
  Object.defineProperty(globalThis, "WebSocket", {
    value: class {
      send() {}
      close() {}
    },
  });
}

function standStill() {
  const Real = Date;
  class Still extends Real {
    /** @param {[] | [number | string | Date]} given */
    constructor(...given) {
      super(given.length ? given[0] : Still.now());
    }

    static now() {
      return NOW + passed;
    }
  }
  Object.defineProperty(globalThis, "Date", { value: Still });
  performance.now = () => passed;
}

/** @param {() => Record<string, Answer>} answers */
function answerWith(answers) {
  const real = globalThis.fetch.bind(globalThis);
  globalThis.fetch = async (address, options) => {
    const { pathname } = new URL(String(address), location.href);
    if (!pathname.startsWith(API)) return real(address, options);
    const answer = answers()[`${options?.method ?? "GET"} ${pathname.slice(API.length)}`] ?? { status: 404 };
    if (answer === "never") return new Promise(() => {});
    if (answer === "away") throw new TypeError("no connection");
    const { status = 200, body } = answer;
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  };
}

/**
 * A snapshot as the API gives it.
 * @param {unknown} data
 * @returns {Answer}
 */
export const snapshot = (data) => ({ body: { topic: "", epoch: "parts", version: 1, data } });

/**
 * Waits until `there()` is true.
 * @param {() => unknown} there
 */
export async function until(there) {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/**
 * Presses buttons one after the other, each as soon as it is there and can be pressed.
 * @param {string[]} selectors
 */
export async function press(selectors) {
  for (const selector of selectors) {
    await until(() => document.querySelector(selector)?.matches(":enabled"));
    /** @type {HTMLElement} */ (document.querySelector(selector)).click();
  }
}
