/** The ticket: how its printing goes, the code to photograph in its place, and printing it once more. */
import { get, image, post } from "/static/shared/api.js";
import { go, render } from "./screen.js";
import { fail, slow } from "./session.js";
import { mine, model } from "./state.js";

const TICKET = 1000; // milliseconds between two questions about the ticket

/** Asks how the paper is doing until it is out; a ticket that failed may still come out of the neighbour's printer. */
export async function followTicket(session) {
  if (session.following) return;
  session.following = true;
  const lost = () => ["failed", "uncertain", "cancelled"].includes(session.visit.ticket.state);
  while (mine(session) && model.name === "result" && session.visit.ticket && session.visit.ticket.state !== "printed") {
    await new Promise((resolve) => setTimeout(resolve, lost() && session.qr ? 3 * TICKET : TICKET));
    if (!mine(session) || session.changing || model.name !== "result") break;
    try {
      const visit = await get(`/visits/${encodeURIComponent(session.visit.id)}`, { signal: session.stop.signal, retry: false });
      if (!mine(session) || model.name !== "result") break;
      session.visit = visit;
      if (lost() && !session.qr) await drawCode(session);
      render();
    } catch {
      // Away for a moment: the number is on the screen, the question is asked again.
    }
  }
  session.following = false;
}

/** Fetches the visit's code, to be photographed in place of a ticket. */
async function drawCode(session) {
  const qr = await image(`/visits/${encodeURIComponent(session.visit.id)}/qr`, { signal: session.stop.signal });
  if (mine(session)) session.qr = qr;
  else URL.revokeObjectURL(qr);
}

/** Prints the ticket once more, because somebody asked for it: the number stays, the paper says that it is a duplicate. */
export async function reprint() {
  const { session } = model;
  if (!session || session.pending) return;
  session.pending = "reprint";
  render();
  try {
    const visit = await post(`/visits/${encodeURIComponent(session.visit.id)}/reprint`, {}, { signal: session.stop.signal, onWaiting: (n) => slow(session, n) });
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
