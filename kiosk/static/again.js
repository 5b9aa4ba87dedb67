/** What somebody who has a number asks for: hold my place, go on, bring a stop back, leave. */
import { get, post, Problem } from "/static/shared/api.js";
import { problem } from "/static/shared/refusal_words.js";
import { askCard } from "./choose.js";
import { go, render } from "./screen.js";
import { fail, slow } from "./session.js";
import { here, mine } from "./model.js";

/** @import { Visitor } from "./model.js" */

/**
 * Sends one command for the visit on the screen and goes to `then` with the visit as it is afterwards. A command that no longer
 * fits (a counter has just called) says so and shows how things are.
 * @param {"hold" | "resume" | "leave" | "reopen"} action
 * @param {{minutes?: number, family?: boolean, steps?: string[]}} body
 * @param {string} then
 */
async function ask(action, body, then) {
  const session = here();
  if (!session || session.pending) return;
  session.pending = action;
  session.notice = "";
  render();
  try {
    const visit = await post(
      /** @type {`/visits/${string}/hold`} */ (`/visits/${encodeURIComponent(session.visit.id)}/${action}`),
      /** @type {any} */ (body),
      {
        onWaiting: (n) => slow(session, n),
      },
    );
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    go(then);
  } catch (error) {
    session.pending = null;
    if (!mine(session)) return;
    if (error instanceof Problem && error.code === "card_needed") askCard("leave");
    else if (error instanceof Problem && error.code === "wrong_state" && action !== "reopen")
      await changed(session, error);
    else fail(session, error);
  }
}

/**
 * It has changed in the meantime: says so over the visit as it is now.
 * @param {Visitor} session
 * @param {Problem} error
 */
async function changed(session, error) {
  await look(session);
  if (!mine(session)) return;
  session.notice = problem(error.code);
  go("returning");
}

/**
 * Asks for the visit as it is now; what can't be had stays as it was.
 * @param {Visitor} session
 */
async function look(session) {
  try {
    const visit = await get(`/visits/${encodeURIComponent(session.visit.id)}`, {
      signal: session.stop.signal,
      retry: false,
    });
    if (mine(session)) session.visit = visit;
  } catch {
    // Away for a moment.
  }
}

/**
 * Keeps the place for some minutes.
 * @param {number} minutes
 */
export const hold = (minutes) => ask("hold", here().whole ? { minutes, family: true } : { minutes }, "returning");

/**
 * Ends a hold and brings back what was set aside or missed; with `step` only that one, with `all` the others' holds too.
 * @param {string | null} [step]
 * @param {boolean} [all]
 */
export const resume = (step, all = false) =>
  ask("resume", step ? { steps: [step] } : all ? { family: true } : {}, "returning");

/**
 * Ends the visit; with `all` those of the whole family that no counter has.
 * @param {boolean} [all]
 */
export const leave = (all = false) => ask("leave", all ? { family: true } : {}, "left");

/** Whoever left by mistake is inside again; who left with the family comes back with it. */
export const reopen = () => ask("reopen", here().visit.family?.length ? { family: true } : {}, "returning");

/**
 * Shows another visit of the same family.
 * @param {string} id
 */
export async function showRelative(id) {
  const session = here();
  if (!session || session.pending) return;
  session.pending = "look";
  render();
  try {
    const visit = await get(`/visits/${encodeURIComponent(id)}`, {
      signal: session.stop.signal,
      onWaiting: (n) => slow(session, n),
    });
    session.pending = null;
    if (!mine(session)) return;
    Object.assign(session, { visit, notice: "", whole: false, present: new Set(visit.party) });
    go("returning");
  } catch (error) {
    session.pending = null;
    fail(session, error);
  }
}

/** Back to the visit. */
export function toVisit() {
  Object.assign(here(), { notice: "", opinion: null });
  go(here().visit.state === "left" ? "left" : "returning");
}
