/** A visit on the desk: number, where it stands, its ticket, and what can be done about it. */
import { el, icon, zoneSign } from "/static/shared/dom.js";
import { clock, NAMES, pick, t, tn } from "/static/shared/i18n.js";
import { wait } from "/static/shared/waits.js";
import { serviceState, stepState } from "/static/shared/words.js";
import { nameOrNone, newCard } from "./card.js";
import { placeOf } from "./model.js";
import { placeInQueues } from "./remember.js";
import { ticketForStaff, visitState } from "./staff_words.js";

/**
 * @import { Ticket } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Actions } from "./actions.js"
 * @import { Found, Model } from "./model.js"
 */

const OVER = new Set(["served", "no_show", "cancelled", "transferred"]);
const OPEN_PAPER = new Set(["failed", "uncertain", "queued"]);

/**
 * The whole panel. `model` is the page's state, `actions` what its buttons do.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
export function visitPanel(found, model, actions) {
  const { visit } = found;
  return el(
    "section",
    {
      class: "visit card",
      "aria-labelledby": "visit-name",
      "data-testid": "visit",
      "data-key": `${visit.id}-${visit.state === "choosing"}`,
      dataset: { state: visit.state },
    },
    head(found, model),
    placeInQueues(found, model, actions),
    visit.state === "choosing"
      ? chooser(found, model, actions)
      : [
          visit.state === "left" ? gone(model, actions) : advice(found, model),
          relatives(found, model, actions),
          visit.ticket ? ticket(found, visit.ticket, model, actions) : null,
          steps(found, model),
        ],
    foot(found, model, actions),
  );
}

/**
 * @param {Found} found
 * @param {Model} model
 */
function head(found, model) {
  const { visit, member, firstSeen, outcome } = found;
  const category = model.venue?.categories.get(visit.category ?? "");
  return el(
    "header",
    { class: "visit-head" },
    visit.number === null
      ? el("p", { class: "visit-none" }, t("No number yet"))
      : el(
          "p",
          {
            class: "visit-number number",
            "data-testid": "number",
            "aria-label": t("Number {n}", { n: String(visit.number) }),
          },
          String(visit.number),
        ),
    el(
      "div",
      { class: "visit-who" },
      el("h2", { id: "visit-name" }, nameOrNone(member.display_name)),
      member.display_name.la === member.display_name.ar
        ? null
        : el("p", { class: "visit-latin", lang: "fr" }, el("bdi", {}, member.display_name.la)),
      el(
        "p",
        { class: "muted" },
        [
          category ? pick(category.name) : "",
          visitState(visit.state),
          NAMES[visit.locale],
          visit.party.length > 1 ? tn("party of {n}", "party of {n}", visit.party.length) : "",
        ]
          .filter(Boolean)
          .join(" · "),
      ),
      el(
        "p",
        { class: "muted", "data-testid": "first-seen" },
        outcome === "admitted"
          ? t("Just let in.")
          : t("First seen today at {time}", { time: clock(firstSeen ?? visit.created_at) }),
      ),
    ),
  );
}

/**
 * What to tell the visitor now.
 * @param {Found} found
 * @param {Model} model
 */
function advice(found, model) {
  const { next } = found.visit;
  const service = model.venue?.services.get(next.service ?? "");
  const name = service ? pick(service.name) : "";
  const place = next?.counter_label ? ` · ${t("Counter {counter}", { counter: next.counter_label })}` : "";
  const say = (/** @type {Child} */ picture, /** @type {string} */ words, more = "") =>
    el(
      "div",
      { class: "advice", "data-testid": "advice", dataset: { next: next?.kind ?? "" } },
      picture,
      el("p", {}, el("strong", {}, words), more),
    );
  switch (next?.kind) {
    case "go":
      return say(
        zoneSign(model.venue?.zones.get(next.zone ?? ""), "2.4em"),
        t("Go to zone {zone}: {service}", { zone: next.zone, service: name }),
        place,
      );
    case "serving":
      return say(
        zoneSign(model.venue?.zones.get(next.zone ?? ""), "2.4em"),
        t("It is your turn: {service}", { service: name }),
        place,
      );
    case "held":
      return say(icon("clock"), t("We keep your place"));
    case "done":
      return say(icon("circle-check"), t("You have finished. Thank you for coming."));
    default:
      return say(
        icon("bell-ring"),
        t("We will call you"),
        name ? ` · ${t("First probably: {service}", { service: name })}` : "",
      );
  }
}

/**
 * A visit that has left: by mistake, it can be opened again.
 * @param {Model} model
 * @param {Actions} actions
 */
function gone(model, actions) {
  return el(
    "div",
    { class: "advice", "data-testid": "advice", dataset: { next: "left" } },
    icon("log-out"),
    el("p", {}, el("strong", {}, t("This visit has ended."))),
    openAgain(model, actions.reopen),
  );
}

/**
 * The button that opens a visit again.
 * @param {Model} model
 * @param {() => void} press
 */
export function openAgain(model, press) {
  return el(
    "button",
    { class: "btn btn-secondary", type: "button", disabled: model.busy, onclick: press, "data-testid": "reopen" },
    icon("undo-2"),
    el("span", {}, t("Left by mistake: open it again")),
  );
}

/**
 * The other visits of a family that split up; each can be opened.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
function relatives(found, model, actions) {
  const { family } = found.visit;
  if (!family?.length) return null;
  /** @type {Record<string, string>} */
  const kind = { serving: stepState("serving"), go: stepState("headed"), wait: stepState("waiting") };
  return el(
    "div",
    { class: "buttons", "data-testid": "family", role: "group", "aria-label": t("Same family") },
    family.map((one) => {
      const service = model.venue?.services.get(one.next?.service ?? "");
      const words = [
        t("Same family: {number}", { number: String(one.number) }),
        one.state === "open" ? kind[one.next?.kind] : visitState(one.state),
        service ? pick(service.name) : "",
      ];
      return el(
        "button",
        {
          class: "btn btn-secondary btn-sm",
          type: "button",
          dataset: { relative: String(one.number), key: one.id },
          disabled: model.busy,
          onclick: () => actions.number(one.number),
        },
        icon("users"),
        words.filter(Boolean).join(" · "),
      );
    }),
  );
}

/**
 * @param {Found} found
 * @param {Model} model
 */
function steps(found, model) {
  const { visit } = found;
  return el(
    "table",
    { class: "steps" },
    el("caption", { class: "visually-hidden" }, t("Your route")),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        [t("Zone"), t("Service"), t("State"), t("Wait")].map((words) => el("th", { scope: "col" }, words)),
      ),
    ),
    el(
      "tbody",
      {},
      visit.steps.map((step) => {
        const service = model.venue?.services.get(step.service);
        const ahead =
          step.position === null || step.position === undefined
            ? ""
            : step.position <= 1
              ? t("you are next")
              : tn("{n} person before you", "{n} people before you", step.position - 1);
        return el(
          "tr",
          {
            class: OVER.has(step.state) ? "over" : "",
            "data-key": step.id,
            dataset: { step: step.service, state: step.state },
          },
          el("td", {}, zoneSign(model.venue?.zones.get(step.zone), "1.8em")),
          el("td", {}, service ? pick(service.name) : step.service),
          el("td", {}, stepState(step.state)),
          el("td", {}, step.state === "waiting" ? [wait(step.expected_wait), ahead].filter(Boolean).join(" · ") : ""),
        );
      }),
    ),
  );
}

/**
 * @param {Found} found
 * @param {Ticket} paper
 * @param {Model} model
 * @param {Actions} actions
 */
// size: one panel, written as it is read
function ticket({ visit }, paper, model, actions) {
  const { kind, what, todo } = ticketForStaff(paper, placeOf(paper.printer));
  const look = { busy: "banner", good: "banner banner-good", trouble: "banner banner-trouble" }[kind];
  return el(
    "div",
    { class: "paper" },
    el(
      "div",
      {
        class: look,
        role: kind === "trouble" ? "alert" : "status",
        "data-testid": "ticket",
        dataset: { ticket: paper.state },
      },
      icon(kind === "trouble" ? "printer-x" : kind === "good" ? "ticket-check" : "printer"),
      el("p", {}, el("strong", {}, what), todo ? " " : "", todo),
    ),
    el(
      "div",
      { class: "buttons" },
      el(
        "button",
        {
          class: "btn btn-primary",
          type: "button",
          "data-testid": "reprint",
          disabled: model.busy || visit.state === "left",
          onclick: actions.reprint,
        },
        icon("printer"),
        t("Print again here"),
      ),
      OPEN_PAPER.has(paper.state)
        ? el(
            "button",
            {
              class: "btn btn-secondary",
              type: "button",
              "data-testid": "handed-over",
              disabled: model.busy,
              onclick: actions.handOver,
            },
            icon("hand"),
            t("The visitor has the number"),
          )
        : null,
      el(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          "data-testid": "show-code",
          "aria-expanded": String(Boolean(model.code)),
          onclick: actions.showCode,
        },
        icon("qr-code"),
        t("Code to photograph"),
      ),
    ),
    model.code
      ? el("img", {
          class: "code",
          src: model.code,
          alt: t("The code of your visit, to be photographed"),
          "data-testid": "code",
        })
      : null,
  );
}

/**
 * Choosing for somebody who stands at the desk: the number comes with the first service.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
function chooser(found, model, actions) {
  const list = model.services ?? [];
  const category = found.visit.category ?? "";
  return el(
    "form",
    {
      class: "chooser",
      onsubmit(event) {
        event.preventDefault();
        actions.choose();
      },
    },
    el(
      "fieldset",
      {},
      el("legend", {}, t("What has the visitor come for?")),
      list.map((service) => {
        const closed =
          serviceState(service) ||
          (service.categories.length > 0 && !service.categories.includes(category) ? t("not for your category") : "");
        return el(
          "label",
          { class: `choice${closed ? " choice-closed" : ""}` },
          el("input", {
            type: "checkbox",
            disabled: Boolean(closed),
            checked: model.chosen.has(service.id),
            dataset: { service: service.id },
            onchange: ({ target }) => actions.tick(service.id, target.checked),
          }),
          el("span", { class: "choice-name" }, pick(service.name)),
          el("span", { class: "muted" }, closed || wait(service.expected_wait)),
        );
      }),
    ),
    el(
      "button",
      {
        class: "btn btn-primary",
        type: "submit",
        "data-testid": "give-number",
        disabled: model.busy || model.chosen.size === 0,
      },
      icon("ticket"),
      t("Give the number and print"),
    ),
  );
}

/**
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
function foot({ member }, model, actions) {
  const self = member.party?.find((one) => one.self);
  if (!self) return null;
  return el("footer", { class: "visit-foot" }, newCard(model, actions, self.id));
}
