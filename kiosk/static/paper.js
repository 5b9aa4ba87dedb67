/** The ticket: how its printing goes, the code to photograph in its place, and printing it once more. */
import { get, file, post } from "/static/shared/api.js";
import { go, render } from "./screen.js";
import { fail, slow } from "./session.js";
import { here, mine, model } from "./model.js";

/**
 * @import { Relatives, Visit } from "api"
 * @import { Visitor } from "./model.js"
 */

const TICKET = 1000; // milliseconds between two questions about the ticket
const LATE = 7000; // milliseconds after which nobody need wait for the paper: most tickets are out in two or three seconds

/**
 * Asks how the paper is doing until it is out; a ticket that failed may still come out of the neighbour's printer.
 * @param {Visitor} session
 */
export async function followTicket(session) {
  if (session.following) return;
  session.following = true;
  session.late = false;
  const since = performance.now();
  const shown = () => mine(session) && ["result", "numbers"].includes(model.name);
  // A family that has just split up has a ticket each.
  /** @returns {(Visit | Relatives)[]} */
  const visits = () => (model.name === "numbers" ? [session.visit, ...session.visit.family] : [session.visit]);
  const lost = (/** @type {Visit | Relatives} */ visit) =>
    ["failed", "uncertain", "cancelled"].includes(visit.ticket?.state ?? "");
  const coded = (/** @type {Visit | Relatives} */ visit) =>
    (visit === session.visit && session.qr) || session.codes.has(visit.id);
  const due = (/** @type {Visit | Relatives} */ visit) =>
    !coded(visit) && (lost(visit) || (session.late && open(visit)));
  const open = (/** @type {Visit | Relatives} */ { ticket }) => ticket && !["printed", "sent"].includes(ticket.state);
  while (shown() && visits().some(open)) {
    const waits = visits()
      .filter(open)
      .every((visit) => lost(visit) && coded(visit));
    await new Promise((resolve) => setTimeout(resolve, waits ? 3 * TICKET : TICKET));
    if (!shown() || session.changing) break;
    try {
      const visit = await get(`/visits/${encodeURIComponent(session.visit.id)}`, {
        signal: session.stop.signal,
        retry: false,
      });
      if (!shown()) break;
      session.visit = visit;
      session.late = performance.now() - since > LATE;
      for (const one of visits()) if (due(one)) await drawCode(session, one);
      render();
    } catch {
      // Away for a moment: the number is on the screen, the question is asked again.
    }
  }
  session.following = false;
}

/**
 * Fetches the visit's code, to be photographed in place of a ticket.
 * @param {Visitor} session
 * @param {{id: string}} visit
 */
async function drawCode(session, { id }) {
  const qr = await file(`/visits/${encodeURIComponent(id)}/qr`, "image/*", session.stop.signal);
  if (!mine(session)) URL.revokeObjectURL(qr);
  else if (model.name === "numbers") session.codes.set(id, qr);
  else session.qr = qr;
}

/** Prints the ticket once more, because somebody asked for it: the number stays, the paper says that it is a duplicate. */
export async function reprint() {
  const session = here();
  if (!session || session.pending) return;
  session.pending = "reprint";
  render();
  try {
    const visit = await post(
      `/visits/${encodeURIComponent(session.visit.id)}/reprint`,
      {},
      { signal: session.stop.signal, onWaiting: (n) => slow(session, n) },
    );
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    if (model.name === "result") render();
    else go("result");
    followTicket(session);
  } catch (error) {
    session.pending = null;
    fail(session, error);
  }
}
