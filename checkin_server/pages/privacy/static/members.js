/** Finding a member, what is known of them, and erasing them. */
import { el, icon } from "/static/shared/dom.js";
import { dir, pick, t, tn } from "/static/shared/i18n.js";
import { entry, model } from "./model.js";
import { askErase } from "./erase.js";

/**
 * @import { FoundMembers, KnownAnswer } from "api"
 * @import { Actions } from "./actions.js"
 */

/** Why somebody is looked up here: code and words. */
function reasons() {
  return [
    ["member_asks", t("The member asks what is known")],
    ["erasure_asked", t("The member asks to be erased")],
    ["correction_asked", t("Something about the member is wrong")],
    ["audit_check", t("A look-up is being checked")],
    ["other", t("Another reason")],
  ];
}

/**
 * The form.
 * @param {Actions} actions
 */
// size: one form, field after field
function form(actions) {
  return el(
    "form",
    {
      class: "card find",
      role: "search",
      onsubmit(event) {
        event.preventDefault();
        if (entry.text.trim()) void actions.find();
      },
    },
    el(
      "label",
      { class: "field" },
      el("span", { class: "label" }, t("A name, or a member's whole number")),
      el("input", {
        class: "input",
        "data-testid": "find-text",
        dir: "auto",
        autocomplete: "off",
        spellcheck: "false",
        value: entry.text,
        oninput({ target }) {
          entry.text = target.value;
          actions.redraw();
        },
      }),
    ),
    el(
      "label",
      { class: "field" },
      el("span", { class: "label" }, t("Why do you look this person up? It is kept in the log.")),
      el(
        "select",
        {
          class: "input",
          "data-testid": "find-reason",
          onchange({ target }) {
            entry.why = target.value;
            actions.redraw();
          },
        },
        reasons().map(([code, words]) => el("option", { value: code, selected: entry.why === code }, words)),
      ),
    ),
    entry.why === "other"
      ? el(
          "label",
          { class: "field", "data-key": "other" },
          el("span", { class: "label" }, t("Say why in a few words.")),
          el("input", {
            class: "input",
            "data-testid": "find-other",
            dir: "auto",
            maxlength: "200",
            autocomplete: "off",
            value: entry.other,
            oninput({ target }) {
              entry.other = target.value;
            },
          }),
        )
      : null,
    el(
      "button",
      {
        class: "btn btn-primary",
        "data-key": "go",
        type: "submit",
        "data-testid": "find-go",
        disabled: !entry.text.trim() || model.busy,
      },
      icon("search"),
      t("Find"),
    ),
  );
}

/**
 * @param {FoundMembers} found
 * @param {Actions} actions
 */
function list({ members, more }, actions) {
  if (members.length === 0) {
    return el(
      "section",
      { class: "card", "data-testid": "nobody" },
      el("h2", {}, more ? t("This is too short to be a name.") : t("Nobody fits this name.")),
      el(
        "p",
        { class: "muted" },
        more
          ? t("Write three letters or more, or the member's whole number.")
          : t("Try fewer letters, the other script, or the member's number."),
      ),
    );
  }
  return el(
    "section",
    { class: "card", "aria-label": t("Members found") },
    more ? el("p", { class: "banner" }, icon("info"), t("There are more. Add another name to see fewer.")) : null,
    el(
      "ul",
      { class: "people" },
      members.map((person) => row(person, actions)),
    ),
  );
}

/**
 * @param {FoundMembers["members"][number]} person
 * @param {Actions} actions
 */
function row(person, actions) {
  const known = (/** @type {"categories" | "units"} */ what, /** @type {string} */ id) => {
    const { venue } = model;
    const found = [...(venue?.[what] ?? []), ...(venue?.gone[what] ?? [])].find((one) => one.id === id);
    return found ? pick(found.name) : id;
  };
  return el(
    "li",
    { class: "person", "data-key": person.id, "data-testid": "person", dataset: { member: person.id } },
    el(
      "div",
      { class: "person-who" },
      el(
        "p",
        { class: "person-name" },
        el("bdi", { lang: "ar" }, person.display_name.ar),
        " · ",
        el("bdi", { lang: "fr" }, person.display_name.la),
      ),
      el(
        "p",
        { class: "muted" },
        [known("categories", person.category), known("units", person.unit)].join(" · "),
        " · ",
        el("bdi", {}, person.id),
      ),
    ),
    el(
      "button",
      {
        class: "btn btn-secondary",
        type: "button",
        "data-testid": "see",
        disabled: model.busy,
        onclick: () => actions.known(person.id),
      },
      icon("eye"),
      t("See what is known"),
    ),
  );
}

/**
 * Everything that is known of a member, part by part.
 * @param {KnownAnswer} known
 * @param {Actions} actions
 */
function member(known, actions) {
  return el(
    "section",
    { class: "card known", "data-testid": "known", dataset: { member: known.member } },
    el(
      "div",
      { class: "known-head" },
      el("h2", { tabindex: "-1", id: "known-title" }, t("What is known of {member}", { member: known.member })),
      el(
        "button",
        { class: "btn btn-quiet btn-sm", type: "button", "data-testid": "back", onclick: actions.back },
        icon("arrow-left"),
        t("Back"),
      ),
    ),
    el("p", { class: "muted" }, t("Who you are, why you look and what you save is kept, and told to the member.")),
    el(
      "div",
      { class: "buttons" },
      save("html", t("Save as a page to print"), actions),
      save("txt", t("Save as text"), actions),
      save("json", t("Save for programs"), actions),
      el(
        "button",
        {
          class: "btn btn-danger btn-sm",
          type: "button",
          "data-testid": "erase",
          disabled: model.busy,
          onclick: () => askErase(known.member, actions),
        },
        icon("user-x"),
        t("Erase this member"),
      ),
    ),
    el("div", { lang: known.language, dir: dir(known.language) }, known.sections.map(part)),
  );
}

/**
 * @param {"html" | "txt" | "json"} as
 * @param {string} words
 * @param {Actions} actions
 */
function save(as, words, actions) {
  return el(
    "button",
    {
      class: "btn btn-secondary btn-sm",
      type: "button",
      dataset: { save: as },
      disabled: model.busy,
      onclick: () => actions.save(as),
    },
    icon("download"),
    words,
  );
}

/** @param {KnownAnswer["sections"][number]} section */
function part({ title, entries }) {
  return el(
    "details",
    {
      class: "part",
      open: model.open.has(title),
      ontoggle(/** @type {{target: HTMLDetailsElement}} */ { target }) {
        if (target.open) model.open.add(title);
        else model.open.delete(title);
      },
    },
    el("summary", {}, title, " ", el("span", { class: "pill" }, String(entries.length))),
    entries.map((one) =>
      el(
        "dl",
        {},
        one.map(({ label, value }) => [el("dt", {}, label), el("dd", {}, el("bdi", {}, value))]),
      ),
    ),
  );
}

/** @param {{visits: number, rows: number}} erased */
function gone({ visits }) {
  return el(
    "section",
    { class: "card", role: "status", "data-testid": "erased" },
    el("h2", {}, t("The member was erased.")),
    el(
      "p",
      {},
      tn(
        "{n} visit is nobody's now; every count is as before.",
        "{n} visits are nobody's now; every count is as before.",
        visits,
      ),
    ),
    el(
      "p",
      {},
      t("Strike them off the member list as well: the next import would bring them back. Backups hold what they held."),
    ),
  );
}

/**
 * The whole part of the page.
 * @param {Actions} actions
 */
export function membersPart(actions) {
  if (model.known) return [member(model.known, actions)];
  return [form(actions), model.people ? list(model.people, actions) : null, model.erased ? gone(model.erased) : null];
}
