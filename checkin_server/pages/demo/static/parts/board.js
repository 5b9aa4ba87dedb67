/** The public board in each of its states. */
import { at, pass, snapshot, stand, until } from "./edge.js";
import { DOORS, EARLY, OVER, VENUE, busy, live } from "./people.js";

/**
 * @typedef {object} Part
 * @property {object | "never" | "denied"} [data] what differs from a busy morning
 * @property {object} [board] how this board is set up
 * @property {object} [venue] what differs from the demo's venue
 * @property {string} [offer] the offer that is shown; else the first
 * @property {boolean} [offers] false: partners offer nothing
 * @property {boolean} [stale] the server is away
 */

const call = (/** @type {number} */ number, booth = "bank", more = {}) => ({
  call: `s-${number}.1`,
  number,
  booth,
  zone: VENUE.booths.find(({ id }) => id === booth)?.zone ?? "A",
  counter: `${booth}-1`,
  counter_label: "1",
  service: booth,
  locale: "ar",
  state: "called",
  at: at(-90 - (220 - number)),
  recall: 0,
  ...more,
});

const waits = () => VENUE.services.map(({ id, booth, zone }) => ({ zone, booth, service: id, ...busy(id) }));
const near = (/** @type {string[]} */ ...booths) => waits().filter(({ booth }) => booths.includes(booth));

const MORNING = {
  now: at(0),
  doors: DOORS,
  calls: [
    call(217),
    call(214, "health"),
    call(209, "telecoms"),
    call(205, "enrolment"),
    call(203, "bank", { counter_label: "3" }),
    call(198, "insurance"),
    call(190, "social"),
  ],
  called_ahead: [],
  headed: [
    { zone: "A", numbers: [221, 224] },
    { zone: "C", numbers: [219, 220, 226] },
    { zone: "E", numbers: [222] },
  ],
  next: [],
  waits: waits(),
  served: 168,
};
const EMPTY = {
  calls: [],
  headed: [],
  waits: waits().map((one) => ({ ...one, counters_open: 0, expected_wait: null, waiting: 0 })),
  served: 0,
};
const RUSH = Array.from({ length: 14 }, (_, i) => 230 + i);

/** The longest names that a stand may have. */
const LONG = {
  ...VENUE,
  booths: VENUE.booths.map((booth) => ({
    ...booth,
    name: {
      ar: "جناح المرافقة الاجتماعية والقانونية والإدارية للأسر",
      fr: "Stand d’accompagnement social, juridique et administratif",
      zgh: "ⴰⵔⵡⴰⵇ ⵏ ⵓⵎⵓⵏ ⴰⵏⴰⵎⵓⵏ ⴷ ⵓⵣⵔⴼⴰⵏ ⴷ ⵓⵙⴳⵓⴷⴰⵏ",
      en: "Stand for social, legal and administrative support",
    },
  })),
};

/** @type {Record<string, () => Part>} */
export const parts = {
  call: () => ({}),
  ahead: () => ({
    data: {
      calls: MORNING.calls.slice(1),
      called_ahead: [call(217, "bank", { state: "headed", counter: null, counter_label: null })],
    },
  }),
  recalled: () => ({ data: { calls: [call(217, "bank", { recall: 2 }), ...MORNING.calls.slice(1)] } }),
  empty: () => ({ data: EMPTY, offers: false }),
  early: () => ({ data: { ...EMPTY, doors: EARLY } }),
  over: () => ({ data: { ...EMPTY, doors: OVER, served: 391 } }),
  full: () => ({
    data: { headed: [..."ABCDEF"].map((zone, i) => ({ zone, numbers: RUSH.map((n) => 700 + 20 * i + n) })) },
  }),
  trouble: () => ({ board: { voice: true } }),
  loading: () => ({ data: "never" }),
  notlive: () => ({ stale: true }),
  denied: () => ({ data: "denied" }),
  long: () => ({
    venue: LONG,
    data: {
      calls: [call(88_888), ...MORNING.calls.slice(1)],
      waits: waits().map((one, i) => ({ ...one, expected_wait: { p50: 900 * i, p90: 1500 * (i + 2) } })),
    },
  }),
  zone_long: () => ({
    venue: LONG,
    board: { layout: "zone", zones: ["C"], booths: ["bank", "insurance"], arrows: { C: "left" } },
    data: {
      calls: [call(88_888), call(10_203, "bank", { counter_label: "3" })],
      next: [{ booth: "bank", numbers: [88_890, 88_891, 88_892] }],
      waits: near("bank", "insurance").map((one) => ({ ...one, expected_wait: { p50: 19_200, p90: 77_400 } })),
    },
  }),
  zone: () => ({
    board: { layout: "zone", zones: ["C"], booths: ["bank", "insurance"], arrows: { C: "right" } },
    data: {
      calls: [call(217), call(203, "bank", { counter_label: "3" }), call(198, "insurance")],
      headed: [{ zone: "C", numbers: [219, 220, 226] }],
      next: [
        { booth: "bank", numbers: [219, 228, 231] },
        { booth: "insurance", numbers: [220] },
      ],
      waits: near("bank", "insurance"),
    },
  }),
  booth: () => ({
    board: { layout: "booth", zones: ["C"], booths: ["bank"] },
    data: {
      calls: [call(217), call(203, "bank", { counter_label: "3" })],
      headed: [{ zone: "C", numbers: [219] }],
      next: [{ booth: "bank", numbers: [219, 228, 231, 233] }],
      waits: near("bank"),
    },
  }),
};

/**
 * A board in two languages beside each other, the one that is asked for and Arabic; or in Arabic alone.
 * @param {Part} part
 * @param {{language: string}} how
 */
export async function show(part, { language }) {
  const me = {
    ...VENUE.boards.find(({ id }) => id === "hall"),
    languages: language === "ar" ? ["ar"] : [language, "ar"],
    media: false,
    voice: false,
    turn_seconds: 86_400,
    ...part.board,
  };
  const { data } = part;
  let away = false;
  stand(() => ({
    "GET /venue": { body: { ...VENUE, ...part.venue, boards: [me] } },
    "GET /boards/hall/snapshot": away
      ? "away"
      : data === "never"
        ? "never"
        : data === "denied"
          ? { status: 401, body: { code: "unauthenticated" } }
          : snapshot({ ...MORNING, .../** @type {object | undefined} */ (data) }),
    "GET /services": part.offers === false ? { status: 503 } : { body: live() },
  }));
  await import("/static/board/board.js");
  const board = /** @type {HTMLElement} */ (document.getElementById("board"));
  const there = (/** @type {string} */ id) => document.getElementById(id)?.firstChild;
  await until(() => there("offer"));
  if (data === "denied") await until(() => !document.getElementById("not-live")?.hidden);
  else if (data !== "never") await until(() => there("waits"));
  if (part.stale) {
    away = true;
    pass(11_000);
    await until(() => board.classList.contains("is-not-live"));
  }
  // What was measured while the page was still being put together is measured once more, as when a screen is turned.
  dispatchEvent(new Event("resize"));
}
