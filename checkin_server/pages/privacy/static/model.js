/**
 * What the page of who answers for the data knows. Everything on it follows from this.
 *
 * @import { Audit, ChainVerdict, FoundMembers, Keeping, KnownAnswer, VenueAnswer } from "api"
 * @import { Child } from "/static/shared/dom.js"
 *
 * @typedef {"members" | "audit" | "keeping"} Tab
 *
 * @typedef {object} Shown what is about somebody: nothing of it outlives the session
 * @property {FoundMembers | null} people
 * @property {KnownAnswer | null} known
 * @property {{visits: number, rows: number} | null} erased
 * @property {Audit | null} audit
 * @property {{words: () => Child, trouble: boolean} | null} notice
 *
 * @typedef {object} Around
 * @property {"loading" | "nobody" | "wrong" | "in"} who whether somebody who may is signed in
 * @property {Tab} tab
 * @property {VenueAnswer | null} venue
 * @property {Keeping | null} keeping
 * @property {ChainVerdict | null} chain
 * @property {boolean} busy
 * @property {boolean} waiting the server does not answer
 * @property {Set<string>} open titles of what is unfolded
 *
 * @typedef {Shown & Around} Model
 */

/** @type {Shown} */
const NOBODY = { people: null, known: null, erased: null, audit: null, notice: null };

/** @type {Model} */
export const model = {
  ...NOBODY,
  who: "loading",
  tab: "members",
  venue: null,
  keeping: null,
  chain: null,
  busy: false,
  waiting: false,
  open: new Set(),
};

/** What is typed and chosen. */
export const entry = { text: "", why: "member_asks", other: "", day: "", staff: "", member: "" };

/**
 * Puts something else there; nothing of whoever was shown before stays.
 * @param {Partial<Shown>} next
 */
export function show(next) {
  Object.assign(model, NOBODY, next);
  model.open = new Set();
}

/** The reason as it is kept. */
export function reasonNow() {
  return entry.why === "other" ? entry.other.trim() : entry.why;
}
