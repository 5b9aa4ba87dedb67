/**
 * Draws the counter's screen. Each function takes the state and returns nodes, in the language of the moment;
 * `patch` puts them in place, so that a finger on a button survives a live update.
 */

import { doorsWords, shut } from "/static/shared/doors.js";
import { el, icon, zoneSign } from "/static/shared/dom.js";
import { clock, NAMES, pick, t, tn } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";
import { counterState, stepState, why } from "/static/shared/words.js";
import { pauseReason } from "./action_words.js";
import { clockOf } from "./signin.js";

/**
 * @import { CounterData, CurrentVisitor, RelativesAtCounter } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Hall } from "./hall.js"
 * @import { Shown } from "./state.js"
 *
 * @typedef {object} Tools what can be done for the visitor beside the way from start to finish
 * @property {(step: string) => void} stillServing
 * @property {() => void} transfer
 * @property {() => void} add
 * @property {() => void} notes
 */

/** @param {Shown} shown */
export function counterName({ data: { counter }, hall }) {
  return [pick(hall.booth(counter.booth).name), " · ", t("Counter {label}", { label: counter.label })];
}

/**
 * Head: which counter this is, how it stands, who works here.
 * @param {Shown} shown
 * @param {{openMenu: () => void}} on
 */
export function top({ data, hall, staff }, { openMenu }) {
  const { counter } = data;
  const tone = { open: "pill-good", paused: "pill-pause", closed: "" }[counter.state];
  return [
    zoneSign(hall.zone(counter.zone), "2.5em"),
    el(
      "h1",
      { class: "top-name" },
      pick(hall.booth(counter.booth).name),
      el("span", { class: "top-counter" }, t("Counter {label}", { label: counter.label })),
    ),
    el("span", { class: `pill ${tone}`, "data-testid": "counter-state" }, counterState(counter.state)),
    el("span", { class: "top-staff" }, icon("user"), staff?.name ?? ""),
    el(
      "button",
      { class: "btn btn-quiet menu-button", type: "button", "data-testid": "menu", onClick: openMenu },
      t("More"),
    ),
  ];
}

/**
 * Left: who is here now, or what the counter waits for.
 * @param {Shown} shown
 * @param {Tools} on
 */
export function now({ data, hall, nobody, nowMs, askedFor, running, settling }, on) {
  if (data.current)
    return visitor(data.current, data, { hall, nowMs, askedFor, blocked: Boolean(running) || settling }, on);
  const waiting = el(
    "p",
    { class: "idle-waiting" },
    icon("users"),
    data.waiting
      ? tn("{n} person is waiting for this stand", "{n} people are waiting for this stand", data.waiting)
      : t("Nobody is waiting for this stand"),
  );
  const idle = (
    /** @type {string} */ name,
    /** @type {string} */ title,
    /** @type {Child} */ text,
    /** @type {Child[]} */ ...more
  ) =>
    el(
      "div",
      { class: "idle", "data-key": `idle-${title}` },
      icon(name),
      el("h2", {}, title),
      text && el("p", {}, text),
      ...more,
    );
  const news = shut(data.doors) ? doorsWords(data.doors, data.now) : null;
  const early = data.doors.state !== "over" || !data.doors.ended;
  if (news)
    return idle(
      "door-closed",
      news.title,
      news.detail ||
        (early && data.counter.state === "closed" ? t("Open it when you are ready to receive visitors.") : ""),
    );
  if (data.counter.state === "closed")
    return idle(
      "door-closed",
      t("This counter is closed"),
      t("Open it when you are ready to receive visitors."),
      waiting,
    );
  if (data.counter.state === "paused")
    return idle(
      "coffee",
      data.counter.reason ? t("On a break: {reason}", { reason: pauseReason(data.counter.reason) }) : t("On a break"),
      t("Visitors are not called to this counter. Go on when you are back."),
      waiting,
    );
  if (nobody) return idle("hourglass", t("Nobody can be called right now"), nextExpected(nobody), waiting);
  return idle("circle-check", t("Ready for the next visitor"), "", waiting);
}

/**
 * @param {{next_expected?: string | null}} answer
 */
function nextExpected({ next_expected: at }) {
  return el(
    "span",
    { "data-testid": "nobody" },
    at
      ? t("The next visitor is expected at about {time}.", { time: clock(at) })
      : t("Nobody waits for this counter. As soon as somebody does, you will see it here."),
  );
}

/**
 * @param {CurrentVisitor} current
 * @param {CounterData} data
 * @param {{hall: Hall, nowMs: number, askedFor: string | null, blocked: boolean}} around
 * @param {Tools} on
 */
function visitor(current, { counter, today }, { hall, nowMs, askedFor, blocked }, on) {
  const serving = current.state === "serving";
  const since = Date.parse((serving && current.started_at) || current.called_at);
  const usual =
    serving && today.mean_service_s
      ? el("span", { class: "timer-usual" }, t("usually {time}", { time: minutes(today.mean_service_s) }))
      : null;
  const patience = serving
    ? null
    : el(
        "span",
        { class: "timer-usual", "data-testid": "patience" },
        // TRANSLATORS: how long staff should wait for a visitor who was called, before they say that nobody came.
        t("give them {time}", { time: minutes(current.patience_s) }),
      );
  return el(
    "div",
    { class: `visitor is-${current.state}`, "data-key": current.step },
    el(
      "div",
      { class: "visitor-head" },
      el("strong", { class: "visitor-number number", "data-testid": "number" }, String(current.number)),
      el(
        "div",
        { class: "visitor-state" },
        el("span", { class: "visitor-what" }, serving ? t("In service") : t("Called, on the way")),
        el("span", { class: "timer", "data-testid": "timer", dir: "ltr" }, clockOf((nowMs - since) / 1000)),
        usual,
        patience,
        !serving && current.recalls
          ? el(
              "span",
              { class: "timer-usual", "data-testid": "recalls" },
              tn("called again {n} time", "called again {n} times", current.recalls),
            )
          : null,
      ),
    ),
    serving && current.long_after_s && nowMs - since > current.long_after_s * 1000 && askedFor !== current.step
      ? stillServing(current, on)
      : null,
    why(current.why) ? el("p", { class: "visitor-why", "data-testid": "why" }, why(current.why)) : null,
    el("ul", { class: "facts", "data-testid": "facts" }, facts(current, counter, hall)),
    current.route.length > 1 ? route(current, hall) : null,
    tools(current, blocked, on),
  );
}

/**
 * Staff who forget to finish spoil every estimate: after a time that one service in twenty outlasts, a gentle question.
 * @param {CurrentVisitor} current
 * @param {Tools} on
 */
function stillServing(current, on) {
  return el(
    "div",
    { class: "banner still", "data-key": "still", "data-testid": "long-service", role: "status" },
    icon("clock"),
    el("p", {}, t("This takes longer than usual. Is the service finished?")),
    el(
      "button",
      {
        class: "btn btn-sm btn-quiet",
        type: "button",
        "data-testid": "still-serving",
        onClick: () => on.stillServing(current.step),
      },
      t("Not yet"),
    ),
  );
}

/**
 * What can be done for the visitor beside the way from start to finish.
 * @param {CurrentVisitor} current
 * @param {boolean} blocked
 * @param {Tools} on
 */
function tools(current, blocked, on) {
  const tool = (
    /** @type {string} */ id,
    /** @type {string} */ name,
    /** @type {string} */ words,
    /** @type {() => void} */ press,
  ) =>
    el(
      "button",
      {
        class: "btn btn-quiet tool",
        type: "button",
        "data-testid": id,
        "data-key": id,
        disabled: blocked,
        onClick: press,
      },
      icon(name),
      words,
    );
  return el(
    "div",
    { class: "tools", "data-key": "tools" },
    tool("transfer", "arrow-right-left", t("Send on"), on.transfer),
    tool("add-service", "circle-plus", t("Add a service"), on.add),
    tool("notes", "notebook-pen", current.notes ? t("Notes ({n})", { n: current.notes }) : t("Note"), on.notes),
  );
}

/**
 * @param {CurrentVisitor} current
 * @param {CounterData["counter"]} counter
 * @param {Hall} hall
 */
function facts(current, counter, hall) {
  const fact = (/** @type {string} */ name, /** @type {string} */ words, tone = "") =>
    el("li", { class: `fact ${tone}` }, icon(name), words);
  return [
    ...(current.needs ?? []).map((code) => fact("accessibility", need(code), "fact-need")),
    counter.services.length > 1 ? fact("list-checks", pick(hall.service(current.service).name)) : null,
    fact("languages", NAMES[current.locale] ?? current.locale),
    current.party_size > 1 ? fact("users", tn("{n} person", "{n} people", current.party_size)) : null,
    fact("id-card", pick(hall.category(current.category).name)),
    ...(current.family ?? []).map((other) => relative(other, hall)),
  ];
}

/**
 * Another visit of the same family, which split up: its number, and where it is.
 * @param {RelativesAtCounter} relatives
 * @param {Hall} hall
 */
function relative({ number: its, state, service }, hall) {
  const place =
    state === "done"
      ? t("has finished")
      : [stepState(state), service ? pick(hall.service(service).name) : ""].filter(Boolean).join(" · ");
  return el(
    "li",
    { class: "fact", "data-testid": "family", "data-key": `family-${its}` },
    icon("users-round"),
    t("Same family: {number}", { number: its }),
    " · ",
    place,
  );
}

/**
 * What a visitor needs help with, as staff are told.
 * @param {string} code
 */
function need(code) {
  switch (code) {
    case "wheelchair":
      return t("Uses a wheelchair");
    case "low_vision":
      return t("Sees poorly");
    case "hard_of_hearing":
      return t("Hears poorly");
    case "needs_reading_aloud":
      return t("Please read texts aloud");
    default:
      return t("Needs assistance");
  }
}

/**
 * The stops in the order of the day: what has been served, what is here, what comes.
 * @param {CurrentVisitor} current
 * @param {Hall} hall
 */
function route(current, hall) {
  const all = current.route.map((stop, at) => ({ ...stop, here: at === current.stop }));
  const past = all.filter(({ state, here }) => state === "served" && !here);
  const to = all.filter(({ state, here }) => state !== "served" && !here);
  const stops = [...past, ...all.filter(({ here }) => here), ...to].map(({ service, state, here }) => {
    return el(
      "li",
      { class: `stop stop-${state}${here ? " stop-here" : ""}` },
      el("span", { class: "stop-name" }, pick(hall.service(service).name)),
      el("span", { class: "stop-state" }, here ? t("here") : stepState(state)),
    );
  });
  return el("section", { class: "route" }, el("h2", {}, t("Today's stops")), el("ol", { class: "stops" }, stops));
}
