/** The page of who answers for the data in each of its states. */
import { at, press, stand, until } from "./edge.js";
import { VENUE } from "./people.js";

/**
 * @typedef {object} Part
 * @property {"in" | "nobody" | "wrong"} [who]
 * @property {string} [find] what is typed and looked for
 * @property {Record<string, import("./edge.js").Answer>} [answers]
 * @property {string[]} [press] selectors
 * @property {string} [seen] selector that the part waits for
 */

const tap = (/** @type {string} */ testid) => `[data-testid="${testid}"]`;

const KEEPING = {
  now: at(0),
  overdue: [],
  planned: [
    { kind: "links", before: "2019-12-30", due_at: at(200_000), begun: false },
    { kind: "texts", before: "2019-12-28", due_at: at(2_600_000), begun: false },
    { kind: "members", before: "2019-12-30", due_at: at(2_800_000), begun: false },
  ],
  done: [
    { at: at(-4000), before: null, kinds: [], rows: 14, by_hand: true, staff: "Hind" },
    { at: at(-500_000), before: "2019-11-25", kinds: ["texts", "prints"], rows: 4210, by_hand: false, staff: null },
  ],
};
const OVERDUE = { ...KEEPING, overdue: [{ kind: "texts", before: "2019-11-25", due_at: at(-300_000), begun: true }] };
const FOUND = {
  members: [
    ["M000001", "إدريس بنعلي", "Driss Benali"],
    ["M000217", "خديجة بن علي", "Khadija Ben Ali"],
  ].map(([id, ar, la]) => ({
    id,
    display_name: { ar, la },
    category: "active",
    unit: "prefecture",
    card: "active",
    visit: null,
  })),
  more: false,
};
const label = (/** @type {[string, string][]} */ ...pairs) => pairs.map(([name, value]) => ({ label: name, value }));
const KNOWN = {
  member: "M000001",
  language: "fr",
  made_at: at(0),
  sections: [
    {
      title: "Vous",
      entries: [
        label(
          ["Identifiant", "M000001"],
          ["Nom en arabe", "إدريس بنعلي"],
          ["Nom en lettres latines", "Driss Benali"],
          ["Catégorie", "active"],
          ["Besoins", "wheelchair"],
        ),
      ],
    },
    { title: "Vos visites", entries: [label(["Journée", "2019-12-27"], ["Numéro", "217"])] },
    {
      title: "Qui a consulté vos données",
      entries: [
        label(["Quand", "2019-12-27 10:12:03"], ["Quoi", "members_searched"], ["Qui", "Salma"], ["Où", "welcome desk"]),
      ],
    },
  ],
};
const entry = (/** @type {number} */ seq, /** @type {object} */ more) => ({
  seq,
  position: seq,
  at: at(-seq * 10),
  sort: "looked",
  day: "2019-12-27",
  number: null,
  service: null,
  counter: null,
  device: { id: "d_1", role: "welcome", station: "desk" },
  staff: { id: "u1", name: "Salma" },
  members: [],
  reason: null,
  query: null,
  data: {},
  ...more,
});
const AUDIT = {
  entries: [
    entry(90, { kind: "members_searched", members: ["M000001", "M000217"], reason: "card_forgotten" }),
    entry(88, { kind: "visit_looked_up", number: 217 }),
    entry(85, {
      kind: "member_exported",
      members: ["M000001"],
      reason: "member_asks",
      staff: { id: "u2", name: "Hind" },
      device: { id: "d_2", role: "privacy", station: "privacy" },
    }),
    entry(70, { kind: "member_erased", staff: null, device: null }),
  ],
  next: 70,
  head: {
    position: 91,
    hash: "9f2c4e7a1b3d5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcd",
    at: at(-5),
    waiting: 0,
  },
};
const CHAIN = { position: 91, hash: AUDIT.head.hash, sound: true, flaws: [], more: 0, looked_at: at(0) };

const members = { find: "Benali", answers: { "GET /privacy/members": { body: FOUND } } };
const known = {
  ...members,
  answers: { ...members.answers, "GET /privacy/members/M000001": { body: KNOWN } },
  press: [tap("see")],
  seen: tap("known"),
};

/** @type {Record<string, () => Part>} */
export const parts = {
  nobody: () => ({ who: "nobody", seen: tap("gate") }),
  wrong: () => ({ who: "wrong", seen: tap("wrong") }),
  ready: () => ({ seen: tap("find-text") }),
  people: () => ({ ...members, seen: tap("person") }),
  people_none: () => ({
    find: "Zzz",
    answers: { "GET /privacy/members": { body: { members: [], more: false } } },
    seen: tap("nobody"),
  }),
  limited: () => ({
    find: "Benali",
    answers: { "GET /privacy/members": { status: 429, body: { code: "search_limit", retry_after: 420 } } },
    seen: tap("notice"),
  }),
  known: () => known,
  erase: () => ({ ...known, press: [tap("see"), tap("erase")], seen: `${tap("ask")}[open]` }),
  audit: () => ({
    answers: { "GET /audit": { body: AUDIT }, "GET /audit/chain": { body: CHAIN } },
    press: [tap("tab-audit"), tap("verify")],
    seen: tap("verdict"),
  }),
  changed: () => ({
    answers: {
      "GET /audit": { body: AUDIT },
      "GET /audit/chain": {
        body: { ...CHAIN, sound: false, flaws: [{ position: 40, what: "changed", event: 41, part: "" }] },
      },
    },
    press: [tap("tab-audit"), tap("verify")],
    seen: tap("verdict"),
  }),
  keeping: () => ({ press: [tap("tab-keeping")], seen: tap("nothing-overdue") }),
  overdue: () => ({
    answers: { "GET /privacy": { body: OVERDUE } },
    press: [tap("tab-keeping")],
    seen: tap("overdue"),
  }),
};

/** @param {"in" | "nobody" | "wrong"} who */
function gateAnswers(who) {
  const nobody = { status: 401, body: { code: "no_session" } };
  const wrong = { status: 403, body: { code: "wrong_role" } };
  return {
    "GET /session": who === "nobody" ? nobody : { body: { staff: { id: "u2", name: "Hind" } } },
    "GET /privacy": who === "in" ? { body: KEEPING } : who === "nobody" ? nobody : wrong,
  };
}

/**
 * Starts the page's own script and does what leads to the part.
 * @param {Part} part
 */
export async function show({ who = "in", find, answers, press: pressed = [], seen }) {
  stand(() => ({ "GET /venue": { body: VENUE }, ...gateAnswers(who), ...answers }), {
    "riwaq.privacy.language": document.documentElement.lang,
  });
  await import("/static/privacy/privacy.js");
  await until(() => document.body.dataset.state && document.body.dataset.state !== "loading");
  await until(() => !document.body.hasAttribute("data-busy"));
  if (find) {
    const field = /** @type {HTMLInputElement} */ (document.querySelector(tap("find-text")));
    field.value = find;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await press([tap("find-go")]);
  }
  await press(pressed);
  if (seen) await until(() => document.querySelector(seen));
  await until(() => !document.body.hasAttribute("data-busy"));
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
