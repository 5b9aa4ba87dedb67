/** Signing in at the welcome desk: a name and a PIN. */
import { post, Problem, within } from "/static/shared/api.js";
import { plainDigits } from "/static/shared/digits.js";
import { el, icon } from "/static/shared/dom.js";
import { t, tn } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";

/**
 * @import { Staff } from "api"
 * @import { Child } from "/static/shared/dom.js"
 */

const PATIENCE = 60_000; // milliseconds: who signs in stands here and waits
const LAST_STAFF = "riwaq.welcome.staff";

/** @type {{staff: string, busy: boolean, trouble: (() => Child) | null}} */
const entry = { staff: localStorage.getItem(LAST_STAFF) ?? "", busy: false, trouble: null };

/**
 * The form.
 * @param {() => void} redraw draws it again
 * @param {(staff: Staff) => void} onStaff is told who has signed in
 */
export function signIn(redraw, onStaff) {
  return el(
    "form",
    { class: "card signin-card", onsubmit: (event) => submit(event, redraw, onStaff) },
    el("h2", {}, t("Sign in")),
    el("p", { class: "muted" }, t("Members are looked up here, so we note who does it.")),
    el(
      "label",
      { class: "field" },
      t("Your name or staff number"),
      el("input", {
        class: "input",
        name: "staff",
        "data-testid": "staff",
        required: true,
        autocomplete: "username",
        spellcheck: "false",
        dir: "auto",
        value: entry.staff,
        oninput: ({ target }) => {
          entry.staff = target.value;
        },
      }),
    ),
    el(
      "label",
      { class: "field" },
      t("PIN"),
      el("input", {
        class: "input",
        name: "pin",
        "data-testid": "pin",
        required: true,
        type: "password",
        inputmode: "numeric",
        autocomplete: "current-password",
        maxlength: "8",
        dir: "ltr",
      }),
    ),
    entry.trouble
      ? el(
          "p",
          { class: "banner banner-trouble", role: "alert", "data-testid": "signin-trouble" },
          icon("circle-alert"),
          el("span", {}, entry.trouble()),
        )
      : null,
    el(
      "button",
      { class: "btn btn-primary btn-block", type: "submit", "data-testid": "signin-go", disabled: entry.busy },
      entry.busy ? t("One moment…") : t("Sign in"),
    ),
  );
}

/**
 * Sends name and PIN. The PIN is forgotten whatever the answer.
 * @param {SubmitEvent & {currentTarget: HTMLFormElement}} event
 * @param {() => void} redraw
 * @param {(staff: Staff) => void} onStaff
 */
async function submit(event, redraw, onStaff) {
  event.preventDefault();
  const elements = /** @type {HTMLFormControlsCollection & {pin: HTMLInputElement, staff: HTMLInputElement}} */ (
    event.currentTarget.elements
  );
  const pin = plainDigits(elements.pin.value);
  const staff = elements.staff.value.trim();
  if (entry.busy || !staff || !pin) return;
  elements.pin.value = ""; // forgotten whatever the answer
  Object.assign(entry, { busy: true, staff, trouble: null });
  redraw();
  try {
    const session = await post("/session", { staff, pin }, { signal: within(PATIENCE) });
    localStorage.setItem(LAST_STAFF, staff);
    onStaff(session.staff);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { attempts_left: left, retry_after: wait } = error.body;
    entry.trouble = () => {
      if (error.code === "wrong_pin" && left !== undefined)
        return [problem(error.code), " ", tn("{n} attempt left.", "{n} attempts left.", left)];
      if (error.code === "locked")
        return [problem(error.code), " ", tn("{n} second to wait.", "{n} seconds to wait.", wait ?? 60)];
      return problem(error.code);
    };
  } finally {
    entry.busy = false;
    redraw();
  }
}
