/**
 * The arrival kiosk. One page, one visitor at a time; nothing about a visitor outlives their session (no storage, no URL, no history).
 *
 * A scan or a typed code goes to POST /scans; the answer decides what is shown. `document.body.dataset.state` says which state it is:
 *
 *   attract    nobody there: "show your card"            [data-testid=open-keypad] opens the keypad
 *   waiting    a request takes longer than a blink        [data-testid=cancel]
 *   greeting   "Welcome", a moment                        [data-testid=continue]
 *   family     who is here                                [data-member=<member id>] toggles, [data-testid=continue], [data-testid=cancel]
 *   services   what for                                   [data-service=<service id>] toggles, [data-testid=confirm], [data-testid=back],
 *                                                         [data-testid=notice] what was refused
 *   result     the number, where to go, the ticket        [data-testid=number], [data-testid=next][data-next=go|wait|…],
 *                                                         [data-testid=ticket][data-ticket=<state>], [data-step=<service id>],
 *                                                         [data-testid=qr] when there is no paper, [data-testid=reprint],
 *                                                         [data-testid=change], [data-testid=done]
 *   returning  the same for who comes back                as result, without the ticket; [data-testid=reprint]
 *   refused    what happened, what to do                  body[data-reason=<reason or problem code>], [data-testid=done]
 *
 * Over any of them: the keypad (dialog#keypad: [data-testid=code-input], [data-letter=B]…, [data-testid=erase], [data-testid=send-code],
 * [data-testid=close-keypad]) and the idle warning (dialog#idle: [data-testid=more-time], [data-testid=finish]).
 * The language switch is [data-language=ar|fr|zgh|en]; [data-testid=title] is each screen's question or answer.
 */
import { get, image, Problem, post, put, uuid } from "/static/shared/api.js";
import { el, icon, meta, patch, preloadIcons, replace } from "/static/shared/dom.js";
import { isolate, lang, LANGUAGES, load, pick, t, tn, use, useTimezone } from "/static/shared/i18n.js";
import { watch } from "/static/shared/live.js";
import { serviceRefusal } from "/static/shared/words.js";
import * as attract from "./attract.js";
import { watchIdle } from "./idle.js";
import { openKeypad } from "./keypad.js";
import { head } from "./parts.js";
import { family, greeting } from "./people.js";
import { refused, waiting } from "./refused.js";
import * as result from "./result.js";
import { listen } from "./scanner.js";
import * as services from "./services.js";

const STATION = meta("station");
const HOME = document.documentElement.lang || LANGUAGES[0];
const BLINK = 300; // milliseconds a request may take before the screen says "one moment"
const GREETING = 1600; // milliseconds the greeting stays when nobody touches it
const TICKET = 1000; // milliseconds between two questions about the ticket
const REPEAT = 2000; // milliseconds in which the same code again is the scanner's own repetition
const OVER = ["served", "cancelled", "transferred"];

const views = { attract, waiting, greeting, family, services, result, returning: result, refused };

/** Everything on the screen follows from this. `session` holds the visitor and is dropped whole. */
const model = {
  name: "attract",
  station: STATION,
  venue: null,
  live: null,
  liveState: "live",
  ownPrinter: null,
  zones: new Map(),
  services: new Map(),
  booths: new Map(),
  categories: new Map(),
  session: null,
};

const parts = Object.fromEntries(["head", "stage", "controls", "keypad", "idle", "said"].map((id) => [id, document.getElementById(id)]));
let keypad = null;
let chosenByHand = false; // the language was chosen on the attract screen, before the card was shown

// ---------------------------------------------------------------------------------------------------- drawing

function render() {
  const view = views[model.name];
  patch(parts.head, head(model, actions));
  patch(parts.stage, view.stage(model, actions));
  patch(parts.controls, view.controls(model, actions));
}

/** Changes to another state: draws it, says its title aloud, gives it the focus. */
function go(name) {
  model.name = name;
  document.body.dataset.state = name;
  const trouble = model.session?.trouble;
  if (name === "refused" && trouble) document.body.dataset.reason = trouble.reason ?? trouble.code;
  else delete document.body.dataset.reason;
  for (const part of [parts.stage, parts.controls]) replace(part);
  render();
  parts.stage.scrollTop = 0;
  const heading = parts.stage.querySelector("h1");
  parts.said.textContent = name === "attract" ? "" : (heading?.textContent ?? "");
  if (!document.querySelector("dialog[open]")) heading?.focus({ preventScroll: true });
  idle.poke();
}

// ---------------------------------------------------------------------------------------------------- a visitor

/** Starts over with nobody; whatever is still under way may finish, but shows nothing any more. */
function begin(code) {
  model.session?.stop.abort();
  closeDialogs();
  model.session = {
    code,
    at: performance.now(),
    stop: new AbortController(),
    attempts: 0,
    pending: null,
    member: null,
    visit: null,
    family: false,
    present: new Set(),
    selected: new Set(),
    changing: false,
    notice: "",
    trouble: null,
    qr: null,
    following: false,
  };
  const { session } = model;
  session.stop.signal.addEventListener("abort", () => session.qr && URL.revokeObjectURL(session.qr));
  return session;
}

function closeDialogs() {
  keypad?.close();
  keypad = null;
  if (parts.idle.open) parts.idle.close();
  replace(parts.idle);
}

/** Forgets the visitor and everything about them. */
function forget() {
  model.session?.stop.abort();
  model.session = null;
  chosenByHand = false;
  closeDialogs();
  getSelection()?.removeAllRanges();
  go("attract");
  if (lang() !== HOME) use(HOME);
}

async function scan(code) {
  const running = model.session;
  if (running?.code === code) {
    // Scanners repeat themselves, and people show their card twice: neither loses what is half done.
    const unsaved = ["greeting", "family", "services", "waiting"].includes(model.name);
    if (unsaved || performance.now() - running.at < REPEAT) return idle.poke();
  }
  const session = begin(code);
  session.pending = "scan";
  idle.poke();
  // Another visitor's data leaves the screen at once; on an empty screen a quick answer needs no "one moment".
  if (running) go("waiting");
  const blink = setTimeout(() => mine(session) && go("waiting"), BLINK);
  try {
    const answer = await post("/scans", { code }, { id_field: "scan_id", id: uuid(), signal: session.stop.signal, onWaiting: (n) => slow(session, n) });
    if (mine(session)) await admit(session, answer);
  } catch (error) {
    fail(session, error);
  } finally {
    clearTimeout(blink);
    if (mine(session) && session.pending === "scan") session.pending = null;
  }
}

async function admit(session, { outcome, reason, visit, member }) {
  session.pending = null;
  if (outcome === "refused") {
    session.trouble = { reason };
    go("refused");
    return;
  }
  session.member = member;
  session.visit = visit;
  session.family = (member.party?.length ?? 0) > 1;
  for (const person of member.party ?? []) if (person.present || person.self) session.present.add(person.id);
  if (!chosenByHand && LANGUAGES.includes(member.locale) && member.locale !== lang()) await use(member.locale);
  if (!mine(session)) return;
  if (visit.number !== null && visit.number !== undefined) {
    for (const id of visit.party ?? []) session.present.add(id);
    go("returning");
  } else if (session.family) {
    go("family");
  } else {
    go("greeting");
    setTimeout(() => mine(session) && model.name === "greeting" && actions.toServices(), GREETING);
  }
}

async function confirm() {
  const { session } = model;
  if (!session || session.pending || !session.selected.size) return;
  session.pending = "choose";
  session.notice = "";
  render();
  const kept = (session.visit.steps ?? []).filter((step) => services.locked(session.visit, step.service)?.id === step.id).map((step) => step.service);
  const body = { services: [...new Set([...kept, ...session.selected])], locale: lang() };
  if (session.family) body.party = [...session.present];
  const before = model.name;
  try {
    // Not tied to the session: a choice that was confirmed arrives even if the next visitor is already there.
    const visit = await put(`/visits/${encodeURIComponent(session.visit.id)}/services`, body, { onWaiting: (n) => slow(session, n) });
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    session.changing = false;
    go("result");
    followTicket(session);
  } catch (error) {
    session.pending = null;
    if (mine(session) && error instanceof Problem && error.code === "services_refused") {
      if (model.name !== before) go(before);
      refuseServices(session, error.body.refused ?? []);
    } else {
      fail(session, error);
    }
  }
}

/** Some services can't be had: says which and why; the others stay ticked. */
function refuseServices(session, list) {
  const named = list.map(({ service, reason }) => `${isolate(pick(model.services.get(service)?.name ?? service))} (${serviceRefusal(reason)})`);
  for (const { service } of list) session.selected.delete(service);
  session.notice = t("Not possible any more: {services}. The rest stays as you ticked it.", { services: named.join(", ") });
  render();
}

/** Asks how the paper is doing until it is out; a ticket that failed may still come out of the neighbour's printer. */
async function followTicket(session) {
  if (session.following) return;
  session.following = true;
  const lost = () => ["failed", "uncertain", "cancelled"].includes(session.visit.ticket.state);
  while (mine(session) && model.name === "result" && session.visit.ticket && session.visit.ticket.state !== "printed") {
    await new Promise((resolve) => setTimeout(resolve, lost() && session.qr ? 3 * TICKET : TICKET));
    if (!mine(session) || session.changing || model.name !== "result") break;
    try {
      const visit = await get(`/visits/${encodeURIComponent(session.visit.id)}`, { signal: session.stop.signal, retry: false });
      if (!mine(session) || model.name !== "result") break;
      session.visit = visit;
      if (lost() && !session.qr) await drawCode(session);
      render();
    } catch {
      // Away for a moment: the number is on the screen, the question is asked again.
    }
  }
  session.following = false;
}

/** Fetches the visit's code, to be photographed in place of a ticket. */
async function drawCode(session) {
  const qr = await image(`/visits/${encodeURIComponent(session.visit.id)}/qr`, { signal: session.stop.signal });
  if (mine(session)) session.qr = qr;
  else URL.revokeObjectURL(qr);
}

/** Prints the ticket once more, because somebody asked for it: the number stays, the paper says that it is a duplicate. */
async function reprint() {
  const { session } = model;
  if (!session || session.pending) return;
  session.pending = "reprint";
  render();
  try {
    const visit = await post(`/visits/${encodeURIComponent(session.visit.id)}/reprint`, {}, { signal: session.stop.signal, onWaiting: (n) => slow(session, n) });
    session.pending = null;
    if (!mine(session)) return;
    session.visit = visit;
    if (model.name === "result") render();
    else go("result");
    followTicket(session);
  } catch (error) {
    session.pending = null;
    fail(session, error);
  }
}

/** The server is away: the request goes on by itself with the same id; the screen says so. */
function slow(session, attempt) {
  if (!mine(session)) return;
  session.attempts = attempt;
  if (model.name !== "waiting") go("waiting");
  else render();
}

function fail(session, error) {
  if (!mine(session) || error?.name === "AbortError") return;
  if (!(error instanceof Problem)) console.error(error);
  session.trouble = { reason: null, code: error.code ?? "internal", errorId: error.body?.error_id };
  go("refused");
}

const mine = (session) => model.session === session;

// ---------------------------------------------------------------------------------------------------- what buttons do

const actions = {
  forget,
  confirm,
  reprint,
  language(code) {
    if (!model.session) chosenByHand = true;
    idle.poke();
    use(code);
  },
  openKeypad() {
    keypad = openKeypad(parts.keypad, scan);
  },
  togglePerson(id) {
    toggle(model.session.present, id);
    render();
  },
  toggleService(id) {
    toggle(model.session.selected, id);
    model.session.notice = "";
    render();
  },
  toServices() {
    const { session } = model;
    if (!session || (session.family && !session.present.size)) return;
    go("services");
  },
  change() {
    const { session } = model;
    session.changing = true;
    session.selected = new Set(session.visit.steps.filter((step) => !OVER.includes(step.state) && !services.locked(session.visit, step.service)).map((step) => step.service));
    go("services");
  },
  back() {
    const { session } = model;
    if (session.changing) {
      session.changing = false;
      session.notice = "";
      go("returning");
    } else if (session.family) go("family");
    else forget();
  },
};

function toggle(set, id) {
  if (!set.delete(id)) set.add(id);
}

// ---------------------------------------------------------------------------------------------------- idle

const idle = watchIdle({
  busy: () => (!model.session && !keypad?.open && !parts.keypad.open && lang() === HOME) || Boolean(model.session?.pending),
  onWarn(left) {
    if (!model.session) return; // nobody to ask: the keypad or another language was left behind
    patch(
      parts.idle,
      el(
        "div",
        { class: "idle" },
        icon("hourglass"),
        el("h2", {}, t("Do you need more time?")),
        // TRANSLATORS: what is on the screen is removed; the place in the queues is kept.
        el("p", { class: "lead" }, tn("This screen is cleared in {n} second. Your place is safe.", "This screen is cleared in {n} seconds. Your place is safe.", left)),
        el(
          "div",
          { class: "idle-foot" },
          el("button", { class: "btn btn-secondary btn-lg", type: "button", onclick: forget, dataset: { testid: "finish" } }, t("I have finished")),
          el("button", { class: "btn btn-primary btn-lg", type: "button", onclick: () => idle.poke(), dataset: { testid: "more-time" } }, t("Yes, more time")),
        ),
      ),
    );
    if (!parts.idle.open) {
      parts.idle.showModal();
      parts.idle.querySelector("[data-testid=more-time]").focus();
    }
  },
  onCalm() {
    if (parts.idle.open) parts.idle.close();
    replace(parts.idle);
  },
  onGone: forget,
});

// ---------------------------------------------------------------------------------------------------- start

function take(data) {
  model.live = data;
  for (const service of data.services) model.services.set(service.id, service);
  render();
}

async function learnVenue() {
  const venue = await get("/venue");
  const byId = (list) => new Map(list.map((one) => [one.id, one]));
  Object.assign(model, { venue, zones: byId(venue.zones), booths: byId(venue.booths), categories: byId(venue.categories) });
  for (const service of venue.services) if (!model.services.has(service.id)) model.services.set(service.id, service);
  model.ownPrinter = venue.stations?.find((one) => one.id === STATION)?.printer ?? null;
  useTimezone(venue.venue.timezone);
  preloadIcons(venue.services.map((service) => service.pictogram));
  render();
}

/** All four languages, so that a switch is immediate and the invitation stands in each; asked again until they are there. */
async function learnWords() {
  const there = await Promise.all(LANGUAGES.map(load));
  render();
  if (!there.every(Boolean)) setTimeout(learnWords, 3000);
}

listen(window, scan);
// While the warning is up its own buttons decide: it must not vanish under the finger that is about to press one.
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => parts.idle.open || idle.poke(), { capture: true });
parts.idle.addEventListener("click", (event) => { if (event.target === parts.idle) idle.poke(); });
addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("languagechange", () => {
  render();
  keypad?.redraw();
});
parts.keypad.addEventListener("close", () => { keypad = null; });
parts.idle.addEventListener("cancel", (event) => { event.preventDefault(); idle.poke(); });

// The back button leads nowhere, and a page that the browser kept comes back empty.
history.pushState(null, "");
addEventListener("popstate", () => history.pushState(null, ""));
addEventListener("pageshow", (event) => { if (event.persisted) forget(); });

preloadIcons(["check", "arrow-right", "list-checks", "hand-heart", "users", "keyboard", "bell-ring", "printer", "ticket-check", "printer-x", "hand", "concierge-bell", "circle-alert", "hourglass", "wifi-off", "circle-check", "clock", "delete", "minus"]);
await Promise.race([learnWords(), new Promise((resolve) => setTimeout(resolve, 1500))]);
go("attract");
learnVenue();
watch("kiosk", `/kiosks/${encodeURIComponent(STATION)}/snapshot`, {
  onData: take,
  onState(state) {
    model.liveState = state === "live" ? "live" : "stale";
    render();
  },
});
