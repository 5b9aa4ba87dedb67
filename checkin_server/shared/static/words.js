/** The one place that turns the API's codes into words. Everything goes through t(), so it follows the language. */
import { isolate, t, tn } from "./i18n.js";
import { minutes } from "./waits.js";

/**
 * @import { Why } from "api"
 */

/**
 * Why a card was refused: `{what, todo}`, said to the visitor.
 * @param {string | null} reason
 */
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
    case "visit_closed":
      return {
        what: t("Your visit of today has already ended."),
        todo: t("If you still need something, come to the welcome desk: we will help you."),
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

/**
 * Why somebody has priority, in a word or two; "" for what is no such reason (a category).
 * @param {string | null | undefined} code
 */
export function priorityReason(code) {
  switch (code) {
    case "wheelchair":
      return t("wheelchair");
    case "low_vision":
      return t("sees poorly");
    case "hard_of_hearing":
      return t("hears poorly");
    case "needs_reading_aloud":
      return t("cannot read");
    case "pregnant":
      return t("pregnancy");
    case "small_child":
      return t("with a small child");
    case "elderly":
      return t("old age");
    case "unwell":
      return t("unwell");
    case "other":
      return t("another reason");
    default:
      return "";
  }
}

/**
 * Why this visitor is next, for staff and visitors. `obj` = `{code, minutes?}` or null.
 * @param {(Partial<Why> & {name?: string}) | null | undefined} obj
 */
export function why(obj) {
  switch (obj?.code) {
    case "longest_wait":
      return (obj.minutes ?? 0) >= 1
        ? tn("Waiting longest: {n} minute", "Waiting longest: {n} minutes", Math.round(obj.minutes ?? 0))
        : t("Waiting longest");
    case "priority":
      if (obj.head_start && priorityReason(obj.reason))
        return tn("Priority: {reason} ({n} minute)", "Priority: {reason} ({n} minutes)", Math.round(obj.head_start), {
          reason: priorityReason(obj.reason),
        });
      return obj.head_start
        ? tn("Has priority: {n} minute ahead", "Has priority: {n} minutes ahead", Math.round(obj.head_start))
        : t("Has priority");
    case "last_stop":
      return t("Last stop of the visit");
    case "only_stop":
      return t("Only stop of the visit");
    case "soonest":
      return t("Shortest wait of all the stops");
    case "nearly_done":
      return tn(
        "Nearly done: {n} minute of service left",
        "Nearly done: {n} minutes of service left",
        Math.round(obj.left ?? 1),
      );
    case "near":
      return (obj.walk ?? 0) >= 1
        ? tn("Close by: {n} minute on foot", "Close by: {n} minutes on foot", Math.round(obj.walk ?? 0))
        : t("Close by");
    case "free_counter":
      return t("A counter is free there now");
    case "longest_queue":
      return t("The stand with most work ahead");
    case "handed_over":
      return t("Sent to this counter by a colleague");
    case "came_in_turn":
      return t("Came to the counter and is next");
    case "came_back":
      return t("Comes back: was called before");
    case "out_of_turn":
      return obj.reason ? t("Out of turn: {reason}", { reason: outOfTurn(obj.reason) }) : t("Out of turn");
    // Of a route that is only proposed.
    case "meanwhile":
      return t("You keep your place while you are at another stop");
    case "no_counter":
      return t("No counter is open there just now");
    case "after":
      return t("After {name}", { name: obj.name ?? obj.first ?? "" });
    default:
      return "";
  }
}

/**
 * Why somebody is served out of turn. Codes of the tablet's own list; what else was given as a reason stands as it is.
 * @param {string} reason
 */
export function outOfTurn(reason) {
  switch (reason) {
    case "frail":
      return t("cannot wait for long (health, age, pregnancy)");
    case "short_question":
      return t("only a short question");
    case "sent_back":
      return t("was sent back to this counter");
    case "missed_call":
      return t("did not notice the call");
    default:
      return isolate(reason);
  }
}

/**
 * State of a step.
 * @param {string} state
 */
export function stepState(state) {
  switch (state) {
    case "waiting":
      return t("waiting");
    case "headed":
      return t("on the way");
    case "called":
      return t("called");
    case "serving":
      return t("being served");
    case "served":
      // TRANSLATORS: a service that was given to the visitor.
      return t("served");
    case "no_show":
      return t("missed");
    case "parked":
      return t("set aside");
    case "transferred":
      return t("moved to another stand");
    case "cancelled":
      return t("cancelled");
    default:
      return "";
  }
}

/**
 * State of a counter.
 * @param {string} state
 */
export function counterState(state) {
  switch (state) {
    case "open":
      // TRANSLATORS: a counter that serves visitors.
      return t("open");
    case "paused":
      return t("on a break");
    default:
      return t("closed");
  }
}

/**
 * State of a service for visitors: "" when it is open and takes visitors. `service` as in GET /services.
 * @param {{open: boolean, accepting: boolean}} service
 */
export function serviceState(service) {
  if (!service.open) return t("Closed");
  if (!service.accepting) return t("No more places today");
  return "";
}

/**
 * Advice to organisers: `{what, effect}`. `obj` = `{code, name, from_name?, wait_s, becomes_s, unserved?}`.
 * @param {{code: string, name: string, from_name?: string | null, wait_s: number, becomes_s: number, unserved?: number}} obj
 */
export function advice(obj) {
  const vars = { name: isolate(obj.name), from: isolate(obj.from_name ?? "") };
  const waits = t("Average wait: {after} instead of {before}", {
    after: minutes(obj.becomes_s),
    before: minutes(obj.wait_s),
  });
  const unserved = obj.unserved ?? 0;
  const effect =
    unserved > 0
      ? `${waits} · ${tn("{n} visitor would otherwise not be served by closing", "{n} visitors would otherwise not be served by closing", unserved)}`
      : waits;
  switch (obj.code) {
    case "divert_counter":
      return { what: t("Let staff of {from} help at {name}", vars), effect };
    default:
      return { what: t("Open one more counter at {name}", vars), effect };
  }
}

/**
 * A problem of the API: what happened and what to do, in one or two sentences.
 * @param {string} code
 */
export function problem(code) {
  switch (code) {
    case "unauthenticated":
      return t("This screen is not paired any more. Please tell the technician.");
    case "forbidden":
      return t("This screen may not do that. Please tell the technician.");
    case "no_session":
      return t("You are signed out. Enter your PIN again.");
    case "wrong_pin":
      return t("The name and the PIN do not match. Please try again.");
    case "wrong_role":
      return t("This account is for counters. Somebody of the welcome desk must sign in here.");
    case "locked":
      return t("Too many wrong PINs. Please wait a moment.");
    case "wrong_state":
      return t("This has changed in the meantime. The screen now shows how it is.");
    case "unknown_member":
    case "unknown_visit":
    case "not_found":
      return t("We could not find this. Please show the card again.");
    case "recall_limit":
      return t("This visitor was called often enough. If nobody comes, press No-show: they get a second chance.");
    case "recall_too_soon":
      return t("The last call was a moment ago. Please wait a little before calling again.");
    case "scan_refused":
      return t("This visitor cannot be served here now. Nothing was changed.");
    case "unknown_step":
      return t("This has changed in the meantime. The screen now shows how it is.");
    case "no_services":
      return t("Please choose at least one service.");
    case "services_refused":
      return t("One of the services cannot be chosen any more. Nothing was changed.");
    case "party_refused":
      return t("Somebody you ticked has an own number today. Nothing was changed.");
    case "unknown_service":
      return t("This has changed in the meantime. The screen now shows how it is.");
    case "unknown_counter":
    case "unknown_board":
    case "unknown_kiosk":
      return t("This screen belongs to no place in the hall. Please tell the technician.");
    case "no_priority":
      return t("This venue gives no priority for this reason. Nothing was changed.");
    case "no_printer":
      return t("There is no printer here. Your number is on the screen.");
    case "too_many_pairings":
    case "unknown_locale":
    case "unknown_office":
    case "id_reused":
    case "bad_request":
    case "not_json":
    case "too_large":
    case "method_not_allowed":
      return t("That did not work. Nothing was changed. Please try again.");
    case "unavailable":
      return t("The server does not answer. Nothing is lost: we keep trying.");
    default:
      return t("Something went wrong on our side. Nothing is lost. Please try again, or tell the staff.");
  }
}

/**
 * Where a visitor's ticket is, said to the visitor: `{what, todo, kind}` with kind "busy", "good" or "trouble". `elsewhere` is the
 * name of the kiosk it comes out at, when that is another than this one.
 * @param {string} state
 * @param {string} elsewhere
 */
export function ticketState(state, elsewhere = "") {
  const name = isolate(elsewhere);
  switch (state) {
    case "printed":
      return elsewhere
        ? {
            kind: "good",
            what: t("Your ticket is at kiosk {name}.", { name }),
            todo: t("Please fetch it there: the printer here has a problem."),
          }
        : { kind: "good", what: t("Take your ticket."), todo: t("Keep it until you leave.") };
    case "failed":
    case "cancelled":
      return {
        kind: "trouble",
        what: t("No paper at the moment: take this number with you."),
        todo: t(
          "Take a photo of this screen. For a paper ticket, show the photo or your card at another kiosk or at the welcome desk. The staff have been told.",
        ),
      };
    case "uncertain":
      return {
        kind: "trouble",
        what: t("Has your ticket come out?"),
        todo: t("If not, print it again here, or take a photo of this screen. Your number counts without paper too."),
      };
    default:
      return elsewhere
        ? {
            kind: "busy",
            what: t("Your ticket is being printed at kiosk {name}.", { name }),
            todo: t("The printer here has a problem."),
          }
        : { kind: "busy", what: t("Your ticket is being printed…"), todo: "" };
  }
}
