/** What the kiosk knows. Everything on the screen follows from `model`; `model.session` holds the visitor and is dropped whole. */
import { meta } from "/static/shared/dom.js";
import { LANGUAGES } from "/static/shared/i18n.js";

export const STATION = meta("station");
/** The language of the page while nobody is there. */
export const HOME = document.documentElement.lang || LANGUAGES[0];

/**
 * @import { BoothInfo, KindInfo, KioskData, Leg, Member, Service, ServiceInfo, VenueAnswer, Visit, ZoneInfo } from "api"
 *
 * @typedef {{redraw: () => void, close: () => void}} Dialog what lies over the screen
 *
 * @typedef {object} Group some of a family that splits up
 * @property {string[]} party
 * @property {Set<string>} selected what they have ticked
 *
 * @typedef {object} Opinion what is being said about the day
 * @property {Record<string, number>} scores by service, 1 to 5
 * @property {Kind | null} kind
 * @property {string} text
 * @property {string | null} layout of the keys
 * @property {boolean} sent
 *
 * @typedef {"opinion" | "expectation" | "proposal"} Kind
 *
 * @typedef {object} Wanted what the card was asked for, and what had been ticked
 * @property {string} visit
 * @property {"change" | "leave" | "choose"} action
 * @property {Pick<Session, "selected" | "present" | "groups" | "group" | "places" | "changing">} ticked
 *
 * @typedef {object} Session a visitor's session
 * @property {string} code
 * @property {number} at
 * @property {AbortController} stop ends what is under way for them
 * @property {number} attempts
 * @property {number | null} handover the timer
 * @property {boolean} handedOver
 * @property {string | null} pending what is under way
 * @property {Member | null} member nobody, when a ticket was shown
 * @property {Visit | null} visit
 * @property {boolean} family
 * @property {Set<string>} present
 * @property {Set<string>} selected
 * @property {Map<string, number> | null} places of a family that splits up: each one's group
 * @property {Group[] | null} groups then who is in each, and what each has ticked; `selected` is that of `group`
 * @property {number} group
 * @property {boolean} whole keep the places of the whole family
 * @property {Map<string, string>} codes by visit, the code to photograph
 * @property {Leg[]} route the proposed route
 * @property {Opinion | null} opinion
 * @property {boolean} changing
 * @property {boolean} relatives whether the family may stand on the screen: they touched "my family"
 * @property {Wanted | null} wanted
 * @property {string} notice
 * @property {{reason: string | null, code?: string, errorId?: string, reopens?: string | null} | null} trouble
 * @property {string | null} qr
 * @property {boolean} following
 * @property {boolean} late the ticket takes so long that nobody need wait for it
 *
 * @typedef {Session & {member: Member, visit: Visit, opinion: Opinion, places: Map<string, number>}} Visitor somebody who is known: what a
 *   screen shows, the screens before it have found out
 *
 * @typedef {object} Model
 * @property {string} name which state stands on the screen
 * @property {string} station
 * @property {VenueAnswer | null} venue
 * @property {KioskData | null} live
 * @property {string} liveState
 * @property {string | null} ownPrinter
 * @property {Map<string, ZoneInfo>} zones
 * @property {Map<string, ServiceInfo | Service>} services
 * @property {Map<string, BoothInfo>} booths
 * @property {Map<string, KindInfo>} categories
 * @property {number} liveAt when the live figures came, by performance.now()
 * @property {boolean} voiceSilent nobody can say it in this language
 * @property {Record<string, boolean>} modes
 * @property {boolean} chosenByHand the language was chosen on the attract screen, before the card was shown
 * @property {Dialog | null} keypad the open keypad, if any
 * @property {Dialog | null} camera the open camera, if any
 * @property {boolean} hasCamera
 * @property {Session | null} session
 *
 * @typedef {Model & {session: Visitor}} Here what the screens of a visitor are drawn from
 */

/** @type {Model} */
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

/**
 * A visitor's session: the code that was shown and nothing known yet.
 * @param {string} code
 * @returns {Session}
 */
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
    relatives: false, // whether the family may stand on the screen
    wanted: null, // what the card was asked for
    notice: "",
    trouble: null,
    qr: null,
    following: false,
    late: false,
  };
}

/**
 * The visitor on the screen, where a screen of theirs stands.
 */
export const here = () => /** @type {Visitor} */ (model.session);

/**
 * Whether `session` is still the one on the screen; an answer that comes later shows nothing.
 * @param {Session} session
 */
export const mine = (session) => model.session === session;
