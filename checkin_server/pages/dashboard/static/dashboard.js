// The dashboard: asks for the venue once, then draws every snapshot. Each part is redrawn only when its data changed.

import { get, post } from "/static/shared/api.js";
import { el, icon, patch } from "/static/shared/dom.js";
import { clock, lang, LANGUAGES, NAMES, number, pick, t, useTimezone } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { problem } from "/static/shared/words.js";
import { ArrivalsChart } from "./arrivals.js";
import { figures } from "./figures.js";
import { remember } from "./history.js";
import { route } from "./route.js";
import { openLastTickets } from "./last-tickets.js";
import { machines } from "./machines.js";
import { troubles } from "./trouble.js";
import { services } from "./services.js";
import { zones } from "./zones.js";

const LANGUAGE_KEY = "riwaq-dashboard-language";
const RETRY_MS = 3000;

const node = (id) => document.getElementById(id);
const byId = (list) => new Map((list ?? []).map((item) => [item.id, item]));

let venue = null;
let current = null;
let before = null;
let state = "loading";
const drawn = new Map();
const chart = new ArrivalsChart(node("chart"));

/** Redraw `id` if `data` differs from what stands there. */
function section(id, data, render) {
  const key = JSON.stringify(data);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  patch(node(id), ...render());
}

/** A trouble with the name, in the language of the moment, of what it speaks of; words.js says the rest. */
function withName(item) {
  const service = venue.services.get(item.service);
  const booth = venue.booths.get(item.booth);
  if (item.code === "no_counter_open" && service) return { ...item, name: pick(service.name) };
  if (item.code === "nobody_at_booth" && booth) return { ...item, name: pick(booth.name) };
  if (item.code === "device_silent") {
    const seconds = item.since ? Math.max(0, (Date.parse(current.now) - Date.parse(item.since)) / 1000) : undefined;
    return { ...item, seconds, name: deviceName(item.role, item.station) };
  }
  return item;
}

function deviceName(role, station) {
  switch (role) {
    case "kiosk":
      return t("Kiosk {name}", { name: station });
    case "board": {
      const board = venue.boards.get(station);
      return t("Board: {name}", { name: board ? pick(board.name) : station });
    }
    case "counter": {
      const counter = venue.counters.get(station);
      const booth = venue.booths.get(counter?.booth);
      return t("Tablet {label}, {booth}", { label: counter?.label ?? station, booth: booth ? pick(booth.name) : "" });
    }
    default:
      return station;
  }
}

function verdict(data) {
  const count = data.trouble.length;
  const well = count === 0;
  return [
    icon(well ? "badge-check" : "circle-alert"),
    el("span", {}, well ? t("All is well") : t("To do now: {n}", { n: number(count) })),
  ];
}

function dayLine(data) {
  const { day } = data;
  if (!day || day.state === "planned") return t("The day is not open yet.");
  if (day.state === "closed") return t("The day is closed. These are its final figures.");
  if (!day.opens_at || !day.closes_at) return t("The day is open.");
  return t("Open from {from} to {to}", { from: clock(day.opens_at), to: clock(day.closes_at) });
}

function stateWords() {
  if (state === "live") return t("Live");
  if (state === "stale") return t("Not live");
  return state === "denied" ? t("Not paired") : t("Connecting");
}

function bannerWords(data) {
  if (state === "denied") return problem("unauthenticated");
  return data
    ? t("Not live. These figures are from {time}; the page tries again by itself.", { time: clock(data.now) })
    : t("Not live. The server does not answer; the page tries again by itself.");
}

function drawState(data) {
  node("dashboard").dataset.state = state;
  const away = state === "stale" || state === "denied";
  node("not-live").hidden = !away;
  if (away) patch(node("not-live"), icon("wifi-off"), el("span", {}, bannerWords(data)));
  patch(node("live"), el("span", { class: `live live--${state}` }, stateWords()));
  if (data) patch(node("time"), el("bdi", {}, clock(data.now)));
}

function drawFixed() {
  document.title = t("Dashboard");
  patch(node("title"), t("Dashboard"));
  patch(node("where"), venue ? `${pick(venue.event.name)} · ${pick(venue.venue.name)}` : "");
  patch(node("chart-title"), t("Arrivals per 15 minutes"));
  patch(node("services-title"), t("Waits by service"));
  patch(node("zones-title"), t("Counters by zone"));
  patch(node("machines-title"), t("Printers and devices"));
  patch(node("route-title"), t("Leading visitors"));
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
  patch(node("languages"), ...buttons);
}

function draw({ force = false } = {}) {
  if (force) {
    drawn.clear();
    drawFixed();
  }
  drawState(current);
  if (!current || !venue) return;
  const data = current;
  node("loading").hidden = true;
  node("content").hidden = false;
  section("day", data.day, () => [dayLine(data)]);
  section("verdict", data.trouble.length, () => verdict(data));
  node("verdict").className = `verdict verdict--${data.trouble.length ? "trouble" : "well"}`;
  section(
    "figures",
    { ...data, now: null, services: null, counters: null, before, minute: data.now.slice(0, 16) },
    () => figures(data, before),
  );
  section("trouble", [data.trouble, data.devices, data.printers, data.counters, data.now.slice(0, 16)], () =>
    troubles(data, withName),
  );
  const decide = data.day?.state === "open" ? decideLastTickets : null;
  section("services", [data.services, data.service_level, Boolean(decide)], () => services(data, venue, decide));
  section("zones", [data.counters, data.now.slice(0, 16)], () => zones(data, venue));
  section("route", [data.advice, data.forecasts, data.fairness], () => route(data, venue));
  section("machines", [data.printers, data.devices, [...testPrint.asked], [...testPrint.refused]], () =>
    machines(data, deviceName, testPrint),
  );
  chart.update(data, { force });
}

/** Opens what can be decided about a service's last tickets, with the figures of this moment. */
function decideLastTickets(id) {
  const service = current?.services.find((one) => one.id === id);
  if (service) openLastTickets(node("rule"), service, current, venue);
}

/** Test prints that were asked for and are not in the figures yet, and those that were refused. */
const testPrint = {
  asked: new Set(),
  refused: new Set(),
  async ask(printer) {
    this.asked.add(printer);
    this.refused.delete(printer);
    draw();
    try {
      await post(`/printers/${encodeURIComponent(printer)}/test`);
    } catch {
      this.refused.add(printer);
    }
    this.asked.delete(printer);
    draw();
  },
};

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
    useTimezone(answer.venue.timezone);
    venue = {
      ...answer,
      zones: byId(answer.zones),
      booths: byId(answer.booths),
      services: byId(answer.services),
      counters: byId(answer.counters),
      boards: byId(answer.boards),
    };
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
watch("dashboard", "/dashboard/snapshot", {
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
