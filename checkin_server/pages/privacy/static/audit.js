/** Who looked at whom, and whether the log is as it was written. */
import { el, icon } from "/static/shared/dom.js";
import { number, t, tn } from "/static/shared/i18n.js";
import { moment } from "./keeping.js";
import { entry, model } from "./model.js";
import { happened, reasonWords } from "./words.js";

/**
 * @import { Audit, AuditEntry } from "api"
 * @import { Actions } from "./actions.js"
 */

/**
 * @param {"day" | "staff" | "member"} name
 * @param {string} words
 * @param {string} type
 */
function field(name, words, type) {
  return el(
    "label",
    { class: "field" },
    el("span", { class: "label" }, words),
    el("input", {
      class: "input",
      type,
      "data-testid": `audit-${name}`,
      dir: type === "date" ? "ltr" : "auto",
      autocomplete: "off",
      spellcheck: "false",
      value: entry[name],
      oninput({ target }) {
        entry[name] = target.value;
      },
    }),
  );
}

/** @param {Actions} actions */
function filters(actions) {
  return el(
    "form",
    {
      class: "card filters",
      onsubmit(event) {
        event.preventDefault();
        void actions.audit();
      },
    },
    field("day", t("Day"), "date"),
    field("staff", t("Who looked (a name)"), "text"),
    field("member", t("Whom (a member's whole number)"), "text"),
    el(
      "button",
      { class: "btn btn-primary", type: "submit", "data-testid": "audit-go", disabled: model.busy },
      icon("search"),
      t("Show"),
    ),
  );
}

/**
 * @param {Audit["head"]} head
 * @param {Actions} actions
 */
function chain(head, actions) {
  const found = model.chain;
  return el(
    "section",
    { class: "card chain", "data-testid": "chain" },
    el("h2", {}, t("Is the log as it was written?")),
    el(
      "p",
      {},
      t("{n} entries, each sealed with the one before. The last seal:", { n: number(head.position) }),
      " ",
      el("code", { class: "hash", dir: "ltr" }, head.hash),
    ),
    found
      ? el(
          "p",
          {
            class: `banner ${found.sound ? "banner-good" : "banner-trouble"}`,
            role: "status",
            "data-testid": "verdict",
            dataset: { sound: String(found.sound) },
          },
          icon(found.sound ? "shield-check" : "triangle-alert"),
          found.sound
            ? t("Every entry up to number {n} is as it was written.", { n: number(found.position) })
            : tn("{n} place was changed since.", "{n} places were changed since.", found.flaws.length + found.more),
        )
      : null,
    el(
      "button",
      {
        class: "btn btn-secondary btn-sm",
        type: "button",
        "data-testid": "verify",
        disabled: model.busy,
        onclick: () => void actions.chain(),
      },
      icon("shield-check"),
      t("Check the whole log"),
    ),
  );
}

/** @param {AuditEntry} one */
function row({ seq, at, kind, sort, staff, device, members, number: visit, reason }) {
  const where = device ? [device.role, device.station].filter(Boolean).join(" ") : t("a command on the server");
  return el(
    "li",
    { class: "look", "data-key": String(seq), "data-testid": "look", dataset: { kind } },
    el("p", { class: "look-what" }, el("strong", {}, happened(kind, sort))),
    el("p", {}, el("bdi", {}, staff ? (staff.name ?? staff.id) : "—"), " · ", el("bdi", {}, where)),
    el(
      "p",
      {},
      visit ? [t("Number {n}", { n: String(visit) }), " "] : null,
      members.length ? el("bdi", {}, members.join(", ")) : null,
      reason ? [visit || members.length ? " · " : null, el("bdi", {}, reasonWords(reason))] : null,
    ),
    el("p", { class: "muted look-at" }, moment(at)),
  );
}

/**
 * The whole part of the page.
 * @param {Actions} actions
 */
export function auditPart(actions) {
  const { audit } = model;
  return [
    filters(actions),
    audit
      ? el(
          "section",
          { class: "card" },
          el("h2", {}, t("Who looked, newest first")),
          audit.entries.length
            ? el("ul", { class: "list" }, audit.entries.map(row))
            : el("p", { class: "muted", "data-testid": "no-looks" }, t("Nothing of this is in the log.")),
          audit.next
            ? el(
                "button",
                {
                  class: "btn btn-secondary",
                  type: "button",
                  "data-testid": "older",
                  disabled: model.busy,
                  onclick: () => void actions.audit(audit.next),
                },
                t("Show older ones"),
              )
            : null,
        )
      : null,
    audit ? chain(audit.head, actions) : null,
  ];
}
