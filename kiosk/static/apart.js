/** A family that splits up: who goes with whom, then group by group what each needs; and the numbers they get. */
import { el, icon } from "/static/shared/dom.js";
import { lang, LOCALES, t } from "/static/shared/i18n.js";
import { stepState, ticketState } from "/static/shared/words.js";
import { categoryName, control, memberName, serviceName, title } from "./parts.js";
import { go, render } from "./screen.js";
import { here } from "./model.js";

/**
 * @import { Member, Relatives, Visit } from "api"
 * @import { Actions } from "./actions.js"
 * @import { Here, Model } from "./model.js"
 */

const MOST = 3; // groups of one family on one screen

/**
 * Names of some of the family, as one says them: "Amina and Driss". Digits and letters of each script stay in their own order.
 * @param {Pick<Member, "party">} member
 * @param {string[]} ids
 */
export function names(member, ids) {
  const wanted = new Set(ids);
  const list = (member.party ?? []).filter((person) => wanted.has(person.id)).map(memberName);
  return new Intl.ListFormat(LOCALES[lang()], { type: "conjunction" }).format(list);
}

/** From who is here to who goes with whom; two people need not be asked. */
export function toApart() {
  const session = here();
  const me = session.member.party.find((person) => person.self)?.id;
  if (me) session.present.add(me);
  // Whoever showed the card keeps the visit; the others begin as a group of their own.
  session.places = new Map([...session.present].map((id) => [id, id === me ? 0 : 1]));
  if (session.present.size === 2) toGroups();
  else go("apart");
}

/**
 * The next of the groups for one of the family.
 * @param {string} id
 */
export function moveOn(id) {
  const { places, present } = here();
  const groups = Math.min(MOST, present.size);
  places.set(id, ((places.get(id) ?? 0) + groups - 1) % groups);
  render();
}

/** From the groups to the services of the first. */
export function toGroups() {
  const session = here();
  const found = Array.from({ length: MOST }, (_, place) =>
    [...session.places].filter(([, at]) => at === place).map(([id]) => id),
  );
  const groups = found.filter((party) => party.length);
  session.groups = groups.length > 1 ? groups.map((party) => ({ party, selected: new Set() })) : null;
  session.group = 0;
  session.selected = session.groups?.[0].selected ?? new Set();
  session.notice = "";
  go("services");
}

/**
 * To the services of another group.
 * @param {number} place
 */
export function toGroup(place) {
  const session = here();
  session.group = place;
  session.selected = session.groups?.[place].selected ?? new Set();
  session.notice = "";
  go("services");
}

/** Nobody goes apart after all. */
export function together() {
  Object.assign(here(), { groups: null, group: 0, places: null, selected: new Set() });
}

/** "Who goes with whom?" */
export const apart = {
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  stage(model, actions) {
    const { member, present, places } = model.session;
    return [
      title(t("Who goes with whom?")),
      el("p", { class: "lead" }, t("Touch a name to change its group. Each group gets its own number and ticket.")),
      el(
        "ul",
        { class: "people reach" },
        member.party
          .filter((person) => present.has(person.id))
          .map((person) => {
            const place = places.get(person.id) ?? 0;
            return el(
              "li",
              { dataset: { key: person.id } },
              el(
                "button",
                {
                  class: `person person-group-${place + 1}`,
                  type: "button",
                  disabled: person.self,
                  dataset: { member: person.id, group: String(place + 1) },
                  onclick: () => actions.moveOn(person.id),
                },
                el("span", { class: "group number", "aria-hidden": "true" }, String(place + 1)),
                el(
                  "span",
                  { class: "person-words" },
                  el("strong", {}, memberName(person)),
                  el(
                    "span",
                    { class: "muted" },
                    [
                      t("Group {n}", { n: place + 1 }),
                      person.self ? t("you") : categoryName(model, person.category),
                    ].join(" · "),
                  ),
                ),
              ),
            );
          }),
      ),
    ];
  },
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  controls(_model, actions) {
    return [
      control("secondary", "back", t("Back"), actions.backToFamily, { iconName: "arrow-left" }),
      control("primary", "continue", t("Continue"), actions.toGroups, { iconName: "arrow-right" }),
    ];
  },
};

/** Each group's number, who it is, where to go, its ticket. */
export const numbers = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { visit } = model.session;
    return [
      title(t("Your numbers")),
      el(
        "p",
        { class: "lead" },
        t("Each group is called by its own number. Show a card here to see where the others are."),
      ),
      el(
        "ul",
        { class: "numbers" },
        [visit, ...visit.family].map((one) => numberCard(model, one)),
      ),
    ];
  },
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  controls(_model, actions) {
    return [control("primary", "done", t("Close"), actions.forget, { iconName: "check" })];
  },
};

/**
 * @param {Here} model
 * @param {Relatives | Visit} visit
 */
function numberCard(model, visit) {
  const { member, codes, late } = model.session;
  const paper = visit.ticket && ticketState(visit.ticket.state, "", late);
  const code = paper && ["trouble", "late"].includes(paper.kind) && codes.get(visit.id);
  return el(
    "li",
    { class: "number-card", dataset: { key: visit.id, visit: String(visit.number) } },
    el("p", { class: "number-of number", dataset: { testid: "number" } }, visit.number),
    el(
      "div",
      { class: "number-words" },
      el("p", { class: "number-names" }, names(member, visit.party)),
      el("p", {}, whereabouts(model, visit)),
      paper
        ? el(
            "p",
            {
              class: paper.kind === "trouble" ? "banner banner-trouble" : "number-paper muted",
              role: paper.kind === "trouble" ? "alert" : "status",
              dataset: { testid: "ticket", ticket: visit.ticket?.state },
            },
            icon(paper.kind === "trouble" ? "printer-x" : paper.kind === "good" ? "ticket-check" : "printer"),
            el("span", {}, paper.what),
          )
        : null,
    ),
    code
      ? el("img", {
          class: "qr",
          src: code,
          alt: t("The code of your visit, to be photographed"),
          dataset: { testid: "qr" },
        })
      : null,
  );
}

/**
 * Where a visit is, in a few words, for the others of its family.
 * @param {Model} model
 * @param {Relatives | Visit} visit
 */
export function whereabouts(model, visit) {
  const next = visit.next ?? { kind: "wait" };
  const service = serviceName(model, next.service);
  if (visit.state === "left") return t("has left");
  switch (next.kind) {
    case "serving":
      return t("now at: {service}", { service });
    case "go":
      return t("on the way to zone {zone}: {service}", { zone: next.zone, service });
    case "held":
      return t("The place is kept");
    case "done":
      return t("has finished");
    default:
      return next.service ? t("waits, first probably: {service}", { service }) : stepState("waiting");
  }
}

/**
 * The others of the family, on the screen of who comes back; each leads to its own. With the controls low down they are at the foot.
 * @param {Here} model
 * @param {Actions} actions
 */
export function relatives(model, actions) {
  const { visit, member, pending } = model.session;
  if (!visit.family?.length || !model.session.relatives || model.name !== "returning") return null;
  const low = model.modes.low;
  return el(
    "ul",
    { class: "relatives", "aria-label": t("Your family"), dataset: { key: "relatives" } },
    visit.family.map((one) => {
      const words = [
        el("strong", { class: "number" }, one.number),
        el(
          "span",
          { class: "relative-words" },
          el("span", {}, names(member, one.party)),
          el("span", { class: "muted" }, whereabouts(model, one)),
        ),
      ];
      const about = { dataset: { relative: String(one.number), key: one.id } };
      return el(
        "li",
        {},
        low
          ? el("div", { class: "relative", ...about }, words)
          : el(
              "button",
              {
                class: "btn btn-secondary relative",
                type: "button",
                disabled: Boolean(pending),
                onclick: () => actions.showRelative(one.id),
                ...about,
              },
              words,
              icon("arrow-right"),
            ),
      );
    }),
  );
}

/**
 * The same as buttons for the foot, with the controls low down.
 * @param {Here} model
 * @param {Actions} actions
 */
export function relativeControls(model, actions) {
  const { visit, pending } = model.session;
  if (!model.modes.low || !model.session.relatives) return [];
  return (visit.family ?? []).map((one) =>
    control(
      "secondary",
      `relative-${one.number}`,
      t("Number {n}", { n: one.number }),
      () => actions.showRelative(one.id),
      { iconName: "users", disabled: Boolean(pending) },
    ),
  );
}

/**
 * Whether one of the others could do the same now.
 * @param {Visit} visit
 */
export const othersInside = (visit) => (visit.family ?? []).some((one) => one.state === "open" || one.state === "held");
