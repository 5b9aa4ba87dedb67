/** Every screen of the kiosk, and each of its states, with fixed visitors. */
import { at, pass, press, snapshot, stand, until } from "./edge.js";
import { DOORS, FAMILY, MEMBER, OVER, UNNAMED, VENUE, live, leg, step, visit } from "./people.js";

/**
 * @typedef {object} Part
 * @property {string} state the screen, of the kiosk's own table
 * @property {object} [session] what is known of the visitor
 * @property {object | "never"} [live] the hall, where it is another one; "never": it does not come
 * @property {string[]} [press] buttons that are pressed then
 * @property {number} [passes] milliseconds that pass then
 * @property {boolean} [stale] the server is away
 * @property {boolean} [camera] there is one
 */

const alone = (more = {}) => ({ member: MEMBER, visit: visit({ number: null }), present: new Set(["M1"]), ...more });
const family = (more = {}) => ({
  member: FAMILY,
  visit: visit({ number: null, party: ["F1"] }),
  family: true,
  present: new Set(["F1", "F2", "F3"]),
  ...more,
});
const back = (more = {}, session = {}) => ({ ...alone(session), visit: visit(more) });
const met = [
  step("bank", "served"),
  step("health", "parked"),
  step("telecoms", "no_show"),
  step("insurance", "waiting", { position: 3, expected_wait: { p50: 600, p90: 1020 } }),
];
const going = {
  kind: "go",
  service: "health",
  booth: "health",
  zone: "E",
  counter: null,
  counter_label: null,
  expected_wait: { p50: 0, p90: 240 },
  why: { code: "soonest" },
};
const groups = [
  { party: ["F1", "F2"], selected: new Set(["bank"]) },
  { party: ["F3"], selected: new Set() },
];
const paper = (/** @type {string} */ state) => ({
  print_job: "p1",
  state,
  printer: "P1",
  duplicate: false,
  error: null,
});
const opinion = (more = {}) => ({ scores: { bank: 4 }, kind: null, text: "", layout: null, sent: false, ...more });
/** A picture in place of the code: a visit's own comes from the server. */
const CODE = "/static/shared/mark.svg";

const refusal = (/** @type {string} */ reason) => () => ({ state: "refused", session: { trouble: { reason } } });
const failure = (/** @type {string} */ code) => () => ({
  state: "refused",
  session: { trouble: { reason: null, code, errorId: "e-0001" } },
});

/** @type {Record<string, () => Part>} */
export const parts = {
  attract: () => ({ state: "attract" }),
  attract_many: () => ({ state: "attract", live: live("many") }),
  attract_camera: () => ({ state: "attract", camera: true }),
  attract_over: () => ({ state: "attract", live: { ...live(), doors: OVER } }),
  attract_before: () => ({ state: "attract", live: { ...live(), inside: 0, doors: { ...DOORS, stands_open: false } } }),
  attract_loading: () => ({ state: "attract", live: "never" }),
  attract_notlive: () => ({ state: "attract", stale: true }),
  keypad: () => ({ state: "attract", press: ["[data-testid=open-keypad]", ..."BDFH".split("").map(key)] }),
  keypad_wrong: () => ({
    state: "attract",
    press: ["[data-testid=open-keypad]", ..."BDFH".split("").map(key), "[data-testid=send-code]"],
  }),
  access: () => ({ state: "attract", press: ["[data-testid=access]"] }),
  greeting: () => ({ state: "greeting", session: alone() }),
  greeting_unnamed: () => ({ state: "greeting", session: alone({ member: UNNAMED }) }),
  company: () => ({ state: "company", session: family() }),
  family: () => ({ state: "family", session: family() }),
  family_nobody: () => ({ state: "family", session: family({ present: new Set() }) }),
  apart: () => ({
    state: "apart",
    session: family({
      places: new Map([
        ["F1", 0],
        ["F2", 1],
        ["F3", 2],
      ]),
    }),
  }),
  services: () => ({ state: "services", session: alone({ selected: new Set(["bank", "health"]) }) }),
  services_none: () => ({ state: "services", session: alone() }),
  services_refused: () => ({
    state: "services",
    session: alone({ selected: new Set(["bank"]) }),
    press: ["[data-testid=confirm]"],
  }),
  services_long: () => ({ state: "services", session: alone(), live: live("long") }),
  services_many: () => ({ state: "services", session: alone({ selected: new Set(["bank"]) }), live: live("many") }),
  services_closed: () => ({ state: "services", session: alone(), live: live("closed") }),
  services_loading: () => ({ state: "services", session: alone(), live: "never" }),
  services_notlive: () => ({ state: "services", session: alone(), stale: true }),
  services_group: () => ({ state: "services", session: family({ groups, group: 0, selected: groups[0].selected }) }),
  services_change: () => ({
    state: "services",
    session: { ...back({ steps: met }), changing: true, selected: new Set(["insurance"]) },
  }),
  offers: () => ({ state: "services", session: alone(), press: ["[data-offers=bank]"] }),
  idle: () => ({ state: "services", session: alone(), passes: 31_000 }),
  route: () => ({
    state: "route",
    session: alone({
      selected: new Set(["bank", "health", "insurance"]),
      route: [
        leg("health", "soonest", { p50: 0, p90: 240 }),
        leg("bank", "meanwhile", { p50: 660, p90: 1020 }),
        leg("insurance", "no_counter", null),
      ],
    }),
  }),
  result: () => ({ state: "result", session: back({ next: going, ticket: paper("printed") }) }),
  result_four: () => ({
    state: "result",
    session: back({
      steps: ["bank", "health", "insurance", "telecoms"].map((service, place) =>
        step(service, "waiting", {
          position: 4 + place,
          expected_wait: { p50: 1200 * place, p90: 2400 + 2400 * place },
        }),
      ),
      ticket: paper("printed"),
    }),
  }),
  result_printing: () => ({ state: "result", session: back({ ticket: paper("sending") }) }),
  result_late: () => ({
    state: "result",
    session: { ...back({ ticket: paper("sending") }, { qr: CODE }), late: true },
  }),
  result_nopaper: () => ({ state: "result", session: back({ ticket: paper("failed") }, { qr: CODE }) }),
  numbers: () => ({
    state: "numbers",
    session: {
      ...family(),
      visit: visit({
        number: 218,
        party: ["F1", "F2"],
        next: going,
        ticket: paper("printed"),
        family: [relative({ ticket: paper("failed") })],
      }),
    },
  }),
  returning: () => ({ state: "returning", session: back({ next: going, ticket: paper("printed") }) }),
  returning_missed: () => ({ state: "returning", session: back({ steps: met, ticket: paper("printed") }) }),
  returning_passed: () => ({
    state: "returning",
    session: back({
      state: "done",
      steps: [step("bank", "served"), step("health", "no_show")],
      next: { ...going, kind: "done", service: null },
      ticket: paper("printed"),
    }),
  }),
  returning_aside: () => ({
    state: "returning",
    session: back({
      steps: [step("bank", "served"), step("health", "parked")],
      next: { ...going, kind: "wait", service: null },
      ticket: paper("printed"),
    }),
  }),
  returning_called: () => ({
    state: "returning",
    session: back({
      next: { ...going, counter: "health-1", counter_label: "1" },
      steps: [step("health", "called"), step("bank", "waiting", { position: 2 })],
    }),
  }),
  returning_held: () => ({
    state: "returning",
    session: back({ state: "held", hold_until: at(1200), next: { ...going, kind: "held", service: null } }),
  }),
  returning_done: () => ({
    state: "returning",
    session: back({ state: "done", steps: [step("bank", "served")], next: { ...going, kind: "done", service: null } }),
  }),
  returning_family: () => ({
    state: "returning",
    session: { ...family(), visit: visit({ number: 218, party: ["F1", "F2"], family: [relative()] }), relatives: true },
  }),
  returning_ticket: () => ({
    state: "returning",
    session: {
      member: null,
      visit: visit({ next: going, category: null, party: [], ticket: paper("printed") }),
      present: new Set(),
    },
  }),
  card: () => ({
    state: "card",
    session: { member: null, visit: visit({ category: null, party: [] }), present: new Set() },
  }),
  hold: () => ({ state: "hold", session: back() }),
  leave: () => ({ state: "leave", session: back() }),
  left: () => ({ state: "left", session: back({ state: "left" }) }),
  rate: () => ({ state: "rate", session: { ...back({ steps: met }), opinion: opinion() } }),
  themes: () => ({ state: "themes", session: { ...back({ steps: met }), opinion: opinion() } }),
  write: () => ({
    state: "write",
    session: { ...back({ steps: met }), opinion: opinion({ kind: "proposal", layout: "latin" }) },
    press: ["[data-ready='1']"],
  }),
  thanks: () => ({ state: "thanks", session: { ...back({ steps: met }), opinion: opinion({ sent: true }) } }),
  waiting: () => ({ state: "waiting", session: { pending: "scan" } }),
  waiting_slow: () => ({ state: "waiting", session: { ...alone(), pending: "choose", attempts: 2 } }),
  waiting_handover: () => ({
    state: "waiting",
    session: { ...alone(), pending: "choose", attempts: 9, handedOver: true },
  }),
  refused_card: refusal("unknown_card"),
  refused_code: refusal("malformed_code"),
  refused_revoked: refusal("revoked_card"),
  refused_member: refusal("not_eligible"),
  refused_hours: refusal("outside_hours"),
  refused_full: refusal("day_full"),
  refused_event: refusal("wrong_event"),
  refused_left: refusal("visit_closed"),
  refused_lost: refusal("lost_in_restore"),
  refused_date: refusal("card_out_of_date"),
  refused_elsewhere: refusal("card_elsewhere"),
  failed: failure("internal"),
};

/** @param {string} letter */
function key(letter) {
  return `[data-letter=${letter}]`;
}

function relative(more = {}) {
  const { id, number, state, party, next, ticket } = visit({ id: "V2", number: 219, party: ["F3"], ...more });
  return { id, number, state, party, next, ticket };
}

/**
 * Starts the kiosk's own script and leads it to the part, as its table has the way.
 * @param {Part} part
 * @param {{modes: string[]}} how
 */
export async function show(part, { modes }) {
  let away = false;
  stand(() => ({
    "GET /venue": { body: VENUE },
    "GET /kiosks/K1/snapshot": away ? "away" : part.live === "never" ? "never" : snapshot(part.live ?? live()),
    "PUT /visits/V1/services": {
      status: 409,
      body: { code: "services_refused", refused: [{ service: "bank", reason: "no_more_tickets" }] },
    },
  }));
  await import("/static/kiosk/kiosk.js");
  const [{ model, newSession }, { go, render }, { setMode }, { FIRST, way }] = await Promise.all([
    import("/static/kiosk/model.js"),
    import("/static/kiosk/screen.js"),
    import("/static/kiosk/modes.js"),
    import("/static/kiosk/states.js"),
  ]);
  await until(() => model.venue && (model.live || part.live === "never"));
  model.hasCamera = Boolean(part.camera);
  for (const mode of modes) setMode(mode, true);
  const known = part.session ?? alone();
  if (part.state !== FIRST) {
    const session = newSession("CBCDFGHJKLNPRSTVXBCDFGHJKLNPRSTVX");
    model.session = session;
    // Each screen on the way draws from the same visitor.
    Object.assign(session, alone(), { opinion: opinion() }, known);
    for (const name of way(FIRST, part.state) ?? []) go(name);
    Object.assign(session, known);
  }
  if (part.stale) {
    away = true;
    pass(11_000);
    await until(() => model.liveState === "stale");
  }
  render();
  await press(part.press ?? []);
  if (part.passes) {
    pass(part.passes);
    await until(() => document.querySelector("dialog[open]") && model.liveState === "live");
  }
  if (part.press?.includes("[data-testid=confirm]")) await until(() => document.querySelector("[data-testid=notice]"));
}
