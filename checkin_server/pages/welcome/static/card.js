/** Whose card it is, and a new one, at the welcome desk. */
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { reasons } from "./staff_words.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Model } from "./model.js"
 */

/**
 * The Arabic name, or that the card says none.
 * @param {{ar: string}} name
 */
export function nameOrNone(name) {
  // TRANSLATORS: in place of the name of somebody whose card says no name.
  return name.ar ? el("bdi", { lang: "ar" }, name.ar) : t("Signed card, no name");
}

/**
 * A new card, with the reason; then the link to its paper.
 * @param {Model} model
 * @param {Actions} actions
 * @param {string} member
 */
// size: one panel, written as it is read
export function newCard(model, actions, member) {
  const made = model.cards.get(member);
  if (made) {
    return el(
      "p",
      { class: "banner banner-good", role: "status" },
      icon("id-card"),
      el(
        "span",
        {},
        el(
          "a",
          { class: "card-link", href: made, download: `${member}.pdf`, "data-testid": "card-pdf" },
          t("Save the new card and print it"),
        ),
        " ",
        t("The old one is refused from now on."),
      ),
    );
  }
  const open = model.cardFor === member;
  return el(
    "div",
    { class: "new-card" },
    el(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        "data-testid": "new-card",
        "aria-expanded": String(open),
        onclick: () => actions.askCard(open ? null : member),
      },
      icon("id-card"),
      t("Make a new card"),
    ),
    open
      ? el(
          "p",
          { class: "muted" },
          t("Check an identity document first. The member's older cards are refused from now on."),
        )
      : null,
    open &&
      el(
        "div",
        { class: "buttons" },
        reasons()
          .filter(([code]) => code !== "card_forgotten")
          .map(([code, words]) =>
            el(
              "button",
              {
                class: "btn btn-secondary btn-sm",
                type: "button",
                dataset: { cardReason: code },
                disabled: model.busy,
                onclick: () => actions.newCard(member, code),
              },
              words,
            ),
          ),
      ),
  );
}
