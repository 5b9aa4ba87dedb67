// What needs doing. The server sends what to do first on top; the words come from the shared words.js.

import { el, icon } from "/static/shared/dom.js";
import { number, t } from "/static/shared/i18n.js";
import { clockTimes, trouble as words } from "/static/shared/machine_words.js";

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
  printer_failing: "printer",
  paper_low: "printer",
  device_silent: "wifi-off",
  nobody_at_booth: "building-2",
  not_following: "signpost",
  calls_missed: "volume-2",
};

/** @param {DashboardData} data */
function wellState(data) {
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
    { class: "well" },
    icon("badge-check"),
    el(
      "div",
      {},
      el("h2", { class: "well__title" }, t("All is well")),
      el("p", {}, t("Nothing needs you at the moment.")),
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
 * The list of troubles with their actions, or the state of calm. `resolve` puts names in the place of ids.
 * @param {DashboardData} data
 * @param {(item: Trouble) => {code: string, [field: string]: any}} resolve
 * @param {Deciding} deciding which clock is right
 */
export function troubles(data, resolve, deciding) {
  const list = data.trouble;
  if (list.length === 0) return [wellState(data)];
  const rows = list.map((item) => {
    const { what, todo } = words(resolve(item));
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
  return [
    el(
      "div",
      { class: "trouble" },
      el(
        "h2",
        { class: "trouble__title" },
        t("To do now"),
        " ",
        el("span", { class: "trouble__count" }, number(list.length)),
      ),
      el("ol", { class: "trouble__list" }, ...rows),
    ),
  ];
}
