/** Pieces several views of the kiosk are made of. */
import { el, icon, zoneSign } from "/static/shared/dom.js";
import { inLanguage, lang, LANGUAGES, NAMES, pick, dir, t } from "/static/shared/i18n.js";
import { wait } from "/static/shared/waits.js";

/**
 * @import { Member, Wait } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Actions } from "./actions.js"
 * @import { Model } from "./model.js"
 */

/**
 * Head of the page: event, city, the language switch in each language's own name.
 * @param {Model} model
 * @param {Actions} actions
 */
export function head(model, actions) {
  const { venue } = model;
  return [
    el(
      "div",
      { class: "head-event" },
      el("img", { class: "head-mark", src: "/static/shared/mark.svg", alt: "" }),
      el(
        "div",
        {},
        el("p", { class: "head-name" }, venue ? pick(venue.event.name) : ""),
        el("p", { class: "head-city" }, venue ? pick(venue.venue.city) : ""),
      ),
      model.liveState === "stale"
        ? el(
            "p",
            { class: "banner banner-notlive head-notlive", role: "status", dataset: { testid: "not-live" } },
            icon("wifi-off"),
            t("Not live"),
          )
        : null,
    ),
    // With the controls low down, the languages are at the foot, beside the access button.
    model.modes.low ? null : languages(actions),
  ];
}

/**
 * The language switch.
 * @param {Actions} actions
 */
export function languages(actions) {
  return el(
    "div",
    { class: "languages", role: "group", "aria-label": t("Language"), dataset: { key: "languages" } },
    LANGUAGES.map((code) =>
      el(
        "button",
        {
          class: "language",
          type: "button",
          lang: code,
          dir: dir(code),
          "aria-pressed": String(code === lang()),
          dataset: { language: code, key: code },
          onclick: () => actions.language(code),
        },
        NAMES[code],
      ),
    ),
  );
}

/**
 * The same words in the other languages, each with its own direction. `say` is called once in each language.
 * @param {() => Child} say
 */
export function inOtherLanguages(say) {
  return LANGUAGES.filter((code) => code !== lang()).map((code) =>
    el("p", { lang: code, dir: dir(code), dataset: { key: code } }, inLanguage(code, say)),
  );
}

/**
 * Title of a screen; it takes the focus when the screen appears.
 * @param {Child} words
 * @param {...Child} more
 */
export function title(words, ...more) {
  return el("h1", { class: "title", tabindex: "-1", dataset: { testid: "title" } }, words, ...more);
}

/**
 * A screen that says one thing: a sign, a heading, a sentence.
 * @param {string} iconName
 * @param {string} heading
 * @param {string} words
 */
export function statement(iconName, heading, words) {
  return el(
    "div",
    { class: "question question-alone" },
    el("div", { class: "question-sign" }, icon(iconName)),
    title(heading),
    el("p", { class: "lead" }, words),
  );
}

/**
 * "Welcome, Amina".
 * @param {string} iconName
 * @param {Member} member
 * @param {string} words
 */
export function welcome(iconName, member, words) {
  return el(
    "section",
    { class: "greeting" },
    el("div", { class: "greeting-sign" }, icon(iconName)),
    // Who shows a signed card has no name here.
    title(memberName(member) ? t("Welcome, {name}", { name: memberName(member) }) : t("Welcome")),
    el("p", { class: "lead" }, words),
  );
}

/**
 * A large button of the lower third.
 * @param {string} kind
 * @param {string} testid
 * @param {string} words
 * @param {() => unknown} onclick
 * @param {{iconName?: string, disabled?: boolean, count?: number, pressed?: boolean | null}} [look]
 */
export function control(kind, testid, words, onclick, { iconName, disabled = false, count = 0, pressed = null } = {}) {
  return el(
    "button",
    {
      class: `btn btn-${kind} btn-lg`,
      type: "button",
      disabled,
      onclick,
      dataset: { testid, key: testid },
      ...(pressed === null ? {} : { "aria-pressed": String(pressed) }),
    },
    iconName ? icon(iconName) : null,
    el("span", {}, words),
    count ? el("span", { class: "count number" }, count) : null,
  );
}

const ONE_LINE = 24; // letters of a range that stands on one line; a longer one, of hours, may break between its words

/**
 * A wait in words; a range of minutes never breaks in the middle.
 * @param {Wait | null | undefined} expected
 */
export function waitSpan(expected) {
  const words = wait(expected);
  return el("span", { class: words.length <= ONE_LINE && /\d/.test(words) ? "nowrap" : "" }, words);
}

/**
 * A zone's sign, looked up by id.
 * @param {Model} model
 * @param {string | null | undefined} zone
 * @param {string | number} [size]
 */
export function sign(model, zone, size) {
  return zoneSign(model.zones.get(zone ?? "") ?? { id: zone ?? "" }, size);
}

/**
 * A service's name.
 * @param {Model} model
 * @param {string | null | undefined} id
 */
export function serviceName(model, id) {
  return pick(model.services.get(id ?? "")?.name ?? id ?? "");
}

/**
 * The name of a booth, or nothing if it says the same as the service.
 * @param {Model} model
 * @param {string | null | undefined} id
 */
export function boothName(model, id) {
  const booth = model.booths.get(id ?? "");
  return pick(booth?.name ?? "") || pick(booth?.partner ?? "");
}

/**
 * A member's name in the script of the language on the screen.
 * @param {{display_name?: {ar?: string, la?: string}} | null | undefined} person
 */
export function memberName(person) {
  const name = person?.display_name ?? {};
  return (lang() === "ar" ? name.ar || name.la : name.la || name.ar) ?? "";
}

/**
 * A category's name.
 * @param {Model} model
 * @param {string} id
 */
export function categoryName(model, id) {
  return pick(model.categories.get(id)?.name ?? "");
}
