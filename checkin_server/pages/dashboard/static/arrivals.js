// Arrivals per 15 minutes as a bar chart, with the same numbers as a table for who can't see it.
//
// The time axis runs from left to right in Arabic too: Moroccan reports are usually printed in Arabic and French with the
// same picture in both, under digits and clock times that are themselves written left to right, and an organiser who
// switches the language must not find the morning on the other side. Bars that begin at words (waits) do mirror.

import { el, replace } from "/static/shared/dom.js";
import { clock, number, t } from "/static/shared/i18n.js";

/**
 * @import { DashboardData } from "api"
 *
 * @typedef {{at: string, count: number | null}} Bucket a quarter-hour; null: still to come
 */

const QUARTER_MS = 15 * 60 * 1000;
const FEWEST = 12;

const token = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * `buckets` filled up with quarters still to come, so that three bars in the morning don't fill the width.
 * @param {Bucket[]} buckets
 * @param {number} fewest
 * @returns {Bucket[]}
 */
export function padded(buckets, fewest = FEWEST) {
  const result = [...buckets];
  while (result.length > 0 && result.length < fewest) {
    const at = new Date(Date.parse(result[result.length - 1].at) + QUARTER_MS).toISOString();
    result.push({ at, count: null });
  }
  return result;
}

/** @param {Bucket[]} buckets */
function table(buckets) {
  const rows = buckets.map((bucket) =>
    el("tr", {}, el("th", { scope: "row" }, clock(bucket.at)), el("td", {}, number(bucket.count ?? 0))),
  );
  return el(
    "table",
    { class: "visually-hidden" },
    el("caption", {}, t("Arrivals per 15 minutes")),
    el(
      "thead",
      {},
      el("tr", {}, el("th", { scope: "col" }, t("Quarter-hour from")), el("th", { scope: "col" }, t("Arrivals"))),
    ),
    el("tbody", {}, ...rows),
  );
}

/** Owns the canvas in `root`; `update(data)` draws a snapshot. */
export class ArrivalsChart {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {any} */
    this.chart = null;
    /** Where the same numbers stand as a table. */
    this.tableBox = el("div", {});
    this.drawn = "";
  }

  /**
   * @param {DashboardData} data
   * @param {{force?: boolean}} [options]
   */
  update(data, { force = false } = {}) {
    const buckets = data.arrivals_15;
    const running = Date.parse(buckets.at(-1)?.at ?? "") + QUARTER_MS > Date.parse(data.now);
    const key = JSON.stringify([buckets, running]);
    if (key === this.drawn && !force) return;
    this.drawn = key;
    if (data.arrivals === 0) {
      this.chart?.destroy();
      this.chart = null;
      replace(this.root, this.empty(data));
      return;
    }
    if (force) this.chart?.destroy();
    if (!this.chart || force) this.build();
    this.fill(buckets, running);
  }

  /** @param {DashboardData} data */
  empty(data) {
    const opens = data.day?.opens_at;
    const ahead = opens && Date.parse(opens) > Date.parse(data.now);
    return el(
      "div",
      { class: "empty" },
      el("p", { class: "empty__title" }, t("No arrivals yet")),
      el("p", {}, t("The first bar appears with the first card at a kiosk.")),
      ahead ? el("p", {}, t("Doors open at {time}.", { time: clock(opens) })) : null,
    );
  }

  build() {
    const canvas = el("canvas", { class: "chart__canvas", "aria-hidden": "true" });
    this.tableBox = el("div", {});
    replace(this.root, el("div", { class: "chart__frame" }, canvas), this.tableBox);
    const font = { family: token("--font") || "sans-serif", size: 16 };
    const ink = token("--ink") || "#14211B";
    this.chart = new globalThis.Chart(canvas, {
      type: "bar",
      data: { labels: [], datasets: [{ data: [], borderRadius: 4, categoryPercentage: 0.86, barPercentage: 1 }] },
      options: {
        responsive: true,
        maintainAspectRatio: false,
        animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 200 },
        plugins: {
          legend: { display: false },
          tooltip: {
            displayColors: false,
            titleFont: font,
            bodyFont: font,
            callbacks: { label: (/** @type {any} */ item) => t("Arrivals: {n}", { n: number(item.parsed.y ?? 0) }) },
          },
        },
        scales: {
          x: { grid: { display: false }, ticks: { font, color: ink, maxRotation: 0, autoSkipPadding: 16 } },
          y: {
            beginAtZero: true,
            suggestedMax: 4,
            border: { display: false },
            grid: { color: "#14211B1F" },
            ticks: { font, color: ink, precision: 0, maxTicksLimit: 5 },
          },
        },
      },
    });
  }

  /**
   * @param {Bucket[]} buckets
   * @param {boolean} running
   */
  fill(buckets, running) {
    const shown = padded(buckets);
    const [set] = this.chart.data.datasets;
    this.chart.data.labels = shown.map((bucket) => clock(bucket.at));
    set.data = shown.map((bucket) => bucket.count);
    const green = token("--green") || "#0B5D46";
    // The quarter-hour that still runs is pale: its bar is not comparable yet.
    set.backgroundColor = shown.map((_, i) => (running && i === buckets.length - 1 ? "#0B5D4666" : green));
    this.chart.update();
    replace(this.tableBox, table(buckets));
  }
}
