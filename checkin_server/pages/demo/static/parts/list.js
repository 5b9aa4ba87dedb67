/** All parts as links: each in each language, and, for the kiosk, in each mode. */
import { el } from "/static/shared/dom.js";
import { LANGUAGES, NAMES } from "/static/shared/i18n.js";
import { parts as board } from "./board.js";
import { parts as dashboard } from "./dashboard.js";
import { parts as desk } from "./desk.js";
import { parts as elements } from "./elements.js";
import { parts as kiosk } from "./kiosk.js";
import { parts as privacy } from "./privacy.js";
import { parts as tablet } from "./tablet.js";

const MODES = ["large", "contrast", "low"];

/**
 * @param {string} part
 * @param {string} language
 * @param {string} [mode]
 */
function link(part, language, mode) {
  const wanted = new URLSearchParams({ part, language, ...(mode ? { mode } : {}) });
  return el(
    "a",
    { href: `?${wanted}`, lang: mode ? "en" : language, dataset: { part, language, mode } },
    mode ?? NAMES[/** @type {keyof typeof NAMES} */ (language)],
  );
}

for (const [screen, parts] of Object.entries({ kiosk, board, tablet, dashboard, desk, privacy, elements })) {
  const rows = Object.keys(parts).map((name) => {
    const part = `${screen}.${name}`;
    const links = LANGUAGES.map((language) => link(part, language));
    if (screen === "kiosk") links.push(...MODES.map((mode) => link(part, document.documentElement.lang, mode)));
    return el("li", {}, el("code", {}, part), " ", links);
  });
  document.getElementById("parts")?.append(el("section", {}, el("h2", {}, screen), el("ul", { class: "parts" }, rows)));
}
document.documentElement.dataset.shown = "list";
