/**
 * The counter's tablet: follows `counter:<station>`, gives the counter's commands.
 *
 * For tests and for style: `<body data-state>` is loading, signin, closed, open, called, serving or paused, and
 * `<body data-busy>` is there while a command is under way. Test ids:
 * `staff` `pin-key-0`…`pin-key-9` `pin-key-clear` `pin-key-back` `signin` `signin-trouble` `signin-lang-fr` (sign in) ·
 * `primary` (with `data-action`: open, call-next, start, finish) `recall` `no-show` `refer` `incomplete` (foot) ·
 * `quick` `park` · `transfer` `add-service` `notes` `long-service` `still-serving` `number` `timer` `why` `facts` `nobody`
 * (left) · `undo` `auto-call` `auto-stop` `type-number` (strip) · `queue` `waiting` `aside-<number>` (right) ·
 * `counter-state` `menu` (head) · `reprint` `auto` `pause` `pause-prayer` `close` `sign-out` `lang-fr` (menu) ·
 * `office-<id>` `referral-subject` `refer-finish` `incomplete-note` `incomplete-finish` `to-<id>` `transfer-send` `add-<id>`
 * `add-go` `note-text` `note-save` `number-input` `number-go` `reason-<code>` `offer-<id>` `arrival-go` `aside-start`
 * `aside-resume` `sheet-close` (sheets) · `notice` `waiting-for-server` `abandon` `not-live` (messages).
 */

import { del, get, Problem } from "/static/shared/api.js";
import { el, icon, meta, patch, preloadIcons } from "/static/shared/dom.js";
import { lang, pick, t, useTimezone } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { listen } from "/static/shared/scanner.js";
import { problem } from "/static/shared/words.js";
import { AutoCall } from "./auto.js";
import { Commands } from "./commands.js";
import { refusalWords } from "./refusals.js";
import { follow } from "./reprint.js";
import { Sheets } from "./sheets.js";
import { SignIn } from "./signin.js";
import { actionWords, foot, now, side, strip, top } from "./view.js";

/** After an action the primary button means something else: for so long a second tap of the same finger does nothing (ms). */
const SETTLE_MS = 500;
/** How long an answered command waits for the snapshot that shows its effect before the buttons come back (ms). */
const EFFECT_MS = 1500;
const NOTICE_MS = 8000;
const VENUE_AGAIN_MS = 3000;
const LANGUAGE = "riwaq.language";
/** Actions that are meant for the visitor on the screen and for nobody else. */
const ON_VISITOR = new Set(["recall", "start", "finish", "no-show", "park", "transfer", "add-service", "note"]);
/** What a scan can still lead to when the clerk decides so. */
const TO_DECIDE = new Set(["needs_reason", "not_chosen"]);
/** Sheets that are about the visitor who is being served. */
const IN_SERVICE = new Set(["refer", "incomplete"]);
/** Sheets that are about the visitor who is at the counter. */
const OF_VISITOR = new Set(["transfer", "add", "notes"]);

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
  askedFor: null, // the step whose length was asked about and confirmed
  autoSeconds: 0,
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
    if (command.action === "reprint") {
      follow(answer, state.hall, (words) => {
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
    const { code, body } = refusal;
    if (code === "scan_refused" && TO_DECIDE.has(body.reason) && (body.reason !== "not_chosen" || body.offer.length)) {
      sheets.arrival(body, { hall: state.hall, rule: state.data.out_of_turn }, (more) =>
        giveNext("scan", { ...command.body, ...more }),
      );
      return;
    }
    say(() => refusalWords(refusal, state.hall));
    // Only of a state that was another one is there anything new to be shown before the next press.
    if (code === "wrong_state") await changed(command);
  },
  signedOut,
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

const auto = new AutoCall(station, {
  may: () =>
    state.signedIn &&
    state.live &&
    state.data?.counter.state === "open" &&
    !state.data.current &&
    !commands.running &&
    !sheets.name,
  call: () => give("call-next"),
  change: () => draw(),
});

let live = { refresh() {} };

function counterName() {
  const { counter } = state.data;
  return [pick(state.hall.booth(counter.booth).name), " · ", t("Counter {label}", { label: counter.label })];
}

/** Shows a message for a while; `words` is called at each drawing, so that it follows the language. */
function say(words) {
  state.notice = { words, until: Date.now() + NOTICE_MS };
}

/** What of a snapshot a command changes. */
const standing = () => {
  const { counter, current, aside } = state.data ?? {};
  return JSON.stringify([
    counter?.state,
    counter?.reason,
    current?.step,
    current?.state,
    current?.recalls,
    current?.notes,
    current?.route,
    aside,
  ]);
};

/** What decides what the large button means. */
const placing = () =>
  JSON.stringify([state.data?.counter.state, state.data?.current?.step, state.data?.current?.state]);

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

function give(action, body = {}, more = {}) {
  if (commands.running) return;
  state.notice = null;
  state.nobody = null;
  if (auto.at) auto.stop();
  const meant = ON_VISITOR.has(action) && state.data?.current ? { step: state.data.current.step } : {};
  commands.give(action, { ...body, ...meant }, more);
  if (commands.running) commands.running.standing ??= standing();
}

/** Gives a command that was decided in a sheet: the one before may still wait for its effect on the screen. */
async function giveNext(action, body, more) {
  for (let left = 20; left > 0 && commands.running && !commands.running.waiting; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  give(action, body, more);
}

function onData(data) {
  const before = standing();
  const wasPlaced = placing();
  const wasWaiting = state.data?.waiting;
  const was = state.data?.current?.step;
  state.data = data;
  ahead = Date.parse(data.now) - Date.now();
  if (data.waiting !== wasWaiting) state.nobody = null;
  if (standing() !== before) {
    effect?.();
    if (placing() !== wasPlaced) settle();
    if (IN_SERVICE.has(sheets.name) && data.current?.state !== "serving") sheets.close();
    if (OF_VISITOR.has(sheets.name) && data.current?.step !== was) sheets.close();
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
    shown.push(
      el(
        "div",
        { class: "banner", "data-key": "waiting", "data-testid": "waiting-for-server" },
        icon("wifi-off"),
        el(
          "p",
          {},
          el("strong", {}, t("The server does not answer.")),
          " ",
          t("Your action “{action}” is kept and will be sent once, by itself.", {
            action: actionWords(command.action),
          }),
        ),
        el(
          "button",
          {
            class: "btn btn-sm btn-quiet",
            type: "button",
            "data-testid": "abandon",
            onClick: () => commands.abandon(),
          },
          t("Do not send"),
        ),
      ),
    );
  } else if (state.denied) {
    shown.push(
      el(
        "div",
        { class: "banner banner-trouble", "data-key": "denied" },
        icon("circle-alert"),
        el("p", {}, problem("unauthenticated")),
      ),
    );
  } else if (!state.live) {
    shown.push(
      el(
        "div",
        { class: "banner banner-notlive", "data-key": "not-live", "data-testid": "not-live" },
        icon("wifi-off"),
        el("p", {}, el("strong", {}, t("Not live.")), " ", t("What you see may be out of date; we keep trying.")),
      ),
    );
  }
  if (state.notice && state.notice.until > Date.now()) {
    shown.push(
      el(
        "div",
        { class: "banner", role: "alert", "data-key": "notice", "data-testid": "notice" },
        icon("info"),
        el("p", {}, state.notice.words()),
      ),
    );
  }
  return shown;
}

function draw() {
  const signedOut = state.signedIn === false;
  signIn.show(signedOut);
  if (signedOut) signIn.draw();
  document.body.dataset.state = signedOut
    ? "signin"
    : !state.data || state.signedIn === null
      ? "loading"
      : (state.data.current?.state ?? state.data.counter.state);
  if (state.running) document.body.dataset.busy = state.running.action;
  else delete document.body.dataset.busy;
  patch(at("notices"), notices());
  if (!state.data || !state.hall) return;
  state.nowMs = Date.now() + ahead;
  state.autoSeconds = auto.seconds;
  at("tablet").inert = signedOut;
  patch(at("top"), top(state, { openMenu }));
  patch(at("now"), now(state, visitorTools));
  patch(
    at("strip"),
    strip(state, {
      undo: (last) => give("undo", { action_id: last.action_id }),
      autoStop: () => auto.stop(),
      typed: () => sheets.typed((shown) => giveNext("scan", shown)),
    }),
  );
  patch(at("side"), side(state, { aside: openAside }));
  patch(
    at("foot"),
    foot(state, {
      give,
      refer: () => sheets.refer(offices, (body) => giveNext("finish", body)),
      incomplete: () => sheets.incomplete((body) => giveNext("finish", body)),
      quick: () => give("finish", { outcome: "served", quick: true }),
    }),
  );
}

function openMenu() {
  const { data } = state;
  sheets.menu({
    data,
    give: giveNext,
    signOut,
    reprint: () => giveNext("reprint", {}, { path: `/visits/${encodeURIComponent(data.current.visit)}/reprint` }),
    auto: { on: auto.chosen, toggle: () => auto.toggle() },
  });
}

function openAside(entry) {
  const free = state.data.counter.state === "open" && !state.data.current;
  sheets.aside(
    entry,
    { hall: state.hall, free },
    {
      resume: () => giveNext("resume", { step: entry.step }),
      begin: () => giveNext("scan", { number: entry.number, service: entry.service }),
    },
  );
}

const visitorTools = {
  stillServing(step) {
    state.askedFor = step;
    draw();
  },
  async transfer() {
    const { current } = state.data;
    const live = await services();
    if (state.data.current?.step === current.step)
      sheets.transfer({ data: state.data, hall: state.hall, live }, (to) => giveNext("transfer", to));
  },
  async add() {
    const { current } = state.data;
    const live = await services();
    if (state.data.current?.step === current.step)
      sheets.add({ data: state.data, hall: state.hall, live }, (more) => giveNext("add-service", more));
  },
  async notes() {
    const { current } = state.data;
    let kept = { number: current.number, notes: current.notes ? null : [] };
    try {
      if (current.notes) kept = await get(`/counters/${encodeURIComponent(station)}/notes`, { retry: false });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "no_session") return signedOut();
    }
    if (state.data.current?.step === current.step) sheets.notes(kept, (note) => giveNext("note", note));
  },
};

/** The services as they are now, by id; empty when the server does not say: it decides in the end. */
async function services() {
  try {
    return new Map((await get("/services", { retry: false })).services.map((service) => [service.id, service]));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return new Map();
  }
}

function signedOut() {
  state.signedIn = false;
  sheets.close();
  draw();
}

/** A ticket or a card was shown, anywhere on the page. */
function scanned(code) {
  if (!state.signedIn || !state.data || !state.hall || commands.running?.waiting) return;
  if (sheets.name && sheets.name !== "typed" && sheets.name !== "arrival") return;
  sheets.close();
  giveNext("scan", { code });
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
  const kiosks = new Map(venue.stations.filter(({ role }) => role === "kiosk").map(({ printer, id }) => [printer, id]));
  return {
    booth: byId(venue.booths),
    service: byId(venue.services),
    zone: byId(venue.zones),
    category: byId(venue.categories),
    counter: byId(venue.counters),
    services: venue.services,
    kioskOf: (printer) => kiosks.get(printer),
  };
}

async function start() {
  preloadIcons([
    "wifi-off",
    "user",
    "play",
    "check",
    "bell-ring",
    "door-open",
    "megaphone",
    "user-x",
    "undo-2",
    "scan-line",
    "zap",
    "circle-pause",
  ]);
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
