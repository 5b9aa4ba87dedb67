/** What becomes of a ticket that was printed again, until it is known, in words. */

import { get, Problem } from "/static/shared/api.js";
import { t } from "/static/shared/i18n.js";
import { printerError } from "/static/shared/machine_words.js";

/**
 * @import { Ticket, Visit } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Hall } from "./hall.js"
 */

const ASK_MS = 1000;
const PATIENCE_MS = 30_000;
const ENDED = new Set(["printed", "sent", "failed", "uncertain", "cancelled"]);

/**
 * Follows the newest ticket of a visit; `say(words)` is called with a function that gives the words of the moment.
 * @param {Visit} visit
 * @param {Hall} hall
 * @param {(words: () => Child) => void} say
 */
export async function follow(visit, hall, say) {
  let ticket = visit.ticket;
  const until = Date.now() + PATIENCE_MS;
  say(() => words(visit.number, ticket, hall));
  while (ticket && !ENDED.has(ticket.state) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    try {
      const seen = (await get(`/visits/${encodeURIComponent(visit.id)}`, { retry: false })).ticket;
      if (seen?.print_job !== ticket.print_job) return;
      ticket = seen;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  say(() => words(visit.number, ticket, hall));
}

/**
 * @param {number | null} number
 * @param {Ticket | null} ticket
 * @param {Hall} hall
 */
function words(number, ticket, hall) {
  const at = hall.kioskOf(ticket?.printer) ?? ticket?.printer ?? "";
  switch (ticket?.state) {
    case "printed":
    case "sent":
      return t("The ticket of number {number} is printed again, marked as a duplicate: at kiosk {name}.", {
        number,
        name: at,
      });
    case "failed":
    case "cancelled": {
      const why = printerError(ticket.error);
      return [
        t("The ticket of number {number} could not be printed: {what}.", { number, what: why.what }),
        " ",
        t("The number counts without paper too."),
      ];
    }
    case "uncertain":
      return t("Look at kiosk {name} whether the ticket of number {number} came out.", { number, name: at });
    default:
      return t("The ticket of number {number} is being printed at kiosk {name}…", { number, name: at });
  }
}
