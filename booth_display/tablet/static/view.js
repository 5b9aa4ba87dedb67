/**
 * Draws the counter's screen. Each function takes the state and returns nodes, in the language of the moment;
 * `patch` puts them in place, so that a finger on a button survives a live update.
 */

import { el, icon, zoneSign } from "/static/shared/dom.js";
import { NAMES, clock, isolate, number, pick, t, tn } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";
import { counterState, stepState, why } from "/static/shared/words.js";
import { clockOf } from "./signin.js";

/** Head: which counter this is, how it stands, who works here. */
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

/** Left: who is here now, or what the counter waits for. */
export function now({ data, hall, nobody, nowMs, askedFor, running, settling }, on) {
  if (data.current) return visitor(data, hall, nowMs, { askedFor, blocked: Boolean(running) || settling }, on);
  const waiting = el(
    "p",
    { class: "idle-waiting" },
    icon("users"),
    data.waiting
      ? tn("{n} person is waiting for this stand", "{n} people are waiting for this stand", data.waiting)
      : t("Nobody is waiting for this stand"),
  );
  const idle = (name, title, text, ...more) =>
    el(
      "div",
      { class: "idle", "data-key": `idle-${title}` },
      icon(name),
      el("h2", {}, title),
      text && el("p", {}, text),
      ...more,
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

function nextExpected({ next_expected: at }) {
  return el(
    "span",
    { "data-testid": "nobody" },
    at
      ? t("The next visitor is expected at about {time}.", { time: clock(at) })
      : t("Nobody waits for this counter. As soon as somebody does, you will see it here."),
  );
}

/** Why a counter pauses. Codes of the tablet's own list; other words stand as they are. */
export function pauseReason(reason) {
  switch (reason) {
    case "prayer":
      return t("prayer");
    case "meal":
      return t("meal");
    case "material":
      return t("fetching papers or material");
    case "technical":
      return t("technical problem");
    default:
      return isolate(reason);
  }
}

function visitor({ current, counter, today }, hall, nowMs, { askedFor, blocked }, on) {
  const serving = current.state === "serving";
  const since = Date.parse(serving ? current.started_at : current.called_at);
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
    why(current.why) ? el("p", { class: "visitor-why", "data-testid": "why" }, why(current.why)) : null,
    el("ul", { class: "facts", "data-testid": "facts" }, facts(current, counter, hall)),
    serving && current.long_after_s && nowMs - since > current.long_after_s * 1000 && askedFor !== current.step
      ? stillServing(current, on)
      : null,
    current.route.length > 1 ? route(current, hall) : null,
    tools(current, blocked, on),
  );
}

/** Staff who forget to finish spoil every estimate: after a time that one service in twenty outlasts, a gentle question. */
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

/** What can be done for the visitor beside the way from start to finish. */
function tools(current, blocked, on) {
  const tool = (id, name, words, press) =>
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

/** Between visitor and foot: what was done last and can be undone, who is called by itself, and the way in without a call. */
export function strip({ data, running, settling, nowMs, autoSeconds }, on) {
  const blocked = Boolean(running) || settling;
  const { undo, current, counter } = data;
  const left = undo ? Math.ceil((Date.parse(undo.until) - nowMs) / 1000) : 0;
  const done = undo ? actionWords(undo.action) : "";
  return [
    left > 0 && done
      ? el(
          "div",
          { class: "undo", "data-key": "undo", "data-testid": "undo-bar" },
          el(
            "span",
            { class: "undo-what" },
            undo.number ? t("{action}: number {number}", { action: done, number: undo.number }) : done,
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
            el("span", { class: "undo-left", "aria-hidden": "true" }, String(left)),
          ),
        )
      : null,
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
    counter.state === "open" && current?.state !== "serving" && !(left > 0 && autoSeconds)
      ? el(
          "div",
          { class: "scan-hint", "data-key": "scan" },
          left > 0 || autoSeconds
            ? null
            : [icon("scan-line"), el("span", {}, t("Somebody is here? Scan the ticket or the card."))],
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
        )
      : null,
  ];
}

function facts(current, counter, hall) {
  const fact = (name, words, tone = "") => el("li", { class: `fact ${tone}` }, icon(name), words);
  return [
    ...(current.needs ?? []).map((code) => fact("accessibility", need(code), "fact-need")),
    counter.services.length > 1 ? fact("list-checks", pick(hall.service(current.service).name)) : null,
    fact("languages", NAMES[current.locale] ?? current.locale),
    current.party_size > 1 ? fact("users", tn("{n} person", "{n} people", current.party_size)) : null,
    fact("id-card", pick(hall.category(current.category).name)),
    ...(current.family ?? []).map((other) => relative(other, hall)),
  ];
}

/** Another visit of the same family, which split up: its number, and where it is. */
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

/** What a visitor needs help with, as staff are told. */
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

function route(current, hall) {
  const stops = current.route.map(({ service, state }, at) => {
    const here = at === current.stop;
    return el(
      "li",
      { class: `stop stop-${state}${here ? " stop-here" : ""}` },
      el("span", { class: "stop-name" }, pick(hall.service(service).name)),
      el("span", { class: "stop-state" }, here ? t("here") : stepState(state)),
    );
  });
  return el("section", { class: "route" }, el("h2", {}, t("Today's stops")), el("ol", { class: "stops" }, stops));
}

/** Right: this stand's queue, the day so far, how busy the others are. */
export function side({ data, hall, nowMs }, on) {
  const many = data.counter.services.length > 1;
  const line = (entry) =>
    el(
      "li",
      { class: entry.free ? "waiter" : "waiter waiter-away", "data-key": `${entry.number}-${entry.service}` },
      el("strong", { class: "number" }, String(entry.number)),
      el(
        "span",
        { class: "waiter-what" },
        entry.state === "headed"
          ? stepState("headed")
          : entry.free
            ? many
              ? pick(hall.service(entry.service).name)
              : NAMES[entry.locale]
            : entry.for_counter && entry.for_counter !== data.counter.id
              ? t("for counter {label}", { label: hall.counter(entry.for_counter).label })
              : t("at another stand"),
      ),
      el("span", { class: "waiter-party" }, entry.party_size > 1 ? [icon("users"), number(entry.party_size)] : null),
      el("span", { class: "waiter-since" }, minutes(Math.max(0, (nowMs - Date.parse(entry.since)) / 1000))),
    );
  const hidden = data.waiting - data.queue.length;
  return [
    el(
      "section",
      { class: "queue", "data-testid": "queue" },
      el("h2", {}, t("Queue"), el("span", { class: "count", "data-testid": "waiting" }, number(data.waiting))),
      data.queue.length
        ? el("ol", { class: "waiters", tabindex: 0, "aria-label": t("Queue") }, data.queue.map(line))
        : el("p", { class: "muted" }, t("The queue is empty.")),
      hidden > 0 ? el("p", { class: "muted" }, tn("and {n} more", "and {n} more", hidden)) : null,
    ),
    data.aside.length
      ? el(
          "section",
          { class: "aside" },
          el("h2", {}, t("Set aside or missed")),
          el(
            "div",
            { class: "asides", "data-testid": "asides" },
            data.aside.map((entry) =>
              el(
                "button",
                {
                  class: "btn btn-sm btn-quiet",
                  type: "button",
                  "data-key": entry.step,
                  "data-testid": `aside-${entry.number}`,
                  "aria-label": t("Number {number}", { number: entry.number }),
                  onClick: () => on.aside(entry),
                },
                String(entry.number),
              ),
            ),
          ),
        )
      : null,
    el(
      "section",
      { class: "others" },
      el("h2", {}, t("Other stands")),
      el(
        "ul",
        { class: "stands" },
        data.others.map((other) => stand(other, hall)),
      ),
    ),
    el(
      "p",
      { class: "today" },
      el("span", {}, tn("{n} served today", "{n} served today", data.today.served)),
      data.today.mean_service_s
        ? el("span", {}, t("{time} on average", { time: minutes(data.today.mean_service_s) }))
        : null,
    ),
  ];
}

function stand({ booth: id, waiting, counters_open: open, expected_wait: wait }, hall) {
  const booth = hall.booth(id);
  return el(
    "li",
    { class: open ? "stand" : "stand stand-closed" },
    zoneSign(hall.zone(booth.zone), "1.5em"),
    el("span", { class: "stand-name" }, pick(booth.name)),
    open
      ? el(
          "span",
          { class: "stand-busy" },
          el("strong", {}, number(waiting)),
          wait ? el("span", { class: "stand-wait" }, minutes(wait.p90)) : null,
        )
      : el(
          "span",
          { class: "stand-busy" },
          el("span", { "aria-hidden": "true" }, "–"),
          el("span", { class: "visually-hidden" }, t("closed")),
        ),
  );
}

/**
 * Foot: one large primary action at the end, smaller ones beside it; what can't be taken back stands at the far end.
 * @param {object} state
 * @param {object} on `give(action)`, `refer()`, `incomplete()`, `quick()`
 */
export function foot({ data, running, settling }, on) {
  const blocked = Boolean(running) || settling;
  const small = (id, name, words, press, tone = "btn-quiet") =>
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

/** The one large action of a state. */
function primaryOf({ counter, current }) {
  if (current?.state === "called") return { action: "start", icon: "play", words: t("Start") };
  if (current?.state === "serving")
    return { action: "finish", body: { outcome: "served" }, icon: "check", words: t("Finish") };
  if (counter.state === "closed") return { action: "open", icon: "door-open", words: t("Open counter") };
  if (counter.state === "paused") return { action: "open", icon: "play", words: t("Go on") };
  return { action: "call-next", icon: "bell-ring", words: t("Next") };
}

/** A command in words, for "we go on with: …" and "… is kept". */
export function actionWords(action) {
  switch (action) {
    case "open":
      return t("Open counter");
    case "pause":
      return t("Break");
    case "close":
      return t("Close counter");
    case "call-next":
      return t("Next");
    case "recall":
      return t("Recall");
    case "start":
      return t("Start");
    case "finish":
      return t("Finish");
    case "no-show":
      return t("No-show");
    case "park":
      return t("Set aside");
    case "resume":
      return t("Brought back");
    case "transfer":
      return t("Sent on");
    case "add-service":
      return t("Service added");
    case "note":
      return t("Note kept");
    case "scan":
      return t("Start");
    case "undo":
      return t("Undo");
    case "reprint":
      return t("Print again");
    default:
      return "";
  }
}
