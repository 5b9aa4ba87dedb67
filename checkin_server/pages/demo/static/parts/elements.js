/** What all screens share: zone signs, buttons, messages. */
import { el, icon, zoneSign } from "/static/shared/dom.js";
import { pick, t } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { VENUE } from "./people.js";

/** Kinds of buttons of base.css, each with the words of a button that is one. */
const KINDS = [
  ["primary", () => t("Continue")],
  ["secondary", () => t("Back")],
  ["quiet", () => t("More")],
  ["danger", () => t("No-show")],
];

const signs = () => [
  el(
    "ul",
    { class: "parts-signs" },
    VENUE.zones.map((zone) => el("li", {}, zoneSign(zone, "4rem"), zoneSign(zone), el("span", {}, pick(zone.name)))),
  ),
];

const button = (/** @type {string} */ kind, /** @type {() => string} */ words, more = {}, size = "") =>
  el("button", { class: `btn btn-${kind} ${size}`, type: "button", ...more }, icon("check"), el("span", {}, words()));

const buttons = () =>
  KINDS.map(([kind, words]) =>
    el(
      "p",
      { class: "parts-row" },
      button(/** @type {string} */ (kind), /** @type {() => string} */ (words)),
      button(/** @type {string} */ (kind), /** @type {() => string} */ (words), {}, "btn-lg"),
      button(/** @type {string} */ (kind), /** @type {() => string} */ (words), {}, "btn-sm"),
      button(/** @type {string} */ (kind), /** @type {() => string} */ (words), { disabled: true }),
      button(/** @type {string} */ (kind), /** @type {() => string} */ (words), { "aria-pressed": "true" }),
    ),
  );

const banners = () => [
  el("p", { class: "banner" }, icon("info"), t("The note is kept.")),
  el("p", { class: "banner banner-good" }, icon("circle-check"), t("You have finished. Thank you for coming.")),
  el("p", { class: "banner banner-trouble" }, icon("circle-alert"), t("The server does not answer.")),
  el("p", { class: "banner banner-notlive" }, icon("wifi-off"), t("Not live")),
];

/** @type {Record<string, () => () => Node[]>} */
export const parts = { signs: () => signs, buttons: () => buttons, banners: () => banners };

/**
 * Draws the part.
 * @param {() => Node[]} draw
 * @param {{language: string}} how
 */
export async function show(draw, { language }) {
  await use(language);
  document.getElementById("parts")?.append(...draw());
}
