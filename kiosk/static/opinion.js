/** Opinions: faces for each stand that served, then in one's own words (or ready-made ones) an opinion, an expectation, a proposal. */
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { keyboard } from "./keyboard.js";
import { boothName, control, serviceName, sign, statement, title } from "./parts.js";

/**
 * @import { Step, Visit } from "api"
 * @import { Actions } from "./actions.js"
 * @import { Here, Kind } from "./model.js"
 */

export const LONGEST = 1000; // characters of one text

/** Worst first. The words stand under each face. */
/** @type {[string, () => string][]} */
const FACES = [
  ["angry", () => t("Very bad")],
  ["frown", () => t("Bad")],
  ["meh", () => t("All right")],
  ["smile", () => t("Good")],
  ["laugh", () => t("Very good")],
];

/** @type {Record<Kind, {picture: string, name: () => string, more: () => string, ask: () => string}>} */
const KINDS = {
  opinion: {
    picture: "messages-square",
    // TRANSLATORS: one of three kinds of feedback: what I found.
    name: () => t("An opinion"),
    more: () => t("How it was today"),
    ask: () => t("What would you like to tell us?"),
  },
  expectation: {
    picture: "telescope",
    // TRANSLATORS: one of three kinds of feedback: what I hope for.
    name: () => t("An expectation"),
    more: () => t("What you hope for"),
    ask: () => t("What do you expect from us?"),
  },
  proposal: {
    picture: "lightbulb",
    // TRANSLATORS: one of three kinds of feedback: what I propose.
    name: () => t("A proposal"),
    more: () => t("What could be better"),
    ask: () => t("What do you propose?"),
  },
};

/** @type {Kind[]} */
const KINDS_SHOWN = ["opinion", "expectation", "proposal"];

/** Sentences for who does not want to type. They are kept in the language they are tapped in. */
/** @type {Record<Kind, () => string[]>} */
const READY = {
  opinion: () => [
    t("The welcome was good."),
    t("I waited too long."),
    t("The information was clear."),
    t("It was hard to find my way."),
  ],
  expectation: () => [
    t("Shorter waiting times."),
    t("More partners and offers."),
    t("More help for families."),
    t("More services on the phone."),
  ],
  proposal: () => [
    t("More seats."),
    t("More counters in the morning."),
    t("Signs that are larger."),
    t("A quieter place to wait."),
  ],
};

/**
 * Stands that served this visit, once each.
 * @param {Visit} visit
 */
export function served(visit) {
  return [...new Set(visit.steps.filter((step) => step.state === "served").map((step) => step.service))];
}

/** Faces for each stand. */
export const rate = {
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  stage(model, actions) {
    const { visit, opinion } = model.session;
    return [
      title(t("How was it?")),
      el("p", { class: "lead" }, t("One face for each stand. Nobody at the stand sees who you are.")),
      el(
        "ul",
        { class: "ratings reach" },
        served(visit).map((service) => {
          const step = visit.steps.find((one) => one.service === service) ?? visit.steps[0];
          const name = serviceName(model, service);
          return el(
            "li",
            { class: "rating", dataset: { key: service } },
            el(
              "p",
              { class: "rating-name", id: `rate-${service}` },
              sign(model, step.zone, "1.6em"),
              el("strong", {}, name),
              booth(model, step, name),
            ),
            el(
              "div",
              { class: "faces", role: "group", "aria-labelledby": `rate-${service}` },
              FACES.map(([picture, words], index) =>
                el(
                  "button",
                  {
                    class: "face",
                    type: "button",
                    "aria-pressed": String(opinion.scores[service] === index + 1),
                    disabled: Boolean(model.session.pending),
                    onclick: () => actions.rate(service, index + 1),
                    dataset: { rate: service, score: index + 1 },
                  },
                  icon(picture),
                  el("span", {}, words()),
                ),
              ),
            ),
          );
        }),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { opinion, pending } = model.session;
    const some = Object.keys(opinion.scores).length > 0;
    return [
      control("secondary", "back", t("Back"), actions.toVisit, { disabled: Boolean(pending) }),
      control("primary", "continue", some ? t("Continue") : t("Skip"), actions.sendScores, {
        iconName: "arrow-right",
        disabled: Boolean(pending),
      }),
    ];
  },
};

/**
 * @param {Here} model
 * @param {Step} step
 * @param {string} name
 */
function booth(model, step, name) {
  const words = boothName(model, step.booth);
  return words === name ? null : el("span", { class: "muted" }, words);
}

/** "Would you like to tell us more?" */
export const themes = {
  /**
   * @param {Here} _model
   * @param {Actions} actions
   */
  stage(_model, actions) {
    return [
      el(
        "div",
        { class: "question" },
        el("div", { class: "question-sign" }, icon("messages-square")),
        title(t("Would you like to tell us more?")),
        el("p", { class: "lead" }, t("Your words reach the organisers in full, in your own language.")),
      ),
      el(
        "div",
        { class: "options reach", role: "group", "aria-label": t("Would you like to tell us more?") },
        KINDS_SHOWN.map((kind) => {
          const { picture, name, more } = KINDS[kind];
          return el(
            "button",
            { class: "option", type: "button", onclick: () => actions.toWriting(kind), dataset: { kind, key: kind } },
            icon(picture),
            el("strong", {}, name()),
            el("span", { class: "muted" }, more()),
          );
        }),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    return [
      control("secondary", "back", t("Back"), actions.backFromThemes),
      control(
        "primary",
        "continue",
        model.session.opinion.sent ? t("That is all") : t("No, thank you"),
        actions.thanks,
        {
          iconName: "check",
        },
      ),
    ];
  },
};

/** The text, its ready-made sentences, the keys. */
export const write = {
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  stage(model, actions) {
    const { opinion } = model.session;
    const kind = opinion.kind ?? "opinion";
    const { ask } = KINDS[kind];
    return [
      title(ask()),
      el(
        "div",
        { class: "writing" },
        el("textarea", {
          class: "input",
          rows: 3,
          dir: "auto",
          maxlength: LONGEST,
          inputmode: "none",
          autocomplete: "off",
          spellcheck: "false",
          "aria-label": ask(),
          dataset: { testid: "text", key: "text" },
          value: opinion.text,
          oninput: ({ target }) => actions.type(target.value),
        }),
        el(
          "div",
          { class: "writing-keys reach" },
          el(
            "div",
            { class: "ready", role: "group", "aria-label": t("Sentences to choose") },
            READY[kind]().map((words, index) =>
              el(
                "button",
                {
                  class: "chip",
                  type: "button",
                  "aria-pressed": String(opinion.text.includes(words)),
                  onclick: () => actions.toggleSentence(words),
                  dataset: { ready: index },
                },
                words,
              ),
            ),
          ),
          keyboard(opinion.layout ?? "latin", { onKey: actions.key, onErase: actions.erase, onLayout: actions.layout }),
        ),
      ),
    ];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    const { opinion, pending } = model.session;
    const empty = !opinion.text.trim();
    return [
      control("secondary", "back", t("Back"), actions.toThemes, { disabled: Boolean(pending) }),
      control("primary", "send", t("Send"), actions.sendText, {
        iconName: "check",
        disabled: empty || Boolean(pending),
      }),
    ];
  },
};

/** Thanks. */
export const thanks = {
  stage() {
    return [statement("hand-heart", t("Thank you."), t("What you say helps to make the next day better."))];
  },
  /**
   * @param {Here} model
   * @param {Actions} actions
   */
  controls(model, actions) {
    return [
      model.session.visit.state === "left"
        ? null
        : control("secondary", "back", t("Back to my visit"), actions.toVisit),
      control("primary", "done", t("Close"), actions.forget, { iconName: "check" }),
    ];
  },
};
