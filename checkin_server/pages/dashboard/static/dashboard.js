// The dashboard: asks for the venue once, then draws every snapshot. Each part is redrawn only when its data changed.

import { get, post, Problem } from "/static/shared/api.js";
import { at, el, icon, patch } from "/static/shared/dom.js";
import { clock, lang, LANGUAGES, NAMES, number, pick, t, useHoursOf } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { askWhoIsThere, signedIn } from "/static/shared/person.js";
import { problem } from "/static/shared/refusal_words.js";
import { ArrivalsChart } from "./arrivals.js";
import { askAboutDay, closeButton, dayBar, dayLine } from "./day.js";
import { drawFolds } from "./folds.js";
import { figures, overTarget } from "./figures.js";
import { remember } from "./history.js";
import { route } from "./route.js";
import { openLastTickets } from "./last-tickets.js";
import { machines } from "./machines.js";
import { grouped, troubles } from "./trouble.js";
import { services } from "./services.js";
import { venueOf } from "./venue.js";
import { zones } from "./zones.js";

/**
 * @import { DashboardData } from "api"
 * @import { Child } from "/static/shared/dom.js"
 * @import { Sample } from "./history.js"
 * @import { Trouble } from "./trouble.js"
 * @import { Venue } from "./venue.js"
 */

const LANGUAGE_KEY = "riwaq-dashboard-language";
const RETRY_MS = 3000;

/** @type {Venue | null} */
let venue = null;
/** @type {DashboardData | null} */
let current = null;
/** @type {Sample | null} */
let before = null;
let state = "loading";
/** @type {Map<string, string>} */
const drawn = new Map();
const chart = new ArrivalsChart(at("chart"));

/**
 * Redraw `id` if `data` differs from what stands there.
 * @param {string} id
 * @param {unknown} data
 * @param {() => Child[]} render
 */
function section(id, data, render) {
  const key = JSON.stringify(data);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  patch(at(id), ...render());
}

/**
 * A trouble with the name, in the language of the moment, of what it speaks of; words.js says the rest.
 * @param {Trouble} item
 * @returns {{code: string, [field: string]: any}}
 */
function withName(item) {
  const service = "service" in item ? venue?.services.get(item.service) : null;
  const booth = "booth" in item ? venue?.booths.get(item.booth) : null;
  if ((item.code === "no_counter_open" || item.code === "service_gone") && service)
    return { ...item, name: pick(service.name) };
  if (item.code === "nobody_at_booth" && booth) return { ...item, name: pick(booth.name) };
  if (item.code === "device_silent") {
    const now = Date.parse(current?.now ?? "");
    const seconds = item.since ? Math.max(0, (now - Date.parse(item.since)) / 1000) : undefined;
    return { ...item, seconds, name: deviceName(item.role, item.station) };
  }
  if (item.code === "sign_in_locked" || item.code === "searches_limited")
    return { ...item, name: deviceName(item.role, item.station) };
  return item;
}

/**
 * @param {string} role
 * @param {string} station
 */
function deviceName(role, station) {
  switch (role) {
    case "kiosk":
      return t("Kiosk {name}", { name: station });
    case "board": {
      const board = venue?.boards.get(station);
      return t("Board: {name}", { name: board ? pick(board.name) : station });
    }
    case "counter": {
      const counter = venue?.counters.get(station);
      const booth = venue?.booths.get(counter?.booth ?? "");
      return t("Tablet {label}, {booth}", { label: counter?.label ?? station, booth: booth ? pick(booth.name) : "" });
    }
    case "welcome":
      return t("Welcome desk");
    case "organizer":
      return t("Dashboard");
    default:
      return station;
  }
}

/**
 * Nothing to do is not all: who waits too long is told so in the headline as in the figures.
 * @param {DashboardData} data
 */
function verdictOf(data) {
  if (data.trouble.length) return "trouble";
  return overTarget(data) ? "over" : "well";
}

/** @param {DashboardData} data */
function verdict(data) {
  const count = grouped(data.trouble).length;
  const kind = verdictOf(data);
  const words = { well: t("All is well"), over: t("Over target."), trouble: t("To do now: {n}", { n: number(count) }) };
  return [icon(kind === "well" ? "badge-check" : "circle-alert"), el("span", {}, words[kind])];
}

/**
 * The page's state: the server may answer and have no newer figures than those of before its store was gone.
 * @param {DashboardData | null} data
 */
function stateOf(data) {
  return state === "live" && data?.old_since ? "stale" : state;
}

/** @param {string} shown */
function stateWords(shown) {
  if (shown === "live") return t("Live");
  if (shown === "stale") return t("Not live");
  return shown === "denied" ? t("Not paired") : t("Connecting");
}

/** @param {DashboardData | null} data */
function bannerWords(data) {
  if (state === "denied") return problem("unauthenticated");
  return data
    ? t("Not live. These figures are from {time}; the page tries again by itself.", { time: clock(data.now) })
    : t("Not live. The server does not answer; the page tries again by itself.");
}

/** @param {DashboardData | null} data */
function drawState(data) {
  const shown = stateOf(data);
  at("dashboard").dataset.state = shown;
  const away = shown === "stale" || shown === "denied";
  at("not-live").hidden = !away;
  if (away) patch(at("not-live"), icon("wifi-off"), el("span", {}, bannerWords(data)));
  patch(at("live"), el("span", { class: `live live--${shown}` }, stateWords(shown)));
  if (data) patch(at("time"), el("bdi", {}, clock(data.now)));
}

function drawFixed() {
  document.title = t("Dashboard");
  patch(at("title"), t("Dashboard"));
  patch(at("where"), venue ? `${pick(venue.event.name)} · ${pick(venue.venue.name)}` : "");
  drawWay("pair-screen", "/pair-screen", t("Pair a screen"));
  drawWay("personal-data", "/privacy", t("Personal data"));
  drawFolds();
  const buttons = (venue?.languages ?? LANGUAGES).map((code) =>
    el(
      "button",
      {
        type: "button",
        class: "language",
        lang: code,
        "aria-pressed": String(code === lang()),
        onclick: () => switchTo(code),
      },
      NAMES[code] ?? code,
    ),
  );
  patch(at("languages"), ...buttons);
  drawPerson();
}

/**
 * A link to another page, which goes on in this one's language.
 * @param {string} id
 * @param {string} path
 * @param {string} words
 */
function drawWay(id, path, words) {
  const way = /** @type {HTMLAnchorElement} */ (at(id));
  way.href = `${path}?lang=${lang()}`;
  patch(way, words);
}

function drawPerson() {
  patch(at("person"), signedIn());
}

function draw({ force = false } = {}) {
  if (force) {
    drawn.clear();
    drawFixed();
  }
  drawState(current);
  if (!current || !venue) return;
  const data = current;
  const here = venue;
  at("loading").hidden = true;
  at("content").hidden = false;
  const today = [data.day, data.days, data.doors, data.inside, data.now.slice(0, 10)];
  section("day", today, () => [el("span", {}, dayLine(data)), closeButton(data, askDay)]);
  section("daybar", today, () => dayBar(data, askDay));
  at("daybar").hidden = data.day?.state === "open";
  at("daybar").className = `daybar daybar--${data.day?.state ?? "none"}`;
  section("verdict", [data.trouble.length, verdictOf(data)], () => verdict(data));
  at("verdict").className = `verdict verdict--${verdictOf(data)}`;
  section(
    "figures",
    { ...data, now: null, services: null, counters: null, before, minute: data.now.slice(0, 16) },
    () => figures(data, before),
  );
  const deciding = [clockDecision.busy, clockDecision.refused];
  section(
    "trouble",
    [data.trouble, verdictOf(data), data.devices, data.printers, data.counters, data.now.slice(0, 16), deciding],
    () => troubles(data, withName, clockDecision),
  );
  const decide = data.day?.state === "open" ? decideLastTickets : null;
  section("services", [data.services, data.service_level, Boolean(decide)], () => services(data, here, decide));
  section("zones", [data.counters, data.now.slice(0, 16)], () => zones(data, here));
  section("route", [data.advice, data.forecasts, data.fairness], () => route(data, here));
  section("machines", [data.printers, data.devices, [...testPrint.asked], [...testPrint.refused]], () =>
    machines(data, deviceName, testPrint),
  );
  chart.update(data, { force });
}

/**
 * Opens what can be decided about a service's last tickets, with the figures of this moment.
 * @param {string} id
 */
function decideLastTickets(id) {
  const service = current?.services.find((one) => one.id === id);
  if (service && current && venue)
    openLastTickets(/** @type {HTMLDialogElement} */ (at("rule")), service, current, venue);
}

/** @param {import("./day.js").Wish} wish */
function askDay(wish) {
  if (current) askAboutDay(/** @type {HTMLDialogElement} */ (at("ask-day")), wish, current);
}

/** Test prints that were asked for and are not in the figures yet, and those that were refused. */
const testPrint = {
  /** @type {Set<string>} */
  asked: new Set(),
  /** @type {Set<string>} */
  refused: new Set(),
  /** @param {string} printer */
  ask(printer) {
    return this.send(printer, () => post(`/printers/${encodeURIComponent(printer)}/test`, {}));
  },
  /**
   * @param {string} printer
   * @param {string} job
   * @param {boolean} cameOut
   */
  judge(printer, job, cameOut) {
    const said = { print_job: job, came_out: cameOut };
    return this.send(printer, () => post(`/printers/${encodeURIComponent(printer)}/confirm`, said));
  },
  /**
   * @param {string} printer
   * @param {() => Promise<unknown>} command
   */
  async send(printer, command) {
    this.asked.add(printer);
    this.refused.delete(printer);
    draw();
    try {
      await command();
    } catch {
      this.refused.add(printer);
    }
    this.asked.delete(printer);
    draw();
  },
};

/** Which clock is right: what was said and is on its way, or why it was refused. */
const clockDecision = {
  busy: false,
  refused: "",
  /** @param {"machine" | "riwaq"} right */
  decide(right) {
    void clockDecision.send(right);
  },
  /** @param {"machine" | "riwaq"} right */
  async send(right) {
    this.busy = true;
    this.refused = "";
    draw();
    try {
      await post("/clock/decision", { right });
    } catch (error) {
      this.refused = problem(error instanceof Problem ? error.code : "internal");
    }
    this.busy = false;
    draw();
  },
};

/** @param {string} code */
async function switchTo(code) {
  await use(code);
  try {
    localStorage.setItem(LANGUAGE_KEY, code);
  } catch {
    // Not kept for the next time; nothing else is lost.
  }
  draw({ force: true });
}

async function loadVenue() {
  try {
    const answer = await get("/venue");
    useHoursOf(answer.venue);
    venue = venueOf(answer);
    draw({ force: true });
  } catch {
    setTimeout(loadVenue, RETRY_MS);
  }
}

function keptLanguage() {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

await use(keptLanguage() ?? document.documentElement.lang ?? "ar");
draw({ force: true });
loadVenue();
void askWhoIsThere(drawPerson);
watch("dashboard", "/dashboard/snapshot", {
  onRestart: loadVenue,
  onData(data) {
    current = data;
    const kept = { inside: data.inside, served: data.served };
    before = remember(data.day?.id ?? null, data.now, kept);
    draw();
  },
  onState(next) {
    state = next;
    drawState(current);
  },
});
