// The first row: four figures that answer "is all well?", each with its trend and what it is measured against.

import { el } from "/static/shared/dom.js";
import { number, t, tn } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";
import { shareBar, splitBar, trendLine } from "./bars.js";

/**
 * @import { DashboardData } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Sample } from "./history.js"
 */

const QUARTER_MS = 15 * 60 * 1000;

/**
 * The last two quarter-hours that are over, newest first; fewer at the beginning of the day.
 * @param {DashboardData["arrivals_15"]} arrivals
 * @param {string} now
 */
export function fullQuarters(arrivals, now) {
  return arrivals
    .filter((bucket) => Date.parse(bucket.at) + QUARTER_MS <= Date.parse(now))
    .slice(-2)
    .reverse();
}

/** @param {{id: string, label: string, value: string, unit?: string, mood?: string, body: Child[]}} figure */
function card({ id, label, value, unit, mood, body }) {
  return el(
    "article",
    { class: `figure figure--${mood ?? "calm"}`, "aria-labelledby": `figure-${id}` },
    el("h2", { class: "figure__label", id: `figure-${id}` }, label),
    el(
      "p",
      { class: "figure__value" },
      el("span", { "data-testid": id }, value),
      unit ? el("span", { class: "figure__unit" }, unit) : null,
    ),
    el("div", { class: "figure__body" }, ...body.filter(Boolean)),
  );
}

/**
 * @param {Sample | null} before
 * @param {string} name
 * @param {number} current
 */
function sinceLine(before, name, current) {
  if (!before || before.figures[name] === undefined) return null;
  const old = before.figures[name];
  return trendLine(current - old, t("{m} minutes ago: {n}", { m: number(before.minutes), n: number(old) }));
}

/** @param {DashboardData} data */
function arrivals(data) {
  const [last, previous] = fullQuarters(data.arrivals_15, data.now);
  /** @type {Child[]} */
  const body = [];
  if (last && previous) {
    const words = t("Last quarter-hour: {n}, before: {m}", { n: number(last.count), m: number(previous.count) });
    body.push(trendLine(last.count - previous.count, words));
  } else if (data.arrivals === 0) {
    body.push(el("p", { class: "figure__note" }, t("Nobody has scanned a card yet.")));
  } else {
    body.push(el("p", { class: "figure__note" }, t("The trend starts after two quarter-hours.")));
  }
  return card({ id: "arrivals", label: t("Arrivals today"), value: number(data.arrivals), body });
}

/**
 * @param {DashboardData} data
 * @param {Sample | null} before
 */
function inside(data, before) {
  const other = Math.max(0, data.inside - data.waiting - data.being_served);
  const parts = [
    { kind: "waiting", value: data.waiting, label: t("waiting"), testid: "waiting" },
    { kind: "serving", value: data.being_served, label: t("being served"), testid: "being-served" },
    { kind: "other", value: other, label: t("on the way"), testid: "on-the-way" },
  ];
  return card({
    id: "inside",
    label: t("Inside now"),
    value: number(data.inside),
    body: [splitBar(parts), sinceLine(before, "inside", data.inside)],
  });
}

/**
 * Whether people wait longer than the venue means them to.
 * @param {Pick<DashboardData, "wait" | "service_level">} data
 */
export function overTarget({ wait, service_level: { target_minutes: target } }) {
  return wait.mean_s !== null && wait.mean_s > target * 60;
}

/** @param {DashboardData} data */
function service(data) {
  const { share, target_minutes: target } = data.service_level;
  const { mean_s: mean, max_s: longest } = data.wait;
  const label = t("Called within {n} minutes", { n: number(target) });
  if (share === null) {
    const note = el("p", { class: "figure__note" }, t("Nobody has been called yet."));
    return card({ id: "service-level", label, value: "–", body: [note] });
  }
  const over = overTarget(data);
  const words =
    mean === null
      ? null
      : el(
          "p",
          { class: "figure__note" },
          el("strong", { class: over ? "is-over" : "is-good" }, over ? t("Over target.") : t("On target.")),
          " ",
          t("Mean wait {mean}, longest {longest}", { mean: minutes(mean), longest: minutes(longest ?? mean) }),
        );
  return card({
    id: "service-level",
    label,
    value: number(Math.round(share * 100)),
    unit: "%",
    mood: over ? "trouble" : "calm",
    body: [shareBar(share, over), words],
  });
}

/**
 * @param {DashboardData} data
 * @param {Sample | null} before
 */
function served(data, before) {
  const open = Math.max(0, data.arrivals - data.finished);
  const parts = [
    {
      kind: "finished",
      value: data.finished,
      label: tn("visit finished", "visits finished", data.finished),
      testid: "finished",
    },
    {
      kind: "other",
      value: open,
      label: data.day?.state === "closed" ? t("ended incomplete") : tn("not finished yet", "not finished yet", open),
      testid: "unfinished",
    },
  ];
  return card({
    id: "served",
    label: t("Services given"),
    value: number(data.served),
    body: [splitBar(parts), sinceLine(before, "served", data.served)],
  });
}

/**
 * The four cards. `before` is the sample of history.js to compare with, or null.
 * @param {DashboardData} data
 * @param {Sample | null} before
 */
export function figures(data, before) {
  // Final figures move no more.
  if (data.day?.state === "closed") before = null;
  return [arrivals(data), inside(data, before), service(data), served(data, before)];
}
