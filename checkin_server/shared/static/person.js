/**
 * Who is there: a dashboard hangs on the wall and may be read by itself, but what is done on it is done by somebody. The first
 * command asks for name and PIN and then goes on; for some minutes after it was used the PIN counts.
 *
 * Test ids: `person` (the dialog), `person-name`, `person-pin`, `person-trouble`, `person-go`, `person-cancel`; `signed-in` and
 * `sign-out` where the page has a place for them.
 */
import { client, del, get, post, Problem, within } from "./api.js";
import { onlyPlainDigits } from "./digits.js";
import { el, icon } from "./dom.js";
import { t, tn } from "./i18n.js";
import { problem } from "./refusal_words.js";

/** @import { Staff } from "api" */

const PATIENCE_MS = 60_000; // who signs in stands here and waits
const LOOK_MS = 60_000;
const REMEMBERED = "riwaq.person";
/** Whether somebody signed in in this tab: else nobody need ask the server at each start. */
const SIGNED_IN = "riwaq.person.signed-in";

/** @type {Staff | null} who is signed in, as far as this page knows */
let person = null;
let again = 0; // the timer
/** @type {Promise<boolean> | null} while it is asked; several commands wait for one answer */
let asking = null;
let changed = () => {};

/**
 * From now on commands ask who is there. `onChange` hears who it is now. `always`: the server is asked at the start also where
 * nobody has signed in in this tab.
 * @param {() => void} [onChange]
 * @param {boolean} [always]
 */
export async function askWhoIsThere(onChange = () => {}, always = false) {
  changed = onChange;
  client.askPerson = () => {
    is(null);
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  };
  if (always || sessionStorage.getItem(SIGNED_IN)) await look();
}

/** @param {Staff | null} who */
function is(who) {
  person = who;
  if (person) sessionStorage.setItem(SIGNED_IN, "1");
  else sessionStorage.removeItem(SIGNED_IN);
  clearTimeout(again);
  // A PIN counts for some minutes only: whose name stands there says so no longer than that.
  if (person) again = setTimeout(look, LOOK_MS);
  changed();
}

async function look() {
  try {
    is((await get("/session", { retry: false })).staff);
  } catch (error) {
    is(error instanceof Problem && error.status ? null : person);
  }
}

/** Who is signed in, and the way out; nothing while nobody is. */
export function signedIn() {
  if (!person) return null;
  return el(
    "span",
    { class: "signed-in", "data-testid": "signed-in" },
    icon("user"),
    el("bdi", {}, person.name),
    el(
      "button",
      { type: "button", class: "btn btn-secondary btn-sm", "data-testid": "sign-out", onclick: signOut },
      t("Sign out"),
    ),
  );
}

async function signOut() {
  try {
    await del("/session", { signal: within(PATIENCE_MS) });
    is(null);
  } catch {
    // Still signed in, as the page goes on saying.
  }
}

/** Asks for name and PIN; false when the question is closed. */
async function ask() {
  const dialog = /** @type {HTMLDialogElement} */ (
    el("dialog", { class: "ask", "data-testid": "person", "aria-labelledby": "person-title" })
  );
  const name = field("person-name", { autocomplete: "off", dir: "auto" });
  const pin = field("person-pin", {
    type: "password",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: "8",
    dir: "ltr",
  });
  onlyPlainDigits(pin);
  name.value = localStorage.getItem(REMEMBERED) ?? "";
  dialog.append(form(dialog, name, pin));
  document.body.append(dialog);
  try {
    return await new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "signed-in"), { once: true });
      dialog.showModal();
      (name.value ? pin : name).focus();
    });
  } finally {
    dialog.remove();
  }
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLInputElement} name
 * @param {HTMLInputElement} pin
 */
function form(dialog, name, pin) {
  const trouble = el("p", { class: "ask-person-trouble", role: "alert", "data-testid": "person-trouble" });
  const send = el("button", { type: "submit", class: "btn btn-primary", "data-testid": "person-go" }, t("Sign in"));
  const cancel = el(
    "button",
    { type: "button", class: "btn btn-secondary", "data-testid": "person-cancel", onclick: () => dialog.close("") },
    t("Cancel"),
  );

  async function signIn() {
    const staff = name.value.trim();
    if (send.disabled || !staff || !pin.value) return (staff ? pin : name).focus();
    const typed = pin.value;
    pin.value = ""; // forgotten whatever the answer
    send.disabled = true;
    try {
      const session = await post("/session", { staff, pin: typed }, { signal: within(PATIENCE_MS) });
      localStorage.setItem(REMEMBERED, staff);
      is(session.staff);
      dialog.close("signed-in");
    } catch (error) {
      trouble.textContent = error instanceof Problem ? wordsOf(error) : problem("internal");
      pin.focus();
    }
    send.disabled = false;
  }

  return el(
    "form",
    {
      class: "ask-person-form",
      method: "dialog",
      novalidate: true,
      onsubmit(event) {
        event.preventDefault();
        void signIn();
      },
    },
    el("h2", { id: "person-title", class: "ask-person-title" }, t("Who is there?")),
    el("p", { class: "muted" }, t("What is done here is kept with a name. Enter your PIN; after that it goes on.")),
    el("label", { class: "field" }, t("Your name or staff number"), name),
    el("label", { class: "field" }, t("PIN"), pin),
    trouble,
    el("div", { class: "ask-person-foot" }, cancel, send),
  );
}

/**
 * @param {string} testid
 * @param {Record<string, string>} more
 */
function field(testid, more) {
  return el("input", { class: "input", "data-testid": testid, autocapitalize: "off", spellcheck: "false", ...more });
}

/** @param {Problem} error */
function wordsOf(error) {
  const { attempts_left: attempts } = error.body;
  if (error.code !== "wrong_pin" || attempts === undefined) return problem(error.code);
  return `${problem(error.code)} ${tn("{n} attempt left.", "{n} attempts left.", attempts)}`;
}
