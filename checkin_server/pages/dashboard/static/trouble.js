// What needs doing. The server sends what to do first on top; the words come from the shared words.js.

import { el, icon } from "/static/shared/dom.js";
import { lang, number, t, tn } from "/static/shared/i18n.js";
import { clockTimes, trouble as words } from "/static/shared/machine_words.js";
import { overTarget } from "./figures.js";

/**
 * @import { DashboardData } from "api"
 *
 * @typedef {DashboardData["trouble"][number]} Trouble
 * @typedef {{busy: boolean, refused: string, decide: (right: "machine" | "riwaq") => void}} Deciding
 */

/** @type {Record<string, string>} */
const ICONS = {
  clock_differs: "clock",
  day_left_open: "hourglass",
  no_counter_open: "users",
  service_gone: "users",
  restored: "undo-2",
  printer_failing: "printer",
  paper_low: "printer",
  device_silent: "wifi-off",
  devices_silent: "wifi-off",
  sign_in_locked: "lock",
  searches_limited: "search",
  nobody_at_booth: "building-2",
  not_following: "signpost",
  calls_missed: "volume-2",
  purge_overdue: "hourglass",
};

const FEW = 3;
/** So many are shown on a phone, as the style has it; the others after a tap. */
const FIRST = 3;
let allShown = false;

/**
 * The troubles as they are listed: many devices that are silent are one thing to do, and not one each.
 * @param {Trouble[]} list
 * @returns {(Trouble | {code: "devices_silent", all: Extract<Trouble, {code: "device_silent"}>[]})[]}
 */
export function grouped(list) {
  const silent = list.filter((item) => item.code === "device_silent");
  if (silent.length <= FEW) return list;
  const at = list.indexOf(silent[0]);
  const others = (/** @type {Trouble[]} */ part) => part.filter(({ code }) => code !== "device_silent");
  return [...others(list.slice(0, at)), { code: "devices_silent", all: silent }, ...others(list.slice(at))];
}

/**
 * @param {Trouble[]} all devices that are silent
 * @param {(item: Trouble) => {code: string, [field: string]: any}} resolve
 */
function silentWords(all, resolve) {
  const names = new Intl.ListFormat(lang(), { type: "conjunction" }).format(all.map((item) => resolve(item).name));
  return {
    what: tn("{n} screen or tablet does not answer", "{n} screens and tablets do not answer", all.length),
    todo: `${t("Check that it is on and connected.")} ${names}`,
  };
}

/** @param {DashboardData} data */
function wellState(data) {
  const over = overTarget(data);
  const online = data.devices.filter((device) => device.online).length;
  const open = data.counters.filter((counter) => counter.state !== "closed").length;
  const facts = [
    t("Printers working: {n} of {m}", {
      n: number(data.printers.filter((printer) => printer.state === "ok").length),
      m: number(data.printers.length),
    }),
    t("Screens and tablets connected: {n} of {m}", { n: number(online), m: number(data.devices.length) }),
    t("Counters open: {n} of {m}", { n: number(open), m: number(data.counters.length) }),
  ];
  return el(
    "div",
    { class: over ? "well well--over" : "well" },
    icon(over ? "hourglass" : "badge-check"),
    el(
      "div",
      {},
      el("h2", { class: "well__title" }, over ? t("Over target.") : t("All is well")),
      el(
        "p",
        {},
        over
          ? t("Nothing is broken, but people wait too long: see what would help.")
          : t("Nothing needs you at the moment."),
      ),
    ),
    el("ul", { class: "well__facts" }, ...facts.map((fact) => el("li", {}, fact))),
  );
}

/**
 * Two buttons: which clock is right.
 * @param {Extract<Trouble, {code: "clock_differs"}>} item
 * @param {Deciding} deciding
 */
function clockChoice({ machine, riwaq }, { busy, refused, decide }) {
  const [shown, before] = clockTimes(machine, riwaq);
  const button = (/** @type {"machine" | "riwaq"} */ right, /** @type {string} */ label) =>
    el(
      "button",
      {
        type: "button",
        class: "btn btn-secondary btn-sm",
        "data-testid": `clock-${right}`,
        disabled: busy,
        onclick: () => decide(right),
      },
      label,
    );
  return el(
    "div",
    { class: "trouble__choice" },
    button("machine", t("{time} is right", { time: shown })),
    button("riwaq", t("{time} is right", { time: before })),
    refused ? el("p", { class: "trouble__refused", role: "alert" }, refused) : null,
  );
}

/**
 * On a phone: shows those that are not the first.
 * @param {number} more
 */
function moreButton(more) {
  return el(
    "button",
    {
      type: "button",
      class: "btn btn-secondary btn-sm trouble__more",
      "data-testid": "trouble-more",
      onclick({ currentTarget }) {
        allShown = true;
        const button = /** @type {HTMLElement} */ (currentTarget);
        button.closest(".trouble")?.classList.add("trouble--all");
        button.remove();
      },
    },
    tn("{n} more to do", "{n} more to do", more),
  );
}

/**
 * The list of troubles with their actions, or the state of calm. `resolve` puts names in the place of ids.
 * @param {DashboardData} data
 * @param {(item: Trouble) => {code: string, [field: string]: any}} resolve
 * @param {Deciding} deciding which clock is right
 */
export function troubles(data, resolve, deciding) {
  const list = grouped(data.trouble);
  if (list.length === 0) return [wellState(data)];
  const rows = list.map((item) => {
    const { what, todo } = item.code === "devices_silent" ? silentWords(item.all, resolve) : words(resolve(item));
    return el(
      "li",
      { class: "trouble__item", "data-code": item.code },
      el("span", { class: "trouble__rank", "aria-hidden": "true" }, icon(ICONS[item.code] ?? "circle-alert")),
      el(
        "div",
        { class: "trouble__words" },
        el("p", { class: "trouble__what" }, what),
        el("p", { class: "trouble__todo" }, todo),
        item.code === "clock_differs" ? clockChoice(item, deciding) : null,
      ),
    );
  });
  const more = list.length - FIRST;
  return [
    el(
      "div",
      { class: allShown ? "trouble trouble--all" : "trouble" },
      el(
        "h2",
        { class: "trouble__title" },
        t("To do now"),
        " ",
        el("span", { class: "trouble__count" }, number(list.length)),
      ),
      el("div", {}, el("ol", { class: "trouble__list" }, ...rows), more > 0 && !allShown ? moreButton(more) : null),
    ),
  ];
}
