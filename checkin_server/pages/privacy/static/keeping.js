/** What is overdue to be forgotten, what goes next, and what went. */
import { el, icon } from "/static/shared/dom.js";
import { clock, date, number, t } from "/static/shared/i18n.js";
import { model } from "./model.js";

/** @import { Keeping } from "api" */

/** @param {string} kind */
function kindWords(kind) {
  switch (kind) {
    case "texts":
      return t("What was typed");
    case "prints":
      return t("What was printed");
    case "links":
      return t("Whose visits they were");
    default:
      return t("The member list");
  }
}

/** @param {string} at RFC 3339 */
export const moment = (at) => `${date(at)}, ${clock(at)}`;

/**
 * @param {Keeping["planned"][number]} one
 */
function plannedRow({ kind, before, due_at: due }) {
  return el(
    "li",
    { class: "goes" },
    el("strong", {}, kindWords(kind)),
    el("span", {}, t("of the days before {day}", { day: date(before) })),
    el("span", { class: "muted" }, t("goes on {time}", { time: moment(due) })),
  );
}

/** @param {Keeping["done"][number]} one */
function doneRow({ at, before, kinds, rows, staff }) {
  return el(
    "li",
    { class: "goes" },
    el("strong", {}, before ? kinds.map(kindWords).join(", ") || t("Pages written anew") : t("A member was erased")),
    el("span", {}, before ? t("of the days before {day}", { day: date(before) }) : el("bdi", {}, staff ?? "")),
    el("span", { class: "muted" }, moment(at), " · ", t("Texts, tickets and links: {n}", { n: number(rows) })),
  );
}

/** The whole part of the page. */
export function keepingPart() {
  const { keeping } = model;
  if (!keeping) return [];
  const { overdue, planned, done } = keeping;
  return [
    overdue.length
      ? el(
          "section",
          { class: "banner banner-trouble", role: "alert", "data-testid": "overdue" },
          icon("triangle-alert"),
          el(
            "div",
            {},
            el("strong", {}, t("Personal data that should have been forgotten is still kept")),
            el("p", {}, t("It goes by itself once no day is open. If this stays, tell the technician.")),
            el("ul", {}, overdue.map(plannedRow)),
          ),
        )
      : el(
          "p",
          { class: "banner banner-good", "data-testid": "nothing-overdue" },
          icon("shield-check"),
          t("Nothing personal is kept longer than it should be."),
        ),
    el(
      "section",
      { class: "card" },
      el("h2", {}, t("What goes next")),
      planned.length
        ? el("ul", { class: "list" }, planned.map(plannedRow))
        : el("p", { class: "muted" }, t("Nothing yet. It is planned when a day ends.")),
    ),
    el(
      "section",
      { class: "card" },
      el("h2", {}, t("What went")),
      done.length
        ? el("ul", { class: "list", "data-testid": "gone" }, done.map(doneRow))
        : el("p", { class: "muted" }, t("Nothing has been forgotten yet.")),
    ),
  ];
}
