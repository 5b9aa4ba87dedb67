// How a page for staff offers its languages.

import { el } from "./dom.js";
import { dir, lang, LANGUAGES, NAMES } from "./i18n.js";

/**
 * The head's buttons on pages for staff, each language by its own name.
 * @param {(language: string) => void} choose
 */
export function languageButtons(choose) {
  return LANGUAGES.map((code) =>
    el(
      "button",
      {
        type: "button",
        class: "btn btn-sm btn-quiet",
        lang: code,
        dir: dir(code),
        "aria-pressed": String(code === lang()),
        "data-testid": `lang-${code}`,
        onclick: () => choose(code),
      },
      NAMES[code],
    ),
  );
}
