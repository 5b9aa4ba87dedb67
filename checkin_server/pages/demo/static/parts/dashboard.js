/** The organisers' dashboard in each of its states. */
import { at, NOW, pass, press, snapshot, stand, until } from "./edge.js";
import { DOORS, OVER, VENUE, busy, printer } from "./people.js";
import { troubles } from "./troubles.js";

/**
 * @typedef {object} Part
 * @property {object | "never" | "denied"} [data] what differs from a quiet morning
 * @property {boolean} [stale] the server is away
 * @property {string[]} [press] selectors
 */

const SERVED = [41, 20, 9, 62, 12, 35, 0, 18, 7];
const services = () =>
  VENUE.services.map(({ id }, i) => {
    const { counters_open, waiting, expected_wait } = busy(id);
    return {
      id,
      waiting,
      headed: i % 3,
      serving: Math.min(counters_open, 2),
      served: SERVED[i],
      no_show: i % 2,
      counters_open,
      counters: VENUE.counters.filter((counter) => counter.services.includes(id)).length,
      expected_wait,
      accepting: true,
      closing: false,
      places_left: id === "bank" ? 48 : null,
      ruling: null,
      mean_wait_s: expected_wait ? expected_wait.p50 : null,
      max_wait_s: expected_wait ? expected_wait.p90 + 300 : null,
    };
  });
const counters = () =>
  VENUE.counters.map(({ id, booth, label }, i) => {
    const open = Number(label) <= busy(booth).counters_open;
    const state = open ? (i % 3 ? "serving" : "open") : i % 7 === 3 ? "paused" : "closed";
    return {
      id,
      booth,
      label,
      zone: VENUE.booths.find((one) => one.id === booth)?.zone,
      state,
      number: state === "serving" ? 190 + i : null,
      since: at(-60 * (i + 2)),
      staff: open ? "Nadia" : null,
    };
  });
const device = (/** @type {string} */ role, /** @type {string} */ station, online = true) => ({
  id: `${role}-${station}`,
  role,
  station,
  online,
  last_seen: at(online ? -3 : -240),
  silent: !online,
});
const DEVICES = [
  device("kiosk", "K1"),
  device("kiosk", "K2"),
  device("board", "hall"),
  device("counter", "bank-1"),
  device("counter", "health-1"),
];
const quarters = (/** @type {number[]} */ ...counts) =>
  counts.map((count, i) => ({ at: at(-7200 + 900 * (i - 2)), count }));

const DAY = { ...VENUE.service_day, state: "open", at_counters: 14, ends_by: null, ended_at: null, incomplete: 0 };
const MORNING = {
  now: at(0),
  doors: DOORS,
  day: DAY,
  days: [
    { ...VENUE.service_day, state: "open" },
    { ...VENUE.service_day, id: "2019-12-28", state: "planned" },
  ],
  arrivals: 412,
  inside: 238,
  waiting: 171,
  headed: 11,
  being_served: 14,
  served: 204,
  finished: 174,
  service_level: { share: 0.83, target_minutes: 20 },
  wait: { mean_s: 705, max_s: 2240 },
  services: services(),
  arrivals_15: quarters(12, 38, 61, 74, 69, 52, 41, 33, 22, 10),
  counters: counters(),
  printers: [1, 2, 3].map((n) => printer(n)),
  devices: DEVICES,
  trouble: [],
  advice: [],
  old_since: null,
  forecasts: { share: 0.87, resolved: 311, error_s: 214 },
  fairness: {
    choices: 198,
    bound_minutes: 90,
    held: true,
    beyond: 0,
    cases: [],
    categories: [{ category: "active", visits: 120, overtaken: 14, longest_s: 420 }],
  },
};
const TROUBLE = {
  service_level: { share: 0.52, target_minutes: 20 },
  wait: { mean_s: 1805, max_s: 4240 },
  printers: [
    printer(1, { state: "trouble", last_error: "paper_out", queued: 4 }),
    printer(2, { paper: "low" }),
    printer(3, {
      state: "trouble",
      last_error: "loses_tickets",
      uncertain: 2,
      test: { print_job: "t1", state: "printed", error: null, came_out: null, asked_at: at(-40), at: at(-35) },
      doubted: true,
      to_judge: "t1",
    }),
  ],
  devices: [...DEVICES.slice(1), device("kiosk", "K1", false)],
  trouble: [
    { code: "clock_differs", machine: at(-2400), riwaq: at(0), followed: false },
    { code: "day_left_open", day: VENUE.service_day.id, closes_at: at(-3600), another_date: true },
    { code: "printer_failing", printer: "P1", kiosk: "K1", error: "paper_out", since: at(-300), waiting: 4 },
    { code: "printer_failing", printer: "P3", kiosk: "K3", error: "loses_tickets", since: at(-90), waiting: 0 },
    { code: "no_counter_open", service: "real-estate", waiting: 2 },
    { code: "device_silent", role: "kiosk", station: "K1", since: at(-240) },
    { code: "sign_in_locked", role: "counter", station: "bank-2", until: at(60) },
    { code: "searches_limited", role: "welcome", station: "desk", staff: "Salma", at: at(-120) },
    { code: "nobody_at_booth", booth: "insurance", waiting: 6 },
    { code: "paper_low", printer: "P2", kiosk: "K2" },
    { code: "calls_missed", share: 0.21 },
    { code: "not_following", share: 0.34, seen: 47 },
    { code: "purge_overdue", since: at(-3 * 86_400) },
  ],
};
const EMPTY = {
  doors: { ...OVER, state: "none", ended: false },
  day: null,
  days: MORNING.days.map((one) => ({ ...one, state: "planned" })),
  arrivals: 0,
  inside: 0,
  waiting: 0,
  headed: 0,
  being_served: 0,
  served: 0,
  finished: 0,
  service_level: { share: null, target_minutes: 20 },
  wait: { mean_s: null, max_s: null },
  services: services().map((one) => ({
    ...one,
    waiting: 0,
    headed: 0,
    serving: 0,
    served: 0,
    no_show: 0,
    counters_open: 0,
    expected_wait: null,
    mean_wait_s: null,
    max_wait_s: null,
  })),
  arrivals_15: [],
  counters: counters().map((one) => ({ ...one, state: "closed", number: null, staff: null })),
  devices: [],
  forecasts: { share: null, resolved: 0, error_s: null },
  fairness: { ...MORNING.fairness, choices: 0, categories: [] },
};

/** @type {Record<string, () => Part>} */
export const parts = {
  well: () => ({}),
  trouble: () => ({ data: TROUBLE }),
  empty: () => ({ data: EMPTY }),
  closing: () => ({ data: { doors: { ...OVER, ended: false }, day: { ...DAY, state: "closing", ends_by: at(1500) } } }),
  closed: () => ({
    data: {
      doors: OVER,
      day: { ...DAY, state: "closed", at_counters: 0, ended_at: at(-600), incomplete: 21 },
      inside: 0,
      waiting: 0,
      headed: 0,
      being_served: 0,
      finished: 391,
    },
  }),
  ...Object.fromEntries(Object.entries(troubles).map(([name, make]) => [name, () => ({ data: make() })])),
  rule: () => ({
    data: {
      services: services().map((one) =>
        one.id === "bank"
          ? {
              ...one,
              closing: true,
              places_left: 12,
              ruling: { rule: "more", places_left: 12, until: null, reason: "Salle pleine", at: at(-600) },
            }
          : one,
      ),
    },
    press: ['[data-service="bank"] [data-testid="last-tickets"]'],
  }),
  loading: () => ({ data: "never" }),
  notlive: () => ({ stale: true }),
  denied: () => ({ data: "denied" }),
};

/** What the page remembers of a quarter of an hour ago, for its trends. */
const BEFORE = {
  day: VENUE.service_day.id,
  samples: [{ minute: Math.floor(NOW / 60_000) - 15, figures: { inside: 221, served: 181 } }],
};

/**
 * Starts the dashboard's own script.
 * @param {Part} part
 */
export async function show({ data, stale, press: pressed = [] }) {
  let away = false;
  stand(
    () => ({
      "GET /venue": { body: VENUE },
      "GET /dashboard/snapshot": away
        ? "away"
        : data === "never"
          ? "never"
          : data === "denied"
            ? { status: 401, body: { code: "unauthenticated" } }
            : snapshot({ ...MORNING, ...data }),
    }),
    { "riwaq-dashboard-history": JSON.stringify(BEFORE) },
  );
  await import("/static/dashboard/dashboard.js");
  await until(() => document.getElementById("where")?.textContent);
  if (data === "denied") await until(() => !document.getElementById("not-live")?.hidden);
  else if (data !== "never") await until(() => document.querySelector("#figures article"));
  await press(pressed);
  if (stale) {
    away = true;
    pass(11_000);
    await until(() => !document.getElementById("not-live")?.hidden);
  }
}
