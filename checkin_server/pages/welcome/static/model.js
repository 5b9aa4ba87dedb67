/**
 * What the welcome desk knows. Everything on the page follows from it.
 *
 * @import { FoundMembers, KindInfo, Member, PersonBody, Service, ServiceInfo, Staff, VenueAnswer, Visit, WelcomeData, ZoneInfo } from "api"
 * @import { Child } from "/static/shared/dom.js"
 *
 * @typedef {object} Found a visit on the desk
 * @property {Visit} visit
 * @property {Member} member
 * @property {string | null} firstSeen
 * @property {string} outcome of the scan that led here, or "found"
 *
 * @typedef {Required<PersonBody>} Newcomer what was typed of somebody who is on no list
 *
 * @typedef {Omit<VenueAnswer, "categories" | "units" | "services" | "zones"> & {
 *   categories: Map<string, KindInfo>, units: Map<string, KindInfo>,
 *   services: Map<string, ServiceInfo>, zones: Map<string, ZoneInfo>}} Venue what there is, by id
 *
 * @typedef {object} OnDesk what is about the visitor of the moment: nothing of it outlives them
 * @property {Found | null} found
 * @property {string | null} refused a reason
 * @property {string | null} reopens the visit that may be opened again
 * @property {FoundMembers | null} people
 * @property {Newcomer | null} newcomer
 * @property {string | null} code address of the visit's QR
 * @property {string | null} cardFor the member whose new card is being asked for
 * @property {boolean} prioritising the reasons for priority are open
 * @property {boolean} remembering the form for a visit that was lost in a restore is open
 * @property {{number: string, time: string}} typed what stands in it
 * @property {{words: () => Child, trouble: boolean} | null} notice
 *
 * @typedef {object} Around
 * @property {Staff | null | undefined} staff undefined: not known yet; null: nobody
 * @property {Venue | null} venue
 * @property {Service[] | null} services
 * @property {WelcomeData | null} data
 * @property {string} live
 * @property {boolean} busy
 * @property {boolean} waiting the server does not answer
 * @property {Set<string>} chosen services
 * @property {Map<string, string>} cards by member, the address of the new card's PDF
 *
 * @typedef {OnDesk & Around} Model
 */
import { meta } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const station = meta("station");

/** @type {OnDesk} */
const NOBODY = {
  found: null,
  refused: null,
  reopens: null,
  people: null,
  newcomer: null,
  code: null,
  cardFor: null,
  prioritising: false,
  remembering: false,
  typed: { number: "", time: "" },
  notice: null,
};

/** @type {Model} */
export const model = {
  ...NOBODY,
  staff: undefined,
  venue: null,
  services: null,
  data: null,
  live: "loading",
  busy: false,
  waiting: false,
  chosen: new Set(),
  cards: new Map(),
};

/** What stands in the field at the top, and why somebody is looked up. */
export const entry = { text: "", reason: "card_forgotten" };

/**
 * Puts something else on the desk; nothing of the visitor before stays.
 * @param {Partial<OnDesk>} next
 */
export function show(next) {
  if (model.code) URL.revokeObjectURL(model.code);
  for (const address of model.cards.values()) URL.revokeObjectURL(address);
  model.cards.clear();
  Object.assign(model, NOBODY, { typed: { number: "", time: "" } }, next);
  model.chosen = new Set();
}

/**
 * Where a printer stands, in words.
 * @param {string | null} printer
 */
export function placeOf(printer) {
  const place = model.data?.printers.find((one) => one.id === printer);
  if (place?.desks.includes(station)) return t("this desk");
  return place?.kiosks.length ? t("Kiosk {name}", { name: place.kiosks.join(", ") }) : (printer ?? "");
}

/**
 * Takes what there is at the venue.
 * @param {VenueAnswer} venue
 */
export function learn(venue) {
  const { gone } = venue;
  model.venue = {
    ...venue,
    // What is gone has its last name: people and visits may still speak of it.
    categories: byId([...venue.categories, ...gone.categories]),
    units: byId([...venue.units, ...gone.units]),
    services: byId([...venue.services, ...gone.services]),
    zones: byId([...venue.zones, ...gone.zones]),
  };
}

/**
 * @template {{id: string}} Item
 * @param {Item[]} list
 */
function byId(list) {
  return new Map(list.map((item) => [item.id, item]));
}
