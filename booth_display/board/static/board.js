/**
 * The public board. Follows `board:<station>` and draws it; shows nothing but numbers, places and offers.
 *
 * Test ids: `newest-number` the number in large · `call` each call on the screen (`data-number`) · `no-call` the
 * empty state · `not-live` the banner shown after 10 s without the server.
 */

import { get } from "/static/shared/api.js";
import { meta, patch, preloadIcons, replace } from "/static/shared/dom.js";
import { clock, load, pick, t, useTimezone } from "/static/shared/i18n.js";
import { watch } from "/static/shared/live.js";
import { Voice } from "/static/shared/voice.js";
import { Announcer } from "./announce.js";
import { band, byTurns, fillBand, lastCall, newestCall, noCallYet, offerOf, said, waitsOf } from "./draw.js";
import { fit } from "./fit.js";
import { CallSequence } from "./sequence.js";
import { turn } from "./turning.js";

const LAST_CALLS = 5;
const TURN_MS = 7_000;
/** Every offer is seen once in Arabic and once in French. */
const OFFER_TURNS = 2;
const OFFERS_AGAIN_MS = 120_000;
const VENUE_AGAIN_MS = 3_000;

const station = meta("station");
const at = (id) => document.getElementById(id);
const board = at("board");

const hall = { booths: new Map(), zones: new Map() };
hall.booth = (id) => hall.booths.get(id) ?? { id, name: id };
hall.zone = (id) => hall.zones.get(id) ?? { id };

let slogan = {};
let offers = [];
let offerAt = 0;
let ahead = 0; // the server's clock minus ours, in ms
let sentTo = []; // zones with numbers on their way

let announcer = null;

const sequence = new CallSequence({ onChange: drawCalls });

function drawCalls({ large, others, fresh }) {
  const newest = at("newest");
  const drawn = large ? `${large.call}|${large.recall}` : "";
  // Drawn anew only when it is another call: a flash that runs must not start over with each snapshot.
  if (fresh || newest.dataset.drawn !== drawn || !newest.firstChild) {
    newest.dataset.drawn = drawn;
    board.classList.toggle("is-empty", !large);
    replace(newest, large ? newestCall(large, fresh, hall) : noCallYet());
    fit(newest);
  }
  const last = others.slice(0, LAST_CALLS);
  const listed = JSON.stringify(last);
  if (at("last").dataset.drawn === listed) return;
  at("last").dataset.drawn = listed;
  patch(at("last"), last.map((call) => lastCall(call, hall)));
}

function drawBand(headed) {
  const sent = headed.filter(({ numbers }) => numbers.length);
  if (JSON.stringify(sent) === JSON.stringify(sentTo) && at("band").firstChild) return;
  sentTo = sent;
  replace(at("band"), band(sent));
  fitBand();
}

function fitBand() {
  const row = board.querySelector(".band-row");
  if (row) fillBand(row, sentTo, hall);
}

function drawOffer() {
  // The slogan takes its turn after the last offer, and stands alone where there is none.
  replace(at("offer"), offerOf(offers[offerAt % (offers.length + 1)] ?? null, slogan, hall));
  fit(at("offer"));
}

function drawClock() {
  at("clock").textContent = clock(new Date(Date.now() + ahead));
}

function draw(data) {
  ahead = Date.parse(data.now) - Date.now();
  drawClock();
  sequence.take(data.calls, Date.parse(data.now));
  announcer?.take(data.calls, Date.parse(data.now));
  drawBand(data.headed);
  const waits = JSON.stringify(data.waits);
  if (at("waits").dataset.drawn !== waits) {
    at("waits").dataset.drawn = waits;
    replace(at("waits"), waitsOf(data.waits, hall));
    fit(at("waits"));
  }
}

function drawHead(venue) {
  for (const [id, text] of [["event", venue.event.name], ["city", venue.venue.city], ["slogan", venue.event.slogan]]) {
    replace(at(id), byTurns("span", "", () => pick(text)));
    for (const line of at(id).querySelectorAll("span")) line.dataset.fit = "";
  }
  fit(at("head"));
}

/** Calls aloud, where this board has a loudspeaker; a browser that forbids sound is said on the board. */
function startVoice(settings) {
  board.dataset.voice = "off";
  if (!settings.voice) return;
  const show = () => {
    board.dataset.voice = voice.state;
    at("muted").hidden = voice.state === "ready";
  };
  const voice = new Voice({ volume: settings.volume, onState: () => {
    show();
    announcer?.run();
  } });
  announcer = new Announcer(station, voice);
  const words = (lang) => said(lang, "span", "", () => t("Sound is off: touch this screen once."));
  replace(at("muted"), words("fr"), words("ar"));
  document.addEventListener("callsaid", ({ detail }) => {
    board.dataset.voice = detail.synthetic ? "synthetic" : detail.files.length ? "recorded" : "chime";
  });
  document.addEventListener("voiceend", show);
  for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, () => voice.unlock());
  show();
}

function showState(state) {
  const live = state === "live";
  at("not-live").hidden = live;
  board.classList.toggle("is-not-live", !live);
  if (live) return;
  const words = (lang) =>
    said(lang, "span", "", () =>
      state === "denied"
        ? t("This screen is not paired any more. Please tell the technician.")
        : t("Not live: this may be out of date. Please ask the staff."),
    );
  replace(at("not-live"), words("fr"), words("ar"));
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
    offers = services.flatMap((service) =>
      service.offers.map((offer) => ({ text: offer.text, name: service.name, zone: service.zone })),
    );
  } catch {
    // The slogan, or the offers known so far, stay: a board without offers is still a board.
  }
}

async function start() {
  preloadIcons(["arrow-right"]);
  const [venue] = await Promise.all([loadVenue(), ...["ar", "fr", "zgh", "en"].map(load)]);
  useTimezone(venue.venue.timezone);
  slogan = venue.event.slogan;
  for (const booth of venue.booths) hall.booths.set(booth.id, booth);
  for (const zone of venue.zones) hall.zones.set(zone.id, zone);
  drawHead(venue);
  drawClock();
  drawOffer();
  startVoice(venue.boards.find(({ id }) => id === station) ?? {});
  watch(`board:${station}`, `/boards/${station}/snapshot`, { onData: draw, onState: showState });

  loadOffers().then(drawOffer);
  setInterval(loadOffers, OFFERS_AGAIN_MS);
  setInterval(drawClock, 1000);
  setInterval(() => {
    if (turn(board) % OFFER_TURNS) return;
    offerAt += 1;
    drawOffer();
  }, TURN_MS);
  const refit = () => {
    fit(board);
    fitBand();
  };
  document.fonts.ready.then(refit);
  document.fonts.addEventListener("loadingdone", refit);
  window.addEventListener("resize", refit);
}

start();
