/**
 * Spoken guidance: each screen is read aloud while the visitor wishes it, and a control when the keys lead to it.
 *
 * What is said is made of recordings named `kiosk-<state>` and so on (docs/voice.md has the list); where they are missing the
 * machine's voice reads the words of the screen, in the languages that the venue allows it. Names of people are never said: a hall
 * would hear them, and what a machine says is kept.
 */
import { lang, t } from "/static/shared/i18n.js";
import { Voice } from "/static/shared/voice.js";
import { parts, render } from "./screen.js";
import { here, model } from "./model.js";
import { STATES } from "./states.js";

/** @import { Visitor } from "./model.js" */

const LONGEST = 300; // characters the server's voice says at once
const WITH_NUMBER = new Set(["result", "returning"]);

/** @type {Voice | null} */
let voice = null;

/** Says the present screen, or the panel over it, once more. */
export function sayAgain() {
  if (model.modes.voice) say(phrase());
}

/** Starts listening; silent until the mode is chosen. */
export function startGuide() {
  document.addEventListener("modechange", ({ detail: { name, on } }) => {
    if (name !== "voice") return;
    if (!on) return voice?.stop();
    voice ??= new Voice();
    voice.unlock().then(sayAgain);
  });
  document.addEventListener("kioskstate", sayAgain);
  document.addEventListener("languagechange", sayAgain);
  // By keys only: a finger knows what it has touched, and the screen that follows is read anyway.
  let byKey = false;
  addEventListener(
    "keydown",
    () => {
      byKey = true;
    },
    { capture: true },
  );
  addEventListener(
    "pointerdown",
    () => {
      byKey = false;
    },
    { capture: true },
  );
  addEventListener("focusin", ({ target }) => {
    if (model.modes.voice && byKey && target instanceof Element && target.closest("button, textarea"))
      say({ parts: [], text: nameOf(target) });
  });
}

/** @param {{parts: (string | number)[], text: string}} what */
async function say({ parts: recordings, text }) {
  if (!voice) return;
  voice.stop();
  const said = await voice.say({ lang: lang(), parts: recordings, text: text.slice(0, LONGEST) });
  if (said === "stopped") return;
  const silent = said !== "spoken" && recordings.length > 0;
  if (recordings.length && silent !== model.voiceSilent) {
    model.voiceSilent = silent;
    render();
  }
}

/** What to say of the screen as it is. */
function phrase() {
  const dialog = document.querySelector("dialog[open]");
  if (dialog) return { parts: [`kiosk-${dialog.id}`], text: text(dialog, "h2, .lead") };
  const { name } = model;
  const session = here();
  const hidden = STATES[name].named || (name === "services" && session.groups);
  const words = text(parts.stage, hidden ? ".lead" : "h1, .lead, .ticket");
  if (name === "numbers") {
    const all = [session.visit, ...session.visit.family].map((one) => one.number);
    return {
      parts: all.flatMap((n) => ["kiosk-number", n ?? ""]),
      text: `${words} ${all.map((n) => `${t("Number {n}", { n })}.`).join(" ")}`,
    };
  }
  if (WITH_NUMBER.has(name)) {
    const next = session.visit.next ?? { kind: "wait" };
    const where = next.kind === "go" && next.zone ? [`zone-${next.zone}`] : [];
    return {
      parts: ["kiosk-number", session.visit.number ?? "", `kiosk-next-${next.kind}`, ...where],
      text: `${t("Your number")}: ${session.visit.number}. ${words}`,
    };
  }
  if (name === "refused")
    return {
      parts: [`kiosk-refused${session.trouble?.reason ? `-${session.trouble.reason}` : ""}`.replaceAll("_", "-")],
      text: words,
    };
  if (name === "route")
    return {
      parts: ["kiosk-route", ...session.route.map((leg) => `kiosk-service-${leg.service}`)],
      text: `${words} ${text(parts.stage, ".leg strong")}`,
    };
  return { parts: [`kiosk-${name}`], text: words };
}

/**
 * The words of some elements as sentences; marks that isolate directions are nothing to be read.
 * @param {Element} within
 * @param {string} selector
 */
function text(within, selector) {
  return [...within.querySelectorAll(selector)]
    .map((node) => plain(node.textContent ?? ""))
    .filter(Boolean)
    .map((words) => (/[.!?؟…:]$/.test(words) ? words : `${words}.`))
    .join(" ");
}

/**
 * What a control is called; a person only by their place in the list.
 * @param {Element} control
 */
function nameOf(control) {
  const person = control.closest(".people > li");
  const name = person
    ? t("Person {n}", { n: [...(person.parentElement?.children ?? [])].indexOf(person) + 1 })
    : control.getAttribute("aria-label") || (control.textContent ?? "");
  if (control.getAttribute("aria-pressed") !== "true") return `${plain(name)}.`;
  // TRANSLATORS: said after the name of a button that is ticked.
  const ticked = t("Chosen");
  return `${plain(name)}. ${ticked}.`;
}

const plain = (/** @type {string} */ words) =>
  words
    .replace(/[\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();
