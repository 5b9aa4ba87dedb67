/**
 * The counter's tablet: follows `counter:<station>`, gives the counter's commands.
 *
 * For tests and for style: `<body data-state>` is signin, closed, open, called, serving or paused, and
 * `<body data-busy>` is there while a command is under way. Test ids:
 * `staff` `pin-key-0`…`pin-key-9` `pin-key-clear` `pin-key-back` `signin` `signin-trouble` `signin-lang-fr` (sign in) ·
 * `primary` (with `data-action`: open, call-next, start, finish) `recall` `no-show` `refer` `incomplete` (foot) ·
 * `number` `timer` `why` `facts` `nobody` (left) · `queue` `waiting` (right) · `counter-state` `menu` (head) ·
 * `pause` `close` `sign-out` `lang-fr` (menu) · `office-<id>` `referral-subject` `refer-finish` `incomplete-note`
 * `incomplete-finish` `sheet-close` (sheets) · `notice` `waiting-for-server` `abandon` `not-live` (messages).
 */

import { del, get, Problem } from "/static/shared/api.js";
import { el, icon, meta, patch, preloadIcons } from "/static/shared/dom.js";
import { lang, pick, t, use, useTimezone } from "/static/shared/i18n.js";
import { watch } from "/static/shared/live.js";
import { problem } from "/static/shared/words.js";
import { Commands } from "./commands.js";
import { Sheets } from "./sheets.js";
import { SignIn } from "./signin.js";
import { actionWords, foot, now, side, top } from "./view.js";

/** After an action the primary button means something else: for so long a second tap of the same finger does nothing (ms). */
const SETTLE_MS = 500;
/** How long an answered command waits for the snapshot that shows its effect before the buttons come back (ms). */
const EFFECT_MS = 1500;
const NOTICE_MS = 8000;
const VENUE_AGAIN_MS = 3000;
const LANGUAGE = "riwaq.language";

const station = meta("station");
const at = (id) => document.getElementById(id);

const state = {
  data: null,
  hall: null,
  staff: null,
  signedIn: null, // null: not known yet
  live: true,
  nobody: null,
  notice: null,
  settling: false,
  running: null,
  nowMs: Date.now(),
};
let offices = [];
let ahead = 0; // the server's clock minus ours, in ms
let effect = null; // resolves when the counter has changed

const sheets = new Sheets(at("sheet"));

const commands = new Commands(station, {
  change() {
    state.running = commands.running;
    draw();
  },
  async done(command, answer) {
    state.nobody = answer.outcome === "nobody" ? answer : null;
    if (answer.outcome !== "nobody") await changed(command);
  },
  async refused(command, refusal) {
    say(() => refusalWords(refusal));
    await changed(command);
  },
  signedOut() {
    state.signedIn = false;
    sheets.close();
  },
});

const signIn = new SignIn(at("signin"), {
  counter: () => (state.data ? counterName() : station),
  kept: () => (commands.kept ? actionWords(commands.kept.action) : ""),
  onStaff(staff) {
    state.staff = staff;
    state.signedIn = true;
    live.refresh();
    draw();
    commands.resume();
  },
});

let live = { refresh() {} };

function counterName() {
  const { counter } = state.data;
  return [pick(state.hall.booth(counter.booth).name), " · ", t("Counter {label}", { label: counter.label })];
}

function refusalWords(refusal) {
  if (refusal.code === "wrong_state" && refusal.body.state === "day_closed") return t("The day is not open. Please ask the organisers.");
  if (refusal.code === "abandoned") return t("Not sent any more. If the server had already received it, the screen shows it as soon as it answers.");
  return problem(refusal.code);
}

/** Shows a message for a while; `words` is called at each drawing, so that it follows the language. */
function say(words) {
  state.notice = { words, until: Date.now() + NOTICE_MS };
}

/** What of a snapshot a command changes. */
const standing = () => JSON.stringify([state.data?.counter.state, state.data?.current?.step, state.data?.current?.state, state.data?.current?.recalls]);

/** Waits until the snapshot shows another standing than when the command was given, so that no button acts on an old one. */
async function changed(command) {
  if (standing() !== command.standing) return;
  live.refresh();
  await new Promise((resolve) => {
    effect = resolve;
    setTimeout(resolve, EFFECT_MS);
  });
  effect = null;
}

function give(action, body) {
  state.notice = null;
  state.nobody = null;
  commands.give(action, body);
  if (commands.running) commands.running.standing ??= standing();
}

function onData(data) {
  const before = standing();
  const wasWaiting = state.data?.waiting;
  state.data = data;
  ahead = Date.parse(data.now) - Date.now();
  if (data.waiting !== wasWaiting) state.nobody = null;
  if (standing() !== before) {
    effect?.();
    settle();
    if (data.current?.state !== "serving" && at("sheet").dataset.sheet !== "menu") sheets.close();
  }
  draw();
}

function settle() {
  state.settling = true;
  clearTimeout(settle.timer);
  settle.timer = setTimeout(() => {
    state.settling = false;
    draw();
  }, SETTLE_MS);
}

function onState(how) {
  // "denied" while nobody is signed in only says so; after that it means that this tablet was cut off.
  state.live = how === "live";
  state.denied = how === "denied";
  draw();
}

async function signOut() {
  try {
    await del("/session", { retry: false });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== "no_session") {
      say(() => problem(error.code));
      draw();
      return;
    }
  }
  state.staff = null;
  state.signedIn = false;
  draw();
}

function notices() {
  const shown = [];
  const command = state.running;
  if (command?.waiting) {
    shown.push(el("div", { class: "banner", "data-key": "waiting", "data-testid": "waiting-for-server" }, icon("wifi-off"),
      el("p", {}, el("strong", {}, t("The server does not answer.")), " ", t("Your action “{action}” is kept and will be sent once, by itself.", { action: actionWords(command.action) })),
      el("button", { class: "btn btn-sm btn-quiet", type: "button", "data-testid": "abandon", onClick: () => commands.abandon() }, t("Do not send"))));
  } else if (state.denied) {
    shown.push(el("div", { class: "banner banner-trouble", "data-key": "denied" }, icon("circle-alert"), el("p", {}, problem("unauthenticated"))));
  } else if (!state.live) {
    shown.push(el("div", { class: "banner banner-notlive", "data-key": "not-live", "data-testid": "not-live" }, icon("wifi-off"),
      el("p", {}, el("strong", {}, t("Not live.")), " ", t("What you see may be out of date; we keep trying."))));
  }
  if (state.notice && state.notice.until > Date.now()) {
    shown.push(el("div", { class: "banner", role: "alert", "data-key": "notice", "data-testid": "notice" }, icon("info"), el("p", {}, state.notice.words())));
  }
  return shown;
}

function draw() {
  const signedOut = state.signedIn === false;
  signIn.show(signedOut);
  if (signedOut) signIn.draw();
  document.body.dataset.state = signedOut ? "signin" : !state.data || state.signedIn === null ? "loading" : (state.data.current?.state ?? state.data.counter.state);
  if (state.running) document.body.dataset.busy = state.running.action;
  else delete document.body.dataset.busy;
  patch(at("notices"), notices());
  if (!state.data || !state.hall) return;
  state.nowMs = Date.now() + ahead;
  at("tablet").inert = signedOut;
  patch(at("top"), top(state, { openMenu: () => sheets.menu({ data: state.data, give, signOut }) }));
  patch(at("now"), now(state));
  patch(at("side"), side(state));
  patch(at("foot"), foot(state, {
    give,
    refer: () => sheets.refer(offices, (body) => give("finish", body)),
    incomplete: () => sheets.incomplete((body) => give("finish", body)),
  }));
}

async function untilAnswered(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "no_session") return null;
      state.denied = error.code === "unauthenticated" || error.code === "forbidden";
      draw();
      await new Promise((resolve) => setTimeout(resolve, VENUE_AGAIN_MS));
    }
  }
}

function hallOf(venue) {
  const byId = (list) => {
    const known = new Map(list.map((one) => [one.id, one]));
    return (id) => known.get(id) ?? { id, name: id };
  };
  return { booth: byId(venue.booths), service: byId(venue.services), zone: byId(venue.zones), category: byId(venue.categories) };
}

async function start() {
  preloadIcons(["wifi-off", "user", "play", "check", "bell-ring", "door-open", "megaphone", "user-x"]);
  await use(localStorage.getItem(LANGUAGE) ?? lang());
  document.addEventListener("languagechange", () => {
    localStorage.setItem(LANGUAGE, lang());
    draw();
  });
  const venue = await untilAnswered(() => get("/venue"));
  useTimezone(venue.venue.timezone);
  state.hall = hallOf(venue);
  offices = venue.offices;
  live = watch(`counter:${station}`, `/counters/${encodeURIComponent(station)}/snapshot`, { onData, onState });
  const session = await untilAnswered(() => get("/session"));
  state.denied = false;
  state.staff = session?.staff ?? null;
  state.signedIn = Boolean(session);
  draw();
  if (state.signedIn) commands.resume();
  setInterval(draw, 1000);
}

start();
