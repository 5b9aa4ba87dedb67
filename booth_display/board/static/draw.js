/**
 * Draws the parts of the board. Each function takes data and returns nodes; none keeps state but the board's languages.
 * Each line stands in the board's languages, side by side or by turns, marked with its own `lang` and `dir`.
 */

import { doorsWords, shut } from "/static/shared/doors.js";
import { el, icon, replace, zoneSign } from "/static/shared/dom.js";
import { dir, inLanguage, pick, t, tn } from "/static/shared/i18n.js";
import { spoken } from "/static/shared/waits.js";
import { turning, turningFromNow, turns } from "./turning.js";

/**
 * @import { BoardCall, BoardData, BoothInfo, Names, Wait, ZoneInfo } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Texts } from "/static/shared/i18n.js"
 *
 * @typedef {BoardData["headed"][number]} Sent numbers on their way to a zone
 * @typedef {{text: Texts, name: Texts, zone: string}} Offered a partner's offer
 *
 * @typedef {object} Hall names and signs of the venue, the board's layout and its arrows
 * @property {Map<string, BoothInfo>} booths
 * @property {Map<string, ZoneInfo>} zones
 * @property {string} layout
 * @property {Record<string, string>} arrows
 * @property {(id: string) => BoothInfo | {id: string, name: string}} booth
 * @property {(id: string) => Pick<ZoneInfo, "id"> & Partial<ZoneInfo>} zone
 */

/** What the board is written in: `left` and `right` stand beside each other (`right` is missing when they take turns). */
/** @type {{all: string[], left: string[], right: string | null}} */
const written = { all: ["ar", "fr"], left: ["fr"], right: "ar" };

/** Letters that two names may have together to stand side by side in one line of the last calls; longer ones take turns. */
const NAMES_BESIDE = 34;
/** The same in the call itself, over two lines each. */
const CALLED_BESIDE = 72;

/**
 * Sets the languages of everything that is drawn from now on.
 * @param {string[]} languages in the order in which they take turns
 * @param {"beside"|"turns"} shown two columns, the right one for a language that is written from the right; or one after another
 */
export function useLanguages(languages, shown) {
  written.all = languages;
  const right = languages.find((language) => dir(language) === "rtl") ?? languages[1];
  const beside = shown === "beside" && languages.length > 1;
  written.right = beside ? right : null;
  written.left = beside ? languages.filter((language) => language !== right) : languages;
}

/** The side that the board reads from now: with languages beside each other left is left, else it is the turn's own. */
export function direction() {
  return written.right ? "ltr" : dir(written.all[turns() % written.all.length]);
}

/**
 * An element whose children `make()` are said in `lang`, and marked with it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {string} lang
 * @param {Tag} tag
 * @param {string} className
 * @param {() => Child} make
 */
export function said(lang, tag, className, make) {
  return el(tag, { class: `${className} ${lang}`, lang, dir: dir(lang) }, inLanguage(lang, make));
}

/**
 * The same in all languages by turns.
 * @param {keyof HTMLElementTagNameMap} tag
 * @param {string} className
 * @param {() => Child} make
 */
export function byTurns(tag, className, make) {
  return turning(...written.all.map((lang) => said(lang, tag, className, make)));
}

/**
 * One or two columns: what `make(lang)` draws; `first` is a language that is added and has the first turn.
 * @param {(lang: string) => HTMLElement} make
 * @param {string | null} first
 * @param {boolean} tight two would not fit: all by turns in one
 */
export function columns(make, first = null, tight = false) {
  if (tight) {
    const rest = written.all.filter((lang) => lang !== first);
    return [turningFromNow(...(first ? [first, ...rest] : rest).map(make))];
  }
  const known = !first || first === written.right || written.left.includes(first);
  const left = known ? written.left : [first, ...written.left];
  const turns = first && known && first !== written.right ? [first, ...left.filter((lang) => lang !== first)] : left;
  return written.right
    ? [turningFromNow(...turns.map(make)), make(written.right)]
    : [turningFromNow(...turns.map(make))];
}

/**
 * The newest call, in large.
 * @param {BoardCall} call of the snapshot
 * @param {boolean} fresh slide in and flash
 * @param {Hall} hall names and signs of the venue, the board's layout and its arrows
 */
export function newestCall(call, fresh, hall) {
  const where = (/** @type {string} */ lang) =>
    said(lang, "div", "where", () => {
      const booth = pick(hall.booth(call.booth).name);
      // The sign beside the word here stands alone beside the numbers of the last calls.
      const counter = call.counter ? [icon("concierge-bell"), counterOf(call)] : counterOf(call);
      // A booth's own board says first what differs between its calls.
      const [large, small] = hall.layout === "booth" ? [counter, booth] : [booth, counter];
      return [
        el("p", { class: "where-booth", "data-fit": "lines" }, large),
        el("p", { class: "where-counter", "data-fit": "lines" }, small),
      ];
    });
  const tight =
    written.all.reduce((sum, lang) => sum + inLanguage(lang, () => pick(hall.booth(call.booth).name)).length, 0) >
    CALLED_BESIDE;
  return el(
    "div",
    {
      class: fresh ? "call fresh" : "call",
      "data-testid": "call",
      "data-call": call.call,
      "data-number": call.number,
      "data-recall": call.recall,
    },
    el(
      "div",
      { class: "call-head" },
      el("strong", { class: "call-number", "data-fit": "row", "data-testid": "newest-number" }, String(call.number)),
      el("div", { class: "call-to", "data-arrow": hall.arrows[call.zone] ?? "" }, wayTo(call.zone, hall)),
    ),
    el("div", { class: `call-where${tight ? " is-tight" : ""}` }, columns(where, call.locale, tight)),
  );
}

/**
 * Which counter; who is sent ahead of the call is told to come, and learns the counter when it calls.
 * @param {BoardCall} call
 */
function counterOf(call) {
  return call.counter ? t("Counter {label}", { label: call.counter_label }) : t("Go to your zone");
}

/**
 * The zone's sign, with an arrow to where the zone is, seen from the board. Where the settings do not say there is none:
 * any arrow would be taken for the way.
 * @param {string} zone
 * @param {Hall} hall
 */
function wayTo(zone, hall) {
  const sign = zoneSign(hall.zone(zone), "var(--sign)");
  const side = hall.arrows[zone];
  if (!side) return [sign];
  const arrow = icon(`arrow-${side}`);
  return side === "left" ? [arrow, sign] : [sign, arrow];
}

/**
 * What stands large while nobody is called: when the stands open, that it is over, or that calls will come.
 * @param {BoardData | null} data
 */
export function noCallYet(data) {
  const words = (/** @type {string} */ lang) =>
    said(lang, "div", "nobody-words", () => {
      const news = data && doorsWords(data.doors, data.now);
      return [
        el("strong", {}, news ? news.title : t("No calls yet")),
        el("p", {}, news && shut(data.doors) ? news.detail : t("Keep your number at hand. It will appear here.")),
        data && data.doors.state === "over" && data.served
          ? el(
              "p",
              { class: "nobody-total", "data-testid": "total" },
              tn("{n} served today", "{n} served today", data.served),
            )
          : null,
      ];
    });
  return el("div", { class: "call nobody", "data-testid": "no-call" }, columns(words));
}

/**
 * One of the last calls: number, sign, counter, booth.
 * @param {BoardCall} call
 * @param {Hall} hall
 */
export function lastCall(call, hall) {
  const name = (/** @type {string} */ lang) =>
    said(lang, "span", "last-booth", () =>
      hall.layout === "booth" ? counterOf(call) : pick(hall.booth(call.booth).name),
    );
  const names = written.right ? [written.left[0], written.right].map(name) : [];
  const tight = !names.length || names.reduce((width, { textContent }) => width + textContent.length, 0) > NAMES_BESIDE;
  return el(
    "li",
    {
      class: "last-call",
      "data-key": call.call,
      "data-testid": "call",
      "data-call": call.call,
      "data-number": call.number,
    },
    el("strong", { class: "last-number" }, String(call.number)),
    zoneSign(hall.zone(call.zone), "100%"),
    call.counter_label
      ? el("span", { class: "last-counter" }, icon("concierge-bell"), el("b", {}, call.counter_label))
      : el("span", {}),
    el("span", { class: "last-where" }, tight ? turning(...written.all.map(name)) : names),
  );
}

/**
 * Numbers on their way to each zone, or what this band is for. Returns the title and the row the numbers go to.
 * @param {Sent[]} sent
 * @param {boolean} quiet nobody is sent anywhere today any more
 */
export function band(sent, quiet = false) {
  if (!sent.length && quiet) return [];
  if (!sent.length)
    return [byTurns("p", "band-quiet", () => t("Your zone will appear here shortly before your call."))];
  return [byTurns("h2", "band-title", () => t("Go to your zone")), el("div", { class: "band-row" })];
}

/**
 * Fills `row` with the numbers of each zone: as many as fit beside one another, the rest by turns. None is left out,
 * none is cut, and each stands behind its zone's sign.
 * @param {HTMLElement} row on the page already, as widths are measured
 * @param {Sent[]} sent
 * @param {Pick<Hall, "zone">} hall
 */
export function fillBand(row, sent, { zone }) {
  /** @type {HTMLElement[]} */
  const pages = [];
  const turnPage = () => {
    const empty = el("ul", { class: "band-zones" });
    replace(row, empty);
    pages.push(empty);
    return empty;
  };
  const group = (/** @type {string} */ id) => {
    const item = el("li", { class: "band-zone", "data-zone": id }, zoneSign(zone(id), "1.2em"));
    page.append(item);
    return item;
  };
  let page = turnPage();
  for (const { zone: id, numbers } of sent) {
    let item = group(id);
    for (const number of numbers) {
      const node = el("strong", {}, String(number));
      item.append(node);
      if (page.scrollWidth <= page.clientWidth + 1 || page.querySelectorAll("strong").length === 1) continue;
      node.remove();
      if (!item.querySelector("strong")) item.remove();
      page = turnPage();
      item = group(id);
      item.append(node);
    }
  }
  replace(row, turningFromNow(...pages));
}

/**
 * Waits: by zone the longest that is expected at its stands, one figure; on the board of a zone or a booth by booth from the
 * shortest to the longest, with the numbers that are expected next.
 * @param {BoardData["waits"]} waits of the snapshot
 * @param {BoardData["next"]} next of the snapshot: who is probably called next, without promise
 * @param {Hall} hall
 */
export function waitsOf(waits, next, hall) {
  const near = hall.layout !== "hall";
  const several = new Set(waits.map(({ booth }) => booth)).size > 1;
  /** @type {Map<string, BoardData["waits"]>} */
  const groups = new Map();
  for (const wait of waits) {
    const key = near ? wait.booth : wait.zone;
    groups.set(key, [...(groups.get(key) ?? []), wait]);
  }
  const label = (/** @type {string} */ id) =>
    near ? byTurns("span", "wait-booth", () => pick(hall.booth(id).name)) : zoneSign(hall.zone(id), "100%");
  const cells = [...groups].map(([id, list]) =>
    el(
      "li",
      { class: "wait", [near ? "data-booth" : "data-zone"]: id },
      near && !several ? null : label(id),
      waitWords(list, near),
    ),
  );
  return [
    byTurns("h2", "waits-title", () => (near ? t("Wait in minutes") : t("Longest wait, minutes"))),
    el("ul", { class: "waits-cells" }, cells),
    near && next.length ? expected(next, several, hall) : null,
  ];
}

/**
 * @param {BoardData["next"]} next
 * @param {boolean} several
 * @param {Hall} hall
 */
function expected(next, several, hall) {
  /** @type {Map<string, number[]>} */
  const booths = new Map();
  for (const { booth, numbers } of next) booths.set(booth, [...new Set([...(booths.get(booth) ?? []), ...numbers])]);
  const rows = [...booths].map(([booth, numbers]) =>
    el(
      "li",
      { class: "next-row", "data-booth": booth },
      !several ? null : byTurns("span", "wait-booth", () => pick(hall.booth(booth).name)),
      el(
        "span",
        { class: "next-numbers" },
        numbers.slice(0, several ? 3 : 4).map((number) => el("strong", { class: "number" }, String(number))),
      ),
    ),
  );
  return el(
    "div",
    { class: "next", "data-testid": "next" },
    // TRANSLATORS: numbers that will probably be called next; it is no promise.
    byTurns("h2", "waits-title", () => t("Probably next")),
    el("ul", { class: "next-rows" }, rows),
  );
}

/**
 * @param {BoardData["waits"]} list
 * @param {boolean} whole from the shortest on, not the longest alone
 */
function waitWords(list, whole) {
  const open = list.filter((wait) => wait.counters_open > 0);
  // TRANSLATORS: a zone of which no stand is open.
  if (!open.length) return byTurns("span", "wait-quiet", () => t("Nothing open"));
  const known = open.flatMap((wait) => wait.expected_wait ?? []);
  // TRANSLATORS: the wait at a zone is not known; one short word, beside "Closed".
  if (!known.length) return byTurns("span", "wait-quiet", () => t("Unknown"));
  const { unit, low, high, over } = spoken(
    Math.min(...known.map(({ p50 }) => p50)),
    Math.max(...known.map(({ p90 }) => p90)),
  );
  const figure = (/** @type {string} */ text) => el("strong", { class: "wait-range", "data-fit": true }, text);
  if (unit === "minutes") return figure(whole ? `${low}-${high}` : String(high));
  const from = Math.floor(low / 2);
  const hours = over ? `${from}+` : whole ? `${from}-${Math.ceil(high / 2)}` : String(Math.ceil(high / 2));
  // TRANSLATORS: hours on a board, among waits in minutes: {h} is "3", "1-3" or "4+". As short as can be.
  return byTurns("strong", "wait-range wait-hours", () => t("{h} h", { h: hours }));
}

/**
 * One partner's offer, or the slogan when there is none.
 * @param {Offered | null} offer
 * @param {Texts} slogan in all languages
 * @param {Pick<Hall, "zone">} hall
 */
export function offerOf(offer, slogan, { zone }) {
  if (!offer)
    return [byTurns("div", "offer-words", () => el("p", { class: "offer-slogan", "data-fit": "box" }, pick(slogan)))];
  const words = () => [
    el("h2", { class: "offer-from" }, zoneSign(zone(offer.zone), "1.3em"), pick(offer.name)),
    el("p", { class: "offer-text", "data-fit": "box" }, pick(offer.text)),
  ];
  return [byTurns("div", "offer-words", words)];
}
