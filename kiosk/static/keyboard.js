/** Keys on the screen for writing in Arabic, Latin and Tifinagh letters. Keys keep the order of their own keyboards, whatever the page's direction. */
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const words = (/** @type {string} */ line) => line.split(" ");

/** Rows of each layout. The Arabic and the French rows are those of the usual keyboards; Tifinagh is in IRCAM's alphabetical order. */
/** @type {Record<string, {name: string, lang: string, dir: string, rows: string[][], marks: string[]}>} */
const LAYOUTS = {
  arabic: {
    name: "ع ب ت",
    lang: "ar",
    dir: "rtl",
    rows: ["ض ص ث ق ف غ ع ه خ ح ج د", "ش س ي ب ل ا ت ن م ك ط ذ", "ئ ء ؤ ر ى ة و ز ظ أ إ آ"].map(words),
    marks: ["،", ".", "؟", "!"],
  },
  latin: {
    name: "a b c",
    lang: "fr",
    dir: "ltr",
    rows: ["a z e r t y u i o p", "q s d f g h j k l m", "w x c v b n é è à ç", "ê î ô û ù ' -"].map(words),
    marks: [",", ".", "?", "!"],
  },
  tifinagh: {
    name: "ⴰ ⴱ ⴳ",
    lang: "zgh",
    dir: "ltr",
    rows: ["ⴰ ⴱ ⴳ ⴳⵯ ⴷ ⴹ ⴻ ⴼ ⴽ ⴽⵯ ⵀ", "ⵃ ⵄ ⵅ ⵇ ⵉ ⵊ ⵍ ⵎ ⵏ ⵓ ⵔ", "ⵕ ⵖ ⵙ ⵚ ⵛ ⵜ ⵟ ⵡ ⵢ ⵣ ⵥ"].map(words),
    marks: [",", ".", "?", "!"],
  },
  digits: {
    name: "1 2 3",
    lang: "en",
    dir: "ltr",
    rows: ["1 2 3 4 5", "6 7 8 9 0", "+ - / % ( )"].map(words),
    marks: [",", ".", "?", "!"],
  },
};

/**
 * The layout that a language is written with.
 * @param {string} language
 */
export function layoutFor(language) {
  if (language === "ar") return "arabic";
  return language === "zgh" ? "tifinagh" : "latin";
}

/**
 * Draws the keys of one layout.
 * @param {string} layout
 * @param {{onKey: (letters: string) => void, onErase: () => void, onLayout: (name: string) => void}} on
 */
export function keyboard(layout, { onKey, onErase, onLayout }) {
  const { rows, marks, lang } = LAYOUTS[layout];
  const letter = (/** @type {string} */ key) =>
    el(
      "button",
      { class: "osk-key", type: "button", lang, onclick: () => onKey(key), dataset: { letter: key, key } },
      key,
    );
  return el(
    "div",
    { class: "osk", role: "group", "aria-label": t("Keys"), dir: "ltr", dataset: { layout, key: layout } },
    rows.map((row, index) => el("div", { class: "osk-row", dataset: { key: String(index) } }, row.map(letter))),
    el(
      "div",
      { class: "osk-row osk-foot", dir: "ltr", dataset: { key: "foot" } },
      Object.entries(LAYOUTS)
        .filter(([name]) => name !== layout)
        .map(([name, other]) =>
          el(
            "button",
            {
              class: "osk-key osk-layout",
              type: "button",
              lang: other.lang,
              dir: other.dir,
              onclick: () => onLayout(name),
              dataset: { layoutKey: name, key: `to-${name}` },
            },
            other.name,
          ),
        ),
      marks.slice(0, 2).map(letter),
      el(
        "button",
        {
          class: "osk-key osk-space",
          type: "button",
          "aria-label": t("Space"),
          onclick: () => onKey(" "),
          dataset: { testid: "space", key: "space" },
        },
        icon("space"),
      ),
      marks.slice(2).map(letter),
      el(
        "button",
        {
          class: "osk-key osk-erase",
          type: "button",
          "aria-label": t("Erase"),
          onclick: onErase,
          dataset: { testid: "erase-letter", key: "erase" },
        },
        icon("delete"),
      ),
    ),
  );
}
