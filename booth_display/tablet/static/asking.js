/** What the tablet asks before and after it works: who is signed in, what there is, and to be signed out. */

import { del, Problem, within } from "/static/shared/api.js";
import { state } from "./state.js";

const AGAIN_MS = 3000;
const SIGN_OUT_MS = 60_000;

/**
 * Asks until there is an answer; null where nobody is signed in. A tablet that is locked answers with who is.
 * @template Answer
 * @param {() => Promise<Answer>} ask
 * @param {() => void} draw
 */
export async function untilAnswered(ask, draw) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "no_session") return null;
      if (error.code === "session_locked") return /** @type {any} */ ({ staff: error.body.staff, locked: true });
      state.denied = error.status === 401 || error.status === 403;
      draw();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/**
 * Signs out; gives why not, or null.
 * @param {() => void} onWaiting
 */
export async function endSession(onWaiting) {
  try {
    await del("/session", { signal: within(SIGN_OUT_MS), onWaiting });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== "no_session") return error;
  }
  return null;
}
