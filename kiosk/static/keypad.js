/**
 * Typing a code by hand: a field, and the sixteen letters of our codes as large keys.
 *
 * A keyboard works too, under any layout; arrows.js moves from key to key for a keypad that has arrows and Enter only.
 */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { t, tn } from "/static/shared/i18n.js";

const LETTERS = [..."BCDFGHJKLNPRSTVX"];
const LENGTH = 33; // C (card) or V (ticket), then 32 letters
const STRANGE = new RegExp(`[^${LETTERS.join("")}]`, "g");

/** What was typed, in capitals and without the spaces between the groups. */
export function normalise(text) {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .slice(0, LENGTH);
}

/** "C BCDF GHJK …": the code as it is printed on the card. */
export function grouped(code) {
  return [code.slice(0, 1), ...(code.slice(1).match(/.{1,4}/g) ?? [])].filter(Boolean).join(" ");
}

/** What is wrong with a code before it is sent, in words, or "". */
function mistake(code) {
  const strange = [...new Set(code.match(STRANGE) ?? [])];
  if (strange.length)
    return t("These do not occur in our codes: {letters}. Please compare with your card.", {
      letters: strange.join(" "),
    });
  const missing = LENGTH - code.length;
  return missing ? tn("{n} letter is still missing.", "{n} letters are still missing.", missing) : "";
}

/**
 * Opens the dialog `dialog`; `onCode(code)` is called with what was typed.
 *
 * @returns `{redraw(), close()}`; nothing typed is kept after closing.
 */
export function openKeypad(dialog, onCode) {
  let kind = "C";
  let code = "";
  let asked = false; // "Continue" was pressed: from now on what is wrong is said, and follows what is typed
  function set(next) {
    code = next;
    // Ours start with C or V; somebody who types the groups only means the kind that is chosen.
    if (/^[CV]/.test(code)) kind = code[0];
    if (!code) asked = false;
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
    if (!code) return;
    if (mistake(code)) {
      asked = true;
      redraw();
      return;
    }
    const typed = code;
    close();
    onCode(typed);
  }

  function close() {
    code = "";
    asked = false;
    dialog.removeEventListener("keydown", onKey);
    dialog.close();
    replace(dialog); // with its field and what stood in it
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = event.target.tagName === "INPUT";
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
    // Under an Arabic or Tifinagh layout the field would get no letter of ours: the key says which one was meant.
    if (inField && letter && !/^[a-z]$/i.test(event.key)) {
      event.preventDefault();
      set(normalise(code + letter));
    }
  }

  function redraw() {
    const wrong = asked ? mistake(code) : "";
    patch(
      dialog,
      el(
        "form",
        { class: "keypad", onsubmit: submit, novalidate: true },
        el("h2", { id: "keypad-title" }, t("Type the code of your card or ticket")),
        el(
          "div",
          { class: "keypad-kinds", role: "group", "aria-label": t("Kind of code") },
          [
            ["C", t("Card: C…")],
            ["V", t("Ticket: V…")],
          ].map(([letter, words]) =>
            el(
              "button",
              {
                class: "language",
                type: "button",
                "aria-pressed": String(kind === letter),
                dataset: { kind: letter },
                onclick: () => choose(letter),
              },
              words,
            ),
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
          "aria-invalid": String(Boolean(wrong)),
          "aria-describedby": "code-state",
          dataset: { testid: "code-input" },
          oninput: (event) => set(normalise(event.target.value)),
        }),
        el(
          "p",
          {
            class: `keypad-count ${wrong ? "keypad-wrong" : "muted"}`,
            id: "code-state",
            role: wrong ? "alert" : null,
            dataset: { testid: "code-state", key: wrong ? "wrong" : "count" },
          },
          wrong ? [icon("circle-alert"), wrong] : el("bdi", { dir: "ltr" }, `${code.length} / ${LENGTH}`),
        ),
        el(
          "div",
          { class: "keypad-keys", dir: "ltr" },
          LETTERS.map((letter) =>
            el(
              "button",
              { class: "key", type: "button", lang: "en", dataset: { letter }, onclick: () => press(letter) },
              letter,
            ),
          ),
        ),
        el(
          "div",
          { class: "keypad-foot" },
          el(
            "button",
            { class: "btn btn-secondary btn-lg", type: "button", dataset: { testid: "close-keypad" }, onclick: close },
            t("Back"),
          ),
          el(
            "button",
            {
              class: "btn btn-secondary btn-lg",
              type: "button",
              dataset: { testid: "erase" },
              disabled: !code,
              onclick: () => set(code.slice(0, -1)),
            },
            icon("delete"),
            t("Erase"),
          ),
          el(
            "button",
            { class: "btn btn-primary btn-lg", type: "submit", dataset: { testid: "send-code" }, disabled: !code },
            t("Continue"),
          ),
        ),
      ),
    );
    const field = dialog.querySelector("input");
    const shown = grouped(code);
    if (field.value !== shown) field.value = shown;
  }

  dialog.addEventListener("keydown", onKey);
  redraw();
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("input").focus();
  return { redraw, close };
}
