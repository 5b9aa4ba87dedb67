/** Whose visit was lost in a restore: the number on their ticket and when they took it, as they remember. */
import { plainDigits } from "/static/shared/digits.js";
import { el, icon } from "/static/shared/dom.js";
import { momentOf, t } from "/static/shared/i18n.js";
import { priority } from "./priority.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Found, Model } from "./model.js"
 */

/**
 * What moves a visitor's place: what they remember of a lost visit, and priority given by hand.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
export function placeInQueues(found, model, actions) {
  return [remembered(found, model, actions), priority(found, model, actions)];
}

/**
 * The number they had, where it is known; on a day with a restore, the form for it.
 * @param {Found} found
 * @param {Model} model
 * @param {Actions} actions
 */
function remembered({ visit }, model, actions) {
  const known = visit.old_number;
  if (known) {
    return el(
      "p",
      { class: "banner", "data-testid": "old-number", dataset: { number: String(known) } },
      icon("history"),
      t("Had number {n} before the restore; the waiting counts from then.", { n: String(known) }),
    );
  }
  if (!model.data?.restored || visit.state === "left" || visit.state === "done") return null;
  return el(
    "div",
    { class: "priority" },
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "remember-open",
        "aria-expanded": String(model.remembering),
        onclick: actions.askRemembered,
      },
      icon("history"),
      t("Had a number before the restore"),
    ),
    model.remembering ? form(model, actions) : null,
  );
}

/**
 * @param {Model} model
 * @param {Actions} actions
 */
function form(model, actions) {
  const { data, typed } = model;
  const number = Number(plainDigits(typed.number).replace(/\s/g, ""));
  const cameAt = momentOf(typed.time, data?.now ?? "");
  const wrong = typed.number.trim() !== "" && !(Number.isInteger(number) && number > 0 && number <= 999_999);
  const set =
    (/** @type {"number" | "time"} */ name) =>
    (/** @type {{target: HTMLInputElement}} */ { target }) => {
      typed[name] = target.value;
      actions.redraw();
    };
  const field = (
    /** @type {"number" | "time"} */ name,
    /** @type {string} */ words,
    /** @type {Record<string, string>} */ more,
  ) =>
    el(
      "label",
      { class: "field" },
      words,
      el("input", {
        class: "input",
        dir: "ltr",
        autocomplete: "off",
        "data-testid": `remember-${name}`,
        value: typed[name],
        oninput: set(name),
        ...more,
      }),
    );
  return el(
    "form",
    {
      class: "buttons remember",
      onsubmit(/** @type {SubmitEvent} */ event) {
        event.preventDefault();
        actions.remember(typed.number.trim() ? number : null, cameAt || null);
      },
    },
    el(
      "p",
      { class: "muted" },
      t("Their place is kept: they wait from the time they remember. It is kept in the log."),
    ),
    field("number", t("Number on the old ticket"), { inputmode: "numeric" }),
    field("time", t("When they took it"), { type: "time" }),
    el(
      "button",
      {
        class: "btn btn-primary",
        type: "submit",
        "data-testid": "remember",
        disabled: model.busy || wrong || !(typed.number.trim() || cameAt),
      },
      t("Enter what they remember"),
    ),
  );
}
