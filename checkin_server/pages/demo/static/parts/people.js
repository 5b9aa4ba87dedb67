/** The fixed hall, as it is on every part, and its invented visitors. */
import { at } from "./edge.js";
import fixed from "./venue.json" with { type: "json" };

export const VENUE = { ...fixed.venue, now: at(0) };

const DAY = VENUE.service_day;

/** How the doors stand: on a busy morning, before the hours, and when all is over until the next day. */
export const DOORS = {
  state: "open",
  ended: false,
  day: DAY.id,
  opens_at: DAY.opens_at,
  closes_at: DAY.closes_at,
  stands_open: true,
};
export const EARLY = { ...DOORS, state: "early", opens_at: at(1800), stands_open: false };
export const OVER = { ...DOORS, state: "over", ended: true, opens_at: at(86_400), stands_open: false };

/** How busy each service is: counters open, people waiting, expected wait in seconds; none is open where there is nothing. */
const BUSY = {
  reception: [2, 3, 120, 300],
  enrolment: [2, 9, 600, 960],
  social: [1, 4, 480, 840],
  bank: [3, 22, 1140, 1860],
  insurance: [1, 6, 780, 1500],
  telecoms: [2, 0, 0, 60],
  health: [1, 5, 900, 1740],
  education: [1, 2, 300, 660],
};

/** @param {string} service */
export function busy(service) {
  const [open, waiting, p50, p90] = BUSY[/** @type {keyof typeof BUSY} */ (service)] ?? [0, 2, null, null];
  return { counters_open: open, waiting, expected_wait: p50 === null ? null : { p50, p90 } };
}

const LONG = {
  ar: "الانخراط في المؤسسة وتحيين المعلومات الإدارية والعائلية للمنخرطين والمنخرطات",
  fr: "Adhésion à la Fondation et mise à jour du dossier administratif et familial",
  zgh: "ⴰⵣⵎⵎⴻⵎ ⴳ ⵜⵎⵔⵙⵉⵍⵜ ⴷ ⵓⵙⵎⴰⵢⵏⵓ ⵏ ⵉⵙⴰⵍⵏ ⵏ ⵜⵡⴰⵛⵓⵏⵜ ⴷ ⵜⵡⵓⵔⵉ",
  en: "Joining the Foundation and updating the administrative and family records of members",
};

/**
 * The hall as kiosks follow it.
 * @param {"" | "long" | "closed" | "many"} [kind] long names; everything that can be wrong with a service at once; or twelve services
 *   that take hours
 */
export function live(kind = "") {
  const services = fixed.services.map((service) => ({ ...service, ...busy(service.id) }));
  if (kind === "many") {
    services.push(...services.slice(0, 3).map((service) => ({ ...service, id: `${service.id}-2` })));
    for (const [place, service] of services.entries())
      service.expected_wait = { p50: 2700 + 1500 * place, p90: 5400 + 2400 * place };
  }
  if (kind === "long") for (const service of services) service.name = LONG;
  if (kind === "closed") {
    Object.assign(services[0], { open: false, accepting: false });
    Object.assign(services[1], { accepting: false });
    Object.assign(services[2], { closing: true, accepting: false });
    Object.assign(services[3], { places_left: 4 });
    Object.assign(services[4], { last_ticket_at: at(1500) });
    Object.assign(services[5], { categories: ["retired"] });
    Object.assign(services[6], { places_left: 0, accepting: false });
  }
  return { now: at(0), doors: DOORS, inside: 412, services };
}

const person = (/** @type {string} */ id, /** @type {string} */ ar, /** @type {string} */ la, category = "active") => ({
  id,
  display_name: { ar, la },
  category,
  self: id.endsWith("1"),
  present: id.endsWith("1"),
  elsewhere: false,
});

/** Comes alone. */
export const MEMBER = {
  display_name: { ar: "أمينة التازي", la: "Amina Tazi" },
  category: "active",
  locale: "ar",
  party: [person("M1", "أمينة ت.", "Amina T.")],
};

/** Comes with a signed card, which says no name. */
export const UNNAMED = { ...MEMBER, display_name: { ar: "", la: "" }, party: [person("M1", "", "")] };

/** Comes with the family; one of them has a number already. */
export const FAMILY = {
  ...MEMBER,
  display_name: { ar: "إدريس بنعلي", la: "Driss Benali" },
  party: [
    person("F1", "إدريس ب.", "Driss B."),
    person("F2", "خديجة إ.", "Khadija I.", "dependant"),
    person("F3", "ياسين ب.", "Yassine B.", "child"),
    { ...person("F4", "سلمى ب.", "Salma B.", "child"), elsewhere: true },
  ],
};

/**
 * One service that somebody wants.
 * @param {string} service
 * @param {string} state
 */
export function step(service, state, more = {}) {
  const { zone } = fixed.services.find(({ id }) => id === service) ?? { zone: "A" };
  return {
    id: `s-${service}`,
    service,
    state,
    booth: service,
    zone,
    counter: null,
    position: null,
    expected_wait: null,
    since: at(-900),
    called_at: null,
    started_at: null,
    ended_at: null,
    ...more,
  };
}

/** Somebody's presence today, with three services unless said otherwise. */
export function visit(more = {}) {
  return {
    id: "V1",
    number: 217,
    state: "open",
    locale: "ar",
    category: "active",
    party: ["M1"],
    keep_together: true,
    family: [],
    priority: null,
    old_number: null,
    created_at: at(-900),
    hold_until: null,
    expected_finish: { p50: at(2400), p90: at(3600) },
    steps: [
      step("bank", "waiting", { position: 8, expected_wait: { p50: 660, p90: 1020 } }),
      step("health", "waiting", { position: 1, expected_wait: { p50: 0, p90: 240 } }),
      step("insurance", "waiting", { position: 4 }),
    ],
    next: {
      kind: "wait",
      service: "bank",
      booth: "bank",
      zone: "C",
      counter: null,
      counter_label: null,
      expected_wait: { p50: 660, p90: 1020 },
      why: null,
    },
    ticket: null,
    ...more,
  };
}

/**
 * One stop of a proposed route.
 * @param {string} service
 * @param {string} code why it stands there
 * @param {{p50: number, p90: number} | null} expected_wait
 */
export function leg(service, code, expected_wait) {
  const { booth, zone } = step(service, "waiting");
  return { service, booth, zone, expected_wait, why: { code } };
}

/** A kiosk's printer on a quiet morning; `more` is what differs. */
export const printer = (/** @type {number} */ n, more = {}) => ({
  id: `P${n}`,
  kind: "network",
  width_mm: n === 3 ? 58 : 80,
  kiosks: [`K${n}`],
  desks: n === 1 ? ["desk"] : [],
  state: "ok",
  last_error: null,
  since: at(-9000),
  paper: "ok",
  queued: 0,
  printed: 140 + n,
  sent: 0,
  failed: 0,
  uncertain: 0,
  at: at(-60),
  test: null,
  doubted: false,
  to_judge: null,
  ...more,
});
