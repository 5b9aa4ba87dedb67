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
  return {
    ...answer,
    zones: byId(answer.zones),
    booths: byId(answer.booths),
    services: byId(answer.services),
    counters: byId(answer.counters),
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
