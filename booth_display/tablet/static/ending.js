/** Sheets that end a service in another way than served: refer to an office, incomplete. */

import { el } from "/static/shared/dom.js";
import { lang, pick, t } from "/static/shared/i18n.js";
import { told } from "./offices.js";
import { choice, choices, submit } from "./sheet.js";

/**
 * @import { FinishBody } from "api"
 * @import { Office } from "./hall.js"
 * @import { Sheet } from "./sheet.js"
 *
 * @typedef {Pick<FinishBody, "outcome" | "note" | "referral">} Ending
 */

/**
 * Finish with a referral: which office, about what.
 * @param {Sheet} sheet
 * @param {Office[]} offices
 * @param {(ending: Ending) => void} onFinish
 */
export function refer(sheet, offices, onFinish) {
  const { shared, offices: inOrder } = told(
    offices.map(({ id, name }) => ({ id, name: pick(name) })),
    lang(),
  );
  const subject = el("input", {
    class: "input",
    "data-testid": "referral-subject",
    name: "subject",
    maxlength: 500,
    autocomplete: "off",
    dir: "auto",
  });
  sheet.open(
    "refer",
    t("Refer to an office"),
    sheet.form(
      "refer",
      (entry) => {
        const office = entry.text("office");
        /** @type {Ending} */
        const ending = { outcome: "referred", referral: { office, subject: entry.text("subject") } };
        return office ? ending : null;
      },
      onFinish,
      choices(t("Which office shall follow the case up?"), [
        shared ? el("p", { class: "offices-shared" }, shared) : null,
        inOrder.map(({ id, name, short }) =>
          choice({ type: "radio", name: "office", value: id, testid: `office-${id}`, label: name }, short),
        ),
      ]),
      el("label", { class: "field" }, t("About what?"), subject),
      submit("refer-finish", t("Finish and refer")),
    ),
  );
}

/**
 * Finish although something is missing.
 * @param {Sheet} sheet
 * @param {(ending: Ending) => void} onFinish
 */
export function incomplete(sheet, onFinish) {
  const note = el("textarea", {
    class: "input",
    rows: 4,
    maxlength: 2000,
    name: "note",
    "data-testid": "incomplete-note",
    dir: "auto",
  });
  sheet.open(
    "incomplete",
    t("Incomplete"),
    sheet.form(
      "incomplete",
      (entry) => {
        const missing = entry.text("note");
        /** @type {Ending} */
        const ending = { outcome: "incomplete", ...(missing ? { note: missing } : {}) };
        return ending;
      },
      onFinish,
      el("label", { class: "field" }, t("What is missing?"), note),
      submit("incomplete-finish", t("Finish as incomplete")),
    ),
  );
}
