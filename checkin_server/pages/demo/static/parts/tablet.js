/** The counter's tablet in each of its states. */
import { at, pass, press, snapshot, stand, until } from "./edge.js";
import { DOORS, OVER, VENUE, busy, live } from "./people.js";

/**
 * @typedef {object} Part
 * @property {object | "never"} [data] what differs from an open counter with nobody at it
 * @property {boolean} [signedIn] false: nobody is
 * @property {Record<string, import("./edge.js").Answer>} [answers] to commands
 * @property {string[]} [press] buttons that are pressed then
 * @property {string} [seen] what is there afterwards
 * @property {boolean} [quiet] nothing can be pressed at the foot
 * @property {boolean} [stale] the server is away
 */

const waiter = (/** @type {number} */ number, more = {}) => ({
  number,
  service: "bank",
  state: "waiting",
  locale: "ar",
  party_size: 1,
  free: true,
  again_at: null,
  for_counter: null,
  since: at(-60 * (232 - number)),
  ...more,
});

const COUNTER = { id: "bank-1", booth: "bank", label: "1", zone: "C", state: "open", reason: null, services: ["bank"] };
const OPEN = {
  now: at(0),
  seen: "all",
  number: null,
  lock_after_s: 600,
  doors: DOORS,
  counter: COUNTER,
  staff: { id: "u1", name: "Nadia" },
  current: null,
  queue: [
    waiter(219),
    waiter(220, { free: false, again_at: at(110), locale: "fr" }),
    waiter(222, { party_size: 3, locale: "zgh" }),
    waiter(226, { state: "headed" }),
    waiter(228, { locale: "en" }),
  ],
  waiting: 22,
  aside: [],
  today: { served: 31, mean_service_s: 380 },
  others: VENUE.booths.filter(({ id }) => id !== "bank").map(({ id }) => ({ booth: id, ...busy(id) })),
  colleagues: [
    { counter: "bank-2", state: "open" },
    { counter: "bank-3", state: "paused" },
    { counter: "bank-4", state: "closed" },
  ],
  undo: null,
  out_of_turn: "reason",
};
const VISITOR = {
  step: "s-217",
  service: "bank",
  state: "called",
  number: 217,
  visit: "V1",
  locale: "ar",
  category: "active",
  party_size: 2,
  needs: ["wheelchair"],
  family: [{ number: 218, state: "waiting", service: "health" }],
  why: { code: "longest_wait", minutes: 24 },
  called_at: at(-47),
  started_at: null,
  patience_s: 180,
  recalls: 1,
  recalls_left: 2,
  long_after_s: 1200,
  notes: 1,
  route: [
    { service: "reception", state: "served" },
    { service: "bank", state: "called" },
    { service: "health", state: "waiting" },
  ],
  stop: 1,
};
const serving = (more = {}) => ({
  current: { ...VISITOR, state: "serving", started_at: at(-252), route: route("serving"), ...more },
});
const route = (/** @type {string} */ state) => VISITOR.route.map((stop, i) => (i === 1 ? { ...stop, state } : stop));
/** A venue that tries everything: twelve services, and the longest names that a plan may have. */
const long = (/** @type {string} */ of) => ({
  ar: `${of} للخدمات الاجتماعية والمرافقة القانونية والإدارية للأسر`,
  fr: `${of} d’accompagnement social, juridique et administratif des familles`,
  zgh: `${of} ⵏ ⵓⵎⵓⵏ ⴰⵏⴰⵎⵓⵏ ⴷ ⵓⵙⵔⴰⴷ ⴷ ⵜⵎⵙⵙⵓⴳⵓⵔⵜ ⵏ ⵜⵡⵊⵉⵡⵉⵏ`,
  en: `${of} of social, legal and administrative support for families`,
});
const CROWDED = {
  ...VENUE,
  services: Array.from({ length: 12 }, (_, i) => ({
    ...VENUE.services[i % VENUE.services.length],
    id: `s${i}`,
    name: long(`Service ${i + 1}`),
  })),
  booths: VENUE.booths.map((booth) => ({ ...booth, name: long("Stand") })),
};
const crowded = (/** @type {object} */ more) => ({
  data: {
    current: {
      ...VISITOR,
      needs: ["wheelchair", "low_vision", "hard_of_hearing", "needs_reading_aloud"],
      route: CROWDED.services.map(({ id }, i) => ({ service: id, state: i < 5 ? "served" : "waiting" })),
      stop: 5,
      ...more,
    },
    undo: undo("call-next"),
    aside: Array.from({ length: 14 }, (_, i) => waiter(300 + i, { state: "parked" })),
  },
  answers: { "GET /venue": { body: CROWDED } },
});
const undo = (/** @type {string} */ action) => ({ action, action_id: "a1", number: 217, until: at(9) });
const refused = (/** @type {number} */ status, /** @type {object} */ body) => ({ status, body });
const PIN = ["1", "2", "3", "4"].map((digit) => `[data-testid=pin-key-${digit}]`);
const tap = (/** @type {string} */ id) => `[data-testid=${id}]`;

/** @type {Record<string, () => Part>} */
export const parts = {
  signin: () => ({ signedIn: false }),
  signin_over: () => ({ signedIn: false, data: { doors: OVER, counter: { ...COUNTER, state: "closed" } } }),
  over: () => ({ quiet: true, data: { doors: OVER, counter: { ...COUNTER, state: "closed" }, queue: [], waiting: 0 } }),
  wrong_pin: () => ({
    signedIn: false,
    answers: { "POST /session": refused(403, { code: "wrong_pin", attempts_left: 2 }) },
    press: [...PIN, tap("signin")],
    seen: ".signin-trouble:not(:empty)",
  }),
  locked: () => ({
    signedIn: false,
    answers: { "POST /session": refused(429, { code: "locked", retry_after: 300 }) },
    press: [...PIN, tap("signin")],
    seen: ".signin-trouble:not(:empty)",
  }),
  untouched: () => ({
    signedIn: false,
    data: { seen: "number", number: 217, queue: [], waiting: 22 },
    answers: { "GET /session": refused(401, { code: "session_locked", staff: OPEN.staff }) },
    seen: tap("locked-number"),
  }),
  loading: () => ({ data: "never" }),
  closed: () => ({ data: { counter: { ...COUNTER, state: "closed" } } }),
  paused: () => ({ data: { counter: { ...COUNTER, state: "paused", reason: "prayer" } } }),
  idle: () => ({}),
  idle_nobody: () => ({ data: { queue: [], waiting: 0 } }),
  nobody: () => ({
    answers: { "POST /counters/bank-1/call-next": { body: { outcome: "nobody", next_expected: at(480) } } },
    press: [tap("primary")],
    seen: tap("nobody"),
  }),
  called: () => ({ data: { current: VISITOR, undo: undo("call-next") } }),
  serving: () => ({ data: serving() }),
  called_crowded: () => crowded({}),
  serving_crowded: () => crowded({ state: "serving", started_at: at(-1500) }),
  serving_long: () => ({ data: serving({ started_at: at(-1500) }) }),
  missed: () => ({ data: { aside: [waiter(205, { state: "no_show" }), waiter(211, { state: "parked" })] } }),
  missed_one: () => ({
    data: { aside: [waiter(205, { state: "no_show" }), waiter(211, { state: "parked" })] },
    press: [tap("aside-205")],
    seen: "dialog[open]",
  }),
  undo: () => ({ data: { undo: undo("no-show"), aside: [waiter(217, { state: "no_show" })] } }),
  menu: () => ({ data: serving(), press: [tap("menu")], seen: "dialog[open]" }),
  refer: () => ({ data: serving(), press: [tap("refer")], seen: "dialog[open]" }),
  transfer: () => ({ data: serving(), press: [tap("transfer")], seen: "dialog[open]" }),
  number: () => ({ press: [tap("type-number")], seen: "dialog[open]" }),
  refused: () => ({
    data: { current: VISITOR },
    answers: { "POST /counters/bank-1/recall": refused(409, { code: "recall_too_soon", retry_after: 12 }) },
    press: [tap("recall")],
    seen: tap("notice"),
  }),
  waiting: () => ({
    data: { current: VISITOR },
    answers: { "POST /counters/bank-1/start": "away" },
    press: [tap("primary")],
    seen: tap("waiting-for-server"),
  }),
  notlive: () => ({ data: { current: VISITOR }, stale: true }),
};

/**
 * Starts the tablet's own script and presses what leads to the part.
 * @param {Part} part
 */
export async function show(part) {
  const { data, signedIn = true } = part;
  let away = false;
  stand(
    () => ({
      "GET /venue": { body: VENUE },
      "GET /services": { body: live() },
      "GET /session": signedIn ? { body: { staff: OPEN.staff } } : { status: 401, body: { code: "no_session" } },
      "GET /counters/bank-1/snapshot": away
        ? "away"
        : data === "never"
          ? "never"
          : snapshot({ ...OPEN, .../** @type {object | undefined} */ (data) }),
      ...part.answers,
    }),
    { "riwaq.staff": "Nadia", "riwaq.language": document.documentElement.lang },
  );
  await import("/static/tablet/tablet.js");
  if (part.quiet) await until(() => document.querySelector("#now .idle"));
  else if (data !== "never")
    await until(() => (signedIn ? document.querySelector("#foot .primary") : document.querySelector("#signin form")));
  await until(() => data === "never" || document.body.dataset.state !== "loading");
  await press(part.press ?? []);
  const { seen } = part;
  if (seen) await until(() => document.querySelector(seen));
  // A settling button comes back by itself.
  if (data !== "never" && signedIn && !part.quiet && !(part.answers && part.press))
    await until(() => document.querySelector("#foot .primary:enabled"));
  if (part.stale) {
    away = true;
    pass(11_000);
    await until(() => document.querySelector(tap("not-live")));
  }
}
