/** What a partner's agreement gives members, opened from a tile: the member's own category first. */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { pick, t } from "/static/shared/i18n.js";
import { boothName, categoryName, serviceName, sign } from "./parts.js";

/**
 * @import { Offer } from "api"
 * @import { Model } from "./model.js"
 */

/**
 * Opens the dialog for one service.
 * @param {HTMLDialogElement} dialog
 * @param {Model} model
 * @param {string} service
 */
export function openOffers(dialog, model, service) {
  replace(dialog);
  dialog.dataset.of = service;
  drawOffers(dialog, model);
  if (!dialog.open) dialog.showModal();
  /** @type {HTMLElement | null} */ (dialog.querySelector("[data-testid=close-offers]"))?.focus();
}

/**
 * Draws it again, in the language of the moment.
 * @param {HTMLDialogElement} dialog
 * @param {Model} model
 */
// size: one dialog, written as it is read
export function drawOffers(dialog, model) {
  const service = model.services.get(dialog.dataset.of ?? "");
  if (!service) return;
  const offers = "offers" in service ? service.offers : [];
  const category = model.session?.member?.category ?? "";
  const yours = offers.filter((offer) => !offer.categories.length || offer.categories.includes(category));
  const others = offers.filter((offer) => !yours.includes(offer));
  const list = (/** @type {Offer[]} */ some, /** @type {boolean} */ named) =>
    el(
      "ul",
      { class: "offers" },
      some.map((offer) =>
        el(
          "li",
          { class: "offer", dataset: { offer: offer.id } },
          icon("tag"),
          el(
            "span",
            {},
            pick(offer.text),
            named
              ? el(
                  "span",
                  { class: "muted offer-for" },
                  t("For: {categories}", {
                    categories: offer.categories.map((id) => categoryName(model, id)).join(" · "),
                  }),
                )
              : null,
          ),
        ),
      ),
    );
  patch(
    dialog,
    el(
      "div",
      { class: "panel" },
      el(
        "h2",
        { class: "offers-title", id: "offers-title" },
        sign(model, service.zone, "1.6em"),
        el("span", {}, serviceName(model, service.id), el("span", { class: "muted" }, boothName(model, service.booth))),
      ),
      el(
        "div",
        { class: "offers-all" },
        yours.length
          ? [el("h3", {}, t("For you")), list(yours, false)]
          : el("p", {}, t("There is no offer for your category at this stand.")),
        others.length ? [el("h3", {}, t("For other members")), list(others, true)] : null,
      ),
      el(
        "div",
        { class: "panel-foot" },
        el(
          "button",
          {
            class: "btn btn-primary btn-lg",
            type: "button",
            onclick: () => dialog.close(),
            dataset: { testid: "close-offers" },
          },
          t("Back"),
        ),
      ),
    ),
  );
}
