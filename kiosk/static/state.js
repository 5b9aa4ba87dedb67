/** What the kiosk knows. Everything on the screen follows from `model`; `model.session` holds the visitor and is dropped whole. */
import { meta } from "/static/shared/dom.js";
import { LANGUAGES } from "/static/shared/i18n.js";

export const STATION = meta("station");
/** The language of the page while nobody is there. */
export const HOME = document.documentElement.lang || LANGUAGES[0];

export const model = {
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
  liveAt: 0, // when the live figures came, by performance.now()
  voiceSilent: false, // nobody can say it in this language
  modes: { large: false, contrast: false, low: false, voice: false },
  chosenByHand: false, // the language was chosen on the attract screen, before the card was shown
  keypad: null, // the open keypad, if any
  camera: null, // the open camera, if any
  hasCamera: false,
  session: null,
};

/** A visitor's session: the code that was shown and nothing known yet. `stop` ends what is under way for them. */
export function newSession(code) {
  return {
    code,
    at: performance.now(),
    stop: new AbortController(),
    attempts: 0,
    handover: null,
    handedOver: false,
    pending: null,
    member: null,
    visit: null,
    family: false,
    present: new Set(),
    selected: new Set(),
    places: null, // of a family that splits up: each one's group
    groups: null, // then who is in each, and what each has ticked; `selected` is that of `group`
    group: 0,
    whole: false, // keep the places of the whole family
    codes: new Map(), // by visit, the code to photograph
    route: [], // the proposed route
    opinion: null, // what is being said about the day
    changing: false,
    notice: "",
    trouble: null,
    qr: null,
    following: false,
  };
}

/** Whether `session` is still the one on the screen; an answer that comes later shows nothing. */
export const mine = (session) => model.session === session;
