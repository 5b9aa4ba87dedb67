/** Holding a place, and leaving: one question each. */
import { el, icon } from "/static/shared/dom.js";
import { clock, t, tn } from "/static/shared/i18n.js";
import { othersInside } from "./apart.js";
import { control, statement, title } from "./parts.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Here } from "./model.js"
 */

const MINUTES = [10, 20, 30];

/** "How long shall we keep your place?" */
export const hold = {
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  stage(model, actions) {
    const now = model.live ? new Date(model.live.now).getTime() + (performance.now() - model.liveAt) : null;
    return [
      el(
        "div",
        { class: "question" },
        el("div", { class: "question-sign" }, icon("hourglass")),
        title(t("How long shall we keep your place?")),
        el("p", { class: "lead" }, t("Nobody calls you until then, and you keep your place in every queue.")),
      ),
      el(
        "div",
        { class: "options reach", role: "group", "aria-label": t("How long shall we keep your place?") },
        MINUTES.map((n) =>
          el(
            "button",
            {
              class: "option",
              type: "button",
              disabled: Boolean(model.session.pending),
              onclick: () => actions.hold(n),
              dataset: { minutes: n, key: String(n) },
            },
            icon("clock"),
            el("strong", {}, tn("{n} minute", "{n} minutes", n)),
            now === null
              ? null
              : el("span", { class: "muted" }, t("until {time}", { time: clock(new Date(now + n * 60_000)) })),
          ),
        ),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { visit, whole } = model.session;
    return [
      control("secondary", "back", t("Back"), actions.toVisit, { iconName: "arrow-left" }),
      othersInside(visit)
        ? control("secondary", "whole", t("For all of us"), actions.toggleWhole, {
            iconName: whole ? "check" : "users",
            pressed: whole,
          })
        : null,
    ];
  },
};

/** "Do you really want to leave?" */
export const leave = {
  stage() {
    return [statement("door-open", t("Do you want to end your visit?"), t("You give up your place in every queue."))];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const busy = Boolean(model.session.pending);
    return [
      control("secondary", "back", t("No, I am staying"), actions.toVisit, { disabled: busy }),
      control("danger", "leave-now", t("Yes, end my visit"), () => actions.leave(), {
        iconName: "log-out",
        disabled: busy,
      }),
      othersInside(model.session.visit)
        ? control("danger", "leave-all", t("Yes, for all of us"), () => actions.leave(true), {
            iconName: "users",
            disabled: busy,
          })
        : null,
    ];
  },
};

/** The visit is over. */
export const left = {
  stage() {
    return [
      statement(
        "hand-heart",
        t("Thank you for coming."),
        t("Your visit has ended. Nobody calls your number any more."),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { visit, pending } = model.session;
    return [
      // The server has the last word on how long; a visit that was found as it had left offers nothing here.
      visit.number === null
        ? null
        : control("secondary", "reopen", t("That was a mistake: I am staying"), actions.reopen, {
            iconName: "undo-2",
            disabled: Boolean(pending),
          }),
      control("secondary", "opinion", t("Give my opinion"), actions.toOpinion, { iconName: "messages-square" }),
      control("primary", "done", t("Close"), actions.forget, { iconName: "check" }),
    ];
  },
};
