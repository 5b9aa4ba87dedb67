/** The API's codes in words for the staff of the welcome desk: what happened, and what they can do about it. */
import { isolate, t } from "/static/shared/i18n.js";
import { printerError } from "/static/shared/machine_words.js";
import { priorityReason } from "/static/shared/words.js";

/** @import { PriorityBody, Ticket } from "api" */

/**
 * Why a card or a person is refused: `{what, todo}`.
 * @param {string} reason
 * @param {boolean} [reopens] the visit that has ended can be opened again here
 */
// size: one case a reason, read side by side
export function refusalForStaff(reason, reopens = false) {
  switch (reason) {
    case "malformed_code":
      return {
        what: t("This is no card and no ticket of ours."),
        todo: t("Look for the code on the card's other side, or find the member by name."),
      };
    case "unknown_card":
      return {
        what: t("This card is on no list."),
        todo: t("Find the member by name. Who is on no list yet can be registered here."),
      };
    case "revoked_card":
      return {
        what: t("This card has been replaced: it is an old one or a copy."),
        todo: t(
          "Ask for an identity document and find the member by name. If the new card is missing too, make another one.",
        ),
      };
    case "not_eligible":
      return {
        what: t("This event is not for this member's unit or category."),
        todo: t("Tell the member where the event for their unit takes place. It can be changed in the plan only."),
      };
    case "outside_hours":
      return {
        what: t("The day is not open at the moment."),
        todo: t("Nobody new is let in outside the hours. An organiser can open the day."),
      };
    case "day_full":
      return {
        what: t("All places for today have been given out."),
        todo: t("Offer another day. Whoever is inside already can still be found here."),
      };
    case "wrong_event":
      return {
        what: t("This card belongs to another event."),
        todo: t("Find the member by name; a card for this event can be made here."),
      };
    case "card_out_of_date":
      return {
        what: t("This card's days are over, or have not begun."),
        todo: t("Check an identity document. Whoever may come in is let in here without the card."),
      };
    case "card_elsewhere":
      return {
        what: t("This card was shown at another place a moment ago: there may be a copy of it."),
        todo: t(
          "Compare the card with an identity document. After the time that the walk takes it can be scanned again; a copy is revoked by the number printed on it.",
        ),
      };
    case "visit_closed":
      return {
        what: t("This visit has ended."),
        todo: reopens
          ? t("If they left by mistake, open the visit again. Otherwise they come back another day.")
          : t("A member who left comes back another day."),
      };
    default:
      return refusalOfCode(reason);
  }
}

/**
 * Why what was shown or typed says nothing.
 * @param {string} reason
 */
function refusalOfCode(reason) {
  switch (reason) {
    case "lost_in_restore":
      return {
        what: t("This ticket was given out after the copy that was brought back today: nothing is known of it."),
        todo: t(
          "Find the member by name or card, enter the number and the time they remember, and choose what they still want. They get a new number and keep their place.",
        ),
      };
    case "codes_locked":
      return {
        what: t("Too many wrong codes were typed here: none is taken for a while."),
        todo: t("Scan the card, or find the member by name."),
      };
    default:
      return { what: t("This was refused."), todo: t("Ask an organiser.") };
  }
}

/**
 * Where a visitor's ticket is: `{kind, what, todo}` with kind "busy", "good" or "trouble". `place` names the printer.
 * @param {Pick<Ticket, "state" | "error"> & {duplicate?: boolean}} ticket
 * @param {string} place
 */
export function ticketForStaff({ state, error, duplicate }, place) {
  const where = isolate(place);
  switch (state) {
    case "printed":
    case "sent":
      return duplicate
        ? { kind: "good", what: t("Printed again at {place}, marked as a duplicate.", { place: where }), todo: "" }
        : { kind: "good", what: t("Printed at {place}.", { place: where }), todo: "" };
    case "failed":
      return {
        kind: "trouble",
        what: t("No paper came out at {place}: {what}.", { place: where, what: printerError(error).what }),
        todo: t("Print it again, or tell the visitor the number."),
      };
    case "uncertain":
      return {
        kind: "trouble",
        what: t("Nobody knows whether the ticket came out at {place}.", { place: where }),
        todo: t("Ask the visitor; if it is missing, print it again."),
      };
    case "cancelled":
      return { kind: "good", what: t("The visitor has the number without paper."), todo: "" };
    default:
      return error
        ? {
            kind: "busy",
            what: t("Waits for the printer at {place}: {what}.", { place: where, what: printerError(error).what }),
            todo: "",
          }
        : { kind: "busy", what: t("Being printed at {place}…", { place: where }), todo: "" };
  }
}

/**
 * In one or two words, for the list of numbers without paper.
 * @param {{state: string, error?: string | null}} ticket
 */
export function withoutPaper({ state, error }) {
  return state === "failed" ? printerError(error).what : t("not confirmed");
}

/** Why a member is looked up or let in without a card; kept in the log under these codes. */
export function reasons() {
  return [
    ["card_forgotten", t("The card was forgotten")],
    ["card_lost", t("The card is lost or damaged")],
    ["card_refused", t("The card was refused")],
    ["help_wanted", t("The visitor asks for help")],
  ];
}

/**
 * Why a visitor is called sooner, as the API's codes.
 */
export function priorities() {
  /** @type {NonNullable<PriorityBody["reason"]>[]} */
  const codes = [
    "wheelchair",
    "low_vision",
    "hard_of_hearing",
    "needs_reading_aloud",
    "pregnant",
    "small_child",
    "elderly",
    "unwell",
    "other",
  ];
  return codes.map((code) => /** @type {const} */ ([code, priorityReason(code)]));
}

/**
 * How a visit stands.
 * @param {string} state
 */
export function visitState(state) {
  switch (state) {
    case "choosing":
      return t("nothing chosen yet");
    case "held":
      return t("on hold");
    case "done":
      return t("has finished");
    case "left":
      return t("has left");
    default:
      return t("inside");
  }
}

/**
 * A member's card.
 * @param {string} state
 */
export function cardState(state) {
  if (state === "active") return t("has a card");
  return state === "revoked" ? t("only a revoked card") : t("no card");
}
