/** The route as it would be: in which order somebody who ticked several services will probably be called, and why. */
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { why } from "/static/shared/words.js";
import { boothName, control, serviceName, sign, title, waitSpan } from "./parts.js";

/**
 * @import { Leg } from "api"
 * @import { Actions } from "./actions.js"
 * @import { Here } from "./model.js"
 */

/**
 * Middle of the screen.
 * @param {Here} model
 */
export function stage(model) {
  return [
    title(t("We propose this route")),
    el(
      "p",
      { class: "lead" },
      t("You will probably be called in this order. You wait in all the queues at the same time."),
    ),
    el(
      "ol",
      { class: "proposal" },
      model.session.route.map((leg, index) => stop(model, leg, index)),
    ),
  ];
}

/**
 * Foot of the screen.
 * @param {Here} model
 * @param {Actions} actions
 */
export function controls(model, actions) {
  const busy = Boolean(model.session.pending);
  return [
    control("secondary", "back", t("Back"), actions.backToServices, { iconName: "arrow-left", disabled: busy }),
    control("primary", "take-number", busy ? t("One moment…") : t("Take my number"), actions.takeNumber, {
      iconName: busy ? "" : "ticket",
      disabled: busy,
    }),
  ];
}

/**
 * @param {Here} model
 * @param {Leg} leg
 * @param {number} index
 */
function stop(model, leg, index) {
  const name = serviceName(model, leg.service);
  const stand = boothName(model, leg.booth);
  return el(
    "li",
    { class: "leg", dataset: { leg: leg.service, why: leg.why?.code ?? "" } },
    el("span", { class: "leg-order number", "aria-hidden": "true" }, index + 1),
    sign(model, leg.zone, "2.6em"),
    el(
      "span",
      { class: "leg-words" },
      el("strong", {}, name),
      stand && stand !== name ? el("span", { class: "muted" }, stand) : null,
      el(
        "span",
        { class: "leg-why" },
        icon("info"),
        why({ ...leg.why, name: leg.why?.first ? serviceName(model, leg.why.first) : "" }),
      ),
    ),
    el("span", { class: "leg-wait" }, waitSpan(leg.expected_wait)),
  );
}
