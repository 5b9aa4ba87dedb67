/** The greeting, and for a family who is here today. */
import { el, icon } from "/static/shared/dom.js";
import { t, tn } from "/static/shared/i18n.js";
import { categoryName, control, memberName, title, welcome } from "./parts.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Here } from "./model.js"
 */

/** "Welcome, Amina": one member, for a moment, before the services. */
export const greeting = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { member } = model.session;
    return [welcome("hand-heart", member, categoryName(model, member.category))];
  },
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  controls(_model, actions) {
    return [control("primary", "continue", t("Continue"), actions.toServices, { iconName: "arrow-right" })];
  },
};

/** "Welcome, Amina": is somebody of the family here too? Nobody is named before that is touched: everybody passes by. */
export const company = {
  /**
   * @param {Here} model
   */
  stage(model) {
    const { member } = model.session;
    return [
      welcome("users", member, t("Is somebody of your family here with you? One number is enough for all of you.")),
    ];
  },
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  controls(_model, actions) {
    return [
      control("secondary", "cancel", t("Cancel"), actions.forget),
      control("secondary", "continue", t("I am here alone"), actions.toAlone, { iconName: "arrow-right" }),
      control("primary", "my-family", t("My family"), actions.toFamily, { iconName: "users" }),
    ];
  },
};

/** A family: tick who is here. */
export const family = {
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  stage(model, actions) {
    const { member, present } = model.session;
    return [
      title(t("Welcome, {name}", { name: memberName(member) })),
      el("p", { class: "lead" }, t("Who is here today? One number is enough for all of you.")),
      el(
        "ul",
        { class: "people reach" },
        member.party.map((person) =>
          el(
            "li",
            { dataset: { key: person.id } },
            el(
              "button",
              {
                class: "person",
                type: "button",
                disabled: person.elsewhere,
                "aria-pressed": String(present.has(person.id)),
                dataset: { member: person.id },
                onclick: () => actions.togglePerson(person.id),
              },
              el("span", { class: "tick" }, icon("check")),
              el(
                "span",
                { class: "person-words" },
                el("strong", {}, memberName(person)),
                el(
                  "span",
                  { class: "muted" },
                  [
                    categoryName(model, person.category),
                    person.self ? t("you") : "",
                    person.elsewhere ? t("has an own number today") : "",
                  ]
                    .filter(Boolean)
                    .join(" · "),
                ),
              ),
            ),
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
    const n = model.session.present.size;
    return [
      control("secondary", "cancel", t("Cancel"), actions.forget),
      n > 1 ? control("secondary", "apart", t("We split up"), actions.toApart, { iconName: "split" }) : null,
      n
        ? control(
            "primary",
            "continue",
            tn("Continue with {n} person", "Continue with {n} people", n),
            actions.toServices,
            { iconName: "arrow-right" },
          )
        : control("primary", "continue", t("Tick at least one person"), actions.toServices, { disabled: true }),
    ];
  },
};
