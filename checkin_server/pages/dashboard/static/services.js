// Waits by service: a range bar (what a visitor who comes now can expect), the mean and the longest of today, and counts.

import { el, zoneSign } from "/static/shared/dom.js";
import { clock, number, pick, t, tn } from "/static/shared/i18n.js";
import { minutes, range } from "/static/shared/waits.js";
import { rangeBar, rangeLegend, scaleEnd } from "./bars.js";
import { lastTicketsButton } from "./last-tickets.js";

/**
 * @import { DashboardData } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { ServiceFigures, Venue } from "./venue.js"
 */

/**
 * The wait of a service in words; never a number where none can be known.
 * @param {Pick<ServiceFigures, "counters_open" | "expected_wait">} service
 */
export function waitWords(service) {
  if (service.counters_open === 0) return t("closed, time unknown");
  if (!service.expected_wait) return t("time unknown");
  return range(service.expected_wait.p50, service.expected_wait.p90);
}

/**
 * How many more tickets the service takes, once that is near its end.
 * @param {ServiceFigures} service
 */
function lastTickets(service) {
  if (!service.accepting) return t("No more places today");
  if (service.ruling?.until) return t("Last tickets at {time}", { time: clock(service.ruling.until) });
  return tn("{n} more ticket today", "{n} more tickets today", service.places_left ?? 0);
}

/**
 * Mean and longest wait of today, each beside the mark it has in the bar.
 * @param {ServiceFigures} service
 */
function measured(service) {
  const line = (
    /** @type {string} */ kind,
    /** @type {string} */ name,
    /** @type {number | null} */ seconds,
    /** @type {string} */ testid,
  ) =>
    el(
      "p",
      { class: `key key--${kind} services__time` },
      el("span", { class: "key__mark", "aria-hidden": "true" }),
      el("span", { class: "visually-hidden" }, name),
      el("span", { "data-testid": testid }, seconds === null ? "–" : minutes(seconds)),
    );
  return el(
    "td",
    { role: "cell", class: "services__measured" },
    line("mean", t("mean today"), service.mean_wait_s, "service-mean"),
    line("max", t("longest today"), service.max_wait_s, "service-longest"),
  );
}

/**
 * Those who were sent to the zone and are not called yet.
 * @param {number} headed
 */
function onTheWay(headed) {
  // TRANSLATORS: under the number of those who wait: so many are walking there and not counted in it. Keep it short.
  return tn("{n} on the way", "{n} on the way", headed);
}

/**
 * @param {string} label
 * @param {Child} value
 * @param {string} testid
 * @param {string} className
 * @param {Child} more
 */
function count(label, value, testid, className = "", more = null) {
  return el(
    "td",
    { role: "cell", class: `services__count ${className}` },
    el("span", { class: "services__label", "aria-hidden": "true" }, label),
    el("span", { class: "services__number", "data-testid": testid }, value),
    more,
  );
}

/**
 * @param {ServiceFigures} service
 * @param {Venue} venue
 * @param {number} target minutes
 * @param {number} end seconds
 * @param {((service: string) => void) | null} decide
 */
// size: one row of the table, cell after cell
function row(service, venue, target, end, decide) {
  const known = venue.services.get(service.id);
  const zone = venue.zones.get(known?.zone ?? "");
  const closed = service.counters_open === 0;
  const wait = closed ? null : service.expected_wait;
  const nothing = wait === null && service.mean_wait_s === null && service.max_wait_s === null;
  const times = {
    wait,
    mean: service.mean_wait_s,
    longest: service.max_wait_s,
    target: target * 60,
    end,
  };
  return el(
    "tr",
    {
      role: "row",
      class: `services__row${closed ? " services__row--closed" : ""}`,
      "data-testid": "service-row",
      "data-service": service.id,
    },
    el(
      "th",
      { role: "rowheader", scope: "row", class: "services__name" },
      zone ? zoneSign(zone, 32) : null,
      el("span", { class: "services__words" }, known ? pick(known.name) : service.id),
    ),
    el(
      "td",
      { role: "cell", class: "services__wait" },
      el("p", { class: "services__expected" }, waitWords(service)),
      service.closing || !service.accepting || service.ruling
        ? el("p", { class: "services__closing", "data-testid": "service-closing" }, lastTickets(service))
        : null,
      nothing ? null : rangeBar(times),
    ),
    measured(service),
    count(
      t("Waiting"),
      number(service.waiting),
      "service-waiting",
      "",
      service.headed
        ? el("span", { class: "services__headed", "data-testid": "service-headed" }, onTheWay(service.headed))
        : null,
    ),
    count(t("Being served"), number(service.serving), "service-serving"),
    count(t("Served"), number(service.served), "service-served"),
    count(
      t("Counters open"),
      el("bdi", { dir: "ltr" }, `${number(service.counters_open)}/${number(service.counters)}`),
      "service-counters",
      closed && service.waiting > 0 ? "services__count--none" : "",
    ),
    el(
      "td",
      { role: "cell", class: "services__action" },
      decide && known ? lastTicketsButton(pick(known.name), service.ruling, () => decide(service.id)) : null,
    ),
  );
}

/**
 * The table of services and the legend of its bars; `decide(service id)` opens what can be decided, null when no day is open.
 * @param {DashboardData} data
 * @param {Venue} venue
 * @param {((service: string) => void) | null} decide
 */
export function services(data, venue, decide) {
  const target = data.service_level.target_minutes;
  const end = scaleEnd([
    target * 60,
    ...data.services.flatMap((service) => [service.expected_wait?.p90, service.mean_wait_s, service.max_wait_s]),
  ]);
  const head = (/** @type {Child} */ words, className = "") =>
    el("th", { role: "columnheader", scope: "col", class: className }, words);
  return [
    el(
      "table",
      { role: "table", class: "services", "aria-label": t("Waits by service") },
      el(
        "thead",
        { role: "rowgroup" },
        el(
          "tr",
          { role: "row" },
          head(t("Service")),
          head(t("Wait")),
          head(t("Until now"), "services__measured"),
          head(t("Waiting"), "services__head"),
          head(t("Being served"), "services__head"),
          head(t("Served"), "services__head"),
          head(t("Counters open"), "services__head"),
          head(t("Last tickets"), "services__action services__head"),
        ),
      ),
      el("tbody", { role: "rowgroup" }, ...data.services.map((service) => row(service, venue, target, end, decide))),
    ),
    rangeLegend(target),
  ];
}
