/** What somebody who has a number asks for: hold my place, go on, bring a stop back, leave. */
import { get, post, Problem } from "/static/shared/api.js";
import { problem } from "/static/shared/words.js";
import { go, render } from "./screen.js";
import { fail, slow } from "./session.js";
import { mine, model } from "./state.js";

/**
 * Sends one command for the visit on the screen and goes to `then` with the visit as it is afterwards. A command that no longer
 * fits (a counter has just called) says so and shows how things are.
 */
async function ask(action, body, then) {
  const { session } = model;
  if (!session || session.pending) return;
  session.pending = action;
  session.notice = "";
  render();
  try {
    const visit = await post(`/visits/${encodeURIComponent(session.visit.id)}/${action}`, body, {
      onWaiting: (n) => slow(session, n),
    });
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    go(then);
  } catch (error) {
    session.pending = null;
    if (!mine(session)) return;
    if (error instanceof Problem && error.code === "wrong_state") await changed(session, error);
    else fail(session, error);
  }
}

/** It has changed in the meantime: says so over the visit as it is now. */
async function changed(session, error) {
  await look(session);
  if (!mine(session)) return;
  session.notice = problem(error.code);
  go("returning");
}

/** Asks for the visit as it is now; what can't be had stays as it was. */
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

/** Keeps the place for some minutes. */
export const hold = (minutes) =>
  ask("hold", model.session.whole ? { minutes, family: true } : { minutes }, "returning");

/** Ends a hold and brings back what was set aside or missed; with `step` only that one, with `all` the others' holds too. */
export const resume = (step, all = false) =>
  ask("resume", step ? { steps: [step] } : all ? { family: true } : {}, "returning");

/** Ends the visit; with `all` those of the whole family that no counter has. */
export const leave = (all = false) => ask("leave", all ? { family: true } : {}, "left");

/** Shows another visit of the same family. */
export async function showRelative(id) {
  const { session } = model;
  if (!session || session.pending) return;
  session.pending = "look";
  render();
  try {
    const visit = await get(`/visits/${encodeURIComponent(id)}`, { signal: session.stop.signal, retry: false });
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
  model.session.notice = "";
  model.session.opinion = null;
  go(model.session.visit.state === "left" ? "left" : "returning");
}
