/** The buttons that choose a tablet's language: when signing in, and in the menu. */

import { el } from "/static/shared/dom.js";
import { dir, LANGUAGES, lang, NAMES } from "/static/shared/i18n.js";

/**
 * One button for each language; the present one is pressed.
 * @param {string} prefix of their test ids
 * @param {string} size a class of base.css for the buttons, or nothing
 * @param {(language: string) => () => void} choose makes what a touch does
 */
export function languageButtons(prefix, size, choose) {
  return el(
    "div",
    { class: "languages" },
    LANGUAGES.map((one) =>
      el(
        "button",
        {
          class: `btn ${size}btn-quiet`,
          type: "button",
          lang: one,
          dir: dir(one),
          "aria-pressed": String(one === lang()),
          "data-testid": `${prefix}-${one}`,
          onClick: choose(one),
        },
        NAMES[one],
      ),
    ),
  );
}
