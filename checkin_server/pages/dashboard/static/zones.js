// The hall as a small map: a box a zone, in it the booths, in them the counters with state (colour and word) and number.

import { el, zoneSign } from "/static/shared/dom.js";
import { number, pick, t } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";

/**
 * @import { BoothInfo, DashboardData } from "api"
 * @import { CounterFigures, Venue } from "./venue.js"
 */

/**
 * What a counter is doing: `closed`, `paused`, `called` or `serving` as the server says, or `free` when open with nobody.
 * @param {Pick<CounterFigures, "state">} counter
 */
export function counterState(counter) {
  return counter.state === "open" ? "free" : counter.state;
}

/** @param {string} state */
function stateWord(state) {
  switch (state) {
    case "serving":
      return t("serving");
    case "called":
      return t("has called");
    case "free":
      return t("free");
    case "paused":
      return t("on a break");
    default:
      return t("closed");
  }
}

/**
 * @param {CounterFigures} counter
 * @param {string} now
 */
function tile(counter, now) {
  const state = counterState(counter);
  const seconds = counter.since ? Math.max(0, (Date.parse(now) - Date.parse(counter.since)) / 1000) : null;
  const { staff } = counter;
  const details = [
    staff ? t("Staff: {name}", { name: staff }) : null,
    seconds === null ? null : t("for {time}", { time: minutes(seconds) }),
  ].filter(Boolean);
  return el(
    "li",
    {
      class: `counter counter--${state}`,
      "data-testid": "counter",
      "data-counter": counter.id,
      title: details.join(" · ") || null,
    },
    el(
      "span",
      { class: "counter__label" },
      el("span", { class: "visually-hidden" }, t("Counter")),
      " ",
      el("bdi", {}, counter.label),
    ),
    el("span", { class: "counter__state" }, stateWord(state)),
    el(
      "span",
      { class: "counter__number" },
      counter.number === null || counter.number === undefined ? "" : number(counter.number),
    ),
  );
}

/**
 * @param {BoothInfo} booth
 * @param {CounterFigures[]} counters
 * @param {string} now
 */
function boothBox(booth, counters, now) {
  return el(
    "li",
    { class: "booth" },
    el("h4", { class: "booth__name" }, pick(booth.name)),
    el("ul", { class: "booth__counters" }, ...counters.map((counter) => tile(counter, now))),
  );
}

/**
 * One box a zone that has counters, in the plan's order.
 * @param {DashboardData} data
 * @param {Venue} venue
 */
export function zones(data, venue) {
  const boxes = [];
  for (const zone of venue.zones.values()) {
    const mine = data.counters.filter((counter) => counter.zone === zone.id);
    if (mine.length === 0) continue;
    const booths = [...venue.booths.values()].filter((booth) => mine.some((counter) => counter.booth === booth.id));
    const open = mine.filter((counter) => counter.state !== "closed").length;
    boxes.push(
      el(
        "li",
        { class: "zone", "data-zone": zone.id },
        el(
          "header",
          { class: "zone__head" },
          zoneSign(zone, 36),
          el("h3", { class: "zone__name" }, pick(zone.name)),
          el(
            "p",
            { class: "zone__open" },
            el(
              "span",
              { class: "visually-hidden" },
              t("Counters open: {n} of {m}", { n: number(open), m: number(mine.length) }),
            ),
            el("bdi", { dir: "ltr", "aria-hidden": "true" }, `${number(open)}/${number(mine.length)}`),
          ),
        ),
        el(
          "ul",
          { class: "zone__booths" },
          ...booths.map((booth) =>
            boothBox(
              booth,
              mine.filter((c) => c.booth === booth.id),
              data.now,
            ),
          ),
        ),
      ),
    );
  }
  return [el("ul", { class: "zones" }, ...boxes)];
}
