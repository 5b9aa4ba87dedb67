/** The words of a refusal: a card, a service, a command. What each code means to staff is in docs/reasons.md. */
import { t } from "./i18n.js";

/**
 * Why a card was refused: `{what, todo}`, said to the visitor.
 * @param {string | null} reason
 */
// size: one case a reason, read side by side
export function refusal(reason) {
  switch (reason) {
    case "malformed_code":
      return {
        what: t("This is not one of our cards."),
        todo: t("Show the code on your member card, or come to the welcome desk: we will help you."),
      };
    case "unknown_card":
      return {
        what: t("We do not know this card yet."),
        todo: t("Please come to the welcome desk with an identity document: the staff there will help you."),
      };
    case "revoked_card":
      return {
        what: t("This card has been replaced by a newer one."),
        todo: t("Show your new card, or come to the welcome desk to get one."),
      };
    case "not_eligible":
      return {
        what: t("This event is not open to your unit."),
        todo: t("Please ask at the welcome desk: they can tell you where your event takes place."),
      };
    case "outside_hours":
      return {
        what: t("The event is closed at the moment."),
        todo: t("Please come back during opening hours. The welcome desk can tell you more."),
      };
    case "day_full":
      return {
        what: t("All places for today have been given out."),
        todo: t("Please ask at the welcome desk: they can tell you when to come back."),
      };
    case "wrong_event":
      return {
        what: t("This card belongs to another event."),
        todo: t("Please ask at the welcome desk: they can tell you where to go."),
      };
    case "card_out_of_date":
      return {
        what: t("This card is not valid today."),
        todo: t("Please come to the welcome desk with an identity document: the staff there will help you."),
      };
    case "card_elsewhere":
      return {
        what: t("This card was shown at another place a moment ago."),
        todo: t("Please come to the welcome desk with an identity document: the staff there will help you."),
      };
    case "visit_closed":
      return {
        what: t("Your visit of today has already ended."),
        todo: t("If you still need something, come to the welcome desk: we will help you."),
      };
    case "card_needed":
      return {
        what: t("Please show your card."),
        todo: t(
          "To change or end a visit we need the card: a ticket may be lost. Without a card, the welcome desk helps.",
        ),
      };
    default:
      return refusalOfCode(reason);
  }
}

/**
 * Why what was shown or typed says nothing.
 * @param {string | null} reason
 */
function refusalOfCode(reason) {
  switch (reason) {
    case "lost_in_restore":
      return {
        what: t("Your ticket was given out before the system was put back to an earlier state."),
        todo: t("Please come to the welcome desk: we will enter you again."),
      };
    case "codes_locked":
      return {
        what: t("No more codes can be typed here for a while."),
        todo: t("Please scan your card, or come to the welcome desk."),
      };
    default:
      return { what: t("We could not read your card."), todo: t("Please try once more, or come to the welcome desk.") };
  }
}

/**
 * Why one service was refused (codes of `services_refused`).
 * @param {string} reason
 */
export function serviceRefusal(reason) {
  switch (reason) {
    case "service_closed":
      return t("closed");
    case "not_eligible":
      return t("not for your category");
    case "already_chosen":
      return t("chosen already");
    case "already_here":
      return t("this is the service given here");
    case "not_at_counter":
      return t("not given at that counter");
    case "no_more_tickets":
      return t("no more places today");
    default:
      return t("not offered today");
  }
}

/** @param {string} code */
function away(code) {
  return code === "gave_up"
    ? t("The server does not answer. Please try again in a moment.")
    : t("The server does not answer. Nothing is lost: we keep trying.");
}

/**
 * Why nobody is signed in.
 * @param {"no_session" | "session_locked" | "wrong_pin" | "wrong_role" | "locked"} code
 */
function signingIn(code) {
  switch (code) {
    case "wrong_pin":
      return t("The name and the PIN do not match. Please try again.");
    case "wrong_role":
      return t("This account is not for here. Somebody who works here must sign in.");
    case "locked":
      return t("Too many wrong PINs. Please wait a moment.");
    default:
      return t("You are signed out. Enter your PIN again.");
  }
}

/** @param {"recall_limit" | "recall_too_soon"} code */
function recalling(code) {
  return code === "recall_limit"
    ? t("This visitor was called often enough. If nobody comes, press No-show: they get a second chance.")
    : t("The last call was a moment ago. Please wait a little before calling again.");
}

/** @param {"no_services" | "services_refused"} code */
function choosing(code) {
  return code === "no_services"
    ? t("Please choose at least one service.")
    : t("One of the services cannot be chosen any more. Nothing was changed.");
}

/**
 * A problem of the API: what happened and what to do, in one or two sentences.
 * @param {string} code
 */
// size: one case a code, read side by side
export function problem(code) {
  switch (code) {
    case "https_only":
    case "unauthenticated":
      return t("This screen is not paired any more. Please tell the technician.");
    case "forbidden":
    case "more_rights":
      return t("This screen may not do that. Please tell the technician.");
    case "card_needed":
      return t("Please show your card, or go to the welcome desk.");
    case "no_session":
    case "session_locked":
    case "wrong_pin":
    case "wrong_role":
    case "locked":
      return signingIn(code);
    case "wrong_state":
    case "unknown_step":
    case "unknown_service":
      return t("This has changed in the meantime. The screen now shows how it is.");
    case "unknown_member":
    case "unknown_visit":
    case "not_found":
      return t("We could not find this. Please show the card again.");
    case "recall_limit":
    case "recall_too_soon":
      return recalling(code);
    case "scan_refused":
      return t("This visitor cannot be served here now. Nothing was changed.");
    case "no_services":
    case "services_refused":
      return choosing(code);
    case "party_refused":
      return t("Somebody you ticked has an own number today. Nothing was changed.");
    case "station_gone":
    case "unknown_counter":
    case "unknown_board":
    case "unknown_kiosk":
      return t("This screen belongs to no place in the hall. Please tell the technician.");
    case "too_many_pairings":
    case "too_many_requests":
    case "unknown_locale":
    case "unknown_office":
    case "unknown_staff":
    case "unknown_category":
    case "unknown_unit":
    case "unknown_station":
    case "wrong_time":
    case "id_reused":
    case "bad_request":
    case "not_json":
    case "too_large":
    case "method_not_allowed":
      return t("That did not work. Nothing was changed. Please try again.");
    case "gave_up":
    case "unavailable":
      return away(code);
    default:
      return refusedToVisitor(code);
  }
}

/**
 * What a visitor hears who asked for more than there is; or that something went wrong.
 * @param {string} code
 */
function refusedToVisitor(code) {
  switch (code) {
    case "not_restored":
      return t("No copy was brought back today, so no visit was lost. Nothing was changed.");
    case "number_known":
      return t("Somebody else has this number, or had it. Please look it up. Nothing was changed.");
    case "no_priority":
      return t("This venue gives no priority for this reason. Nothing was changed.");
    case "too_late":
      return t("Your visit ended a while ago. The welcome desk can open it again.");
    case "reprint_limit":
      return t("This ticket was printed often enough for now. Your number is on the screen.");
    case "opinions_limit":
      return t("Thank you, we have what you said. Please wait a while before you add more.");
    case "opinions_over":
      return t("This day is over, and opinions about it are closed. Thank you.");
    case "no_printer":
      return t("There is no printer here. Your number is on the screen.");
    case "unseen_text":
      return t("What was typed cannot be seen. Please write it again with letters.");
    default:
      return lookingUp(code);
  }
}

/**
 * Why a person is not looked up or erased; or that something went wrong.
 * @param {string} code
 */
function lookingUp(code) {
  switch (code) {
    case "reason_needed":
      return t("Please say why in a few words. What was typed says nothing.");
    case "search_first":
      return t("Please look for this person first, with the reason.");
    case "search_limit":
      return t("Very many people were looked up from here. The next search has to wait; organisers were told.");
    case "visit_runs":
      return t(
        "This member is inside now and cannot be erased yet. Nothing was changed. It can be done once the visit has ended.",
      );
    default:
      return t("Something went wrong on our side. Nothing is lost. Please try again, or tell the staff.");
  }
}
