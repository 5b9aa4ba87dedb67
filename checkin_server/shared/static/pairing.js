/**
 * A browser that is no device yet: it asks for a code, shows it, and opens its screen as soon as an organiser has allowed it.
 *
 * The address of the code's secret is asked again and again; once it is allowed the answer keeps the device's cookie and leads to
 * the screen's page. The code outlives a reload (session storage), so that a reload is no second pairing.
 */
import { at } from "./dom.js";

/** @typedef {{pairing_id: string, code: string, secret: string}} Asked */

const AGAIN = 4000; // milliseconds between two looks
const KEPT = "riwaq.pairing";

const page = at("pairing");
const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns {Promise<Asked | null>} */
async function ask() {
  const kept = sessionStorage.getItem(KEPT);
  if (kept) return JSON.parse(kept);
  const answer = await fetch("/api/v1/pairings", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (!answer.ok) return null; // too many wait: one of them runs out soon
  const text = await answer.text();
  sessionStorage.setItem(KEPT, text);
  return JSON.parse(text);
}

/** @param {Asked} asked */
function show({ code }) {
  at("digits").textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
  const screen = page.dataset.screen ? `?screen=${encodeURIComponent(page.dataset.screen)}` : "";
  /** @type {HTMLImageElement} */ (at("qr")).src = `/pair-screen/${code}.svg${screen}`;
  at("code").hidden = false;
}

/**
 * Looks whether it was allowed.
 * @param {Asked} asked
 * @returns {Promise<"waiting" | "over">}
 */
async function look({ secret }) {
  const { ok, url } = await fetch(`/pair/${secret}`, { headers: { Accept: "text/html" } });
  const { pathname, searchParams } = new URL(url);
  if (pathname !== "/not-paired" && ok) location.replace(pathname);
  return pathname === "/not-paired" && searchParams.get("link") !== "waiting" ? "over" : "waiting";
}

for (;;) {
  try {
    const asked = await ask();
    if (asked) {
      show(asked);
      if ((await look(asked)) === "over") {
        sessionStorage.removeItem(KEPT);
        at("code").hidden = true;
        continue;
      }
    }
  } catch {
    // The server is away for a moment.
  }
  await wait(AGAIN);
}
