/** Typing a code by hand: a field, and the sixteen letters of our codes as large keys. */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const LETTERS = [..."BCDFGHJKLNPRSTVX"];
const LENGTH = 33; // C (card) or V (ticket), then 32 letters
const SHORTEST = 8;

/** What was typed, in capitals and without the spaces between the groups. */
export function normalise(text) {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LENGTH);
}

/** "C BCDF GHJK …": the code as it is printed on the card. */
export function grouped(code) {
  return [code.slice(0, 1), ...(code.slice(1).match(/.{1,4}/g) ?? [])].filter(Boolean).join(" ");
}

/**
 * Opens the dialog `dialog`; `onCode(code)` is called with what was typed.
 *
 * @returns `{redraw(), close()}`; nothing typed is kept after closing.
 */
export function openKeypad(dialog, onCode) {
  let kind = "C";
  let code = "";
  function set(next) {
    code = next;
    // Ours start with C or V; somebody who types the groups only means the kind that is chosen.
    if (/^[CV]/.test(code)) kind = code[0];
    redraw();
  }

  function choose(letter) {
    kind = letter;
    set(letter + (/^[CV]/.test(code) ? code.slice(1) : code));
  }

  function press(letter) {
    set(normalise((code || kind) + letter));
  }

  function submit(event) {
    event.preventDefault();
    if (code.length < SHORTEST) return;
    const typed = code;
    close();
    onCode(typed);
  }

  function close() {
    code = "";
    dialog.close();
    replace(dialog); // with its field and what stood in it
  }

  function redraw() {
    patch(
      dialog,
      el(
        "form",
        { class: "keypad", onsubmit: submit, novalidate: true },
        el("h2", {}, t("Type the code of your card or ticket")),
        el(
          "div",
          { class: "keypad-kinds", role: "group", "aria-label": t("Kind of code") },
          [
            ["C", t("Card: C…")],
            ["V", t("Ticket: V…")],
          ].map(([letter, words]) =>
            el("button", { class: "language", type: "button", "aria-pressed": String(kind === letter), dataset: { kind: letter }, onclick: () => choose(letter) }, words),
          ),
        ),
        el("label", { class: "visually-hidden", for: "code-input" }, t("Code")),
        el("input", {
          class: "keypad-input input",
          id: "code-input",
          dir: "ltr",
          lang: "en",
          type: "text",
          inputmode: "none",
          autocomplete: "off",
          autocapitalize: "characters",
          spellcheck: "false",
          dataset: { testid: "code-input" },
          oninput: (event) => set(normalise(event.target.value)),
        }),
        el("p", { class: "keypad-count muted", dir: "ltr" }, `${code.length} / ${LENGTH}`),
        el(
          "div",
          { class: "keypad-keys", dir: "ltr" },
          LETTERS.map((letter) => el("button", { class: "key", type: "button", lang: "en", dataset: { letter }, onclick: () => press(letter) }, letter)),
        ),
        el(
          "div",
          { class: "keypad-foot" },
          el("button", { class: "btn btn-secondary btn-lg", type: "button", dataset: { testid: "close-keypad" }, onclick: close }, t("Back")),
          el("button", { class: "btn btn-secondary btn-lg", type: "button", dataset: { testid: "erase" }, disabled: !code, onclick: () => set(code.slice(0, -1)) }, icon("delete"), t("Erase")),
          el("button", { class: "btn btn-primary btn-lg", type: "submit", dataset: { testid: "send-code" }, disabled: code.length < SHORTEST }, t("Continue")),
        ),
      ),
    );
    const field = dialog.querySelector("input");
    const shown = grouped(code);
    if (field.value !== shown) field.value = shown;
  }

  redraw();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").focus();
  return { redraw, close };
}
