/** What to do: the strip of undo, automatic call and typed number, and the foot with the one large action. */

import { el, icon } from "/static/shared/dom.js";
import { date, t, tn } from "/static/shared/i18n.js";
import { actionWords, doneWords } from "./action_words.js";

/**
 * @import { CounterData, Undoable } from "api"
 * @import { Shown } from "./state.js"
 */

/**
 * Between visitor and foot: what was done last and can be undone, who is called by itself, and the way in without a call.
 * @param {Shown} shown
 * @param {{undo: (last: Undoable) => void, autoStop: () => void, typed: () => void}} on
 */
export function strip({ data, running, settling, nowMs, autoSeconds }, on) {
  const blocked = Boolean(running) || settling;
  const { undo, current, counter } = data;
  const left = undo ? Math.ceil((Date.parse(undo.until) - nowMs) / 1000) : 0;
  return [
    undo && left > 0 && actionWords(undo.action) ? undoBar(undo, left, blocked, on) : null,
    autoSeconds
      ? el(
          "div",
          { class: "auto", "data-key": "auto", "data-testid": "auto-call", role: "status" },
          el("span", {}, tn("Next in {n} second", "Next in {n} seconds", autoSeconds)),
          el(
            "button",
            { class: "btn btn-quiet", type: "button", "data-testid": "auto-stop", onClick: on.autoStop },
            t("Do not call"),
          ),
        )
      : null,
    counter.state === "open" && (current || !over(data)) && current?.state !== "serving" && !(left > 0 && autoSeconds)
      ? scanHint(left > 0 || autoSeconds > 0, blocked, on)
      : null,
  ];
}

/**
 * @param {Undoable} undo
 * @param {number} left seconds
 * @param {boolean} blocked
 * @param {{undo: (last: Undoable) => void}} on
 */
function undoBar(undo, left, blocked, on) {
  return el(
    "div",
    { class: "undo", "data-key": "undo", "data-testid": "undo-bar" },
    el(
      "span",
      { class: "undo-what" },
      undo.number
        ? t("Number {number}: {done}", { number: undo.number, done: doneWords(undo.action) })
        : actionWords(undo.action),
    ),
    el(
      "button",
      {
        class: "btn btn-secondary",
        type: "button",
        "data-testid": "undo",
        disabled: blocked,
        onClick: () => on.undo(undo),
      },
      icon("undo-2"),
      t("Undo"),
      // TRANSLATORS: seconds, as short as can be.
      el("span", { class: "undo-left", "aria-hidden": "true" }, t("{n} s", { n: String(left) })),
    ),
  );
}

/**
 * @param {boolean} crowded something else stands there too: without the words
 * @param {boolean} blocked
 * @param {{typed: () => void}} on
 */
function scanHint(crowded, blocked, on) {
  return el(
    "div",
    { class: "scan-hint", "data-key": "scan" },
    crowded ? null : [icon("scan-line"), el("span", {}, t("Somebody is here? Scan the ticket or the card."))],
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "type-number",
        disabled: blocked,
        onClick: on.typed,
      },
      icon("keyboard"),
      t("Type the number"),
    ),
  );
}

/**
 * Foot: one large primary action at the end, smaller ones beside it; what can't be taken back stands at the far end.
 * @param {Shown} shown
 * @param {object} on
 * @param {(action: string, body?: {[field: string]: any}) => void} on.give
 * @param {() => void} on.refer
 * @param {() => void} on.incomplete
 * @param {() => void} on.quick
 */
export function foot({ data, running, settling }, on) {
  const blocked = Boolean(running) || settling;
  const small = (
    /** @type {string} */ id,
    /** @type {string} */ name,
    /** @type {string} */ words,
    /** @type {() => void} */ press,
    tone = "btn-quiet",
  ) =>
    el(
      "button",
      {
        class: `btn btn-lg ${tone}`,
        type: "button",
        "data-testid": id,
        "data-key": id,
        disabled: blocked,
        onClick: press,
      },
      icon(name),
      words,
    );
  const next = primaryOf(data);
  const state = data.current?.state;
  return [
    el(
      "div",
      { class: "foot-far", "data-key": "far" },
      state === "called" ? small("no-show", "user-x", t("No-show"), () => on.give("no-show"), "btn-danger") : null,
      state ? small("park", "circle-pause", t("Set aside"), () => on.give("park")) : null,
      state === "serving" ? small("incomplete", "circle-question-mark", t("Incomplete"), on.incomplete) : null,
      state === "serving" ? small("refer", "building-2", t("Refer to an office"), on.refer) : null,
    ),
    el(
      "div",
      { class: "foot-near", "data-key": "near" },
      state === "called" ? small("quick", "zap", t("Served at once"), on.quick) : null,
      state === "called" ? small("recall", "megaphone", t("Recall"), () => on.give("recall"), "btn-secondary") : null,
    ),
    next &&
      el(
        "button",
        {
          class: "btn btn-primary primary",
          type: "button",
          "data-testid": "primary",
          "data-key": "primary",
          "data-action": next.action,
          disabled: blocked,
          "aria-busy": String(Boolean(running)),
          onClick: () => on.give(next.action, next.body),
        },
        icon(next.icon),
        el("span", {}, next.words),
      ),
  ];
}

/**
 * Whether the next visitor can be called: nobody is here, the counter is open, and so are the doors.
 * @param {CounterData | null} data
 */
export function mayCall(data) {
  return data?.counter.state === "open" && !data.current && !over(data);
}

/**
 * Whether nobody is called any more: who comes by themselves cannot be served either.
 * @param {CounterData} data
 */
function over({ doors }) {
  return doors.state === "over" || doors.state === "none";
}

/**
 * Whether whoever opens a counter now is early for today, and not late for yesterday.
 * @param {CounterData["doors"]} doors
 * @param {string} now
 */
function opensToday({ ended, opens_at: at }, now) {
  return ended && at !== null && date(at) === date(now);
}

/**
 * The one large action of a state; none while nobody is called any more, or not yet.
 * @param {CounterData} data
 * @returns {{action: string, body?: {[field: string]: any}, icon: string, words: string} | null}
 */
function primaryOf(data) {
  const { counter, current, doors, now } = data;
  if (current?.state === "called") return { action: "start", icon: "play", words: t("Start") };
  if (current?.state === "serving")
    return { action: "finish", body: { outcome: "served" }, icon: "check", words: t("Finish") };
  if (doors.state === "over" && !opensToday(doors, now)) return null;
  if (counter.state === "closed") return { action: "open", icon: "door-open", words: t("Open counter") };
  if (counter.state === "paused") return { action: "open", icon: "play", words: t("Go on") };
  if (over(data)) return null;
  return { action: "call-next", icon: "bell-ring", words: t("Next") };
}
