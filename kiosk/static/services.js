/** What did you come for: one tile a service. */
import { el, icon } from "/static/shared/dom.js";
import { clock, pick, t, tn } from "/static/shared/i18n.js";
import { serviceState, stepState } from "/static/shared/words.js";
import { names } from "./apart.js";
import { boothName, control, memberName, sign, title, waitSpan } from "./parts.js";

/**
 * @import { Service, Visit } from "api"
 * @import { Actions } from "./actions.js"
 * @import { Here, Visitor } from "./model.js"
 */

const SOON = 60 * 60_000; // milliseconds before a service's last ticket in which its time is said
const FEW = 20; // places left from which on their number is said

/**
 * Middle of the screen.
 * @param {Here} model
 * @param {Actions} actions
 */
export function stage(model, actions) {
  const { session } = model;
  const group = session.groups?.[session.group];
  const name = group
    ? t("Group {n} of {all}", { n: session.group + 1, all: session.groups?.length })
    : memberName(session.member);
  return [
    name ? el("p", { class: "eyebrow" }, name) : null,
    title(
      group
        ? t("Services for {names}", { names: names(session.member, group.party) })
        : session.changing
          ? t("What do you still need?")
          : t("What did you come for?"),
    ),
    session.notice
      ? el(
          "p",
          { class: "banner banner-trouble", role: "alert", dataset: { testid: "notice", key: "notice" } },
          icon("circle-alert"),
          session.notice,
        )
      : el(
          "p",
          { class: "lead", dataset: { key: "lead" } },
          t("Tick all you need: you wait in all the queues at the same time."),
        ),
    el(
      "ul",
      { class: "tiles reach", dataset: { many: String((model.live?.services.length ?? 0) > 8) } },
      (model.live?.services ?? []).map((service) => tile(model, actions, service)),
    ),
  ];
}

/**
 * Foot of the screen: the way back and the one big next.
 * @param {Here} model
 * @param {Actions} actions
 */
export function controls(model, actions) {
  const { session } = model;
  const n = session.selected.size;
  const busy = Boolean(session.pending);
  const more = session.groups && session.group + 1 < session.groups.length;
  const words = busy
    ? t("One moment…")
    : n && session.groups
      ? more
        ? t("On to the next group")
        : t("Take our numbers")
      : session.changing
        ? t("Save my choice")
        : n > 1 && standsOpen(model)
          ? // TRANSLATORS: of several services a route is proposed before a number is given.
            t("See my route")
          : n
            ? t("Take my number")
            : t("Tick at least one service");
  return [
    control("secondary", "back", session.changing || session.family ? t("Back") : t("Cancel"), actions.back, {
      disabled: busy,
    }),
    control("primary", "confirm", words, actions.confirm, {
      disabled: busy || !n,
      iconName:
        busy || !n
          ? ""
          : more || (n > 1 && standsOpen(model) && !session.changing && !session.groups)
            ? "arrow-right"
            : "check",
      count: busy || session.changing ? 0 : n,
    }),
  ];
}

/**
 * Whether any stand is open: before, no wait can be told and no route proposed.
 * @param {Pick<Here, "live">} model
 */
export function standsOpen({ live }) {
  return live?.doors.stands_open ?? true;
}

/**
 * @param {Here} model
 * @param {Actions} actions
 * @param {Service} service
 */
function tile(model, actions, service) {
  const { session } = model;
  const step = locked(session.visit, service.id);
  const chosen = session.selected.has(service.id);
  const shut = unavailable(model, service);
  const off = Boolean(step) || (Boolean(shut) && !chosen);
  const last = step || shut ? "" : lastCall(model, service);
  return el(
    "li",
    { class: "tile-holder", dataset: { key: service.id } },
    el(
      "button",
      {
        class: "tile",
        type: "button",
        disabled: off || Boolean(session.pending),
        "aria-pressed": String(chosen),
        dataset: { service: service.id, open: String(!shut), ...(step ? { step: step.state } : {}) },
        onclick: () => actions.toggleService(service.id),
      },
      el("span", { class: "tile-picture" }, icon(service.pictogram)),
      el(
        "span",
        { class: "tile-words" },
        el("strong", { class: "tile-name" }, pick(service.name)),
        el("span", { class: "tile-booth" }, partner(model, service)),
      ),
      el(
        "span",
        { class: "tile-foot" },
        sign(model, service.zone, "2em"),
        el(
          "span",
          { class: "tile-wait" },
          step
            ? stepState(step.state)
            : shut ||
                (model.liveState === "stale"
                  ? t("time unknown")
                  : standsOpen(model) && waitSpan(service.expected_wait)),
        ),
      ),
      last ? el("span", { class: "tile-last", dataset: { testid: "last-ticket" } }, icon("hourglass"), last) : null,
      el("span", { class: "tick" }, icon("check")),
    ),
    service.offers?.length ? offersButton(actions, service) : null,
  );
}

/**
 * The service's name is part of what the button is called, so that its words alone say which offers.
 * @param {Actions} actions
 * @param {Service} service
 */
function offersButton(actions, service) {
  return el(
    "button",
    {
      class: "tile-offers",
      type: "button",
      "aria-haspopup": "dialog",
      onclick: () => actions.openOffers(service.id),
      dataset: { offers: service.id },
    },
    icon("tag"),
    el("span", {}, t("Offers")),
    el("span", { class: "visually-hidden" }, ` ${pick(service.name)}`),
  );
}

/**
 * The partner whose stand it is; the stand's name where the partner has none.
 * @param {Here} model
 * @param {Service} service
 */
function partner(model, service) {
  const booth = model.booths.get(service.booth);
  return pick(booth?.partner ?? "") || boothName(model, service.booth);
}

/**
 * Why a service can't be ticked, in words, or "".
 * @param {Here} model
 * @param {Service} service
 */
function unavailable(model, service) {
  const closed = serviceState(service);
  if (closed) return closed;
  const fits =
    !service.categories?.length || categories(model.session).some((category) => service.categories.includes(category));
  return fits ? "" : t("Not for your category");
}

/**
 * The categories that may choose here: of a group that splits off anybody's, as its visit is whoever's may have it.
 * @param {Visitor} session
 */
function categories({ member, visit, groups, group }) {
  if (!groups || group === 0) return [visit?.category ?? member.category];
  return member.party.filter((person) => groups[group].party.includes(person.id)).map((person) => person.category);
}

/**
 * That places or the time for new visitors run out, in words, or "".
 * @param {Here} model
 * @param {Service} service
 */
function lastCall(model, service) {
  const { places_left: places, last_ticket_at: at } = service;
  if (places !== null && places !== undefined && places <= FEW) return tn("{n} place left", "{n} places left", places);
  if (!at || !model.live?.now) return "";
  const left = Date.parse(at) - Date.parse(model.live.now);
  return left > 0 && left <= SOON ? t("Last tickets at {time}", { time: clock(at) }) : "";
}

/**
 * A step that can't be given back any more: it is being served, or was.
 * @param {Visit | null} visit
 * @param {string} service
 */
export function locked(visit, service) {
  return (
    visit?.steps?.findLast(
      (step) => step.service === service && ["called", "serving", "served"].includes(step.state),
    ) ?? null
  );
}
