/** What the buttons of the opinion's screens do. Scores are sent when their screen is left, a text when it is finished. */
import { post } from "/static/shared/api.js";
import { lang } from "/static/shared/i18n.js";
import { toVisit } from "./again.js";
import { layoutFor } from "./keyboard.js";
import { LONGEST, served } from "./opinion.js";
import { go, parts, render } from "./screen.js";
import { fail, slow } from "./session.js";
import { here, mine } from "./model.js";

/**
 * @import { FeedbackBody } from "api"
 * @import { Kind } from "./model.js"
 */

/** Begins with faces, or, for who has been to no stand yet, with words. */
export function toOpinion() {
  const session = here();
  session.notice = "";
  session.opinion = { scores: {}, kind: null, text: "", layout: null, sent: false };
  go(served(session.visit).length ? "rate" : "themes");
}

/**
 * @param {string} service
 * @param {number} score
 */
export function rate(service, score) {
  here().opinion.scores[service] = score;
  render();
}

/** Sends the faces, if any, and goes on to words. */
export async function sendScores() {
  const { scores } = here().opinion;
  if (!Object.keys(scores).length || (await send({ scores }))) go("themes");
}

export function toThemes() {
  go("themes");
}

export function backFromThemes() {
  if (served(here().visit).length) go("rate");
  else toVisit();
}

/** @param {Kind} kind */
export function toWriting(kind) {
  Object.assign(here().opinion, { kind, text: "", layout: layoutFor(lang()) });
  go("write");
}

/**
 * The text as it stands in the field now.
 * @param {string} text
 */
export function type(text) {
  here().opinion.text = text.slice(0, LONGEST);
  render();
}

/**
 * A key of the screen: writes at the caret.
 * @param {string} letters
 */
export function key(letters) {
  insert(letters, 0);
}

export function erase() {
  insert("", 1);
}

/**
 * @param {string} letters
 * @param {number} back
 */
function insert(letters, back) {
  const field = /** @type {HTMLTextAreaElement} */ (parts.stage.querySelector("[data-testid=text]"));
  const { selectionStart: start, selectionEnd: end, value } = field;
  // By characters, not by code units.
  const before = Array.from(value.slice(0, start));
  const gone = back && start === end ? before.slice(0, -back).join("") : value.slice(0, start);
  const text = (gone + letters + value.slice(end)).slice(0, LONGEST);
  field.value = text;
  field.setSelectionRange(gone.length + letters.length, gone.length + letters.length);
  type(text);
  field.scrollTop = field.scrollHeight;
}

/** @param {string} name */
export function layout(name) {
  here().opinion.layout = name;
  render();
}

/**
 * A ready-made sentence comes in or goes out.
 * @param {string} words
 */
export function toggleSentence(words) {
  const field = /** @type {HTMLTextAreaElement} */ (parts.stage.querySelector("[data-testid=text]"));
  const { text } = here().opinion;
  const changed = text.includes(words)
    ? text.replace(words, "").replace(/ {2,}/g, " ").trim()
    : `${text.trim()} ${words}`.trim();
  field.value = changed;
  type(changed);
}

export async function sendText() {
  const { opinion } = here();
  const text = opinion.text.trim();
  if (!text || !(await send({ text, kind: opinion.kind }))) return;
  opinion.sent = true;
  opinion.text = "";
  go("thanks");
}

export function thanks() {
  go("thanks");
}

/**
 * Sends one opinion, in the language of the screen; true when it was kept.
 * @param {Partial<FeedbackBody>} body
 */
async function send(body) {
  const session = here();
  if (session.pending) return false;
  session.pending = "feedback";
  render();
  try {
    await post(
      `/visits/${encodeURIComponent(session.visit.id)}/feedback`,
      { scores: {}, ...body, locale: /** @type {FeedbackBody["locale"]} */ (lang()) },
      { onWaiting: (n) => slow(session, n) },
    );
    session.pending = null;
    return mine(session);
  } catch (error) {
    session.pending = null;
    fail(session, error);
    return false;
  }
}
