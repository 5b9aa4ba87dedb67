/**
 * The counter's tablet: follows `counter:<station>`, gives the counter's commands.
 *
 * For tests and for style: `<body data-state>` is loading, signin, locked, closed, open, called, serving or paused, and
 * `<body data-busy>` is there while a command is under way. Test ids:
 * `staff` `pin-key-0`…`pin-key-9` `pin-key-clear` `pin-key-back` `signin` `signin-trouble` `signin-lang-fr` (sign in) · `locked-number` `not-me` (locked) ·
 * `primary` (with `data-action`: open, call-next, start, finish) `recall` `no-show` `refer` `incomplete` (foot) ·
 * `quick` `park` · `transfer` `add-service` `notes` `long-service` `still-serving` `number` `timer` `why` `facts` `nobody`
 * (left) · `undo` `auto-call` `auto-stop` `type-number` (strip) · `queue` `waiting` `aside-<number>` (right) ·
 * `counter-state` `menu` (head) · `reprint` `auto` `pause` `pause-prayer` `close` `sign-out` `lang-fr` (menu) ·
 * `office-<id>` `referral-subject` `refer-finish` `incomplete-note` `incomplete-finish` `to-<id>` `transfer-send` `add-<id>`
 * `add-go` `note-text` `note-save` `number-input` `number-go` `reason-<code>` `offer-<id>` `arrival-go` `aside-start`
 * `aside-resume` `sheet-close` (sheets) · `notice` `waiting-for-server` `abandon` `not-live` (messages).
 */

import { get, post } from "/static/shared/api.js";
import { at, meta, patch, preloadIcons } from "/static/shared/dom.js";
import { lang, t, useHoursOf } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { listen } from "/static/shared/scanner.js";
import { problem } from "/static/shared/refusal_words.js";
import { actionWords } from "./action_words.js";
import { arrival, aside, typed } from "./arriving.js";
import { endSession, untilAnswered } from "./asking.js";
import { AutoCall } from "./auto.js";
import { Commands } from "./commands.js";
import { incomplete, refer } from "./ending.js";
import { foot, mayCall, strip } from "./foot.js";
import { hallOf } from "./hall.js";
import { Hands } from "./hands.js";
import { refusalWords } from "./refusal_words.js";
import { follow } from "./reprint.js";
import { menu } from "./menu.js";
import { notices } from "./notices.js";
import { Sheet } from "./sheet.js";
import { dayNews, SignIn } from "./signin.js";
import { side } from "./side.js";
import { placing, shown, standing, state } from "./state.js";
import { visitorTools } from "./tools.js";
import { counterName, now, top } from "./view.js";

/**
 * @import { Child } from "/static/shared/dom.js"
 * @import { CounterData, SetAside } from "api"
 * @import { Running } from "./commands.js"
 */

/** After an action the primary button means something else: for so long a second tap of the same finger does nothing (ms). */
const SETTLE_MS = 500;
/** How long an answered command waits for the snapshot that shows its effect before the buttons come back (ms). */
const EFFECT_MS = 1500;
const NOTICE_MS = 8000;
const LANGUAGE = "riwaq.language";
/** Actions that are meant for the visitor on the screen and for nobody else. */
const ON_VISITOR = new Set(["recall", "start", "finish", "no-show", "park", "transfer", "add-service", "note"]);
/** What a scan can still lead to when the clerk decides so. */
const TO_DECIDE = new Set(["needs_reason", "not_chosen"]);
/** Sheets that are about the visitor who is being served. */
const IN_SERVICE = new Set(["refer", "incomplete"]);
/** Sheets that are about the visitor who is at the counter. */
const OF_VISITOR = new Set(["transfer", "add", "notes"]);

const PARTS = ["top", "now", "strip", "side", "foot"];

const ICONS = "wifi-off user play check bell-ring door-open megaphone user-x undo-2 scan-line zap circle-pause".split(
  " ",
);

const station = meta("station");

let ahead = 0; // the server's clock minus ours, in ms
/** @type {(() => void) | null} */
let effect = null; // to be called when the counter has changed

const sheet = new Sheet(/** @type {HTMLDialogElement} */ (at("sheet")));

const commands = new Commands(station, {
  change() {
    state.running = commands.running;
    draw();
  },
  async done(command, answer) {
    if (command.action === "reprint") {
      const { hall } = state;
      if (hall)
        follow(answer, hall, (words) => {
          say(words);
          draw();
        });
      return;
    }
    state.nobody = answer.outcome === "nobody" ? answer : null;
    if (command.action === "note") say(() => t("The note is kept."));
    if (answer.outcome !== "nobody") await changed(command);
    if (command.action === "finish") auto.finished();
  },
  async refused(command, refusal) {
    const view = shown();
    if (!view) return; // nothing was there to be pressed
    const { data, hall } = view;
    const { code, body } = refusal;
    if (code === "scan_refused" && TO_DECIDE.has(body.reason) && (body.reason !== "not_chosen" || body.offer.length)) {
      arrival(
        sheet,
        /** @type {import("./refusal_words.js").RefusedScan} */ (body),
        { hall, rule: data.out_of_turn },
        (more) => giveNext("scan", { ...command.body, ...more }),
      );
      return;
    }
    say(() => refusalWords(refusal, hall));
    // Only of a state that was another one is there anything new to be shown before the next press.
    if (code === "wrong_state") await changed(command);
  },
  signedOut,
});

const signIn = new SignIn(at("signin"), {
  counter() {
    const view = shown();
    return view ? counterName(view) : station;
  },
  news: () => (state.data ? dayNews(state.data) : ""),
  kept: () => (commands.kept ? actionWords(commands.kept.action) : ""),
  locked: () => (state.locked && state.staff ? { staff: state.staff, number: state.data?.number ?? null } : null),
  onStaff(staff) {
    state.staff = staff;
    state.signedIn = true;
    state.locked = false;
    hands.touched();
    live.refresh();
    draw();
    commands.resume();
  },
});

const tools = visitorTools({ station, sheet, give: giveNext, draw, signedOut });

/** Whose hands are on the tablet: while they are, it does not lock. */
const hands = new Hands({
  here: () => post("/session/here", {}, { retry: false }),
  may: () => Boolean(state.signedIn) && !state.locked,
});

const auto = new AutoCall(station, {
  may: () =>
    Boolean(state.signedIn) && !state.locked && state.live && mayCall(state.data) && !commands.running && !sheet.name,
  call: () => give("call-next"),
  change: () => draw(),
});

/** @type {{refresh: () => void}} */
let live = { refresh() {} };

/**
 * Shows a message for a while; `words` is called at each drawing, so that it follows the language.
 * @param {() => Child} words
 */
function say(words) {
  state.notice = { words, until: Date.now() + NOTICE_MS };
}

/**
 * Waits until the snapshot shows another standing than when the command was given, so that no button acts on an old one.
 * @param {Running} command
 */
async function changed(command) {
  if (standing(state.data) !== command.standing) return;
  live.refresh();
  await new Promise((resolve) => {
    effect = () => resolve(null);
    setTimeout(effect, EFFECT_MS);
  });
  effect = null;
}

/**
 * @param {string} action
 * @param {{[field: string]: any}} [body]
 * @param {{path?: string}} [more]
 */
function give(action, body = {}, more = {}) {
  if (commands.running) return;
  state.notice = null;
  state.nobody = null;
  if (auto.at) auto.stop();
  const meant = ON_VISITOR.has(action) && state.data?.current ? { step: state.data.current.step } : {};
  commands.give(action, { ...body, ...meant }, more);
  const { running } = commands;
  if (running) /** @type {Running} */ (running).standing ??= standing(state.data);
}

/**
 * Gives a command that was decided in a sheet: the one before may still wait for its effect on the screen.
 * @param {string} action
 * @param {{[field: string]: any}} [body]
 * @param {{path?: string}} [more]
 */
async function giveNext(action, body, more) {
  for (let left = 20; left > 0 && commands.running && !commands.running.waiting; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  give(action, body, more);
}

/** Nobody has touched it for a while: the visitor leaves the screen, the number stays. */
function lock() {
  if (!state.signedIn || state.locked || !state.staff) return;
  state.locked = true;
  sheet.close();
}

/** @param {CounterData} data */
function onData(data) {
  // The server knows first: it goes by what it was sent.
  if (data.seen === "number") lock();
  const before = standing(state.data);
  const wasPlaced = placing(state.data);
  const wasWaiting = state.data?.waiting;
  const was = state.data?.current?.step;
  state.data = data;
  ahead = Date.parse(data.now) - Date.now();
  if (data.waiting !== wasWaiting) state.nobody = null;
  if (standing(state.data) !== before) {
    effect?.();
    if (placing(state.data) !== wasPlaced) settle();
    if (IN_SERVICE.has(sheet.name) && data.current?.state !== "serving") sheet.close();
    if (OF_VISITOR.has(sheet.name) && data.current?.step !== was) sheet.close();
  }
  draw();
}

let settled = 0; // the timer

function settle() {
  state.settling = true;
  clearTimeout(settled);
  settled = setTimeout(() => {
    state.settling = false;
    draw();
  }, SETTLE_MS);
}

/** @param {string} how */
function onState(how) {
  // "denied" while nobody is signed in only says so; after that it means that this tablet was cut off.
  state.live = how === "live";
  state.denied = how === "denied";
  draw();
}

async function signOut() {
  const refused = await endSession(() => say(() => problem("unavailable")));
  if (refused) {
    say(() => problem(refused.code));
    return draw();
  }
  state.staff = null;
  state.signedIn = false;
  state.locked = false;
  live.refresh();
  draw();
}

function draw() {
  if (state.data && hands.idleFor() >= state.data.lock_after_s) lock();
  const signedOut = state.signedIn === false || state.locked;
  signIn.show(signedOut);
  if (signedOut) signIn.draw();
  document.body.dataset.state = signedOut
    ? state.locked
      ? "locked"
      : "signin"
    : !state.data || state.signedIn === null
      ? "loading"
      : (state.data.current?.state ?? state.data.counter.state);
  if (state.running) document.body.dataset.busy = state.running.action;
  else delete document.body.dataset.busy;
  patch(
    at("notices"),
    notices(state, () => commands.abandon()),
  );
  const view = shown();
  if (!view) return;
  state.nowMs = Date.now() + ahead;
  state.autoSeconds = auto.seconds;
  at("tablet").inert = signedOut;
  // Behind the sign-in nothing of a visitor is left, for no eye and no reader of screens.
  if (signedOut) return PARTS.forEach((id) => void patch(at(id)));
  patch(at("top"), top(view, { openMenu }));
  patch(at("now"), now(view, tools));
  patch(
    at("strip"),
    strip(view, {
      undo: (last) => give("undo", { action_id: last.action_id }),
      autoStop: () => auto.stop(),
      typed: () => typed(sheet, (code) => giveNext("scan", code)),
    }),
  );
  patch(at("side"), side(view, { aside: openAside }));
  patch(
    at("foot"),
    foot(view, {
      give,
      refer: () => refer(sheet, state.hall?.offices ?? [], (body) => giveNext("finish", body)),
      incomplete: () => incomplete(sheet, (body) => giveNext("finish", body)),
      quick: () => give("finish", { outcome: "served", quick: true }),
    }),
  );
}

function openMenu() {
  const { data } = state;
  if (!data) return;
  menu(sheet, {
    data,
    give: giveNext,
    signOut,
    reprint: () =>
      data.current && giveNext("reprint", {}, { path: `/visits/${encodeURIComponent(data.current.visit)}/reprint` }),
    auto: { on: auto.chosen, toggle: () => auto.toggle() },
  });
}

/** @param {SetAside} entry */
function openAside(entry) {
  const view = shown();
  if (!view) return;
  const free = view.data.counter.state === "open" && !view.data.current;
  aside(
    sheet,
    entry,
    { hall: view.hall, free },
    {
      resume: () => giveNext("resume", { step: entry.step }),
      begin: () => giveNext("scan", { number: entry.number, service: entry.service }),
    },
  );
}

/** @param {{code: string}} [problem] why a command was not taken */
function signedOut(problem) {
  if (problem?.code === "session_locked" && state.staff) lock();
  else state.signedIn = false;
  sheet.close();
  draw();
}

/**
 * A ticket or a card was shown, anywhere on the page.
 * @param {string} code
 */
function scanned(code) {
  if (!state.signedIn || state.locked || !state.data || !state.hall || commands.running?.waiting) return;
  if (sheet.name && sheet.name !== "typed" && sheet.name !== "arrival") return;
  sheet.close();
  giveNext("scan", { code });
}

/** Takes what there is at the venue. */
async function learn() {
  const venue = await untilAnswered(() => get("/venue"), draw);
  if (!venue) return; // only of a session can the server say that there is none
  useHoursOf(venue.venue);
  state.hall = hallOf(venue);
}

async function start() {
  preloadIcons(ICONS);
  await use(localStorage.getItem(LANGUAGE) ?? lang());
  document.addEventListener("languagechange", () => {
    localStorage.setItem(LANGUAGE, lang());
    draw();
  });
  await learn();
  const told = { onData, onState, onRestart: () => void learn().then(draw) };
  live = watch(`counter:${station}`, `/counters/${encodeURIComponent(station)}/snapshot`, told);
  const session = await untilAnswered(() => get("/session"), draw);
  state.denied = false;
  state.staff = session?.staff ?? null;
  state.signedIn = Boolean(session);
  state.locked = Boolean(/** @type {any} */ (session)?.locked);
  draw();
  if (state.signedIn && !state.locked) commands.resume();
  if (commands.lost) {
    const { action } = commands.lost;
    say(() =>
      t("“{action}” may not have been done. Look at the screen, and do it again if needed.", {
        action: actionWords(action),
      }),
    );
    draw();
  }
  listen(window, scanned);
  setInterval(draw, 1000);
}

start();
