// What needs doing, the most urgent first. The words come from the shared words.js; the order is decided here, because
// it is about what an organiser does first: whoever stands in a line that cannot move comes before a silent tablet.

import { el, icon } from "/static/shared/dom.js";
import { number, t } from "/static/shared/i18n.js";
import { trouble as words } from "/static/shared/words.js";

const URGENCY = ["no_counter_open", "printer_failing", "device_silent", "nobody_at_booth"];
const ICONS = { no_counter_open: "users", printer_failing: "printer", device_silent: "wifi-off", nobody_at_booth: "building-2" };
const DEVICE_URGENCY = ["kiosk", "counter", "board"];

const rank = (list, value) => (list.includes(value) ? list.indexOf(value) : list.length);

/** A copy of `troubles`, what to do first at the head; equal ones by how many people wait for it. */
export function byUrgency(troubles) {
  return [...troubles].sort(
    (a, b) =>
      rank(URGENCY, a.code) - rank(URGENCY, b.code) ||
      (b.waiting ?? 0) - (a.waiting ?? 0) ||
      rank(DEVICE_URGENCY, a.role) - rank(DEVICE_URGENCY, b.role),
  );
}

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
    el("div", {}, el("h2", { class: "well__title" }, t("All is well")), el("p", {}, t("Nothing needs you at the moment."))),
    el("ul", { class: "well__facts" }, ...facts.map((fact) => el("li", {}, fact))),
  );
}

/** The list of troubles with their actions, or the state of calm. `resolve` puts names in the place of ids. */
export function troubles(data, resolve) {
  const list = byUrgency(data.trouble);
  if (list.length === 0) return [wellState(data)];
  const rows = list.map((item, index) => {
    const { what, todo } = words(resolve(item));
    return el(
      "li",
      { class: "trouble__item", "data-code": item.code },
      el("span", { class: "trouble__rank", "aria-hidden": "true" }, icon(ICONS[item.code] ?? "circle-alert")),
      el("div", { class: "trouble__words" }, el("p", { class: "trouble__what" }, what), el("p", { class: "trouble__todo" }, todo)),
    );
  });
  return [
    el(
      "div",
      { class: "trouble" },
      el("h2", { class: "trouble__title" }, t("To do now"), " ", el("span", { class: "trouble__count" }, number(list.length))),
      el("ol", { class: "trouble__list" }, ...rows),
    ),
  ];
}
