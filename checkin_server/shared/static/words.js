/** The one place that turns the API's codes into words. Everything goes through t(), so it follows the language. */
import { isolate, minutes, pick, t, tn } from "./i18n.js";

/** Why a card was refused: `{what, todo}`, said to the visitor. */
export function refusal(reason) {
  switch (reason) {
    case "malformed_code":
      return { what: t("This is not one of our cards."), todo: t("Show the code on your member card, or come to the welcome desk: we will help you.") };
    case "unknown_card":
      return { what: t("We do not know this card yet."), todo: t("Please come to the welcome desk with an identity document: we will register you in a few minutes.") };
    case "revoked_card":
      return { what: t("This card has been replaced by a newer one."), todo: t("Show your new card, or come to the welcome desk to get one.") };
    case "not_eligible":
      return { what: t("This event is not open to your unit."), todo: t("Please ask at the welcome desk: they can tell you where your event takes place.") };
    case "outside_hours":
      return { what: t("The event is closed at the moment."), todo: t("Please come back during opening hours. The welcome desk can tell you more.") };
    case "day_full":
      return { what: t("All places for today have been given out."), todo: t("Please ask at the welcome desk: they can tell you when to come back.") };
    case "wrong_event":
      return { what: t("This card belongs to another event."), todo: t("Please ask at the welcome desk: they can tell you where to go.") };
    case "visit_closed":
      return { what: t("Your visit of today has already ended."), todo: t("If you still need something, the welcome desk can open it again.") };
    default:
      return { what: t("We could not read your card."), todo: t("Please try once more, or come to the welcome desk.") };
  }
}

/** Why one service was refused (codes of `services_refused`). */
export function serviceRefusal(reason) {
  switch (reason) {
    case "service_closed":
      return t("closed");
    case "not_eligible":
      return t("not for your category");
    default:
      return t("not offered today");
  }
}

/** Why this visitor is next, for staff and visitors. `obj` = `{code, minutes?}` or null. */
export function why(obj) {
  switch (obj?.code) {
    case "longest_wait":
      return obj.minutes >= 1
        ? tn("Waiting longest: {n} minute", "Waiting longest: {n} minutes", Math.round(obj.minutes))
        : t("Waiting longest");
    case "priority":
      return t("Has priority");
    case "last_stop":
      return t("Last stop of the visit");
    case "only_stop":
      return t("Only stop of the visit");
    case "soonest":
      return t("Shortest wait of all the stops");
    default:
      return "";
  }
}

/** State of a step. */
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

/** State of a counter. */
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

/** State of a service for visitors: "" when it is open and takes visitors. `service` as in GET /services. */
export function serviceState(service) {
  if (!service.open) return t("Closed");
  if (!service.accepting) return t("No more places today");
  return "";
}

/** A problem of the API: what happened and what to do, in one or two sentences. */
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
    case "locked":
      return t("Too many wrong PINs. Please wait a moment.");
    case "wrong_state":
      return t("This has changed in the meantime. The screen now shows how it is.");
    case "unknown_visit":
    case "not_found":
      return t("We could not find this. Please show the card again.");
    case "no_services":
      return t("Please choose at least one service.");
    case "services_refused":
      return t("One of the services cannot be chosen any more. Nothing was changed.");
    case "party_refused":
      return t("Somebody you ticked has an own number today. Nothing was changed.");
    case "unknown_counter":
    case "unknown_board":
    case "unknown_kiosk":
      return t("This screen belongs to no place in the hall. Please tell the technician.");
    case "no_printer":
      return t("There is no printer here. Your number is on the screen.");
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
 * A trouble on the dashboard: `{what, todo}`. `obj` = `{code, ...params}`; names of stations, printers, services and booths may be
 * given as texts in four languages or as ids.
 */
export function trouble(obj) {
  const name = (value) => isolate(pick(value ?? ""));
  switch (obj?.code) {
    case "printer_failing":
      return { what: t("Printer {name} does not print", { name: name(obj.name ?? obj.printer ?? obj.id) }), todo: t("Check paper and cover; tickets wait and are not lost.") };
    case "device_silent":
      return {
        what:
          obj.seconds === undefined || obj.seconds === null
            ? t("{name} does not answer", { name: name(obj.name ?? obj.station ?? obj.device ?? obj.id) })
            : t("{name} has not answered for {time}", { name: name(obj.name ?? obj.station ?? obj.device ?? obj.id), time: minutes(obj.seconds) }),
        todo: t("Check that it is on and connected."),
      };
    case "no_counter_open":
      return {
        what:
          obj.waiting === undefined || obj.waiting === null
            ? t("No counter is open for {name}", { name: name(obj.name ?? obj.service) })
            : tn("No counter is open for {name}: {n} person waits", "No counter is open for {name}: {n} people wait", obj.waiting, { name: name(obj.name ?? obj.service) }),
        todo: t("Ask the stand to open a counter."),
      };
    case "nobody_at_booth":
      return { what: t("Nobody is at the stand {name}", { name: name(obj.name ?? obj.booth) }), todo: t("Call the stand's manager.") };
    default:
      return { what: t("Something needs attention"), todo: "" };
  }
}

/** State of a printed ticket, said to the visitor: `{what, todo, kind}` with kind "busy", "good" or "trouble". */
export function ticketState(state) {
  switch (state) {
    case "printed":
      return { kind: "good", what: t("Take your ticket."), todo: t("Keep it until you leave.") };
    case "failed":
    case "uncertain":
      return { kind: "trouble", what: t("The printer has a problem."), todo: t("Your number is on this screen: remember it or take a photo. The staff have been told.") };
    default:
      return { kind: "busy", what: t("Your ticket is being printed…"), todo: "" };
  }
}
