/** The services are chosen and sent; what can't be had is said. */
import { post, Problem, put } from "/static/shared/api.js";
import { isolate, lang, pick, t } from "/static/shared/i18n.js";
import { serviceRefusal } from "/static/shared/refusal_words.js";
import { together, toGroup } from "./apart.js";
import { followTicket } from "./paper.js";
import { go, render } from "./screen.js";
import { locked, standsOpen } from "./services.js";
import { fail, forget, slow } from "./session.js";
import { here, mine, model } from "./model.js";

/**
 * @import { ChooseBody } from "api"
 * @import { Session, Wanted } from "./model.js"
 */

const OVER = ["served", "cancelled", "transferred"];

/** Goes on to the tiles, once somebody is here. */
export function toServices() {
  const session = here();
  if (!session || (session.family && !session.present.size)) return;
  if (session.groups) together();
  go("services");
}

/**
 * Asks for the card: a ticket is not enough for this, or the card was shown too long ago. What was ticked is kept.
 * @param {"change" | "leave" | "choose"} action
 */
export function askCard(action) {
  const session = here();
  const { selected, present, groups, group, places, changing } = session;
  const ticked = { selected, present, groups, group, places, changing };
  session.wanted = { visit: session.visit.id, action, ticked };
  go("card");
}

/**
 * The card was shown: goes on where it was asked for.
 * @param {Wanted} wanted
 */
export function goOn({ action, ticked }) {
  const session = here();
  session.wanted = null;
  if (action === "leave") {
    go("leave");
  } else if (action === "change") {
    change();
  } else {
    Object.assign(session, ticked);
    go("services");
    void takeNumber();
  }
}

/** A visitor who has a number changes what they want. */
export function change() {
  const session = here();
  if (!session.member) return askCard("change");
  session.changing = true;
  session.selected = new Set(
    session.visit.steps
      .filter((step) => !OVER.includes(step.state) && !locked(session.visit, step.service))
      .map((step) => step.service),
  );
  go("services");
}

/** One screen back from the tiles. */
export function back() {
  const session = here();
  if (session.changing) {
    session.changing = false;
    session.notice = "";
    go("returning");
  } else if (session.groups && session.group > 0) toGroup(session.group - 1);
  else if (session.groups && session.present.size > 2) go("apart");
  else if (session.relatives) go("family");
  else if (session.family) go("company");
  else forget();
}

/** From the groups back to who is here: nothing has been said of services yet. */
export function backToFamily() {
  together();
  go("family");
}

/** From the tiles on: a family that splits up goes from group to group; of several services a route is proposed first; one alone, or a changed choice, needs none. */
export async function confirm() {
  const session = here();
  if (!session || session.pending || !session.selected.size) return;
  if (session.groups) return session.group + 1 < session.groups.length ? toGroup(session.group + 1) : takeNumber();
  if (session.changing || session.selected.size === 1 || !standsOpen(model)) return takeNumber();
  session.pending = "route";
  session.notice = "";
  render();
  try {
    const body = { services: [...session.selected], ...(session.family ? { party: [...session.present] } : {}) };
    session.route = (
      await post(`/visits/${encodeURIComponent(session.visit.id)}/route`, body, {
        signal: session.stop.signal,
        retry: false,
      })
    ).route;
    session.pending = null;
    if (mine(session)) go("route");
  } catch (error) {
    session.pending = null;
    if (!mine(session)) return;
    if (error instanceof Problem && error.code === "services_refused")
      refuseServices(session, error.body.refused ?? []);
    // A proposal that can't be had keeps nobody from their number.
    else return takeNumber();
  }
}

/** From the proposed route back to the tiles, with all that was ticked. */
export function backToServices() {
  go("services");
}

/** Sends the choice; the first one gives the number and prints the ticket. */
export async function takeNumber() {
  const session = here();
  if (!session || session.pending || !session.selected.size) return;
  session.pending = "choose";
  session.notice = "";
  render();
  const kept = (session.visit.steps ?? [])
    .filter((step) => locked(session.visit, step.service)?.id === step.id)
    .map((step) => step.service);
  /** @type {Omit<ChooseBody, "command_id">} */
  const body = {
    services: [...new Set([...kept, ...session.selected])],
    locale: /** @type {ChooseBody["locale"]} */ (lang()),
  };
  if (session.family) body.party = [...session.present];
  if (session.groups) {
    const [own, ...others] = session.groups.map(({ party, selected }) => ({ party, services: [...selected] }));
    Object.assign(body, own, { keep_together: false, apart: others });
  }
  const before = model.name;
  try {
    // Not tied to the session: a choice that was confirmed arrives even if the next visitor is already there.
    const visit = await put(`/visits/${encodeURIComponent(session.visit.id)}/services`, body, {
      onWaiting: (n) => slow(session, n),
    });
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    session.changing = false;
    session.present = new Set(visit.party);
    go(session.groups ? "numbers" : "result");
    session.groups = null;
    followTicket(session);
  } catch (error) {
    session.pending = null;
    if (mine(session) && error instanceof Problem && error.code === "card_needed") askCard("choose");
    else if (mine(session) && error instanceof Problem && error.code === "services_refused") {
      if (session.groups) toGroup(error.body.group ?? 0);
      else if (model.name !== before || before === "route") go("services");
      refuseServices(session, error.body.refused ?? []);
    } else {
      fail(session, error);
    }
  }
}

/**
 * Some services can't be had: says which and why; the others stay ticked.
 * @param {Session} session
 * @param {{service: string, reason: string}[]} list
 */
function refuseServices(session, list) {
  const named = list.map(
    ({ service, reason }) =>
      `${isolate(pick(model.services.get(service)?.name ?? service))} (${serviceRefusal(reason)})`,
  );
  for (const { service } of list) session.selected.delete(service);
  session.notice = t("Not possible any more: {services}. The rest stays as you ticked it.", {
    services: named.join(", "),
  });
  render();
}
