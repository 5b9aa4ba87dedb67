/** The welcome desk in each of its states. */
import { at, pass, press, snapshot, stand, until } from "./edge.js";
import { DOORS, FAMILY, live, MEMBER, OVER, printer, step, VENUE, visit } from "./people.js";

/**
 * @typedef {object} Part
 * @property {object | "never" | "denied"} [data] what differs from a quiet morning
 * @property {boolean} [signedIn]
 * @property {string} [find] what is typed into the field at the top and looked for
 * @property {Record<string, import("./edge.js").Answer>} [answers]
 * @property {string[]} [press] selectors
 * @property {string} [seen] selector that the part waits for
 * @property {boolean} [stale] the server is away
 */

const tap = (/** @type {string} */ testid) => `[data-testid="${testid}"]`;
const CARD = "CBCDFGHJKLNPRSTVXBCDFGHJKLNPRSTVX";

const UNIT = {
  id: "prefecture",
  name: {
    ar: "ولاية أمن الرباط",
    fr: "Préfecture de police de Rabat",
    zgh: "ⵜⴰⵎⵙⵙⵓⴳⵓⵔⵜ ⵏ ⵜⵏⴰⴼⵓⵍⵜ ⵏ ⵕⵕⴱⴰⵟ",
    en: "Rabat police prefecture",
  },
  eligible: true,
};
const HALL = { ...VENUE, units: [UNIT] };

const MORNING = {
  now: at(0),
  doors: DOORS,
  day: { id: VENUE.service_day.id, closes_at: VENUE.service_day.closes_at },
  printers: [1, 2, 3].map((n) => printer(n)),
  trouble: [],
  tickets: [],
  restored: false,
};
const TROUBLE = {
  printers: [printer(1, { state: "trouble", last_error: "paper_out" }), printer(2, { paper: "low" }), printer(3)],
  trouble: [
    { code: "printer_failing", printer: "P1", kiosk: "K1", error: "paper_out", since: at(-300), waiting: 4 },
    { code: "paper_low", printer: "P2", kiosk: "K2" },
  ],
  tickets: [
    { visit: "V7", number: 211, state: "failed", error: "paper_out", printer: "P1", at: at(-240) },
    { visit: "V8", number: 214, state: "uncertain", error: null, printer: "P1", at: at(-120) },
  ],
};
const ticket = (more = {}) => ({
  print_job: "j1",
  printer: "P1",
  state: "printed",
  duplicate: false,
  error: null,
  handed_over: false,
  ...more,
});
const GO = {
  kind: "go",
  service: "health",
  booth: "health",
  zone: "E",
  counter: null,
  counter_label: null,
  expected_wait: { p50: 0, p90: 240 },
  why: null,
};

/**
 * A visit that is looked for by its number.
 * @param {object} more
 * @param {Part} [part]
 * @returns {Part}
 */
const found = (more, { data, answers, press: pressed, seen } = {}) => ({
  data,
  find: "217",
  answers: {
    "GET /visits": { body: { visit: visit({ ticket: ticket(), ...more }), member: MEMBER, first_seen: at(-900) } },
    ...answers,
  },
  press: pressed,
  seen: seen ?? tap("visit"),
});
/**
 * A card that is refused.
 * @param {string} reason
 * @param {string | null} [reopens]
 * @returns {Part}
 */
const refused = (reason, reopens = null) => ({
  find: CARD,
  answers: {
    "POST /scans": { body: { outcome: "refused", reason, visit: null, member: null, first_seen: null, reopens } },
  },
  seen: tap("refused"),
});
const person = (/** @type {string} */ id, /** @type {string} */ ar, /** @type {string} */ la, more = {}) => ({
  id,
  display_name: { ar, la },
  category: "active",
  unit: UNIT.id,
  card: "active",
  visit: null,
  ...more,
});
const people = (/** @type {object[]} */ members, more = false) => ({
  find: "Benali",
  answers: { "GET /members": { body: { members, more } } },
});
const PEOPLE = people(
  [
    person("M1", "إدريس بنعلي", "Driss Benali", { visit: { id: "V1", number: 217, state: "open" } }),
    person("M2", "خديجة بن علي", "Khadija Ben Ali", { category: "retired", card: "revoked" }),
    person("M3", "عبد الرحمن بنعلي الإدريسي", "Abderrahmane Benali El Idrissi", { card: null }),
  ],
  true,
);
const LONG = Object.fromEntries(
  Object.entries(live("long").services[0].name).map(([language, name]) => [language, String(name)]),
);

/** @type {Record<string, () => Part>} */
export const parts = {
  signin: () => ({ signedIn: false }),
  wrong_pin: () => ({
    signedIn: false,
    answers: { "POST /session": { status: 403, body: { code: "wrong_pin", attempts_left: 2 } } },
    press: [tap("signin-go")],
    seen: tap("signin-trouble"),
  }),
  ready: () => ({}),
  trouble: () => ({ data: TROUBLE }),
  before: () => ({ data: { doors: { ...DOORS, state: "none", day: null, opens_at: at(86_400) }, day: null } }),
  closing: () => ({ data: { doors: { ...OVER, ended: false }, day: null } }),
  closed: () => ({ data: { doors: OVER, day: null } }),
  visit: () => found({ next: GO, priority: { reason: "wheelchair", minutes: 20 } }),
  visit_nopaper: () =>
    found({ ticket: ticket({ state: "failed", error: "paper_out" }) }, { data: TROUBLE, seen: tap("handed-over") }),
  visit_done: () =>
    found({
      state: "done",
      steps: [step("bank", "served"), step("health", "served"), step("insurance", "cancelled")],
      next: { ...GO, kind: "done", service: null, booth: null, zone: null, expected_wait: null },
    }),
  visit_left: () => found({ state: "left", next: null, steps: [step("bank", "served"), step("health", "cancelled")] }),
  visit_family: () => ({
    ...found({
      party: ["F1", "F2"],
      family: [{ id: "V2", number: 218, state: "open", party: ["F3"], next: { ...GO, kind: "wait", service: "bank" } }],
    }),
  }),
  priority: () => found({ next: GO }, { press: [tap("priority-open")], seen: ".priority .buttons" }),
  remember: () =>
    found({ next: GO }, { data: { restored: true }, press: [tap("remember-open")], seen: tap("remember-number") }),
  remembered: () => found({ next: GO, old_number: 183 }, { data: { restored: true }, seen: tap("old-number") }),
  newcard: () => found({ next: GO }, { press: [tap("new-card")], seen: "[data-card-reason]" }),
  choosing: () => ({
    find: CARD,
    answers: {
      "POST /scans": {
        body: {
          outcome: "admitted",
          reason: null,
          visit: visit({ number: null, state: "choosing", steps: [], next: null }),
          member: FAMILY,
          first_seen: at(0),
          reopens: null,
        },
      },
    },
    press: ['[data-service="bank"]'],
    seen: `${tap("give-number")}:enabled`,
  }),
  refused_card: () => refused("revoked_card"),
  refused_unit: () => refused("not_eligible"),
  refused_left: () => refused("visit_closed", "V1"),
  refused_date: () => refused("card_out_of_date"),
  refused_elsewhere: () => refused("card_elsewhere"),
  refused_restore: () => refused("lost_in_restore"),
  refused_codes: () => refused("codes_locked"),
  nobody: () => ({
    find: "9999",
    answers: { "GET /visits": { status: 404, body: { code: "unknown_visit" } } },
    seen: tap("notice"),
  }),
  people: () => ({ ...PEOPLE, seen: ".person" }),
  people_none: () => ({ ...people([]), seen: tap("nobody") }),
  newcomer: () => ({ press: [tap("newcomer")], seen: ".newcomer" }),
  long: () =>
    found(
      {
        next: GO,
        steps: ["bank", "health", "insurance"].map((id) => step(id, "waiting", { position: 12 })),
        ticket: ticket({ printer: "P2", state: "failed", error: "paper_out" }),
      },
      {
        data: { ...TROUBLE, printers: [printer(1), printer(2, { kiosks: [ONE_WORD] })], trouble: [longTrouble()] },
        answers: { "GET /venue": { body: longVenue() } },
      },
    ),
  waiting: () => ({ find: "217", answers: { "GET /visits": "away" }, seen: tap("waiting") }),
  notlive: () => ({ stale: true }),
  denied: () => ({ data: "denied" }),
};

/** A kiosk's name without a place to break it. */
const ONE_WORD = "borne_entree_principale_nord_rabat_agdal";

function longTrouble() {
  return { code: "printer_failing", printer: "P2", kiosk: ONE_WORD, error: "paper_out", since: at(-300), waiting: 4 };
}

function longVenue() {
  return { ...HALL, services: HALL.services.map((service) => ({ ...service, name: LONG })) };
}

/**
 * Types into a field, as a person does.
 * @param {string} selector
 * @param {string} text
 */
async function type(selector, text) {
  await until(() => document.querySelector(selector));
  const field = /** @type {HTMLInputElement} */ (document.querySelector(selector));
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Starts the welcome desk's own script and does what leads to the part.
 * @param {Part} part
 */
export async function show({ data, signedIn = true, find, answers, press: pressed = [], seen, stale }) {
  let away = false;
  stand(
    () => ({
      "GET /venue": { body: HALL },
      "GET /services": { body: live() },
      "GET /session": signedIn
        ? { body: { staff: { id: "u1", name: "Salma" } } }
        : { status: 401, body: { code: "no_session" } },
      "GET /welcome/snapshot": away
        ? "away"
        : data === "denied"
          ? { status: 401, body: { code: "unauthenticated" } }
          : snapshot({ ...MORNING, .../** @type {object | undefined} */ (data) }),
      ...answers,
    }),
    { "riwaq.welcome.staff": "Salma", "riwaq.welcome.language": document.documentElement.lang },
  );
  await import("/static/welcome/welcome.js");
  await until(() => document.body.dataset.state && document.body.dataset.state !== "loading");
  if (data !== "denied" && signedIn) await until(() => document.querySelector("#side .troubles"));
  if (!signedIn && pressed.length) await type(tap("pin"), "0000");
  if (find) {
    await type(tap("find-text"), find);
    await press([tap("find-go")]);
    if (seen !== tap("waiting")) await until(() => !document.body.hasAttribute("data-busy"));
  }
  await press(pressed);
  if (seen === tap("waiting")) pass(5000);
  if (seen) await until(() => document.querySelector(seen));
  if (data === "denied") await until(() => document.querySelector(".banner-trouble"));
  if (stale) {
    away = true;
    pass(11_000);
    await until(() => document.querySelector(tap("not-live")));
  }
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
