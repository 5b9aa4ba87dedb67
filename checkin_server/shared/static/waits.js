/** How long something takes, as people say it: whole minutes, and a wait as an honest range. All in seconds. */
import { hallMinute, t, tn } from "./i18n.js";

/**
 * @import { Wait } from "api"
 * @typedef {"morning" | "afternoon" | "evening"} Part of this day
 */

const IN_MINUTES = 90; // up to so many people reckon in minutes; above, in hours
const HALF_HOUR = 30 * 60; // seconds
const [NOON, EVENING, MIDNIGHT] = [12 * 60, 18 * 60, 24 * 60];
const LONG = 8; // half hours from which on the end of a range says nothing that a visitor could go by

/**
 * A duration in seconds as words: "under 1 min", "6 min", "2 h 10 min".
 * @param {number} seconds
 */
export function minutes(seconds) {
  const whole = Math.round(seconds / 60);
  if (whole > IN_MINUTES) {
    const rest = whole % 60;
    // TRANSLATORS: a duration of hours and minutes; keep it short, it stands in tables.
    return rest ? t("{h} h {m} min", { h: Math.floor(whole / 60), m: rest }) : t("{h} h", { h: whole / 60 });
  }
  // TRANSLATORS: a duration; keep it short, it stands in tables.
  return whole < 1 ? t("under 1 min") : tn("{n} min", "{n} min", whole);
}

/**
 * A wait as an honest range in words: "about 6-10 min". Seconds in; null or undefined where no counter is open.
 * @param {number | null | undefined} p50
 * @param {number | null} [p90]
 */
export function range(p50, p90) {
  // TRANSLATORS: in the place of a waiting time: no counter of that service is open.
  if (p50 === null || p50 === undefined) return t("not open yet");
  const { unit, low, high, over, part } = spoken(p50, p90 ?? p50, hallMinute());
  if (part) return partOfDay(part);
  if (unit === "half hours") {
    // TRANSLATORS: a waiting time of hours: {time} is "3 h" or the like.
    if (over) return t("more than {time}", { time: halfHours(low) });
    // TRANSLATORS: a waiting time of hours: {time} is "3 h" or the like.
    if (low === 0) return t("at most {time}", { time: halfHours(high) });
    // TRANSLATORS: a waiting time of hours, for example "1½ h to 3 h".
    return t("{low} to {high}", { low: halfHours(low), high: halfHours(high) });
  }
  if (high <= 2) return t("almost no wait");
  // TRANSLATORS: a waiting time; keep it short.
  if (low === 0) return tn("at most {n} min", "at most {n} min", high);
  // TRANSLATORS: a waiting time, for example "about 6-10 min"; the second number counts; keep it short.
  return tn("about {low}-{n} min", "about {low}-{n} min", high, { low });
}

/**
 * When it will be, where it is hours off.
 * @param {Part} part
 */
export function partOfDay(part) {
  // TRANSLATORS: in the place of a waiting time: it will be some hours from now, still before noon.
  if (part === "morning") return t("later this morning");
  // TRANSLATORS: in the place of a waiting time: it will be some hours from now, between noon and six.
  return part === "afternoon" ? t("this afternoon") : t("this evening");
}

/**
 * So many half hours in words: "half an hour", "2 h", "2½ h".
 * @param {number} halves
 */
function halfHours(halves) {
  const hours = Math.floor(halves / 2);
  // TRANSLATORS: part of a waiting time, as "from half an hour to 2 h".
  if (hours === 0) return t("half an hour");
  return halves % 2
    ? // TRANSLATORS: so many hours and a half.
      tn("{n}½ h", "{n}½ h", hours)
    : // TRANSLATORS: so many hours, for example "from 1 h to 2 h".
      tn("{n} h", "{n} h", hours);
}

/**
 * A wait as people say it, `low` to `high` of a unit; takes seconds. With `over` it is more than `low`, and nobody knows how much.
 * The same rule as on the ticket (`spoken` in checkin_server/domain/waits.py): above ten minutes in steps of five, above 90 in half
 * hours; further off, the part of the day, where `minute` says what time it is (minutes since midnight at the venue).
 * @param {number} p50
 * @param {number} p90
 * @param {number | null} [minute]
 * @returns {{unit: "minutes" | "half hours", low: number, high: number, over: boolean, part: Part | null}}
 */
export function spoken(p50, p90, minute = null) {
  const [low, high] = spokenMinutes(p50, p90);
  if (high <= IN_MINUTES) return { unit: "minutes", low, high, over: false, part: null };
  const halves = Math.floor(p50 / HALF_HOUR);
  const over = halves >= LONG;
  return {
    unit: "half hours",
    low: halves,
    high: Math.max(halves + 1, Math.ceil(p90 / HALF_HOUR)),
    over,
    part: over && minute !== null ? partAt(minute + Math.floor(p50 / 60)) : null,
  };
}

/**
 * @param {number} minute since midnight
 * @returns {Part | null} null on another day
 */
function partAt(minute) {
  if (minute >= MIDNIGHT) return null;
  if (minute < NOON) return "morning";
  return minute < EVENING ? "afternoon" : "evening";
}

/**
 * A wait as two numbers of minutes, `[least, most]`, however long it is; takes seconds.
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
