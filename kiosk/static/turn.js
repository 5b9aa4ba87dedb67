/** Whether somebody's turn has passed: what can be said of a visit without a page. */

/** @import { Visit } from "api" */

/** A stop in one of these states was not given, and can be had all the same. */
export const BACK = new Set(["parked", "no_show"]);

/** A stop in one of these states is still to come, or is being given. */
const AHEAD = new Set(["waiting", "headed", "called", "serving"]);

/**
 * What is left of a visit when nobody will call it by itself any more: "missed" after calls that nobody came to, "aside" when a
 * counter has set a stop aside, null when there is nothing to come back for, or something is still to come.
 * @param {Pick<Visit, "state" | "steps">} visit
 * @returns {"missed" | "aside" | null}
 */
export function passed({ state, steps }) {
  if (state === "left" || state === "held" || steps.some((step) => AHEAD.has(step.state))) return null;
  if (steps.some((step) => step.state === "no_show")) return "missed";
  return steps.some((step) => step.state === "parked") ? "aside" : null;
}
