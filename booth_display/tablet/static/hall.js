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
 * @property {Office[]} offices
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
  const { gone } = venue;
  return {
    // What is gone has its last name: a route may still speak of it.
    booth: byId([...gone.booths, ...venue.booths]),
    service: byId([...gone.services, ...venue.services]),
    zone: byId([...gone.zones, ...venue.zones]),
    category: byId([...gone.categories, ...venue.categories]),
    counter: byId([...gone.counters, ...venue.counters]),
    services: venue.services,
    offices: venue.offices,
    kioskOf: (printer) => (printer ? kiosks.get(printer) : undefined),
  };
}
