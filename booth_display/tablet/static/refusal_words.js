/** Refusals in words for the clerk: what happened, and what to do. */

import { pick, t, tn } from "/static/shared/i18n.js";
import { problem, serviceRefusal } from "/static/shared/refusal_words.js";

/**
 * @import { Hall } from "./hall.js"
 *
 * @typedef {object} RefusedScan what a `scan_refused` of the counter says
 * @property {string} reason
 * @property {number} number
 * @property {string | null} counter
 * @property {string} state
 * @property {string} service
 * @property {number} ahead how many have waited longer
 * @property {string[]} offer services that can be added
 */

/**
 * Where a counter is, in words.
 * @param {Hall} hall
 * @param {string} id
 */
export function place(hall, id) {
  const counter = hall.counter(id);
  return counter.booth
    ? t("{booth}, counter {label}", { booth: pick(hall.booth(counter.booth).name), label: counter.label })
    : id;
}

/**
 * A refused command, in words.
 * @param {{code: string, body: {[field: string]: any}}} refusal
 * @param {Hall} hall
 */
export function refusalWords({ code, body }, hall) {
  switch (code) {
    case "wrong_state":
      return stateWords(body, hall);
    case "services_refused":
      return body.refused
        .map((/** @type {{service: string, reason: string}} */ { service, reason }) =>
          t("{service}: {why}", { service: pick(hall.service(service).name), why: serviceRefusal(reason) }),
        )
        .join(" · ");
    case "scan_refused":
      return scanWords(/** @type {RefusedScan} */ (body), hall);
    case "recall_too_soon":
      return tn(
        "Please wait {n} second before calling again.",
        "Please wait {n} seconds before calling again.",
        body.retry_after,
      );
    case "no_services":
      return t("Choose where the visitor shall go.");
    case "no_printer":
      return t("There is no printer here. The number counts without paper too.");
    case "abandoned":
      return t("Not sent any more. If the server had already received it, the screen shows it as soon as it answers.");
    default:
      return problem(code);
  }
}

/**
 * @param {{[field: string]: any}} body
 * @param {Hall} hall
 */
function stateWords({ state, reason, counter, number }, hall) {
  if (state === "day_closed") return t("The day is not open. Please ask the organisers.");
  switch (reason) {
    case "another_visitor":
      return t("Another visitor is at this counter by now. Nothing was done.");
    case "nothing_to_undo":
      return t("There is nothing to undo any more.");
    case "too_late":
      return t("Too late to undo: more than ten seconds have passed.");
    case "changed_since":
      if (state === "left") return t("Not undone: number {number} has left in the meantime.", { number });
      if (counter)
        return t("Not undone: number {number} is at another counter by now ({place}).", {
          number,
          place: place(hall, counter),
        });
      return t("Not undone: something has changed in the meantime.");
    default:
  }
  if (state === "closed" && counter) return t("That counter is closed. Please choose another one.");
  return problem("wrong_state");
}

/**
 * Why whoever was shown at the counter is not served.
 * @param {RefusedScan} body
 * @param {Hall} hall
 */
export function scanWords({ reason, number, counter, state, service, ahead }, hall) {
  switch (reason) {
    case "malformed_code":
      return t("This is no ticket or card of ours. Scan it again, or type the number.");
    case "unknown_card":
    case "wrong_event":
    case "lost_in_restore":
      return t("We do not know this ticket or card. Please send the visitor to the welcome desk.");
    case "unknown_number":
      return t("Nobody has number {number} today. Please read the ticket again.", { number });
    case "revoked_card":
      return t("This card was replaced. Ask for the new card, or type the number on the ticket.");
    case "card_out_of_date":
      return t("This card is not valid today. Type the number on the ticket, or send the visitor to the welcome desk.");
    case "no_number":
      return t("This visitor has no number yet. Please send them to a kiosk first.");
    case "visit_closed":
      return t("This visit has ended. Please send the visitor to the welcome desk.");
    case "elsewhere":
      return state === "serving"
        ? t("Number {number} is being served at {place}.", {
            number,
            place: counter ? place(hall, counter) : pick(hall.service(service).name),
          })
        : t("Number {number} was called to {place}. Please send them there.", {
            number,
            place: counter ? place(hall, counter) : pick(hall.service(service).name),
          });
    case "not_chosen":
      return t("Number {number} has not asked for this stand.", { number });
    case "served_already":
      return t("Number {number} was served here today already.", { number });
    case "needs_reason":
      return tn(
        "It is not the turn of number {number}: {n} person has waited longer.",
        "It is not the turn of number {number}: {n} people have waited longer.",
        ahead,
        { number },
      );
    case "out_of_turn":
      return t("It is not the turn of number {number}. Please ask them to wait for the call.", { number });
    default:
      return problem("scan_refused");
  }
}
