// Names of offices: the words that nearly all have stand once, and the towns are in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../booth_display/tablet/static/offices.js";

const shown = (/** @type {string} */ language, /** @type {string[]} */ ...names) => {
  const { shared, offices } = told(
    names.map((name, n) => ({ id: `o${n}`, name })),
    language,
  );
  return [shared, ...offices.map(({ short }) => short)];
};

test("towns stand alone and in order, under the words that they share, and another office keeps its name", () => {
  assert.deepEqual(
    shown(
      "fr",
      "Bureau régional des œuvres sociales de Safi",
      "Bureau régional des œuvres sociales d’Al Hoceima",
      "Mutuelle médicale",
      "Bureau régional des œuvres sociales de Béni Mellal",
    ),
    ["Bureau régional des œuvres sociales …", "Al Hoceima", "Béni Mellal", "Mutuelle médicale", "Safi"],
  );
});

test("words that are shared at the end stand once as well", () => {
  assert.deepEqual(shown("en", "Safi regional office", "Al Hoceima regional office", "Oujda regional office"), [
    "… regional office",
    "Al Hoceima",
    "Oujda",
    "Safi",
  ]);
});

test("a comma parts the shared words from the town in no language", () => {
  assert.deepEqual(shown("zgh", "ⵜⴰⵙⵉⵔⴰ, ⴰⵙⴼⵉ", "ⵜⴰⵙⵉⵔⴰ, ⵙⵍⴰ", "ⵜⴰⵙⵉⵔⴰ, ⵡⵊⴷⴰ"), ["ⵜⴰⵙⵉⵔⴰ …", "ⴰⵙⴼⵉ", "ⵙⵍⴰ", "ⵡⵊⴷⴰ"]);
});

test("two offices, or names that share nothing, are told whole", () => {
  assert.deepEqual(shown("fr", "Bureau de Safi", "Bureau de Fès"), ["", "Bureau de Fès", "Bureau de Safi"]);
  assert.deepEqual(shown("fr", "Safi", "Fès", "Oujda"), ["", "Fès", "Oujda", "Safi"]);
  assert.deepEqual(shown("fr"), [""]);
});
