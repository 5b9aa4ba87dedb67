import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, dir, inLanguage, lang, LANGUAGES, learn, pick, t, tn, useTimezone } from "/static/shared/i18n.js";

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

test("times are the venue's, with the digits 0-9, in every language", () => {
  useTimezone("Africa/Casablanca");
  for (const language of LANGUAGES)
    assert.equal(
      inLanguage(language, () => clock("2019-12-27T14:05:00Z")),
      "15:05",
    );
});
