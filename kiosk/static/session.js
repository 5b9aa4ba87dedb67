/** A visitor's session: it begins with a card, ends with everything personal gone, and its troubles are shown. */
import { Problem } from "/static/shared/api.js";
import { lang, use } from "/static/shared/i18n.js";
import { closeDialogs, go, render } from "./screen.js";
import { HOME, mine, model, newSession } from "./state.js";

/** Starts over with nobody; whatever is still under way may finish, but shows nothing any more. */
export function begin(code) {
  model.session?.stop.abort();
  closeDialogs();
  const session = newSession(code);
  model.session = session;
  session.stop.signal.addEventListener("abort", () => session.qr && URL.revokeObjectURL(session.qr));
  return session;
}

/** Forgets the visitor and everything about them. */
export function forget() {
  model.session?.stop.abort();
  model.session = null;
  model.chosenByHand = false;
  closeDialogs();
  getSelection()?.removeAllRanges();
  go("attract");
  if (lang() !== HOME) use(HOME);
}

/** The server is away: the request goes on by itself with the same id; the screen says so. */
export function slow(session, attempt) {
  if (!mine(session)) return;
  session.attempts = attempt;
  if (model.name !== "waiting") go("waiting");
  else render();
}

/** Shows what went wrong, unless the visitor has gone. */
export function fail(session, error) {
  if (!mine(session) || error?.name === "AbortError") return;
  if (!(error instanceof Problem)) console.error(error);
  session.trouble = { reason: null, code: error.code ?? "internal", errorId: error.body?.error_id };
  go("refused");
}
