// An organiser's word about a service's last tickets: take more, stop now, or as the forecast says again.

import { post, Problem } from "/static/shared/api.js";
import { el, icon, replace } from "/static/shared/dom.js";
import { clock, number, pick, t, tn } from "/static/shared/i18n.js";
import { problem } from "/static/shared/words.js";

const QUARTER_MS = 15 * 60_000;
const SOME_PLACES = 10;

/** What an organiser decided about a service, in words, or "". `ruling` as in the dashboard's services. */
export function rulingWords(ruling) {
  if (!ruling) return "";
  if (ruling.rule === "stop") return t("Stopped by an organiser");
  if (ruling.until) return t("By an organiser: until {time}", { time: clock(ruling.until) });
  return tn("By an organiser: {n} more ticket", "By an organiser: {n} more tickets", ruling.places_left ?? 0);
}

/** The button that opens the dialog for one service; filled while an organiser's word holds. */
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

/** Whole quarter-hours from now until closing, as RFC 3339. */
function quarters(data) {
  const times = [];
  const end = Date.parse(data.day.closes_at);
  const next = (Math.floor(Date.parse(data.now) / QUARTER_MS) + 1) * QUARTER_MS;
  for (let at = next; at < end; at += QUARTER_MS) times.push(new Date(at).toISOString());
  return Date.parse(data.now) < end ? [...times, new Date(end).toISOString()] : times;
}

/** Opens the dialog for `service`; it closes when the server has taken the decision, and keeps what was typed when not. */
export function openLastTickets(dialog, service, data, venue) {
  const name = pick(venue.services.get(service.id)?.name ?? service.id);
  const times = quarters(data);
  const error = el("p", { class: "rule__error", role: "alert", "data-testid": "rule-error" });
  const places = el("input", {
    type: "number",
    class: "rule__field",
    name: "places",
    min: "1",
    max: "2000",
    step: "1",
    value: String(SOME_PLACES),
    inputmode: "numeric",
    dir: "ltr",
    "aria-label": t("Tickets"),
  });
  const until = el(
    "select",
    { class: "rule__field", name: "until", dir: "ltr", "aria-label": t("Time") },
    ...times.map((at) => el("option", { value: at }, clock(at))),
  );
  if (times.length) until.value = times.at(-1);
  const reason = el("input", {
    type: "text",
    class: "rule__field rule__reason",
    name: "reason",
    id: "rule-reason",
    maxlength: "200",
    required: true,
    autocomplete: "off",
  });
  const options = new Map();
  const option = (rule, words, field) => {
    const input = el("input", { type: "radio", name: "rule", value: rule, required: true });
    options.set(rule, input);
    field?.addEventListener("focus", () => {
      input.checked = true;
    });
    return el(
      "div",
      { class: "rule__option" },
      el("label", { class: "rule__choice" }, input, el("span", {}, words)),
      field ?? null,
    );
  };
  const send = el("button", { type: "submit", class: "btn btn-primary", "data-testid": "rule-save" }, t("Save"));
  const form = el(
    "form",
    {
      class: "rule",
      method: "dialog",
      novalidate: true,
      onsubmit: (event) => {
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
      option("places", t("Take so many more"), places),
      times.length ? option("until", t("Take visitors until"), until) : null,
      option("stop", t("Take nobody any more today")),
      option("automatic", t("As the forecast says")),
    ),
    el("label", { class: "rule__label", for: "rule-reason" }, t("Why? It is kept in the event log. No names, please.")),
    reason,
    error,
    el(
      "div",
      { class: "rule__buttons" },
      el("button", { type: "button", class: "btn btn-secondary", onclick: () => dialog.close() }, t("Cancel")),
      send,
    ),
  );

  async function save() {
    const chosen = [...options].find(([, input]) => input.checked)?.[0];
    const count = Number(places.value);
    if (!chosen) return say(t("Choose one of these first."), options.values().next().value);
    if (chosen === "places" && !(Number.isInteger(count) && count >= 1 && count <= 2000))
      return say(t("From 1 to 2000 tickets, please."), places);
    if (!reason.value.trim()) return say(t("Say why in a few words."), reason);
    const wish = { rule: chosen === "places" || chosen === "until" ? "more" : chosen, reason: reason.value.trim() };
    if (chosen === "places") wish.places = count;
    if (chosen === "until") wish.until = until.value;
    send.disabled = true;
    try {
      await post(`/services/${encodeURIComponent(service.id)}/last-tickets`, wish);
      dialog.close();
    } catch (failure) {
      say(problem(failure instanceof Problem ? failure.code : "unavailable"), send);
    }
    send.disabled = false;
  }

  function say(words, where) {
    error.textContent = words;
    where.focus();
  }

  dialog.setAttribute("aria-labelledby", "rule-title");
  replace(dialog, form);
  dialog.showModal();
}

function now(service) {
  const decided = rulingWords(service.ruling);
  if (decided) return service.ruling.reason ? [decided, " · ", el("bdi", {}, service.ruling.reason)] : decided;
  if (service.places_left === null) return t("The forecast cannot tell how many places there are: no counter is open.");
  return tn("The forecast promises {n} more place.", "The forecast promises {n} more places.", service.places_left);
}
