/** The one field at the top: a scanned code, a number, or a name. What was typed stays until something was found. */
import { plainDigits } from "/static/shared/digits.js";
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { isShort } from "/static/shared/short_code.js";
import { reasons } from "./staff_words.js";

/** @import { Actions } from "./actions.js" */

const LETTERS = 33;
const CODE = /^[CV][BCDFGHJKLNPRSTVX]{32}$/i;
/** No name is so long without a vowel: a code that was not scanned or typed to its end. */
const CUT = /^[CV][BCDFGHJKLNPRSTVX]{7,31}$/i;

/**
 * What a text is: `code`, `cut` for a code that is not whole, `number`, `name`, or "" for nothing yet.
 * @param {string} text
 */
export function kindOf(text) {
  const bare = bareText(text);
  if (!bare) return "";
  if (/^\d{1,6}$/.test(bare)) return "number";
  if (isShort(bare.toUpperCase())) return "code";
  if (CUT.test(bare)) return "cut";
  return CODE.test(bare) ? "code" : "name";
}

/**
 * What was typed without spaces, hyphens and marks of direction, its digits as 0-9: ١٧ is number 17.
 * @param {string} text
 */
function bareText(text) {
  return plainDigits(text).replace(/[\s\u2066-\u2069\u200e\u200f-]+/g, "");
}

/**
 * The number that a text of the kind `number` is.
 * @param {string} text
 */
export function numberOf(text) {
  return Number(bareText(text));
}

/**
 * Look for what was typed.
 * @param {{text: string, reason: string}} entry
 * @param {Actions} actions
 */
function look(entry, actions) {
  const text = entry.text.trim();
  const kind = kindOf(text);
  if (kind === "code") actions.scan(text);
  else if (kind === "cut") actions.cut(LETTERS - bareText(text).length);
  else if (kind === "number") actions.number(numberOf(text));
  else if (kind === "name") actions.name(text, entry.reason);
}

/**
 * The form. `entry` = `{text, reason}` is kept by the caller; `actions` = `{scan, cut, number, name, redraw, newcomer}`.
 * @param {{text: string, reason: string}} entry
 * @param {Actions} actions
 */
export function find(entry, actions) {
  const kind = kindOf(entry.text);
  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    look(entry, actions);
  }

  return el(
    "form",
    { class: "find card", role: "search", onsubmit: submit },
    el("label", { class: "find-label", for: "find-text" }, t("Scan a card or a ticket, or type a number or a name")),
    el("input", {
      class: "input find-text",
      id: "find-text",
      type: "text",
      "data-testid": "find-text",
      dir: "auto",
      autocomplete: "off",
      spellcheck: "false",
      value: entry.text,
      oninput: ({ target }) => {
        entry.text = target.value;
        actions.redraw();
      },
    }),
    el(
      "button",
      { class: "btn btn-primary find-go", type: "submit", "data-testid": "find-go", disabled: !kind },
      t("Find"),
    ),
    kind === "name"
      ? el(
          "label",
          { class: "find-reason" },
          el("span", {}, t("Why do you look this person up? It is kept in the log.")),
          el(
            "select",
            {
              class: "input",
              "data-testid": "find-reason",
              onchange({ target }) {
                entry.reason = target.value;
              },
            },
            reasons().map(([code, words]) => el("option", { value: code, selected: entry.reason === code }, words)),
          ),
        )
      : null,
    el(
      "button",
      { class: "btn btn-quiet find-new", type: "button", "data-testid": "newcomer", onclick: actions.newcomer },
      icon("user-plus"),
      t("Register somebody who is on no list"),
    ),
  );
}
