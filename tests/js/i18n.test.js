import assert from "node:assert/strict";
import { test } from "node:test";
import {
  browsersOffset,
  clock,
  date,
  dir,
  inLanguage,
  lang,
  LANGUAGES,
  learn,
  pick,
  t,
  tn,
  useHoursOf,
} from "/static/shared/i18n.js";

const FORMS = ["none", "one", "two", "few", "many", "other"];
learn("ar", { "Number {n}": "رقم {n}", "Waits at {name}": "ينتظر في {name}", "{n} person": FORMS });
learn("fr", { "Waits at {name}": "Attend à {name}", "{n} person": ["{n} personne", "{n} personnes"] });
learn("en", { "{n} person": ["", ""] });

/** What `tn` says for a count, without the marks around the number. */
const counted = (/** @type {string} */ language, /** @type {number} */ n) =>
  inLanguage(language, () => tn("{n} person", "{n} people", n)).replace(/[\u2068\u2069]/g, "");

test("Arabic has six forms: none, one, two, 3-10, 11-99, whole hundreds", () => {
  const cases = { 0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4 };
  for (const [n, form] of Object.entries(cases)) assert.equal(counted("ar", Number(n)), FORMS[form], n);
});

test("in French nought is singular, in English it is not", () => {
  assert.deepEqual(
    [0, 1, 2].map((n) => counted("fr", n)),
    ["0 personne", "1 personne", "2 personnes"],
  );
  assert.deepEqual(
    [0, 1, 2].map((n) => counted("en", n)),
    ["0 people", "1 person", "2 people"],
  );
});

test("every value in Arabic words is isolated, so that digits and foreign names do not turn the line around", () => {
  inLanguage("ar", () => {
    assert.equal(t("Number {n}", { n: 71 }), "رقم \u206871\u2069");
    assert.equal(t("Waits at {name}", { name: "BMCE" }), "ينتظر في \u2068BMCE\u2069");
  });
});

test("an Arabic value in French words is isolated, a French one needs nothing", () => {
  inLanguage("fr", () => {
    assert.equal(t("Waits at {name}", { name: "بنك" }), "Attend à \u2068بنك\u2069");
    assert.equal(t("Waits at {name}", { name: "BMCE" }), "Attend à BMCE");
  });
});

test("a count in Arabic words is isolated like any other value", () => {
  learn("ar", { "{n} person": ["0", "1", "2", "{n} أشخاص", "4", "5"] });
  assert.equal(
    inLanguage("ar", () => tn("{n} person", "{n} people", 7)),
    "\u20687\u2069 أشخاص",
  );
});

test("a value is put in as it is: nothing in it is taken for a hole", () => {
  assert.equal(
    inLanguage("en", () => t("{a} and {b}", { a: "{b}", b: "x" })),
    "{b} and x",
  );
  assert.equal(
    inLanguage("en", () => t("{a} and {c}", { a: "x" })),
    "x and {c}",
  );
});

test("words without a translation are the English ones", () => {
  assert.equal(
    inLanguage("zgh", () => t("Back")),
    "Back",
  );
});

test("a text in four languages falls back to French, then to what there is", () => {
  inLanguage("zgh", () => {
    assert.equal(pick({ ar: "بنك", fr: "Banque" }), "Banque");
    assert.equal(pick({ ar: "بنك", fr: "" }), "بنك");
    assert.equal(pick({ zgh: "ⴰⴱⴰⵏⴽ", fr: "Banque" }), "ⴰⴱⴰⵏⴽ");
    assert.equal(pick("Banque"), "Banque");
    assert.equal(pick(null), "");
  });
});

test("only Arabic is written from the right", () => {
  assert.deepEqual(
    LANGUAGES.map((language) => dir(language)),
    ["rtl", "ltr", "ltr", "ltr"],
  );
});

test("the language of before is back after a line in another one, also when drawing it failed", () => {
  const before = lang();
  assert.throws(() =>
    inLanguage("fr", () => {
      throw new Error("drawing");
    }),
  );
  assert.equal(lang(), before);
});

// What GET /venue says of Casablanca in tzdata 2026: an hour ahead but for Ramadan, none from 20 September 2026 on.
const VENUE = {
  timezone: "Africa/Casablanca",
  utc_offsets: [
    { since: "2018-10-28T02:00:00Z", seconds: 3600 },
    { since: "2026-02-15T02:00:00Z", seconds: 0 },
    { since: "2026-03-22T02:00:00Z", seconds: 3600 },
    { since: "2026-09-20T01:00:00Z", seconds: 0 },
  ],
};

test("times are the venue's as the server reckons them, whatever the browser's zone data say", () => {
  useHoursOf(VENUE);
  for (const [moment, shown] of [
    ["2017-12-27T14:05:00Z", "15:05"],
    ["2019-12-27T14:05:00Z", "15:05"],
    ["2026-02-15T01:59:59Z", "02:59"],
    ["2026-02-15T02:00:00Z", "02:00"],
    ["2026-11-30T09:00:00Z", "09:00"],
    ["2031-07-01T23:30:00Z", "23:30"],
  ])
    for (const language of LANGUAGES)
      assert.equal(
        inLanguage(language, () => clock(moment)),
        shown,
      );
});

test("a date is the one that the venue's calendar shows", () => {
  useHoursOf(VENUE);
  const written = (/** @type {string} */ moment) => inLanguage("en", () => date(moment));
  assert.match(written("2019-12-27T23:30:00Z"), /28 December/);
  assert.match(written("2026-12-27T23:30:00Z"), /27 December/);
  assert.match(written("2026-12-27"), /27 December/);
});

test("a browser says what it would add itself, and nothing where it does not know the zone", () => {
  const now = Date.parse("2019-12-27T14:05:00.250Z");
  useHoursOf({ ...VENUE, timezone: "Asia/Tokyo" });
  assert.equal(browsersOffset(now), 9 * 3600);
  useHoursOf({ ...VENUE, timezone: "America/Sao_Paulo" });
  assert.equal(browsersOffset(now), -3 * 3600);
  useHoursOf({ ...VENUE, timezone: "Nowhere/AtAll" });
  assert.equal(browsersOffset(now), null);
  useHoursOf(VENUE);
});
