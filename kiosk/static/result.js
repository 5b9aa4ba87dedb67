/** The number, where to go now, the whole route; after the choice of services and whenever the card is shown again. */
import { el, icon } from "/static/shared/dom.js";
import { clock, t, tn } from "/static/shared/i18n.js";
import { wait } from "/static/shared/waits.js";
import { stepState, ticketState, why } from "/static/shared/words.js";
import { names, relativeControls, relatives } from "./apart.js";
import { boothName, control, memberName, serviceName, sign, title } from "./parts.js";
import { BACK, passed } from "./turn.js";

/**
 * @import { Next, Step, Ticket, Visit } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Actions } from "./actions.js"
 * @import { Here } from "./model.js"
 */

const OVER = new Set(["served", "no_show", "cancelled", "transferred"]);

/**
 * Middle of the screen, for the states "result" and "returning".
 * @param {Here} model
 * @param {Actions} actions
 */
export function stage(model, actions) {
  const { visit } = model.session;
  const steps = visit.steps.filter((step) => step.state !== "cancelled" && step.state !== "transferred");
  return [
    el(
      "div",
      { class: "result", dataset: { steps: String(Math.min(steps.length, 10)), long: String(steps.length > 5) } },
      el(
        "section",
        { class: "result-main" },
        el("p", { class: "result-label", id: "result-label" }, label(model)),
        el("p", { class: "result-number number", dataset: { testid: "number" } }, visit.number ?? ""),
        model.session.notice
          ? el(
              "p",
              { class: "banner banner-trouble", role: "alert", dataset: { testid: "notice" } },
              icon("circle-alert"),
              model.session.notice,
            )
          : null,
        headline(model, visit),
        relatives(model, actions),
        model.name === "result" ? ticket(model, visit) : null,
      ),
      el(
        "section",
        { class: "result-route", "aria-label": t("Your route") },
        el("h2", {}, t("Your route")),
        el(
          "ol",
          { class: "route" },
          // In the order of the route, as the server has it for the ticket too.
          steps.map((step) => station(model, actions, step)),
        ),
        through(visit),
      ),
    ),
  ];
}

/**
 * Foot of the screen: after a choice little is needed; who comes back finds all that can be done.
 * @param {Here} model
 * @param {Actions} actions
 */
export function controls(model, actions) {
  const { pending, visit } = model.session;
  const disabled = Boolean(pending);
  const again = model.name === "returning";
  const gone = again ? passed(visit) : null;
  // Who is only on the way may still change their mind; a counter that has called may not be left waiting.
  const busy = visit.steps.some((step) => step.state === "called" || step.state === "serving");
  const open = visit.state !== "left";
  const over = visit.state === "done" && !gone;
  return [
    open
      ? control(
          "secondary",
          "change",
          visit.state === "done" ? t("Choose another service") : t("Change my services"),
          actions.change,
          { iconName: "list-checks", disabled },
        )
      : null,
    again && visit.family.length && !model.session.relatives
      ? control("secondary", "my-family", t("My family"), actions.showRelatives, { iconName: "users", disabled })
      : null,
    ...(again ? relativeControls(model, actions) : []),
    ...(again ? comingBack(model, actions) : []),
    again && visit.state === "open" && !busy && !gone
      ? control("secondary", "hold", t("Keep my place"), actions.toHold, { iconName: "hourglass", disabled })
      : null,
    mayReprint(model, visit)
      ? control("secondary", "reprint", t("Print my ticket again"), actions.reprint, { iconName: "printer", disabled })
      : null,
    again
      ? control("secondary", "opinion", t("Give my opinion"), actions.toOpinion, {
          iconName: "messages-square",
          disabled,
        })
      : null,
    // Who has had everything has nothing to give up: one word for being done is enough.
    again && open && !busy && !over
      ? control("secondary", "leave", t("End my visit"), actions.toLeave, { iconName: "log-out", disabled })
      : null,
    control(gone ? "secondary" : "primary", "done", t("Close"), actions.forget, { iconName: "check" }),
    gone
      ? control("primary", "resume", t("Come back into the queue"), () => actions.resume(), {
          iconName: "undo-2",
          disabled,
        })
      : null,
  ];
}

/**
 * The ways back: from a hold, alone or with the family, and in the low layout to stops that were missed or set aside.
 * @param {Here} model
 * @param {Actions} actions
 */
function comingBack(model, actions) {
  const { pending, visit } = model.session;
  const disabled = Boolean(pending);
  if (visit.state === "held")
    return [
      control("secondary", "resume", t("I am back"), () => actions.resume(), { iconName: "play", disabled }),
      visit.family?.some((one) => one.state === "held")
        ? control("secondary", "resume-all", t("We are all back"), () => actions.resume(null, true), {
            iconName: "users",
            disabled,
          })
        : null,
    ];
  if (!model.modes.low || passed(visit) || !visit.steps.some((step) => mayComeBack(model, step))) return [];
  return [
    control("secondary", "resume", t("Bring my stops back"), () => actions.resume(), { iconName: "undo-2", disabled }),
  ];
}

const ROUND = 5 * 60_000; // moments are said in steps of five minutes: nobody takes them for a promise to the minute

/**
 * When it will all be done, as a range; nothing when nobody can say.
 * @param {Visit} visit
 */
function through(visit) {
  if (!visit.expected_finish) return null;
  const { p50, p90 } = visit.expected_finish;
  const soon = Math.round(Date.parse(p50) / ROUND) * ROUND;
  const late = Math.max(Math.ceil(Date.parse(p90) / ROUND) * ROUND, soon + ROUND);
  return el(
    "p",
    { class: "through", dataset: { testid: "through", key: "through" } },
    icon("clock"),
    el(
      "span",
      {},
      t("You will probably be through by about {soon}, at most {late}.", {
        soon: clock(new Date(soon)),
        late: clock(new Date(late)),
      }),
    ),
  );
}

/**
 * Over the number: whose it is.
 * @param {Here} model
 */
function label(model) {
  const { visit, member } = model.session;
  if (model.name !== "returning" || !member) return t("Your number");
  const me = member.party?.find((person) => person.self)?.id;
  if (visit.family?.length && me && !visit.party.includes(me))
    return t("The number of {names}", { names: names(member, visit.party) });
  const name = memberName(member);
  return name ? t("Welcome back, {name}. Your number is", { name }) : t("Welcome back. Your number is");
}

/**
 * What to do now.
 * @param {Here} model
 * @param {Visit} visit
 */
function headline(model, visit) {
  const next = visit.next ?? { kind: "wait" };
  const place = { service: serviceName(model, next.service), counter: next.counter_label ?? "" };
  const say = (/** @type {Node} */ picture, /** @type {string} */ words, /** @type {Child[]} */ more) =>
    el(
      "div",
      { class: `headline headline-${next.kind}`, dataset: { testid: "next", next: passed(visit) ?? next.kind } },
      el("div", { class: "headline-sign" }, picture),
      el("div", {}, title(words), ...more.filter(Boolean).map((line) => el("p", { class: "lead" }, line))),
    );
  switch (passed(visit) ?? next.kind) {
    case "missed":
      return say(icon("bell-ring"), t("Your turn has passed. Do you want to come back into the queue?"), [
        t("You get your old place back."),
      ]);
    case "aside":
      return say(icon("hourglass"), t("You were set aside. Are you ready to come back into the queue?"), [
        t("You get your old place back."),
      ]);
    case "go":
      return say(
        sign(model, next.zone, "2.2em"),
        t("Go to zone {zone}: {service}", { zone: next.zone, service: place.service }),
        next.counter_label
          ? [t("Counter {counter}", place)]
          : [
              standOf(model, next),
              next.expected_wait ? wait(next.expected_wait) : "",
              next.why?.code === "soonest" ? why(next.why) : "",
            ],
      );
    case "serving":
      return say(sign(model, next.zone, "2.2em"), t("It is your turn: {service}", place), [
        next.counter_label ? t("Counter {counter}", place) : "",
      ]);
    case "held":
      return say(icon("hourglass"), t("We keep your place"), [
        // TRANSLATORS: until a time of day.
        visit.hold_until ? t("until {time}", { time: clock(visit.hold_until) }) : "",
        t("Show your card here when you are back."),
      ]);
    case "done":
      return say(icon("circle-check"), t("You have been everywhere. Thank you for coming."), []);
    default:
      if (next.why?.code === "not_given") return say(icon("circle-alert"), place.service, [why(next.why)]);
      return say(icon("bell-ring"), t("We will call you"), [
        next.service
          ? [
              t("First probably: {service}", place),
              next.expected_wait ? [" · ", el("span", { class: "nowrap" }, wait(next.expected_wait))] : null,
            ]
          : "",
        t("Take a seat and watch the screens for your number."),
      ]);
  }
}

/**
 * The stand's name, unless it only repeats the service's.
 * @param {Here} model
 * @param {Next} next
 */
function standOf(model, next) {
  const name = boothName(model, next.booth);
  return name === serviceName(model, next.service) ? "" : name;
}

/**
 * Where the paper is; when there is none, a code to photograph in its place.
 * @param {Here} model
 * @param {Visit} visit
 */
function ticket(model, visit) {
  if (!visit.ticket) return null;
  const { kind, what, todo } = ticketState(visit.ticket.state, elsewhere(model, visit.ticket), model.session.late);
  /** @type {Record<string, string>} */
  const classes = { busy: "banner", late: "banner", good: "banner banner-good", trouble: "banner banner-trouble" };
  const code = ["trouble", "late"].includes(kind) && model.session.qr;
  return el(
    "div",
    {
      class: `${classes[kind]} ticket${code ? " ticket-code" : ""}`,
      role: kind === "trouble" ? "alert" : "status",
      dataset: { testid: "ticket", ticket: visit.ticket.state },
    },
    code
      ? el("img", {
          class: "qr",
          src: code,
          alt: t("The code of your visit, to be photographed"),
          dataset: { testid: "qr" },
        })
      : icon(kind === "trouble" ? "printer-x" : kind === "good" ? "ticket-check" : "printer"),
    el("p", {}, el("strong", {}, what), " ", todo),
  );
}

/**
 * Name of the kiosk at which a ticket comes out, if it is not this one.
 * @param {Here} model
 * @param {Ticket} ticket
 */
function elsewhere(model, { printer }) {
  if (!printer || !model.ownPrinter || printer === model.ownPrinter) return "";
  return model.venue?.stations?.find((station) => station.printer === printer)?.id ?? printer;
}

/**
 * Whether the visitor may want the paper again: they came back, or it did not come out.
 * @param {Here} model
 * @param {Visit} visit
 */
function mayReprint(model, { state, number, ticket: paper }) {
  if (state === "left" || !number || !paper) return false;
  return model.name === "returning" || ["failed", "uncertain", "cancelled"].includes(paper.state);
}

/**
 * @param {Here} model
 * @param {Actions} actions
 * @param {Step} step
 */
function station(model, actions, step) {
  const { visit, pending } = model.session;
  const over = OVER.has(step.state);
  const now = !over && step.service === visit.next?.service && visit.next?.kind !== "wait";
  return el(
    "li",
    {
      class: `station${over ? " station-over" : ""}${now ? " station-now" : ""}`,
      dataset: { step: step.service, state: step.state, key: step.id },
    },
    el(
      "span",
      { class: "station-sign" },
      over ? icon(step.state === "served" ? "check" : "minus") : sign(model, step.zone, "2.4em"),
    ),
    el(
      "span",
      { class: "station-name" },
      serviceName(model, step.service),
      mayComeBack(model, step) ? el("span", { class: "station-state" }, stepState(step.state)) : null,
    ),
    // With the controls low down, the foot has one button for all of them.
    !mayComeBack(model, step)
      ? el("span", { class: "station-more" }, standing(step))
      : model.modes.low
        ? null
        : el(
            "button",
            {
              class: "btn btn-secondary station-back",
              type: "button",
              disabled: Boolean(pending),
              onclick: () => actions.resume(step.id),
              dataset: { back: step.service },
            },
            icon("undo-2"),
            el("span", {}, t("Bring it back")),
          ),
  );
}

/**
 * Whether a stop was missed or set aside and can be had all the same.
 * @param {Here} model
 * @param {Step} step
 */
function mayComeBack(model, step) {
  return model.name === "returning" && BACK.has(step.state) && model.session.visit.state !== "left";
}

/** @param {Step} step */
function standing(step) {
  if (step.state !== "waiting") return el("span", {}, stepState(step.state));
  const before = step.position === null || step.position === undefined ? null : Math.max(0, step.position - 1);
  // Nobody is next where no counter is open yet.
  const place =
    before === null || (before === 0 && !step.expected_wait)
      ? ""
      : before === 0
        ? t("you are next")
        : tn("{n} person before you", "{n} people before you", before);
  return [wait(step.expected_wait), place].filter(Boolean).map((words) => el("span", {}, words));
}
