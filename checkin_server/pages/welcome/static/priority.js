/** Priority that the welcome desk gives by hand: who has it and why, or the reasons to choose from. */
import { el, icon } from "/static/shared/dom.js";
import { t, tn } from "/static/shared/i18n.js";
import { priorities } from "./staff_words.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Found, Model } from "./model.js"
 */

/**
 * Why this visitor is called sooner, given by hand; or the reasons to choose from.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
export function priority({ visit }, model, actions) {
  if (visit.state === "left" || visit.state === "done") return null;
  const words = (/** @type {string} */ code) => priorities().find(([one]) => one === code)?.[1] ?? code;
  if (visit.priority) {
    const { reason, minutes } = visit.priority;
    return el(
      "div",
      { class: "buttons priority", "data-testid": "priority", dataset: { reason } },
      el(
        "p",
        { class: "banner" },
        icon("user-check"),
        tn("Priority: {reason} ({n} minute sooner)", "Priority: {reason} ({n} minutes sooner)", minutes, {
          reason: words(reason),
        }),
      ),
      el(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          "data-testid": "priority-back",
          disabled: model.busy,
          onclick: () => actions.prioritise(null),
        },
        icon("undo-2"),
        t("Take the priority back"),
      ),
    );
  }
  return asked(model, actions);
}

/**
 * @param {Model} model
 * @param {Actions} actions
 */
function asked(model, actions) {
  return el(
    "div",
    { class: "priority" },
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "priority-open",
        "aria-expanded": String(model.prioritising),
        onclick: actions.askPriority,
      },
      icon("user-check"),
      t("Give priority"),
    ),
    model.prioritising
      ? [
          el(
            "p",
            { class: "muted" },
            t("Why? The visitor is called as if they had come some minutes sooner. It is kept in the log."),
          ),
          el(
            "div",
            { class: "buttons", role: "group", "aria-label": t("Give priority") },
            priorities().map(([code, said]) =>
              el(
                "button",
                {
                  class: "btn btn-secondary btn-sm",
                  type: "button",
                  dataset: { priority: code, key: code },
                  disabled: model.busy,
                  onclick: () => actions.prioritise(code),
                },
                said,
              ),
            ),
          ),
        ]
      : null,
  );
}
