// What of the venue the dashboard needs, by id.

/**
 * @import { BoardInfo, BoothInfo, CounterInfo, DashboardData, KindInfo, ServiceInfo, VenueAnswer, ZoneInfo } from "api"
 *
 * @typedef {DashboardData["services"][number]} ServiceFigures
 * @typedef {DashboardData["counters"][number]} CounterFigures
 *
 * @typedef {Omit<VenueAnswer, "zones" | "booths" | "services" | "counters" | "boards"> & {
 *   zones: Map<string, ZoneInfo>, booths: Map<string, BoothInfo>, services: Map<string, ServiceInfo>,
 *   counters: Map<string, CounterInfo>, boards: Map<string, BoardInfo>}} Venue
 */

/**
 * @param {VenueAnswer} answer
 * @returns {Venue}
 */
export function venueOf(answer) {
  const { gone } = answer;
  return {
    ...answer,
    // What is gone has its last name: the day still speaks of it.
    zones: byId([...gone.zones, ...answer.zones]),
    booths: byId([...gone.booths, ...answer.booths]),
    services: byId([...gone.services, ...answer.services]),
    counters: byId([...gone.counters, ...answer.counters]),
    boards: byId(answer.boards),
  };
}

/**
 * @template {{id: string}} Item
 * @param {Item[]} list
 */
function byId(list) {
  return new Map(list.map((item) => [item.id, item]));
}
