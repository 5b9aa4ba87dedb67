/**
 * The dashboard on a phone: trouble, figures and the hall first; what is longer is folded until somebody asks for it, and a bar at the
 * foot leads to each part with one tap. On a larger screen nothing is folded and there is no bar.
 */
import { at, el, icon, patch } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const PHONE = matchMedia("(max-width: 640px)");

/**
 * The parts that have a head of their own, by the ids of their content; `folded` on a phone until they are asked for.
 * @type {{id: string, title: () => string, folded: boolean}[]}
 */
const PARTS = [
  { id: "zones", title: () => t("Counters by zone"), folded: false },
  { id: "services", title: () => t("Waits by service"), folded: true },
  { id: "route", title: () => t("Leading visitors"), folded: true },
  { id: "chart", title: () => t("Arrivals per 15 minutes"), folded: true },
  { id: "machines", title: () => t("Printers and devices"), folded: true },
];

/** The bar's buttons: where each leads, its picture, its word. */
const BAR = [
  { id: "trouble", picture: "circle-alert", word: () => t("To do") },
  { id: "zones", picture: "layout-dashboard", word: () => t("Counters") },
  { id: "services", picture: "hourglass", word: () => t("Waits") },
  { id: "route", picture: "lightbulb", word: () => t("Advice") },
  { id: "chart", picture: "users", word: () => t("Arrivals") },
  { id: "machines", picture: "printer", word: () => t("Devices") },
];

/** Draws the heads and the bar; again whenever the language changes or the screen becomes a phone's. */
export function drawFolds() {
  for (const part of PARTS) {
    const content = at(part.id);
    const folded = PHONE.matches && part.folded;
    content.hidden = folded;
    patch(at(`${part.id}-title`), PHONE.matches ? opener(part, folded) : part.title());
  }
  const bar = at("jump");
  bar.hidden = !PHONE.matches;
  bar.setAttribute("aria-label", t("Parts of this page"));
  patch(
    bar,
    BAR.map(({ id, picture, word }) =>
      el(
        "button",
        { type: "button", class: "jump__to", "data-testid": `jump-${id}`, onclick: () => jump(id) },
        icon(picture),
        el("span", {}, word()),
      ),
    ),
  );
}

/**
 * @param {typeof PARTS[number]} part
 * @param {boolean} folded
 */
function opener(part, folded) {
  return el(
    "button",
    {
      type: "button",
      class: "panel__fold",
      "aria-expanded": String(!folded),
      "aria-controls": part.id,
      "data-testid": `fold-${part.id}`,
      onclick() {
        part.folded = !part.folded;
        drawFolds();
      },
    },
    el("span", {}, part.title()),
    icon(folded ? "plus" : "minus"),
  );
}

/**
 * Opens a part and brings it to the top of the screen.
 * @param {string} id
 */
function jump(id) {
  const part = PARTS.find((one) => one.id === id);
  if (part?.folded) {
    part.folded = false;
    drawFolds();
  }
  (at(id).closest(".panel") ?? at(id)).scrollIntoView({ block: "start" });
}

PHONE.addEventListener("change", drawFolds);
