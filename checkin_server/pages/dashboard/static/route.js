// How well visitors are led: what would shorten the waits, whether forecasts are kept, and whether it is fair.

import { el, icon } from "/static/shared/dom.js";
import { number, pick, t, tn } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";
import { advice as words } from "/static/shared/words.js";

/**
 * @import { DashboardData } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Venue } from "./venue.js"
 */

/**
 * @param {DashboardData} data
 * @param {Venue} venue
 */
function adviceList(data, venue) {
  if (data.advice.length === 0)
    return el("p", { class: "route__calm" }, t("No change of counters would shorten the waits noticeably."));
  const name = (/** @type {string} */ id) => pick(venue.services.get(id)?.name ?? id);
  return el(
    "ul",
    { class: "advice", "data-testid": "advice" },
    ...data.advice.map((item) => {
      const { what, effect } = words({
        ...item,
        name: name(item.service),
        from_name: item.from ? name(item.from) : undefined,
      });
      return el(
        "li",
        { class: "advice__item", "data-code": item.code },
        icon(item.code === "divert_counter" ? "signpost" : "door-open"),
        el("div", {}, el("p", { class: "advice__what" }, what), el("p", { class: "advice__effect" }, effect)),
      );
    }),
  );
}

/** @param {DashboardData["forecasts"]} forecasts */
function forecasts({ share, resolved, error_s: error }) {
  if (share === null)
    return el("p", { class: "route__note" }, t("Not enough forecasts have come true yet to judge them."));
  const good = share >= 0.85;
  return el(
    "p",
    { class: "route__note" },
    el(
      "strong",
      { class: good ? "is-good" : "is-over", "data-testid": "eta-share" },
      `${number(Math.round(share * 100))} %`,
    ),
    " ",
    tn("of {n} forecast kept its longest time", "of {n} forecasts kept their longest time", resolved),
    error === null ? null : [" · ", t("off by {time} on average", { time: minutes(error) })],
  );
}

/**
 * @param {NonNullable<DashboardData["fairness"]>} report
 * @param {Venue} venue
 */
function fairness(report, venue) {
  const verdict = report.held
    ? el("strong", { class: "is-good" }, t("The limit held."))
    : el(
        "strong",
        { class: "is-over" },
        tn("The limit was passed {n} time.", "The limit was passed {n} times.", report.beyond),
      );
  const told = t("Nobody is overtaken by who came over {n} minutes later (and their head start).", {
    n: number(report.bound_minutes),
  });
  const rows = report.categories.filter((row) => row.overtaken > 0);
  const categories = new Map(venue.categories.map((category) => [category.id, category]));
  return [
    el("p", { class: "route__note", "data-testid": "fairness" }, verdict, " ", told),
    rows.length === 0
      ? null
      : el(
          "table",
          { class: "fairness" },
          el("caption", { class: "visually-hidden" }, t("Longest overtaken wait by category")),
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              el("th", { scope: "col" }, t("Category")),
              el("th", { scope: "col" }, t("Overtaken")),
              el("th", { scope: "col" }, t("By at most")),
            ),
          ),
          el(
            "tbody",
            {},
            ...rows.map((row) =>
              el(
                "tr",
                {},
                el("th", { scope: "row" }, pick(categories.get(row.category)?.name ?? row.category)),
                el("td", {}, el("bdi", { dir: "ltr" }, `${number(row.overtaken)}/${number(row.visits)}`)),
                el("td", {}, minutes(row.longest_s)),
              ),
            ),
          ),
        ),
  ];
}

/**
 * The panel's three parts.
 * @param {DashboardData} data
 * @param {Venue} venue
 */
export function route(data, venue) {
  const part = (/** @type {string} */ title, /** @type {Child[]} */ ...body) =>
    el("div", {}, el("h3", { class: "panel__sub" }, title), ...body.filter(Boolean));
  return [
    el(
      "div",
      { class: "route" },
      part(t("What would help"), adviceList(data, venue)),
      part(t("Forecasts"), forecasts(data.forecasts)),
      part(
        t("Fairness"),
        ...(data.fairness
          ? fairness(data.fairness, venue)
          : [el("p", { class: "route__note" }, t("Nobody has been called yet."))]),
      ),
    ),
  ];
}
