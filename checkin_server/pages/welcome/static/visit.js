/** A visit on the desk: number, where it stands, its ticket, and what can be done about it. */
import { el, icon, zoneSign } from "/static/shared/dom.js";
import { clock, NAMES, pick, t, tn } from "/static/shared/i18n.js";
import { wait } from "/static/shared/waits.js";
import { serviceState, stepState } from "/static/shared/words.js";
import { priorities, reasons, ticketForStaff, visitState } from "./staff_words.js";

const OVER = new Set(["served", "no_show", "cancelled", "transferred"]);
const OPEN_PAPER = new Set(["failed", "uncertain", "queued"]);

/** The whole panel. `model` is the page's state, `actions` what its buttons do. */
export function visitPanel(model, actions) {
  const { visit, member } = model.found;
  return el(
    "section",
    {
      class: "visit card",
      "aria-labelledby": "visit-name",
      "data-testid": "visit",
      "data-key": `${visit.id}-${visit.state === "choosing"}`,
      dataset: { state: visit.state },
    },
    head(model),
    priority(model, actions),
    visit.state === "choosing"
      ? chooser(model, actions)
      : [advice(model), relatives(model, actions), visit.ticket ? ticket(model, actions) : null, steps(model)],
    foot(model, actions, member),
  );
}

function head(model) {
  const { visit, member, firstSeen, outcome } = model.found;
  const category = model.venue?.categories.get(visit.category);
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
      el("h2", { id: "visit-name" }, el("bdi", { lang: "ar" }, member.display_name.ar)),
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
        outcome === "admitted" ? t("Just let in.") : t("First seen today at {time}", { time: clock(firstSeen) }),
      ),
    ),
  );
}

/** What to tell the visitor now. */
function advice(model) {
  const next = model.found.visit.next;
  const service = model.venue?.services.get(next?.service);
  const name = service ? pick(service.name) : "";
  const place = next?.counter_label ? ` · ${t("Counter {counter}", { counter: next.counter_label })}` : "";
  const say = (picture, words, more = "") =>
    el(
      "div",
      { class: "advice", "data-testid": "advice", dataset: { next: next?.kind ?? "" } },
      picture,
      el("p", {}, el("strong", {}, words), more),
    );
  switch (next?.kind) {
    case "go":
      return say(
        zoneSign(model.venue?.zones.get(next.zone), "2.4em"),
        t("Go to zone {zone}: {service}", { zone: next.zone, service: name }),
        place,
      );
    case "serving":
      return say(
        zoneSign(model.venue?.zones.get(next.zone), "2.4em"),
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

/** Why this visitor is called sooner, given by hand; or the reasons to choose from. */
function priority(model, actions) {
  const { visit } = model.found;
  if (visit.state === "left" || visit.state === "done") return null;
  const words = (code) => priorities().find(([one]) => one === code)?.[1] ?? code;
  if (visit.priority) {
    const { reason, minutes } = visit.priority;
    return el(
      "div",
      { class: "buttons priority", "data-testid": "priority", dataset: { reason } },
      el(
        "p",
        { class: "banner" },
        icon("user-check"),
        tn("Priority: {reason} ({n} minute sooner)", "Priority: {reason} ({n} minutes sooner)", minutes, {
          reason: words(reason),
        }),
      ),
      el(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          "data-testid": "priority-back",
          disabled: model.busy,
          onclick: () => actions.prioritise(null),
        },
        icon("undo-2"),
        t("Take the priority back"),
      ),
    );
  }
  return el(
    "div",
    { class: "priority" },
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "priority-open",
        "aria-expanded": String(model.prioritising),
        onclick: actions.askPriority,
      },
      icon("user-check"),
      t("Give priority"),
    ),
    model.prioritising
      ? [
          el(
            "p",
            { class: "muted" },
            t("Why? The visitor is called as if they had come some minutes sooner. It is kept in the log."),
          ),
          el(
            "div",
            { class: "buttons", role: "group", "aria-label": t("Give priority") },
            priorities().map(([code, said]) =>
              el(
                "button",
                {
                  class: "btn btn-secondary btn-sm",
                  type: "button",
                  dataset: { priority: code, key: code },
                  disabled: model.busy,
                  onclick: () => actions.prioritise(code),
                },
                said,
              ),
            ),
          ),
        ]
      : null,
  );
}

/** The other visits of a family that split up; each can be opened. */
function relatives(model, actions) {
  const { family } = model.found.visit;
  if (!family?.length) return null;
  const kind = { serving: stepState("serving"), go: stepState("headed"), wait: stepState("waiting") };
  return el(
    "div",
    { class: "buttons", "data-testid": "family", role: "group", "aria-label": t("Same family") },
    family.map((one) => {
      const service = model.venue?.services.get(one.next?.service);
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

function steps(model) {
  const { visit } = model.found;
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
          step.position === null
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

function ticket(model, actions) {
  const { visit } = model.found;
  const { kind, what, todo } = ticketForStaff(visit.ticket, model.place(visit.ticket.printer));
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
        dataset: { ticket: visit.ticket.state },
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
      OPEN_PAPER.has(visit.ticket.state)
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

/** Choosing for somebody who stands at the desk: the number comes with the first service. */
function chooser(model, actions) {
  const list = model.services ?? [];
  const category = model.found.visit.category;
  return el(
    "form",
    { class: "chooser", onsubmit: (event) => (event.preventDefault(), actions.choose()) },
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

function foot(model, actions, member) {
  const self = member.party?.find((one) => one.self);
  if (!self) return null;
  return el("footer", { class: "visit-foot" }, newCard(model, actions, self.id));
}

/** A new card, with the reason; then the link to its paper. */
export function newCard(model, actions, member) {
  const made = model.cards.get(member);
  if (made) {
    return el(
      "p",
      { class: "banner banner-good", role: "status" },
      icon("id-card"),
      el(
        "a",
        { class: "card-link", href: made, download: `${member}.pdf`, "data-testid": "card-pdf" },
        t("Save the new card and print it"),
      ),
      " ",
      t("The old one is refused from now on."),
    );
  }
  const open = model.cardFor === member;
  return el(
    "div",
    { class: "new-card" },
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "new-card",
        "aria-expanded": String(open),
        onclick: () => actions.askCard(open ? null : member),
      },
      icon("id-card"),
      t("Make a new card"),
    ),
    open
      ? el(
          "p",
          { class: "muted" },
          t("Check an identity document first. The member's older cards are refused from now on."),
        )
      : null,
    open &&
      el(
        "div",
        { class: "buttons" },
        reasons()
          .filter(([code]) => code !== "card_forgotten")
          .map(([code, words]) =>
            el(
              "button",
              {
                class: "btn btn-secondary btn-sm",
                type: "button",
                dataset: { cardReason: code },
                disabled: model.busy,
                onclick: () => actions.newCard(member, code),
              },
              words,
            ),
          ),
      ),
  );
}
