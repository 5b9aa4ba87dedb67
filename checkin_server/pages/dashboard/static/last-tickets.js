// An organiser's word about a service's last tickets: take more, stop now, or as the forecast says again.

import { post, Problem } from "/static/shared/api.js";
import { onlyPlainDigits } from "/static/shared/digits.js";
import { el, icon, replace } from "/static/shared/dom.js";
import { clock, pick, t, tn } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";

/**
 * @import { DashboardData, LastTicketsBody } from "api"
 * @import { ServiceFigures, Venue } from "./venue.js"
 *
 * @typedef {"places" | "until" | "stop" | "automatic"} Rule
 * @typedef {ReturnType<typeof fieldsOf>} Fields
 */

const QUARTER_MS = 15 * 60_000;
const SOME_PLACES = 10;
/** @type {Rule[]} */
const RULES = ["places", "until", "stop", "automatic"];

/**
 * What an organiser decided about a service, in words, or "". `ruling` as in the dashboard's services.
 * @param {ServiceFigures["ruling"]} ruling
 */
export function rulingWords(ruling) {
  if (!ruling) return "";
  if (ruling.rule === "stop") return t("Stopped by an organiser");
  if (ruling.until) return t("By an organiser: until {time}", { time: clock(ruling.until) });
  return tn("By an organiser: {n} more ticket", "By an organiser: {n} more tickets", ruling.places_left ?? 0);
}

/**
 * The button that opens the dialog for one service; filled while an organiser's word holds.
 * @param {string} name
 * @param {ServiceFigures["ruling"]} ruling
 * @param {() => void} open
 */
export function lastTicketsButton(name, ruling, open) {
  const label = [t("Last tickets: {name}", { name }), rulingWords(ruling)].filter(Boolean).join(" · ");
  return el(
    "button",
    {
      type: "button",
      class: `services__rule${ruling ? " services__rule--decided" : ""}`,
      "data-testid": "last-tickets",
      "aria-haspopup": "dialog",
      "aria-label": label,
      title: rulingWords(ruling) || t("Last tickets"),
      onclick: open,
    },
    icon("ticket"),
  );
}

/**
 * Whole quarter-hours from now until closing, as RFC 3339.
 * @param {DashboardData} data
 */
function quarters(data) {
  const times = [];
  const end = Date.parse(data.day?.closes_at ?? data.now);
  const next = (Math.floor(Date.parse(data.now) / QUARTER_MS) + 1) * QUARTER_MS;
  for (let at = next; at < end; at += QUARTER_MS) times.push(new Date(at).toISOString());
  return Date.parse(data.now) < end ? [...times, new Date(end).toISOString()] : times;
}

/**
 * Opens the dialog for `service`; it closes when the server has taken the decision, and keeps what was typed when not.
 * @param {HTMLDialogElement} dialog
 * @param {ServiceFigures} service
 * @param {DashboardData} data
 * @param {Venue} venue
 */
// size: one dialog, written as it is read; its parts have functions of their own
export function openLastTickets(dialog, service, data, venue) {
  const fields = fieldsOf(quarters(data));
  const rules = RULES.filter((rule) => rule !== "until" || fields.until.options.length > 0);
  const present = presentRule(service.ruling, fields);
  const options = rules.map((rule) => optionOf(rule, fields, rule === present));
  const error = el("p", { class: "rule__error", role: "alert", "data-testid": "rule-error" });
  const send = el("button", { type: "submit", class: "btn btn-primary", "data-testid": "rule-save" }, t("Save"));

  async function save() {
    const wish = wishOf(options.find(({ input }) => input.checked)?.rule, fields);
    if (typeof wish === "string") return say(MISTAKES[wish](), wish === "none" ? options[0].input : fields[wish]);
    send.disabled = true;
    const stop = new AbortController();
    const away = () => stop.abort(new Problem(0, { code: "gave_up" }));
    dialog.addEventListener("close", away, { once: true }); // nothing is decided after somebody has left the question
    try {
      await post(`/services/${encodeURIComponent(service.id)}/last-tickets`, wish, {
        signal: stop.signal,
        onWaiting() {
          error.textContent = problem("unavailable");
        },
      });
      dialog.close();
    } catch (failure) {
      say(problem(failure instanceof Problem ? failure.code : "internal"), send);
    }
    dialog.removeEventListener("close", away);
    send.disabled = false;
  }

  /**
   * @param {string} words
   * @param {HTMLElement} where
   */
  function say(words, where) {
    error.textContent = words;
    where.focus();
  }

  const name = pick(venue.services.get(service.id)?.name ?? service.id);
  const form = el(
    "form",
    {
      class: "rule",
      method: "dialog",
      novalidate: true,
      onsubmit(event) {
        event.preventDefault();
        save();
      },
    },
    el("h2", { class: "rule__title", id: "rule-title" }, t("Last tickets: {name}", { name })),
    el("p", { class: "rule__now", "data-testid": "rule-now" }, now(service)),
    el(
      "fieldset",
      { class: "rule__options" },
      el("legend", { class: "visually-hidden" }, t("From now on")),
      options.map(({ drawn }) => drawn),
    ),
    el("label", { class: "rule__label", for: "rule-reason" }, t("Why? It is kept in the event log. No names, please.")),
    fields.reason,
    error,
    el(
      "div",
      { class: "rule__buttons" },
      el("button", { type: "button", class: "btn btn-secondary", onclick: () => dialog.close() }, t("Cancel")),
      send,
    ),
  );
  dialog.setAttribute("aria-labelledby", "rule-title");
  replace(dialog, form);
  dialog.showModal();
}

/** @type {Record<"none" | "places" | "reason", () => string>} */
const MISTAKES = {
  none: () => t("Choose one of these first."),
  places: () => t("From 1 to 2000 tickets, please."),
  reason: () => t("Say why in a few words."),
};

/**
 * What is sent to the server, or what is still wrong with it.
 * @param {Rule | undefined} rule
 * @param {Fields} fields
 * @returns {Omit<LastTicketsBody, "command_id"> | keyof typeof MISTAKES}
 */
function wishOf(rule, { places, until, reason }) {
  const count = Number(places.value);
  if (!rule) return "none";
  if (rule === "places" && !(Number.isInteger(count) && count >= 1 && count <= 2000)) return "places";
  const why = reason.value.trim();
  if (!why) return "reason";
  if (rule === "places") return { rule: "more", reason: why, places: count };
  return rule === "until" ? { rule: "more", reason: why, until: until.value } : { rule, reason: why };
}

/**
 * What is typed or chosen.
 * @param {string[]} times that can be chosen
 */
function fieldsOf(times) {
  const places = el("input", {
    type: "text", // a number field takes no digits of an Arabic keyboard
    class: "rule__field",
    name: "places",
    maxlength: "4",
    autocomplete: "off",
    value: String(SOME_PLACES),
    inputmode: "numeric",
    dir: "ltr",
    "aria-label": t("Tickets"),
  });
  onlyPlainDigits(places);
  const until = el(
    "select",
    { class: "rule__field", name: "until", dir: "ltr", "aria-label": t("Time") },
    ...times.map((at) => el("option", { value: at }, clock(at))),
  );
  until.value = times.at(-1) ?? "";
  const reason = el("input", {
    type: "text",
    class: "rule__field rule__reason",
    name: "reason",
    id: "rule-reason",
    maxlength: "200",
    required: true,
    autocomplete: "off",
  });
  return { places, until, reason };
}

/**
 * Which rule holds for a service now; its field gets what was decided.
 * @param {ServiceFigures["ruling"]} ruling
 * @param {Pick<Fields, "places" | "until">} fields
 * @returns {Rule}
 */
export function presentRule(ruling, { places, until }) {
  if (!ruling) return "automatic";
  if (ruling.rule === "stop") return "stop";
  if (!ruling.until) {
    if (ruling.places_left) places.value = String(ruling.places_left);
    return "places";
  }
  const decided = Date.parse(ruling.until);
  const kept = [...until.options].find(({ value }) => Date.parse(value) === decided);
  if (kept) until.value = kept.value;
  return "until";
}

/** @param {Rule} rule */
function ruleWords(rule) {
  switch (rule) {
    case "places":
      return t("Take so many more");
    case "until":
      return t("Take visitors until");
    case "stop":
      return t("Take nobody any more today");
    default:
      return t("As the forecast says");
  }
}

/**
 * One rule to choose, with its field, if it has one.
 * @param {Rule} rule
 * @param {Fields} fields
 * @param {boolean} present it holds now
 */
function optionOf(rule, fields, present) {
  const input = el("input", { type: "radio", name: "rule", value: rule, required: true, checked: present });
  const field = rule === "places" || rule === "until" ? fields[rule] : null;
  field?.addEventListener("focus", () => {
    input.checked = true;
  });
  const label = el(
    "label",
    { class: "rule__choice" },
    input,
    el("span", {}, ruleWords(rule), present ? [" ", el("em", { class: "rule__present" }, t("(now)"))] : null),
  );
  return { rule, input, drawn: el("div", { class: "rule__option" }, label, field) };
}

/** @param {ServiceFigures} service */
function now(service) {
  const decided = rulingWords(service.ruling);
  if (decided) return service.ruling?.reason ? [decided, " · ", el("bdi", {}, service.ruling.reason)] : decided;
  if (service.places_left === null) return t("The forecast cannot tell how many places there are: no counter is open.");
  return tn("The forecast promises {n} more place.", "The forecast promises {n} more places.", service.places_left);
}
