/** A code was shown: asks the server who it is and goes where the answer leads. */
import { post, uuid } from "/static/shared/api.js";
import { lang, LANGUAGES } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { goOn, toServices } from "./choose.js";
import { poke } from "./idling.js";
import { go } from "./screen.js";
import { begin, fail, slow } from "./session.js";
import { mine, model } from "./model.js";
import { STATES } from "./states.js";

/**
 * @import { ScanAnswer } from "api"
 * @import { Session } from "./model.js"
 */

const BLINK = 300; // milliseconds a request may take before the screen says "one moment"
const REPEAT = 2000; // milliseconds in which the same code again is the scanner's own repetition

/**
 * Takes a code from whichever reader read it.
 * @param {string} code
 */
export async function scan(code) {
  const running = model.session;
  if (running?.code === code) {
    // Scanners repeat themselves, and people show their card twice: neither loses what is half done.
    if (STATES[model.name].unsaved || performance.now() - running.at < REPEAT) return poke();
  }
  // What the card was asked for goes on with it.
  const wanted = model.name === "card" ? (running?.wanted ?? null) : null;
  const session = begin(code);
  session.wanted = wanted;
  session.pending = "scan";
  poke();
  // Another visitor's data leaves the screen at once; on an empty screen a quick answer needs no "one moment".
  if (running) go("waiting");
  const blink = setTimeout(() => mine(session) && go("waiting"), BLINK);
  try {
    const answer = await post(
      "/scans",
      { code },
      { id_field: "scan_id", id: uuid(), signal: session.stop.signal, onWaiting: (n) => slow(session, n) },
    );
    if (mine(session)) await admit(session, answer);
  } catch (error) {
    fail(session, error);
  } finally {
    clearTimeout(blink);
    if (mine(session) && session.pending === "scan") session.pending = null;
  }
}

/**
 * @param {Session} session
 * @param {ScanAnswer} answer
 */
async function admit(session, { outcome, reason, visit, member, reopens }) {
  session.pending = null;
  if (outcome === "refused" || !visit) {
    session.trouble = { reason, reopens };
    go("refused");
    return;
  }
  // A ticket tells nothing of whose it is: number, route and state.
  session.member = member;
  session.visit = visit;
  session.family = (member?.party.length ?? 0) > 1;
  for (const person of member?.party ?? []) if (person.present || person.self) session.present.add(person.id);
  const { locale } = member ?? visit;
  if (!model.chosenByHand && LANGUAGES.includes(locale) && locale !== lang()) await use(locale);
  if (!mine(session)) return;
  if (member && session.wanted?.visit === visit.id) {
    goOn(session.wanted);
  } else if (visit.number !== null && visit.number !== undefined) {
    for (const id of visit.party ?? []) session.present.add(id);
    go("returning");
  } else if (session.family) {
    go("company");
  } else {
    go("greeting");
    setTimeout(() => mine(session) && model.name === "greeting" && toServices(), STATES.greeting.passes);
  }
}

/** Whoever left by mistake and shows the card again within two minutes is inside again, and sees where they stand. */
export async function reopenFromCard() {
  const { session } = model;
  const visit = session?.trouble?.reopens;
  if (!session || !visit || session.pending) return;
  session.pending = "reopen";
  go("waiting");
  try {
    await post(
      `/visits/${encodeURIComponent(visit)}/reopen`,
      {},
      { signal: session.stop.signal, onWaiting: (n) => slow(session, n) },
    );
    const { code } = session;
    session.pending = null;
    session.code = ""; // else the same code again would be taken for the scanner's repetition
    if (mine(session)) await scan(code);
  } catch (error) {
    session.pending = null;
    fail(session, error);
  }
}
