/**
 * The welcome desk: signs in, finds a visit, a card's trouble or a member, and does what is asked.
 *
 * For tests and style: `<body data-state>` is loading, signin, ready, visit, refused, people or newcomer; `data-busy` is there
 * while a command is under way.
 */
import { get, Problem } from "/static/shared/api.js";
import { doorsWords, oneLine, shut } from "/static/shared/doors.js";
import { at, el, icon, patch, preloadIcons } from "/static/shared/dom.js";
import { clock, lang, pick, t, useHoursOf } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { languageButtons } from "/static/shared/language_buttons.js";
import { watch } from "/static/shared/live.js";
import { listen } from "/static/shared/scanner.js";
import { problem } from "/static/shared/refusal_words.js";
import { actions, drawWith, seeWhoIsThere } from "./actions.js";
import { find } from "./find.js";
import { entry, learn, model } from "./model.js";
import { newcomerForm, peopleList } from "./people.js";
import { side } from "./side.js";
import { signIn } from "./signin.js";
import { refusalForStaff } from "./staff_words.js";
import { openAgain, visitPanel } from "./visit.js";

/** @import { Staff, WelcomeData } from "api" */

const LANGUAGE = "riwaq.welcome.language";
const RETRY_MS = 3000;
const FOLLOW_MS = 3000;

function result() {
  if (model.found) return visitPanel(model.found, model, actions);
  if (model.people) return peopleList(model.people, model, actions);
  if (model.newcomer) return newcomerForm(model.newcomer, model, actions);
  if (model.refused) {
    const { what, todo } = refusalForStaff(model.refused, Boolean(model.reopens));
    return el(
      "section",
      { class: "card refused", role: "alert", "data-testid": "refused", dataset: { reason: model.refused } },
      icon("hand"),
      el(
        "div",
        {},
        el("h2", {}, what),
        el("p", {}, todo),
        model.reopens ? openAgain(model, actions.reopenShown) : null,
      ),
    );
  }
  return el(
    "section",
    { class: "card empty" },
    icon("scan-line"),
    el(
      "div",
      {},
      el("h2", {}, t("Who is in front of you?")),
      el("p", { class: "muted" }, t("Scan a card or a ticket at any moment. The number is on the ticket, in large.")),
    ),
  );
}

/** How the doors stand, while nobody new is let in; whoever is inside is still found here. */
function doorsNotice() {
  const { data, live } = model;
  if (!data || live === "denied" || !shut(data.doors)) return null;
  const words = doorsWords(data.doors, data.now);
  const closing = data.doors.state === "over" && !data.doors.ended;
  return el(
    "p",
    { class: "banner", role: "status", "data-testid": "doors", dataset: { doors: data.doors.state } },
    icon(closing ? "hourglass" : "door-closed"),
    el(
      "span",
      {},
      el("strong", {}, words ? oneLine(words) : ""),
      " ",
      closing
        ? t("Nobody is let in, sent or called any more. Who is at a counter is served to the end.")
        : t("Nobody new is let in outside the hours. An organiser can open the day."),
    ),
  );
}

function notices() {
  const shown = [];
  if (model.live === "denied")
    shown.push(
      el("p", { class: "banner banner-trouble", role: "alert" }, icon("circle-alert"), problem("unauthenticated")),
    );
  else if (model.waiting)
    shown.push(
      el(
        "p",
        { class: "banner", role: "status", "data-testid": "waiting" },
        icon("wifi-off"),
        t("The server does not answer. Nothing is lost: we keep trying."),
      ),
    );
  else if (model.live === "stale")
    shown.push(
      el(
        "p",
        { class: "banner banner-notlive", role: "alert", "data-testid": "not-live" },
        icon("wifi-off"),
        el("span", {}, el("strong", {}, t("Not live.")), " ", t("What you see may be out of date; we keep trying.")),
      ),
    );
  shown.push(doorsNotice());
  if (model.notice)
    shown.push(
      el(
        "p",
        { class: `banner${model.notice.trouble ? " banner-trouble" : ""}`, role: "alert", "data-testid": "notice" },
        icon("info"),
        el("span", {}, model.notice.words()),
      ),
    );
  return shown;
}

function stateName() {
  if (model.staff === undefined) return "loading";
  if (model.staff === null) return "signin";
  if (model.found) return "visit";
  if (model.people) return "people";
  if (model.newcomer) return "newcomer";
  return model.refused ? "refused" : "ready";
}

function drawHead() {
  document.title = t("Welcome desk");
  patch(at("title"), t("Welcome desk"));
  patch(at("where"), model.venue ? `${pick(model.venue.event.name)} · ${pick(model.venue.venue.name)}` : "");
  at("languages").setAttribute("aria-label", t("Language"));
  patch(at("languages"), languageButtons(switchTo));
  patch(
    at("who"),
    el("span", { class: "who-time" }, el("bdi", {}, model.data ? clock(model.data.now) : "")),
    model.staff
      ? [
          el("bdi", { class: "who-name", "data-testid": "who" }, model.staff.name),
          el(
            "button",
            { class: "btn btn-sm btn-secondary", type: "button", "data-testid": "sign-out", onclick: actions.signOut },
            icon("log-out"),
            t("Sign out"),
          ),
        ]
      : null,
  );
}

function draw() {
  const state = stateName();
  document.body.dataset.state = state;
  document.body.toggleAttribute("data-busy", model.busy);
  drawHead();
  patch(at("notices"), notices());
  at("signin").hidden = state !== "signin";
  at("work").hidden = state === "signin" || state === "loading";
  if (state === "signin") {
    patch(at("signin"), signIn(draw, onStaff));
    return;
  }
  patch(at("signin"));
  if (state === "loading") return;
  patch(at("find"), find(entry, actions));
  patch(
    at("result"),
    state === "ready"
      ? null
      : el(
          "button",
          {
            class: "btn btn-sm btn-quiet next",
            type: "button",
            "data-testid": "clear",
            "data-key": "clear",
            onclick: actions.clear,
          },
          icon("x"),
          t("Next visitor"),
        ),
    result(),
  );
  patch(at("side"), side(model, actions.number));
}

/** @param {WelcomeData} data */
function hasEnded({ doors }) {
  return doors.state === "over" && doors.ended;
}

/** @param {Staff} staff */
function onStaff(staff) {
  model.staff = staff;
  draw();
  at("find-text")?.focus();
}

/** @param {string} code */
async function switchTo(code) {
  await use(code);
  localStorage.setItem(LANGUAGE, code);
  draw();
}

/** Follows the visit on the desk: calls and tickets move while the visitor stands there. */
async function follow() {
  const { found } = model;
  if (
    found &&
    model.staff &&
    !model.busy &&
    found.visit.state !== "choosing" &&
    document.visibilityState === "visible"
  ) {
    try {
      const visit = await get(`/visits/${found.visit.id}`, { retry: false });
      if (model.found === found && !model.busy) {
        found.visit = visit;
        draw();
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // the page's own state says whether it is live
    }
  }
  setTimeout(follow, FOLLOW_MS);
}

/**
 * @template Answer
 * @param {() => Promise<Answer>} ask
 */
async function untilAnswered(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "no_session") return null;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function learnVenue() {
  const venue = await untilAnswered(() => get("/venue"));
  if (!venue) return; // only of a session can the server say that there is none
  useHoursOf(venue.venue);
  learn(venue);
}

async function start() {
  preloadIcons(["scan-line", "printer", "printer-x", "ticket-check", "hand", "circle-alert", "wifi-off"]);
  let kept = null;
  try {
    kept = localStorage.getItem(LANGUAGE);
  } catch {
    // Not kept; nothing else is lost.
  }
  drawWith(draw);
  await use(kept ?? lang());
  draw();
  watch("welcome", "/welcome/snapshot", {
    async onRestart() {
      await learnVenue();
      draw();
    },
    onData(data) {
      const over = hasEnded(data) && model.data && !hasEnded(model.data);
      model.data = data;
      draw();
      if (over) void seeWhoIsThere();
    },
    onState(state) {
      model.live = state;
      draw();
    },
  });
  listen(window, actions.scan);
  await learnVenue();
  const session = await untilAnswered(() => get("/session", { retry: false }));
  model.staff = session?.staff ?? null;
  draw();
  void follow();
}

void start();
