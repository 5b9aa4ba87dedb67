/** The access button, always at the same place, and the panel it opens. */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { setMode } from "./modes.js";
import { languages } from "./parts.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Model } from "./model.js"
 */

/**
 * The bar at the very foot: access, and, while somebody is spoken to, hearing it again. With low reach the languages are here too.
 * @param {Model} model
 * @param {Actions} actions
 */
export function bar(model, actions) {
  return [
    el(
      "button",
      {
        class: "access-open",
        type: "button",
        "aria-haspopup": "dialog",
        onclick: actions.openAccess,
        dataset: { testid: "access", key: "access" },
      },
      icon("accessibility"),
      // TRANSLATORS: the button that opens large text, strong contrast, low controls, spoken guidance.
      el("span", {}, t("Accessibility")),
    ),
    model.modes.voice
      ? el(
          "button",
          {
            class: "access-open",
            type: "button",
            onclick: actions.sayAgain,
            dataset: { testid: "say-again", key: "say-again" },
          },
          icon("volume-2"),
          el("span", {}, t("Say it again")),
        )
      : null,
    model.modes.voice && model.voiceSilent
      ? el(
          "p",
          { class: "bar-note", role: "status", dataset: { testid: "no-voice", key: "no-voice" } },
          icon("volume-x"),
          t("There is no voice for this language here yet."),
        )
      : null,
    model.modes.low ? languages(actions) : null,
  ];
}

/**
 * Draws the panel into its dialog.
 * @param {HTMLDialogElement} dialog
 * @param {Model} model
 * @param {Actions} actions
 */
// size: one dialog, written as it is read
export function drawAccess(dialog, model, actions) {
  const mode = (
    /** @type {string} */ name,
    /** @type {string} */ picture,
    /** @type {string} */ words,
    /** @type {string} */ more,
  ) =>
    el(
      "button",
      {
        class: "mode",
        type: "button",
        "aria-pressed": String(model.modes[name]),
        onclick: () => setMode(name, !model.modes[name]),
        dataset: { mode: name, key: name },
      },
      icon(picture),
      el("span", { class: "mode-words" }, el("strong", {}, words), el("span", { class: "muted" }, more)),
      el("span", { class: "tick" }, icon("check")),
    );
  patch(
    dialog,
    el(
      "div",
      { class: "panel" },
      el("h2", { id: "access-title" }, t("What makes it easier for you?")),
      el(
        "div",
        { class: "modes" },
        mode("large", "a-large-small", t("Large text"), t("Everything is written larger.")),
        mode("contrast", "contrast", t("Strong contrast"), t("Black on white, clear lines.")),
        mode("low", "arrow-down-to-line", t("Buttons low down"), t("All buttons are within reach from a seat.")),
        mode("voice", "volume-2", t("Spoken guidance"), t("Each screen is read aloud.")),
      ),
      el(
        "div",
        { class: "panel-foot" },
        model.modes.voice
          ? el(
              "button",
              {
                class: "btn btn-secondary btn-lg",
                type: "button",
                onclick: actions.sayAgain,
                dataset: { testid: "say-again-here", key: "again" },
              },
              icon("volume-2"),
              el("span", {}, t("Say it again")),
            )
          : null,
        el(
          "button",
          {
            class: "btn btn-primary btn-lg",
            type: "button",
            onclick: () => dialog.close(),
            dataset: { testid: "close-access", key: "close" },
          },
          icon("check"),
          el("span", {}, t("Close")),
        ),
      ),
    ),
  );
}

/**
 * Opens the panel.
 * @param {HTMLDialogElement} dialog
 * @param {Model} model
 * @param {Actions} actions
 */
export function openAccess(dialog, model, actions) {
  replace(dialog);
  drawAccess(dialog, model, actions);
  if (!dialog.open) dialog.showModal();
  /** @type {HTMLElement | null} */ (dialog.querySelector(".mode"))?.focus();
}
