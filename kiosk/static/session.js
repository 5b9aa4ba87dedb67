/** A visitor's session: it begins with a card, ends with everything personal gone, and its troubles are shown. */
import { Problem } from "/static/shared/api.js";
import { lang } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { resetModes } from "./modes.js";
import { closeDialogs, go, render } from "./screen.js";
import { HOME, mine, model, newSession } from "./model.js";

/** @import { Session } from "./model.js" */

/**
 * Starts over with nobody; whatever is still under way may finish, but shows nothing any more.
 * @param {string} code
 */
export function begin(code) {
  model.session?.stop.abort();
  // The language of who was here is not the next one's, whether their card or their hand had chosen it.
  if (model.session?.visit) {
    model.chosenByHand = false;
    if (lang() !== HOME) use(HOME);
  }
  closeDialogs();
  const session = newSession(code);
  model.session = session;
  session.stop.signal.addEventListener("abort", () => {
    clearTimeout(session.handover ?? undefined);
    if (session.qr) URL.revokeObjectURL(session.qr);
    for (const code of session.codes.values()) URL.revokeObjectURL(code);
  });
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
  resetModes();
  if (lang() !== HOME) use(HOME);
}

const HANDOVER = 30_000; // milliseconds without the server after which the screen sends people to the welcome desk

/**
 * The server is away: the request goes on by itself with the same id; the screen says so, and later where to go instead.
 * @param {Session} session
 * @param {number} attempt
 */
export function slow(session, attempt) {
  if (!mine(session)) return;
  session.attempts = attempt;
  session.handover ??= setTimeout(() => {
    session.handedOver = true; // the idle clock runs from now on: who went away must not be greeted to whoever stands here then
    if (mine(session)) go("waiting");
  }, HANDOVER);
  if (model.name !== "waiting") go("waiting");
  else render();
}

// Whatever ends the waiting ends the count: the next request of the same visitor has its own half minute.
document.addEventListener("kioskstate", ({ detail }) => {
  const { session } = model;
  if (!session || detail.name === "waiting") return;
  clearTimeout(session.handover ?? undefined);
  Object.assign(session, { attempts: 0, handover: null, handedOver: false });
});

/**
 * Shows what went wrong, unless the visitor has gone.
 * @param {Session} session
 * @param {unknown} error
 */
export function fail(session, error) {
  if (!mine(session) || (error instanceof Error && error.name === "AbortError")) return;
  if (!(error instanceof Problem)) console.error(error);
  const { code, body } = error instanceof Problem ? error : { code: "internal", body: {} };
  session.trouble = { reason: null, code, errorId: /** @type {{error_id?: string}} */ (body).error_id };
  go("refused");
}
