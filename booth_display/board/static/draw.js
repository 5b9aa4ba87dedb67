/**
 * Draws the parts of the board. Each function takes data and returns nodes; none keeps state.
 * Each line stands in French and Arabic, side by side or by turns, marked with its own `lang` and `dir`.
 */

import { el, icon, replace, zoneSign } from "/static/shared/dom.js";
import { dir, inLanguage, pick, spokenMinutes, t } from "/static/shared/i18n.js";
import { turning, turningFromNow } from "./turning.js";

/** The two languages every line of the board has: French at the left edge, Arabic at the right one. */
const PAIR = ["fr", "ar"];

/** Letters that two names may have together to stand side by side in one line of the last calls; longer ones take turns. */
const NAMES_BESIDE = 34;

/** An element whose children `make()` are said in `lang`, and marked with it. */
export function said(lang, tag, className, make) {
  return el(tag, { class: `${className} ${lang}`, lang, dir: dir(lang) }, inLanguage(lang, make));
}

/** The same in Arabic and French by turns. */
export function byTurns(tag, className, make) {
  return turning(said("ar", tag, className, make), said("fr", tag, className, make));
}

/** Languages in which a call is written on its left side: its own first if that is not one of the pair. */
const leftLanguages = (call) => (!call.locale || PAIR.includes(call.locale) ? ["fr"] : [call.locale, "fr"]);

/**
 * The newest call, in large.
 * @param {object} call of the snapshot
 * @param {boolean} fresh slide in and flash
 * @param {{booth: (id: string) => object, zone: (id: string) => object}} hall names and signs of the venue
 */
export function newestCall(call, fresh, { booth, zone }) {
  const where = (lang) =>
    said(lang, "div", "where", () => [
      el("p", { class: "where-booth", "data-fit": true }, pick(booth(call.booth).name)),
      el("p", { class: "where-counter" }, t("Counter {label}", { label: call.counter_label })),
    ]);
  return el(
    "div",
    { class: fresh ? "call fresh" : "call", "data-testid": "call", "data-number": call.number, "data-recall": call.recall },
    el(
      "div",
      { class: "call-head" },
      el("strong", { class: "call-number", "data-testid": "newest-number" }, String(call.number)),
      el("div", { class: "call-to" }, icon("arrow-right"), zoneSign(zone(call.zone), "100%")),
    ),
    el("div", { class: "call-where" }, turningFromNow(...leftLanguages(call).map(where)), where("ar")),
  );
}

/** What stands large while nobody was called. */
export function noCallYet() {
  const words = (lang) =>
    said(lang, "div", "nobody-words", () => [
      el("strong", {}, t("No calls yet")),
      el("p", {}, t("Keep your number at hand. It will appear here.")),
    ]);
  return el("div", { class: "call nobody", "data-testid": "no-call" }, PAIR.map(words));
}

/** One of the last calls: number, sign, counter, booth in both languages. */
export function lastCall(call, { booth, zone }) {
  const name = (lang) => said(lang, "span", "last-booth", () => pick(booth(call.booth).name));
  const names = [name("fr"), name("ar")];
  const tight = names.reduce((width, { textContent }) => width + textContent.length, 0) > NAMES_BESIDE;
  return el(
    "li",
    { class: "last-call", "data-key": call.call, "data-testid": "call", "data-number": call.number },
    el("strong", { class: "last-number" }, String(call.number)),
    zoneSign(zone(call.zone), "100%"),
    el("span", { class: "last-counter" }, call.counter_label),
    el("span", { class: "last-where" }, tight ? turning(...names.reverse()) : names),
  );
}

/** Numbers on their way to each zone, or what this band is for. Returns the title and the row the numbers go to. */
export function band(sent) {
  if (!sent.length) return [byTurns("p", "band-quiet", () => t("Your zone will appear here shortly before your call."))];
  return [byTurns("h2", "band-title", () => t("Go to your zone")), el("div", { class: "band-row" })];
}

/**
 * Fills `row` with the numbers of each zone: as many as fit beside one another, the rest by turns. None is left out,
 * none is cut, and each stands behind its zone's sign.
 * @param {HTMLElement} row on the page already, as widths are measured
 * @param {{zone: string, numbers: number[]}[]} sent
 */
export function fillBand(row, sent, { zone }) {
  const pages = [];
  let page = null;
  const turnPage = () => {
    page = el("ul", { class: "band-zones" });
    replace(row, page);
    pages.push(page);
  };
  const group = (id) => {
    const item = el("li", { class: "band-zone", "data-zone": id }, zoneSign(zone(id), "1.2em"));
    page.append(item);
    return item;
  };
  turnPage();
  for (const { zone: id, numbers } of sent) {
    let item = group(id);
    for (const number of numbers) {
      let node = el("strong", {}, String(number));
      item.append(node);
      if (page.scrollWidth <= page.clientWidth + 1 || page.querySelectorAll("strong").length === 1) continue;
      node.remove();
      if (!item.querySelector("strong")) item.remove();
      turnPage();
      item = group(id);
      item.append(node);
    }
  }
  replace(row, turningFromNow(...pages));
}

/**
 * Waits by zone, in minutes: from the shortest to the longest of what is expected at its booths.
 * @param {object[]} waits of the snapshot
 */
export function waitsOf(waits, { zone }) {
  const byZone = new Map();
  for (const wait of waits) byZone.set(wait.zone, [...(byZone.get(wait.zone) ?? []), wait]);
  const cells = [...byZone].map(([id, list]) =>
    el("li", { class: "wait", "data-zone": id }, zoneSign(zone(id), "100%"), waitWords(list)),
  );
  return [byTurns("h2", "waits-title", () => t("Wait in minutes")), el("ul", { class: "waits-cells" }, cells)];
}

function waitWords(list) {
  const open = list.filter((wait) => wait.counters_open > 0);
  if (!open.length) return byTurns("span", "wait-quiet", () => t("Closed"));
  const known = open.map((wait) => wait.expected_wait).filter(Boolean);
  // TRANSLATORS: the wait at a zone is not known; one short word, beside "Closed".
  if (!known.length) return byTurns("span", "wait-quiet", () => t("Unknown"));
  const [least, most] = spokenMinutes(Math.min(...known.map(({ p50 }) => p50)), Math.max(...known.map(({ p90 }) => p90)));
  return el("strong", { class: "wait-range", "data-fit": true }, `${least}-${most}`);
}

/**
 * One partner's offer, or the slogan when there is none.
 * @param {object|null} offer `{text, name, zone}`
 * @param {object} slogan in all languages
 */
export function offerOf(offer, slogan, { zone }) {
  if (!offer) return [byTurns("p", "offer-slogan", () => pick(slogan))];
  const words = () => [
    el("h2", { class: "offer-from" }, zoneSign(zone(offer.zone), "1.3em"), pick(offer.name)),
    el("p", { class: "offer-text", "data-fit": "box" }, pick(offer.text)),
  ];
  return [byTurns("div", "offer-words", words)];
}
