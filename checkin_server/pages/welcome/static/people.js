/** Members who fit a name, and the form for somebody who is on no list. */
import { el, icon } from "/static/shared/dom.js";
import { LANGUAGES, NAMES, pick, t } from "/static/shared/i18n.js";
import { nameOrNone, newCard } from "./card.js";
import { cardState, visitState } from "./staff_words.js";

/**
 * @import { FoundMembers, KindInfo } from "api"
 * @import { Actions } from "./actions.js"
 * @import { Model, Newcomer } from "./model.js"
 */

/**
 * The list of a search.
 * @param {FoundMembers} found
 * @param {Model} model
 * @param {Actions} actions
 */
export function peopleList({ members, more }, model, actions) {
  if (members.length === 0) {
    return el(
      "section",
      { class: "card empty", "data-testid": "nobody" },
      el("h2", {}, more ? t("This is too short to be a name.") : t("Nobody fits this name.")),
      el(
        "p",
        {},
        more
          ? t("Write three letters or more, or the member's whole number.")
          : t("Try fewer letters, the other script, or the member's number."),
      ),
    );
  }
  return el(
    "section",
    { class: "card people", "aria-label": t("Members found") },
    more ? el("p", { class: "banner" }, icon("info"), t("There are more. Add another name to see fewer.")) : null,
    el(
      "ul",
      {},
      members.map((person) => row(person, model, actions)),
    ),
  );
}

/**
 * @param {FoundMembers["members"][number]} person
 * @param {Model} model
 * @param {Actions} actions
 */
function row(person, model, actions) {
  const category = model.venue?.categories.get(person.category);
  const unit = model.venue?.units.get(person.unit);
  const { visit } = person;
  const state = visit
    ? visit.number === null
      ? visitState(visit.state)
      : t("Number {n}", { n: String(visit.number) })
    : t("not here today");
  return el(
    "li",
    { class: "person", "data-key": person.id, "data-testid": "person", dataset: { member: person.id } },
    el(
      "div",
      { class: "person-who" },
      el(
        "p",
        { class: "person-name" },
        nameOrNone(person.display_name),
        " · ",
        person.display_name.la ? el("bdi", { lang: "fr" }, person.display_name.la) : el("bdi", {}, person.id),
      ),
      el(
        "p",
        { class: "muted" },
        [
          category ? pick(category.name) : "",
          unit ? pick(unit.name) : "",
          person.card ? cardState(person.card) : "",
          state,
        ]
          .filter(Boolean)
          .join(" · "),
      ),
    ),
    el(
      "button",
      {
        class: "btn btn-secondary",
        type: "button",
        "data-testid": "let-in",
        disabled: model.busy,
        onclick: () => actions.letIn(person.id),
      },
      visit ? t("Open the visit") : t("Let in without a card"),
    ),
    newCard(model, actions, person.id),
  );
}

/**
 * The form for a newcomer; `model.newcomer` keeps what was typed.
 * @param {Newcomer} person
 * @param {Model} model
 * @param {Actions} actions
 */
// size: one form, field after field
export function newcomerForm(person, model, actions) {
  const set =
    (/** @type {keyof Newcomer} */ name) =>
    (/** @type {{target: HTMLInputElement}} */ { target }) => {
      Object.assign(person, { [name]: target.value });
    };
  const text = (
    /** @type {"name_ar" | "name_la"} */ name,
    /** @type {string} */ words,
    /** @type {string} */ language,
  ) =>
    el(
      "label",
      { class: "field" },
      words,
      el("input", {
        class: "input",
        lang: language,
        dir: language === "ar" ? "rtl" : "ltr",
        autocomplete: "off",
        spellcheck: "false",
        "data-testid": name,
        value: person[name],
        oninput: set(name),
      }),
    );
  const select = (/** @type {keyof Newcomer} */ name, /** @type {string} */ words, /** @type {string[][]} */ options) =>
    el(
      "label",
      { class: "field" },
      words,
      el(
        "select",
        { class: "input", "data-testid": name, onchange: set(name) },
        options.map(([value, shown]) => el("option", { value, selected: person[name] === value }, shown)),
      ),
    );
  const known = (/** @type {Map<string, KindInfo> | undefined} */ list) =>
    [...(list?.values() ?? [])].filter((one) => one.eligible).map((one) => [one.id, pick(one.name)]);
  return el(
    "form",
    {
      class: "card newcomer",
      onsubmit(event) {
        event.preventDefault();
        actions.register();
      },
    },
    el("h2", {}, t("Register somebody who is on no list")),
    el("p", { class: "muted" }, t("A name in one of the scripts is enough. Check an identity document first.")),
    text("name_ar", t("Name in Arabic letters"), "ar"),
    text("name_la", t("Name in Latin letters"), "fr"),
    select("category", t("Category"), known(model.venue?.categories)),
    select("unit", t("Unit"), known(model.venue?.units)),
    select(
      "locale",
      t("Language of the visit"),
      LANGUAGES.map((code) => [code, NAMES[code]]),
    ),
    el(
      "div",
      { class: "buttons" },
      el(
        "button",
        { class: "btn btn-primary", type: "submit", "data-testid": "register", disabled: model.busy },
        icon("user-plus"),
        t("Register and let in"),
      ),
      el("button", { class: "btn btn-quiet", type: "button", onclick: actions.clear }, t("Cancel")),
    ),
  );
}
