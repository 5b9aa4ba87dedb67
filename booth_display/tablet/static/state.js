/**
 * What the tablet knows. Everything on the screen follows from it.
 *
 * @import { CallAnswer, CounterData, Staff } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Running } from "./commands.js"
 * @import { Hall } from "./hall.js"
 *
 * @typedef {object} State
 * @property {CounterData | null} data the last snapshot
 * @property {Hall | null} hall
 * @property {Staff | null} staff
 * @property {boolean | null} signedIn null: not known yet; true also while the tablet is locked
 * @property {boolean} locked nobody has touched it for a while: the same PIN goes on
 * @property {boolean} live
 * @property {boolean} denied this tablet may not see its counter
 * @property {{next_expected?: string | null} | null} nobody the answer of a call that found nobody
 * @property {{words: () => Child, until: number} | null} notice
 * @property {boolean} settling an action was just done: a second tap of the same finger does nothing
 * @property {Running | null} running
 * @property {number} nowMs the server's time
 * @property {string | null} askedFor the step whose length was asked about and confirmed
 * @property {number} autoSeconds until the next visitor is called by itself; 0 when nobody is
 *
 * @typedef {State & {data: CounterData, hall: Hall}} Shown what is drawn, once there is something to draw
 */

/** @type {State} */
export const state = {
  data: null,
  hall: null,
  staff: null,
  signedIn: null,
  locked: false,
  live: true,
  denied: false,
  nobody: null,
  notice: null,
  settling: false,
  running: null,
  nowMs: Date.now(),
  askedFor: null,
  autoSeconds: 0,
};

/** The state, when there is something to draw; else null. */
export function shown() {
  return state.data && state.hall ? /** @type {Shown} */ (state) : null;
}

/**
 * What of a snapshot a command changes.
 * @param {CounterData | null} data
 */
export function standing(data) {
  const { counter, current, aside } = data ?? {};
  return JSON.stringify([
    counter?.state,
    counter?.reason,
    current?.step,
    current?.state,
    current?.recalls,
    current?.notes,
    current?.route,
    aside,
  ]);
}

/**
 * What decides what the large button means.
 * @param {CounterData | null} data
 */
export function placing(data) {
  return JSON.stringify([data?.counter.state, data?.current?.step, data?.current?.state]);
}
