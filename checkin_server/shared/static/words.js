/** The one place that turns the API's codes into words. Everything goes through t(), so it follows the language. */
import { isolate, t, tn } from "./i18n.js";
import { minutes } from "./waits.js";

/**
 * @import { Why } from "api"
 */

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
    case "not_given":
      return t("No longer given here: please ask at the welcome desk");
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
    case "stood_longest":
      return t("Has stood there longest");
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
 * Where a visitor's ticket is, said to the visitor: `{what, todo, kind}` with kind "busy", "late", "good" or "trouble". `elsewhere`
 * is the name of the kiosk it comes out at, when that is another than this one; `late` says that it takes unusually long.
 * @param {string} state
 * @param {string} elsewhere
 * @param {boolean} late
 */
export function ticketState(state, elsewhere = "", late = false) {
  const name = isolate(elsewhere);
  switch (state) {
    case "printed":
    case "sent":
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
      if (late)
        return {
          kind: "late",
          what: t("Your ticket takes longer than usual."),
          todo: t("You need not wait for it: take a photo of this screen. Your number counts without paper too."),
        };
      return elsewhere
        ? {
            kind: "busy",
            what: t("Your ticket is being printed at kiosk {name}.", { name }),
            todo: t("The printer here has a problem."),
          }
        : { kind: "busy", what: t("Your ticket is being printed…"), todo: "" };
  }
}
