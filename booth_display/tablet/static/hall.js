/**
 * What of the venue a counter needs, by id. What is not known shows its id as a name, so that a screen is never without words.
 *
 * @import { BoothInfo, CounterInfo, KindInfo, OfficeInfo, ServiceInfo, VenueAnswer, ZoneInfo } from "api"
 *
 * @typedef {{id: string, name: string}} Unknown
 * @typedef {OfficeInfo} Office
 *
 * @typedef {object} Hall
 * @property {(id: string) => BoothInfo | (Unknown & {zone?: undefined})} booth
 * @property {(id: string) => ServiceInfo | Unknown} service
 * @property {(id: string | undefined) => ZoneInfo | {id: string, shape?: undefined, colour?: undefined, ink?: undefined}} zone
 * @property {(id: string) => KindInfo | Unknown} category
 * @property {(id: string) => CounterInfo | (Unknown & {label?: undefined, booth?: undefined})} counter
 * @property {ServiceInfo[]} services
 * @property {(printer: string | null | undefined) => string | undefined} kioskOf the kiosk whose printer it is
 */

/**
 * @template {{id: string}} Item
 * @param {Item[]} list
 */
function byId(list) {
  const known = new Map(list.map((one) => [one.id, one]));
  return (/** @type {string | undefined} */ id = "") => known.get(id) ?? { id, name: id };
}

/**
 * @param {VenueAnswer} venue
 * @returns {Hall}
 */
export function hallOf(venue) {
  const kiosks = new Map(venue.stations.filter(({ role }) => role === "kiosk").map(({ printer, id }) => [printer, id]));
  return {
    booth: byId(venue.booths),
    service: byId(venue.services),
    zone: byId(venue.zones),
    category: byId(venue.categories),
    counter: byId(venue.counters),
    services: venue.services,
    kioskOf: (printer) => (printer ? kiosks.get(printer) : undefined),
  };
}
