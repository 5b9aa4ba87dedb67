// Small drawings made of boxes: they grow from the inline start, so they mirror with the reading direction.

import { el, svg } from "/static/shared/dom.js";
import { number, t } from "/static/shared/i18n.js";

/** @import { Wait } from "api" */

const percent = (/** @type {number} */ value, /** @type {number} */ whole) =>
  `${Math.min(100, Math.max(0, whole > 0 ? (100 * value) / whole : 0)).toFixed(2)}%`;

/**
 * @param {string} className
 * @param {string} start
 * @param {string} [length]
 */
function box(className, start, length) {
  /** @type {Record<string, string>} */
  const style = { "inset-inline-start": start };
  if (length !== undefined) style["inline-size"] = length;
  return el("span", { class: className, style });
}

const ARROWS = { up: "M8 2L15 14H1Z", down: "M8 14L1 2H15Z", level: "M1 6H15V10H1Z" };

/**
 * An arrow, the change and its words: up, down or level, never by colour alone. Up is not called good, nor down bad.
 * @param {number} change
 * @param {string} words
 */
export function trendLine(change, words) {
  const way = change > 0 ? "up" : change < 0 ? "down" : "level";
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  const arrow = svg(
    "svg",
    { class: "trend__arrow", viewBox: "0 0 16 16", "aria-hidden": "true" },
    svg("path", { d: ARROWS[way], fill: "currentColor" }),
  );
  return el(
    "p",
    { class: "trend" },
    arrow,
    el("bdi", { class: "trend__change", dir: "ltr" }, `${sign}${number(Math.abs(change))}`),
    el("span", {}, words),
  );
}

/**
 * One bar cut into parts that add up, with each part's number and name below it.
 * @param {{kind: string, value: number, label: string, testid: string}[]} parts
 */
export function splitBar(parts) {
  const whole = parts.reduce((sum, part) => sum + part.value, 0);
  const bar = el("div", { class: "split", "aria-hidden": "true" });
  for (const part of parts) {
    const share = String(whole === 0 ? 0 : part.value);
    bar.append(el("span", { class: `split__part split__part--${part.kind}`, style: { "flex-grow": share } }));
  }
  const legend = el(
    "ul",
    { class: "split__legend" },
    ...parts.map((part) =>
      el(
        "li",
        { class: `split__key split__key--${part.kind}` },
        el("strong", { "data-testid": part.testid }, number(part.value)),
        " ",
        part.label,
      ),
    ),
  );
  return el("div", { class: "split-box" }, bar, legend);
}

/**
 * A whole number of quarter-hours, in seconds, that the longest of `values` (seconds or null) fits into.
 * @param {(number | null | undefined)[]} values
 */
export function scaleEnd(values) {
  const longest = Math.max(0, ...values.filter((value) => typeof value === "number"));
  return Math.max(1, Math.ceil(longest / 900)) * 900;
}

/**
 * A share of the whole as a bar.
 * @param {number} share 0 to 1
 * @param {boolean} over not as it should be
 */
export function shareBar(share, over) {
  return el(
    "div",
    { class: "range range--share", "aria-hidden": "true" },
    box(`range__bar${over ? " range__bar--over" : ""}`, "0%", percent(share, 1)),
  );
}

/**
 * A service's wait: bar from p50 to p90, a dot at the mean, a stroke at the longest, the target dashed. Seconds.
 * @param {{wait: Wait | null, mean: number | null, longest: number | null, target: number, end: number}} seconds
 */
export function rangeBar({ wait, mean, longest, target, end }) {
  const line = el("div", { class: "range", "aria-hidden": "true" });
  if (wait) {
    const over = wait.p90 > target;
    line.append(
      box(`range__span${over ? " range__span--over" : ""}`, percent(wait.p50, end), percent(wait.p90 - wait.p50, end)),
    );
  }
  if (longest !== null) line.append(box("range__max", percent(longest, end)));
  if (mean !== null) line.append(box("range__mean", percent(mean, end)));
  line.append(box("range__target", percent(target, end)));
  return line;
}

/**
 * What the marks of the range bars mean.
 * @param {number} target
 */
export function rangeLegend(target) {
  const key = (/** @type {string} */ kind, /** @type {string} */ words) =>
    el("li", { class: `key key--${kind}` }, el("span", { class: "key__mark", "aria-hidden": "true" }), words);
  return el(
    "ul",
    { class: "legend" },
    key("span", t("expected now")),
    key("over", t("may exceed the target")),
    key("mean", t("mean today")),
    key("max", t("longest today")),
    key("target", t("target: {n} minutes", { n: number(target) })),
  );
}
