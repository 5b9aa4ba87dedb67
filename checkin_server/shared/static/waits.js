/** How long something takes, as people say it: whole minutes, and a wait as an honest range. All in seconds. */
import { t, tn } from "./i18n.js";

/** @import { Wait } from "api" */

/**
 * A duration in seconds as words: "under 1 min", "6 min".
 * @param {number} seconds
 */
export function minutes(seconds) {
  const whole = Math.round(seconds / 60);
  // TRANSLATORS: a duration; keep it short, it stands in tables.
  return whole < 1 ? t("under 1 min") : tn("{n} min", "{n} min", whole);
}

/**
 * A wait as an honest range in words: "about 6-10 min". Seconds in; null or undefined says that the time is unknown.
 * The same rule as on the ticket (`spoken_minutes` in checkin_server/domain/waits.py): above ten minutes in steps of five.
 * @param {number | null | undefined} p50
 * @param {number | null} [p90]
 */
export function range(p50, p90) {
  if (p50 === null || p50 === undefined) return t("time unknown");
  const [low, high] = spokenMinutes(p50, p90 ?? p50);
  if (high <= 2) return t("almost no wait");
  // TRANSLATORS: a waiting time; keep it short.
  if (low === 0) return tn("at most {n} min", "at most {n} min", high);
  // TRANSLATORS: a waiting time, for example "about 6-10 min". {range} is the two numbers, the second one counts; keep it short.
  return tn("about {range} min", "about {range} min", high, { range: `${low}-${high}` });
}

/**
 * A wait as the two numbers that people say, `[least, most]` in minutes; takes seconds.
 * @param {number} p50
 * @param {number} p90
 */
export function spokenMinutes(p50, p90) {
  const low = Math.floor(p50 / 60);
  const high = Math.max(low + 1, Math.ceil(p90 / 60));
  return high <= 10 ? [low, high] : [Math.floor(low / 5) * 5, Math.ceil(high / 5) * 5];
}

/**
 * `range` for a `Wait` of the API (`{p50, p90}` or null).
 * @param {Wait | null | undefined} expected
 */
export function wait(expected) {
  return range(expected?.p50, expected?.p90);
}
