/**
 * Typing a code by hand: a field, and the sixteen letters of our codes as large keys.
 *
 * A keyboard works too, under any layout; arrows.js moves from key to key for a keypad that has arrows and Enter only.
 */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { grouped, LETTERS, lengthOf, Typing } from "./codes.js";

/**
 * Opens the dialog `dialog`; `onCode(code)` is called with what was typed.
 *
 * @param {HTMLDialogElement} dialog
 * @param {(code: string) => void} onCode
 * @returns {{redraw: () => void, close: () => void}} nothing typed is kept after closing
 */
export function openKeypad(dialog, onCode) {
  const typing = new Typing();

  /** @param {() => void} change */
  function after(change) {
    change();
    redraw();
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    const code = typing.submit();
    if (!code) {
      redraw();
      return;
    }
    close();
    onCode(code);
  }

  function close() {
    typing.clear();
    dialog.removeEventListener("keydown", onKey);
    dialog.close();
    replace(dialog); // with its field and what stood in it
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
    // Under an Arabic or Tifinagh layout the field would get no letter of ours: the key says which one was meant.
    if (event.target instanceof HTMLInputElement && letter && !/^[a-z]$/i.test(event.key)) {
      event.preventDefault();
      after(() => typing.set(typing.code + letter));
    }
  }

  function redraw() {
    patch(dialog, form(typing, { submit, close, after }));
    const input = fieldOf(dialog);
    const shown = grouped(typing.code);
    if (input.value !== shown) input.value = shown;
  }

  dialog.addEventListener("keydown", onKey);
  redraw();
  if (!dialog.open) dialog.showModal();
  fieldOf(dialog).focus();
  return { redraw, close };
}

/** @param {HTMLDialogElement} dialog */
function fieldOf(dialog) {
  return /** @type {HTMLInputElement} */ (dialog.querySelector("input"));
}

/**
 * @param {Typing} typing
 * @param {{submit: (event: SubmitEvent) => void, close: () => void, after: (change: () => void) => void}} on
 */
function form(typing, { submit, close, after }) {
  return el(
    "form",
    { class: "keypad", onsubmit: submit, novalidate: true },
    el("h2", { id: "keypad-title" }, t("Type the code of your card or ticket")),
    kinds(typing, after),
    field(typing, after),
    state(typing),
    el(
      "div",
      { class: "keypad-keys", dir: "ltr" },
      LETTERS.map((letter) =>
        el(
          "button",
          {
            class: "key",
            type: "button",
            lang: "en",
            dataset: { letter },
            onclick: () => after(() => typing.press(letter)),
          },
          letter,
        ),
      ),
    ),
    foot(typing, close, after),
  );
}

/**
 * @param {Typing} typing
 * @param {(change: () => void) => void} after
 */
function kinds(typing, after) {
  return el(
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
          "aria-pressed": String(typing.kind === letter),
          dataset: { kind: letter },
          onclick: () => after(() => typing.choose(letter)),
        },
        words,
      ),
    ),
  );
}

/**
 * @param {Typing} typing
 * @param {(change: () => void) => void} after
 */
function field(typing, after) {
  return [
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
      "aria-invalid": String(Boolean(typing.wrong)),
      "aria-describedby": "code-state",
      dataset: { testid: "code-input" },
      oninput: (/** @type {InputEvent} */ { target }) =>
        after(() => typing.set(/** @type {HTMLInputElement} */ (target).value)),
    }),
  ];
}

/** @param {Typing} typing */
function state({ wrong, code, kind }) {
  return el(
    "p",
    {
      class: `keypad-count ${wrong ? "keypad-wrong" : "muted"}`,
      id: "code-state",
      role: wrong ? "alert" : null,
      dataset: { testid: "code-state", key: wrong ? "wrong" : "count" },
    },
    wrong ? [icon("circle-alert"), wrong] : el("bdi", { dir: "ltr" }, `${code.length} / ${lengthOf(code || kind)}`),
  );
}

/**
 * @param {Typing} typing
 * @param {() => void} close
 * @param {(change: () => void) => void} after
 */
function foot(typing, close, after) {
  const large = (/** @type {string} */ kind) => `btn btn-${kind} btn-lg`;
  return el(
    "div",
    { class: "keypad-foot" },
    el(
      "button",
      { class: large("secondary"), type: "button", dataset: { testid: "close-keypad" }, onclick: close },
      t("Back"),
    ),
    el(
      "button",
      {
        class: large("secondary"),
        type: "button",
        dataset: { testid: "erase" },
        disabled: !typing.code,
        onclick: () => after(() => typing.erase()),
      },
      icon("delete"),
      t("Erase"),
    ),
    el(
      "button",
      { class: large("primary"), type: "submit", dataset: { testid: "send-code" }, disabled: !typing.code },
      t("Continue"),
    ),
  );
}
