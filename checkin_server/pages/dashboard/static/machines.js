// Printers and devices: one line each group when all work, one line more for each that does not.

import { el, icon } from "/static/shared/dom.js";
import { clock, number, t } from "/static/shared/i18n.js";
import { paperState, printerError, testState } from "/static/shared/machine_words.js";

/**
 * @import { DashboardData } from "api"
 *
 * @typedef {DashboardData["printers"][number]} Printer
 * @typedef {DashboardData["devices"][number]} Device
 * @typedef {object} Testing
 * @property {(printer: string) => void} ask
 * @property {(printer: string, job: string, cameOut: boolean) => void} judge
 * @property {Set<string>} asked
 * @property {Set<string>} refused
 */

const ROLES = ["kiosk", "board", "counter", "welcome", "organizer", "print_agent"];

/** @param {string} role */
function roleName(role) {
  switch (role) {
    case "kiosk":
      return t("Kiosks");
    case "board":
      return t("Boards");
    case "counter":
      return t("Counter tablets");
    case "welcome":
      return t("Welcome desks");
    case "organizer":
      return t("Dashboards");
    default:
      return t("Other devices");
  }
}

/** @param {Printer} printer */
function printerWords(printer) {
  if (printer.state === "trouble") return printerError(printer.last_error).what;
  if (printer.state === "unknown") return t("no answer yet");
  return t("ready");
}

/**
 * Of a printer that lost tickets: what a person sees in the tray is what it is believed by.
 * @param {Printer} printer
 * @param {Testing} test
 */
function question(printer, test) {
  const job = printer.to_judge;
  if (!job) return null;
  const answer = (/** @type {boolean} */ cameOut, /** @type {string} */ words) =>
    el(
      "button",
      {
        type: "button",
        class: "machine__button",
        "data-testid": cameOut ? "came-out" : "not-whole",
        disabled: test.asked.has(printer.id),
        onclick: () => test.judge(printer.id, job, cameOut),
      },
      words,
    );
  return el(
    "span",
    { class: "machine__question", "data-testid": "judge" },
    el("strong", {}, t("Did the test print come out whole?")),
    // TRANSLATORS: a button, the answer to "Did the test print come out whole?"
    answer(true, t("Yes, it is whole")),
    // TRANSLATORS: a button, the answer to "Did the test print come out whole?"
    answer(false, t("No, or only in part")),
  );
}

/**
 * @param {Printer} printer
 * @param {Testing} test
 */
function printerLine(printer, test) {
  const details = [
    printer.kiosks.length ? t("Kiosk {name}", { name: printer.kiosks.join(", ") }) : null,
    printer.since && printer.state === "trouble" ? t("since {time}", { time: clock(printer.since) }) : null,
    printer.last_error === "paper_out" ? null : paperState(printer.paper) || null,
    t("in the queue: {n}", { n: number(printer.queued) }),
    printer.failed > 0 ? t("failed: {n}", { n: number(printer.failed) }) : null,
    printer.sent > 0 ? t("sent: {n}", { n: number(printer.sent) }) : null,
    printer.uncertain > 0 ? t("not confirmed: {n}", { n: number(printer.uncertain) }) : null,
  ].filter(Boolean);
  const busy = test.asked.has(printer.id) || ["queued", "sending"].includes(printer.test?.state ?? "");
  return el(
    "li",
    {
      class: `machine machine--printer machine--${printer.state}`,
      "data-testid": "printer",
      "data-printer": printer.id,
    },
    icon(printer.state === "trouble" ? "circle-alert" : "printer"),
    el("bdi", { class: "machine__name" }, printer.id),
    el("span", { class: "machine__state" }, printerWords(printer)),
    el("span", { class: "machine__detail" }, details.join(" · ")),
    el(
      "span",
      { class: "machine__test" },
      el(
        "button",
        {
          type: "button",
          class: "machine__button",
          "data-testid": "test-print",
          disabled: busy,
          onclick: () => test.ask(printer.id),
        },
        t("Test print"),
      ),
      printer.test
        ? el(
            "span",
            { "data-testid": "test-state", "data-state": printer.test.state },
            // Its own word that the test print came out is the very thing that is not believed.
            testState(printer.to_judge ? { ...printer.test, state: "uncertain" } : printer.test),
            " · ",
            clock(printer.test.asked_at),
          )
        : null,
      question(printer, test),
      test.refused.has(printer.id)
        ? el("span", {}, t("That did not work. Nothing was changed. Please try again."))
        : null,
    ),
  );
}

/**
 * @param {string} role
 * @param {Device[]} devices
 * @param {(role: string, station: string) => string} nameOf
 */
function deviceGroup(role, devices, nameOf) {
  const online = devices.filter((device) => device.online).length;
  const silent = devices.filter((device) => !device.online);
  const lines = silent.map((device) =>
    el(
      "li",
      { class: "machine__silent" },
      el("bdi", {}, nameOf(role, device.station)),
      " · ",
      device.last_seen ? t("last seen {time}", { time: clock(device.last_seen) }) : t("never seen"),
    ),
  );
  return el(
    "li",
    { class: `machine machine--${silent.length ? "trouble" : "ok"}`, "data-testid": "devices", "data-role": role },
    icon(silent.length ? "wifi-off" : "monitor"),
    el("span", { class: "machine__name" }, roleName(role)),
    el("span", { class: "machine__state" }, t("{n} of {m}", { n: number(online), m: number(devices.length) })),
    lines.length ? el("ul", { class: "machine__list" }, ...lines) : null,
  );
}

/**
 * Printers, then devices by role; `nameOf(role, station)` says what a device is called. `test` = `{ask(printer), asked, refused}`: asks for
 * a test print, and the printers it was asked of a moment ago or refused for.
 * @param {DashboardData} data
 * @param {(role: string, station: string) => string} nameOf
 * @param {Testing} test
 */
export function machines(data, nameOf, test) {
  const roles = [...new Set([...ROLES, ...data.devices.map((device) => device.role)])];
  const groups = roles
    .map((role) => ({ role, devices: data.devices.filter((device) => device.role === role) }))
    .filter(({ devices }) => devices.length > 0)
    .map(({ role, devices }) => deviceGroup(role, devices, nameOf));
  const none = (/** @type {string} */ words) => el("p", { class: "empty" }, words);
  return [
    el("h3", { class: "panel__sub" }, t("Printers")),
    data.printers.length
      ? el("ul", { class: "machines" }, ...data.printers.map((printer) => printerLine(printer, test)))
      : none(t("No printer is set up.")),
    el("h3", { class: "panel__sub" }, t("Screens and tablets that answer")),
    groups.length ? el("ul", { class: "machines" }, ...groups) : none(t("No screen is paired yet.")),
  ];
}
