/** The sheet of rare actions: break, closing, printing again, calling by itself, signing out, the language of this tablet. */

import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { pauseReason } from "./action_words.js";
import { languageButtons } from "./languages.js";

/**
 * @import { CounterData } from "api"
 * @import { Sheet } from "./sheet.js"
 *
 * @typedef {object} Acts
 * @property {CounterData} data
 * @property {(action: string, body?: {[field: string]: any}) => void} give
 * @property {() => void} signOut
 * @property {() => void} reprint
 * @property {{on: boolean, toggle: () => void}} auto
 */

const PAUSES = ["prayer", "meal", "material", "technical"];

/**
 * @param {Sheet} sheet
 * @param {Acts} acts
 */
export function menu(sheet, acts) {
  const { data, give, signOut, reprint, auto } = acts;
  const number = data.current?.number;
  const busy = Boolean(data.current);
  const open = data.counter.state === "open";
  const item = (
    /** @type {string} */ testid,
    /** @type {Node} */ picture,
    /** @type {string} */ words,
    /** @type {() => void} */ press,
    more = {},
  ) =>
    el(
      "button",
      {
        class: "btn btn-lg btn-block menu-item",
        type: "button",
        "data-testid": testid,
        onClick: sheet.closeFor(press),
        ...more,
      },
      picture,
      words,
    );
  sheet.open(
    "menu",
    t("More"),
    el(
      "div",
      { class: "menu" },
      busy
        ? item("reprint", icon("printer"), t("Print the ticket of number {number} again", { number }), reprint)
        : null,
      item(
        "auto",
        icon(auto.on ? "square-check" : "square"),
        t("After Finish, call the next visitor by itself"),
        auto.toggle,
        { "aria-pressed": String(auto.on) },
      ),
      open ? item("pause", icon("coffee"), t("Break"), () => give("pause"), { disabled: busy }) : null,
      data.counter.state !== "closed"
        ? item("close", icon("door-closed"), t("Close counter"), () => give("close"), { disabled: busy })
        : null,
      open ? pauses(sheet, acts) : null,
      busy ? el("p", { class: "muted" }, t("First finish with number {number}.", { number })) : null,
      item("sign-out", icon("log-out"), t("Sign out"), signOut),
    ),
    languageButtons("lang", "", (one) => sheet.closeFor(() => use(one))),
  );
}

/**
 * @param {Sheet} sheet
 * @param {Acts} acts
 */
function pauses(sheet, { data, give }) {
  return el(
    "div",
    { class: "reasons", role: "group", "aria-label": t("Break, with a reason") },
    PAUSES.map((code) =>
      el(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          "data-testid": `pause-${code}`,
          disabled: Boolean(data.current),
          onClick: sheet.closeFor(() => give("pause", { reason: code })),
        },
        pauseReason(code),
      ),
    ),
  );
}
