/** What screens say of the doors: when the stands open, that it is over, when it opens again. The same words everywhere. */

import { clock, date, t } from "./i18n.js";

/**
 * @import { KioskData } from "api"
 *
 * @typedef {KioskData["doors"]} Doors
 * @typedef {{title: string, detail: string}} Words
 */

/**
 * The words of the moment; null while the doors are open and stands are.
 * @param {Doors} doors
 * @param {string} now
 * @returns {Words | null}
 */
export function doorsWords(doors, now) {
  const { state, opens_at: at } = doors;
  const today = at !== null && date(at) === date(now);
  if (state === "open") return doors.stands_open ? null : { title: t("The stands open in a moment."), detail: "" };
  // In the morning nobody needs to hear that yesterday is over.
  if (at !== null && (state === "early" || today)) return { title: opening(at, today), detail: "" };
  if (state === "none") return { title: at === null ? t("Not open yet.") : opening(at, today), detail: "" };
  return {
    title: t("It is over for today."),
    detail: at === null ? "" : t("It opens again on {date} at {time}.", { date: date(at), time: clock(at) }),
  };
}

/**
 * @param {string} at
 * @param {boolean} today
 */
function opening(at, today) {
  return today
    ? t("The stands open at {time}.", { time: clock(at) })
    : t("The stands open on {date} at {time}.", { date: date(at), time: clock(at) });
}

/**
 * Both lines in one.
 * @param {Words} words
 */
export function oneLine({ title, detail }) {
  return detail ? `${title} ${detail}` : title;
}

/**
 * Whether nobody new is let in: before the hours, after them, and when no day is open.
 * @param {Doors | undefined} doors
 */
export function shut(doors) {
  return doors !== undefined && doors.state !== "open";
}
