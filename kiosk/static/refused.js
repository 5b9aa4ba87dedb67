/** A refusal or a failure: what happened, what to do, where; the log's id of a fault small, for the staff. Also the "one moment" screen. */
import { doorsWords } from "/static/shared/doors.js";
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { problem, refusal } from "/static/shared/refusal_words.js";
import { control, sign, title } from "./parts.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Here, Model } from "./model.js"
 */

export const refused = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { reason, code = "internal", errorId } = model.session.trouble ?? { reason: null };
    const { what, todo } = reason ? refusal(reason) : { what: problem(code), todo: "" };
    const news = reason === "outside_hours" && model.live ? doorsWords(model.live.doors, model.live.now) : null;
    const advice = news?.detail || todo;
    return [
      el(
        "section",
        { class: "refused", role: "alert" },
        el("div", { class: "refused-sign" }, icon("hand")),
        title(news?.title ?? what),
        advice ? el("p", { class: "lead" }, advice) : null,
        welcomeDesk(model),
        reason ? null : technical(errorId),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { trouble, pending } = model.session;
    return [
      trouble?.reopens
        ? control("secondary", "reopen", t("That was a mistake: I am staying"), actions.reopenFromCard, {
            iconName: "undo-2",
            disabled: Boolean(pending),
          })
        : null,
      control("primary", "done", t("OK"), actions.forget),
    ];
  },
};

/** The card is needed, and waited for: a ticket may have been found by anybody, and a card was shown too long ago. */
export const card = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { what, todo } = refusal("card_needed");
    return [
      el(
        "section",
        { class: "refused", role: "status" },
        el("div", { class: "refused-sign" }, icon("id-card")),
        title(what),
        el("p", { class: "lead" }, todo),
        welcomeDesk(model),
      ),
    ];
  },
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  controls(_model, actions) {
    return [control("secondary", "back", t("Back"), actions.fromCard, { iconName: "arrow-left" })];
  },
};

/** A request is under way. While the server is away it says so; after a while it sends people to the welcome desk, and goes on. */
export const waiting = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { attempts, pending, handedOver } = model.session;
    if (handedOver) {
      return [
        el(
          "section",
          { class: "refused", role: "alert", dataset: { testid: "handover", key: "handover" } },
          el("div", { class: "refused-sign" }, icon("concierge-bell")),
          title(t("Please go to the welcome desk.")),
          el(
            "p",
            { class: "lead" },
            pending === "choose"
              ? t(
                  "The connection is down. Your choice is kept and sent as soon as it is back; the staff can already help you.",
                )
              : t("The connection is down. Nothing is lost; the staff can already help you."),
          ),
          welcomeDesk(model),
          el(
            "p",
            { class: "still-trying muted" },
            dots(),
            el("span", {}, t("This screen keeps trying and goes on by itself.")),
          ),
        ),
      ];
    }
    return [
      el(
        "section",
        { class: "waiting", dataset: { key: "waiting" } },
        dots(),
        title(t("One moment…")),
        attempts ? el("p", { class: "lead" }, t("The connection is slow. Nothing is lost: we keep trying.")) : null,
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { attempts, pending, handedOver } = model.session;
    if (!attempts) return [];
    // A choice that was sent arrives in any case: there is nothing left to cancel, only not to wait for.
    const words = handedOver
      ? t("I am going to the welcome desk")
      : pending === "choose"
        ? t("I will not wait")
        : t("Cancel");
    return [control(handedOver ? "primary" : "secondary", "cancel", words, actions.forget)];
  },
};

/**
 * Where people help, under the sign that hangs there.
 * @param {Model} model
 */
function welcomeDesk(model) {
  const zone = model.venue?.welcome_zone;
  return el(
    "div",
    { class: "refused-where card", dataset: { testid: "where" } },
    zone ? sign(model, zone, "2.6em") : icon("concierge-bell"),
    el(
      "p",
      {},
      el("strong", {}, zone ? t("Welcome desk, zone {zone}", { zone }) : t("Welcome desk")),
      el("br"),
      t("The staff there are glad to help."),
    ),
  );
}

/**
 * What the log calls this fault. A refusal that is foreseen has its words, and no code.
 * @param {string | undefined} errorId
 */
function technical(errorId) {
  // TRANSLATORS: a technical code that the visitor can show to the staff.
  return errorId ? el("p", { class: "refused-code muted" }, t("Code: {code}", { code: errorId })) : null;
}

function dots() {
  return el("span", { class: "spinner", "aria-hidden": "true" }, el("span"), el("span"), el("span"));
}
