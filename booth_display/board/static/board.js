/**
 * The public board. Follows `board:<station>` and draws it; shows nothing but numbers, places and offers.
 *
 * Test ids: `newest-number` the number in large · `call` each call on the screen (`data-number`) · `no-call` the
 * empty state · `not-live` the banner shown after 10 s without the server.
 */

import { get } from "/static/shared/api.js";
import { shut } from "/static/shared/doors.js";
import { at, meta, patch, preloadIcons, replace, zoneSign } from "/static/shared/dom.js";
import { clock, pick, t, useHoursOf } from "/static/shared/i18n.js";
import { load } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { Voice } from "/static/shared/voice.js";
import { Announcer } from "./announce.js";
import {
  band,
  byTurns,
  columns,
  direction,
  fillBand,
  lastCall,
  newestCall,
  noCallYet,
  offerOf,
  said,
  useLanguages,
  waitsOf,
} from "./draw.js";
import { fit } from "./fit.js";
import { Slides } from "./media.js";
import { CallSequence } from "./sequence.js";
import { turn } from "./turning.js";

/**
 * @import { BoardCall, BoardData, BoardInfo, Names, VenueAnswer } from "api"
 * @import { Texts } from "/static/shared/i18n.js"
 * @import { LiveState } from "/static/shared/watch.js"
 * @import { Hall, Offered, Sent } from "./draw.js"
 *
 * @typedef {BoardCall} Call
 */

const LAST_CALLS = 5;
const OFFERS_AGAIN_MS = 120_000;
const VENUE_AGAIN_MS = 3_000;

const station = meta("station");
const board = at("board");

/** @type {Hall} */
const hall = {
  booths: new Map(),
  zones: new Map(),
  layout: "hall",
  arrows: {},
  booth: (id) => hall.booths.get(id) ?? { id, name: id },
  zone: (id) => hall.zones.get(id) ?? { id },
};

/** @type {Partial<Names>} */
let slogan = {};
/** @type {Offered[]} */
let offers = [];
/** @type {BoardData | null} */
let latest = null;
let ahead = 0; // the server's clock minus ours, in ms
/** @type {Sent[]} */
let sentTo = []; // zones with numbers on their way

/** @type {Announcer | null} */
let announcer = null;
/** @type {Set<string>} */
let mine = new Set(); // booths of this board
/** @type {CallSequence<Call> | null} */
let sequence = null;

/** @param {{large: Call | null, others: Call[], fresh: boolean}} state */
function drawCalls({ large, others, fresh }) {
  const newest = at("newest");
  const drawn = large ? `${large.call}|${large.recall}` : JSON.stringify(latest?.doors ?? null);
  // Drawn anew only when it is another call: a flash that runs must not start over with each snapshot.
  if (fresh || newest.dataset.drawn !== drawn || !newest.firstChild) {
    newest.dataset.drawn = drawn;
    board.classList.toggle("is-empty", !large);
    replace(newest, large ? newestCall(large, fresh, hall) : noCallYet(latest));
    fit(newest);
  }
  const last = others.slice(0, LAST_CALLS);
  const listed = JSON.stringify(last);
  if (at("last").dataset.drawn === listed) return;
  at("last").dataset.drawn = listed;
  patch(
    at("last"),
    last.map((call) => lastCall(call, hall)),
  );
}

/** @param {BoardData} data */
function drawBand({ headed, doors }) {
  const sent = headed.filter(({ numbers }) => numbers.length);
  const drawn = JSON.stringify([sent, shut(doors)]);
  if (at("band").dataset.drawn === drawn) return;
  at("band").dataset.drawn = drawn;
  sentTo = sent;
  replace(at("band"), band(sent, shut(doors)));
  fitBand();
}

function fitBand() {
  const row = board.querySelector(".band-row");
  if (row instanceof HTMLElement) fillBand(row, sentTo, hall);
}

/** The slides of words: each offer, and the slogan after the last one; it stands alone where there is none. */
function wordSlides() {
  return [...offers, null].map((offer) => ({
    draw() {
      replace(at("offer"), offerOf(offer, slogan, hall));
      fit(at("offer"));
    },
  }));
}

function drawClock() {
  at("clock").textContent = clock(new Date(Date.now() + ahead));
}

/** @param {BoardData} data */
function draw(data) {
  ahead = Date.parse(data.now) - Date.now();
  latest = data;
  drawClock();
  const calls = [...data.calls, ...data.called_ahead].sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  sequence?.take(calls, Date.parse(data.now));
  announcer?.take(calls, Date.parse(data.now));
  drawBand(data);
  // Nobody is called any more: neither are waits of interest, nor a band where zones would appear.
  board.classList.toggle("is-over", shut(data.doors) && !calls.length);
  const waits = JSON.stringify([data.waits, data.next]);
  if (at("waits").dataset.drawn !== waits) {
    at("waits").dataset.drawn = waits;
    at("waits").classList.toggle("is-single", new Set(data.waits.map(({ booth }) => booth)).size < 2);
    replace(at("waits"), waitsOf(data.waits, data.next ?? [], hall));
    fit(at("waits"));
  }
}

/**
 * @param {VenueAnswer} venue
 * @param {BoardInfo} me
 */
function drawHead(venue, me) {
  /** @type {[string, Texts][]} */
  const lines = [
    ["event", venue.event.name],
    ["city", venue.venue.city],
    ["slogan", venue.event.slogan],
  ];
  // The board of a zone or a booth says whose it is, with the sign that hangs there.
  const about = me.layout === "booth" ? hall.booth(me.booths[0]) : me.layout === "zone" ? hall.zone(me.zones[0]) : null;
  if (about) {
    lines[0] = ["event", about.name];
    replace(at("about"), zoneSign(hall.zone(me.zones[0]), "100%"));
  }
  at("about").hidden = !about;
  for (const [id, text] of lines) {
    replace(
      at(id),
      byTurns("span", "", () => pick(text)),
    );
    for (const line of at(id).querySelectorAll("span")) line.dataset.fit = "";
  }
  fit(at("head"));
}

/**
 * Calls aloud, where this board has a loudspeaker; a browser that forbids sound is said on the board.
 * @param {BoardInfo} settings
 */
function startVoice(settings) {
  board.dataset.voice = "off";
  if (!settings.voice) return;
  const show = () => {
    board.dataset.voice = voice.state;
    at("muted").hidden = voice.state === "ready";
  };
  const voice = new Voice({
    volume: settings.volume,
    onState: () => {
      show();
      announcer?.run();
    },
  });
  announcer = new Announcer(station, voice);
  replace(
    at("muted"),
    byTurns("span", "", () => t("Sound is off: touch this screen once.")),
  );
  document.addEventListener("callsaid", ({ detail }) => {
    board.dataset.voice = detail.synthetic ? "synthetic" : detail.files.length ? "recorded" : "chime";
  });
  document.addEventListener("voiceend", show);
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => voice.unlock());
  show();
}

/** @param {LiveState} state */
function showState(state) {
  const live = state === "live";
  at("not-live").hidden = live;
  board.classList.toggle("is-not-live", !live);
  if (live) return;
  const words = (/** @type {string} */ lang) =>
    said(lang, "span", "", () =>
      state === "denied"
        ? t("This screen is not paired any more. Please tell the technician.")
        : t("Not live: this may be out of date. Please ask the staff."),
    );
  replace(at("not-live"), columns(words));
}

async function loadVenue() {
  for (;;) {
    try {
      return await get("/venue");
    } catch {
      // Refused (not paired, a server that is just starting): asked again until it says yes.
      await new Promise((resolve) => setTimeout(resolve, VENUE_AGAIN_MS));
    }
  }
}

async function loadOffers() {
  try {
    const { services } = await get("/services", { retry: false });
    const near = services.filter(({ booth }) => hall.layout === "hall" || mine.has(booth));
    offers = near.flatMap((service) =>
      service.offers.map((offer) => ({ text: offer.text, name: service.name, zone: service.zone })),
    );
  } catch {
    // The slogan, or the offers known so far, stay: a board without offers is still a board.
  }
}

/**
 * Takes what there is at the venue; what is gone has its last name, because calls may still speak of it.
 * @param {VenueAnswer} venue
 */
function learn(venue) {
  const me = venue.boards.find(({ id }) => id === station);
  slogan = venue.event.slogan;
  hall.layout = me?.layout ?? hall.layout;
  hall.arrows = me?.arrows ?? hall.arrows;
  mine = new Set(me?.booths);
  for (const booth of [...venue.gone.booths, ...venue.booths]) hall.booths.set(booth.id, booth);
  for (const zone of [...venue.gone.zones, ...venue.zones]) hall.zones.set(zone.id, zone);
}

async function start() {
  preloadIcons(["arrow-right", "arrow-left", "arrow-up", "arrow-down"]);
  const [venue] = await Promise.all([loadVenue(), ...["ar", "fr", "zgh", "en"].map(load)]);
  useHoursOf(venue.venue);
  const me = venue.boards.find(({ id }) => id === station);
  if (!me) throw new Error(`no board ${station}`);
  learn(venue);
  useLanguages(me.languages, me.languages_shown);
  board.dir = direction();
  board.dataset.layout = me.layout;
  board.classList.toggle("one-column", me.languages_shown === "turns" || me.languages.length === 1);
  drawHead(venue, me);
  drawClock();
  sequence = new CallSequence({ holdMs: me.call_seconds * 1000, onChange: drawCalls });
  startVoice(me);
  watch(`board:${station}`, `/boards/${station}/snapshot`, {
    onData: draw,
    onState: showState,
    onRestart: async () => learn(await loadVenue()),
  });

  setInterval(loadOffers, OFFERS_AGAIN_MS);
  setInterval(drawClock, 1000);
  const turnMs = me.turn_seconds * 1000;
  setInterval(() => {
    turn(board);
    board.dir = direction();
  }, turnMs);
  const refit = () => {
    fit(board);
    fitBand();
  };
  document.fonts.ready.then(refit);
  document.fonts.addEventListener("loadingdone", refit);
  window.addEventListener("resize", refit);
  await loadOffers();
  // Every offer is seen once in each language.
  const slides = new Slides({
    place: at("offer"),
    words: wordSlides,
    wordsMs: turnMs * me.languages.length,
    media: me.media,
  });
  slides.run();
}

start();
