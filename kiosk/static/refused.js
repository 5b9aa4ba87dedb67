/** A refusal or a failure: what happened, what to do, where; the code small, for the staff. Also the "one moment" screen. */
import { el, icon } from "/static/shared/dom.js";
import { clock, t } from "/static/shared/i18n.js";
import { problem, refusal } from "/static/shared/words.js";
import { control, title } from "./parts.js";

export const refused = {
  stage(model) {
    const { reason, code, errorId } = model.session.trouble;
    const { what, todo } = reason ? refusal(reason) : { what: problem(code), todo: "" };
    const day = model.venue?.service_day;
    return [
      el(
        "section",
        { class: "refused", role: "alert" },
        el("div", { class: "refused-sign" }, icon("hand")),
        title(what),
        todo ? el("p", { class: "lead" }, todo) : null,
        reason === "outside_hours" && day
          ? el("p", { class: "lead" }, t("Open from {from} to {to}", { from: clock(day.opens_at), to: clock(day.closes_at) }))
          : null,
        el("div", { class: "refused-where card" }, icon("concierge-bell"), el("p", {}, el("strong", {}, t("Welcome desk")), el("br"), t("The staff there are glad to help."))),
        // TRANSLATORS: a technical code that the visitor can show to the staff.
        el("p", { class: "refused-code muted" }, t("Code: {code}", { code: [reason ?? code, errorId].filter(Boolean).join(" ") })),
      ),
    ];
  },
  controls(model, actions) {
    return [control("primary", "done", t("OK"), actions.forget)];
  },
};

export const waiting = {
  stage(model) {
    const long = model.session.attempts >= 4;
    return [
      el(
        "section",
        { class: "waiting" },
        el("div", { class: "spinner", "aria-hidden": "true" }, el("span"), el("span"), el("span")),
        title(t("One moment…")),
        model.session.attempts ? el("p", { class: "lead" }, t("The connection is slow. Nothing is lost: we keep trying.")) : null,
        long ? el("p", { class: "lead" }, t("If you would rather not wait, the welcome desk will help you.")) : null,
      ),
    ];
  },
  controls(model, actions) {
    return model.session.attempts ? [control("secondary", "cancel", t("Cancel"), actions.forget)] : [];
  },
};
