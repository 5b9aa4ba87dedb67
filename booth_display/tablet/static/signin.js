/** Signing in at the counter: who, and a PIN on large keys. Also asked again when a session ends in the middle of work. */

import { Problem, post, within } from "/static/shared/api.js";
import { digitOf } from "/static/shared/digits.js";
import { doorsWords, oneLine, shut } from "/static/shared/doors.js";
import { el, icon, patch } from "/static/shared/dom.js";
import { t, tn } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { problem } from "/static/shared/refusal_words.js";
import { languageButtons } from "./languages.js";

/**
 * @import { CounterData, Staff } from "api"
 * @import { Child } from "/static/shared/dom.js"
 *
 * @typedef {{staff: Staff, number: number | null}} Locked
 */

const LONGEST_PIN = 8;
const PATIENCE = 60_000; // milliseconds: who signs in stands here and waits
const LAST_STAFF = "riwaq.staff";

/**
 * What somebody who is signed out is told of the day: when the stands open; that it is over, and what was done here.
 * @param {CounterData} data
 */
export function dayNews({ doors, now, today }) {
  const words = shut(doors) ? doorsWords(doors, now) : null;
  if (!words) return "";
  const done = doors.state === "over" && today.served;
  return done ? `${oneLine(words)} ${tn("{n} served today", "{n} served today", done)}.` : oneLine(words);
}

export class SignIn {
  /**
   * @param {HTMLElement} place
   * @param {object} options
   * @param {() => Child} options.counter the counter's name in words
   * @param {() => string} options.news when the stands open, or that it is over, or ""
   * @param {() => string} options.kept what is done right after signing in, in words, or ""
   * @param {() => Locked | null} options.locked who is signed in and the number at the counter, while the tablet is locked
   * @param {(staff: Staff) => void} options.onStaff
   */
  constructor(place, { counter, news, kept, locked, onStaff }) {
    this.place = place;
    this.counter = counter;
    this.news = news;
    this.kept = kept;
    this.locked = locked;
    /** Somebody else signs in on a locked tablet. */
    this.other = false;
    this.onStaff = onStaff;
    this.staff = localStorage.getItem(LAST_STAFF) ?? "";
    this.pin = "";
    /** @type {(() => Child) | null} */
    this.trouble = null;
    this.lockedUntil = 0;
    this.busy = false;
    window.addEventListener("keydown", (event) => this.#typed(event));
    setInterval(() => this.lockedUntil && this.draw(), 1000);
  }

  /**
   * Shows or hides the sign-in.
   * @param {boolean} visible
   */
  show(visible) {
    if (visible === !this.place.hidden) return;
    this.place.hidden = !visible;
    this.pin = "";
    this.trouble = null;
    this.other = false;
    if (visible) {
      this.draw();
      if (!this.staff && !this.#locked()) this.place.querySelector("input")?.focus();
    }
  }

  draw() {
    if (this.place.hidden) return;
    const left = Math.ceil((this.lockedUntil - Date.now()) / 1000);
    if (left <= 0 && this.lockedUntil) {
      this.lockedUntil = 0;
      this.trouble = null;
    }
    patch(this.place, this.#who(left), this.#keypad(left > 0));
  }

  /** Who goes on with their PIN, unless somebody else wants to. */
  #locked() {
    return this.other ? null : this.locked();
  }

  /** @param {Locked} locked */
  #lockedBy({ staff, number }) {
    return [
      number === null
        ? null
        : el(
            "p",
            { class: "signin-number" },
            // TRANSLATORS: above the number that is at this counter, on a locked tablet.
            el("span", {}, t("At this counter")),
            el("strong", { class: "number", "data-testid": "locked-number" }, String(number)),
          ),
      el("h1", { id: "signin-title" }, icon("lock"), " ", t("Locked")),
      el("p", { class: "signin-staff" }, icon("user"), el("bdi", {}, staff.name)),
      el(
        "button",
        {
          class: "btn btn-quiet btn-sm",
          type: "button",
          "data-testid": "not-me",
          onClick: () => {
            this.other = true;
            this.pin = "";
            this.draw();
          },
        },
        t("Somebody else"),
      ),
    ];
  }

  /** Title and name of who signs in. */
  #byName() {
    return [
      el("h1", { id: "signin-title" }, t("Sign in")),
      el(
        "label",
        { class: "field" },
        t("Your name or staff number"),
        el("input", {
          class: "input",
          "data-testid": "staff",
          autocomplete: "off",
          autocapitalize: "off",
          spellcheck: "false",
          dir: "auto",
          value: this.staff,
          onInput: ({ target }) => (this.staff = target.value),
        }),
      ),
    ];
  }

  /** @param {number} left seconds until somebody may try again */
  #who(left) {
    const locked = this.#locked();
    const trouble =
      left > 0
        ? t("Locked after too many wrong PINs. Try again in {time}.", { time: clockOf(left) })
        : this.trouble?.();
    const kept = this.kept();
    return el(
      "form",
      {
        class: "signin-who",
        onSubmit: (event) => {
          event.preventDefault();
          this.submit();
        },
      },
      el("p", { class: "signin-counter" }, this.counter()),
      this.news() ? el("p", { class: "signin-news", "data-testid": "signin-news" }, this.news()) : null,
      locked ? this.#lockedBy(locked) : this.#byName(),
      el(
        "div",
        { class: "field" },
        el("span", {}, t("PIN")),
        el(
          "div",
          {
            class: "pin",
            dir: "ltr",
            role: "status",
            "aria-label": tn("{n} digit entered", "{n} digits entered", this.pin.length),
          },
          Array.from({ length: Math.max(4, this.pin.length) }, (_, at) =>
            el("i", { class: at < this.pin.length ? "on" : "" }),
          ),
        ),
      ),
      el(
        "p",
        { class: trouble ? "signin-trouble" : "signin-hint", role: "alert", "data-testid": "signin-trouble" },
        trouble || (kept ? t("You were signed out. After signing in we go on with: {action}", { action: kept }) : ""),
      ),
      languageButtons("signin-lang", "btn-sm ", (one) => () => use(one)),
    );
  }

  /** @param {boolean} locked */
  #keypad(locked) {
    const key = (
      /** @type {string} */ name,
      /** @type {Child} */ content,
      /** @type {() => void} */ press,
      extra = {},
    ) =>
      el(
        "button",
        {
          class: "btn pin-key",
          type: "button",
          "data-testid": `pin-key-${name}`,
          "data-key": name,
          disabled: locked || this.busy,
          onClick: press,
          ...extra,
        },
        content,
      );
    const digit = (/** @type {number} */ n) => key(String(n), String(n), () => this.#press(String(n)));
    return el(
      "div",
      { class: "keypad", dir: "ltr" },
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit),
      key("clear", icon("x"), () => this.#clear(), { "aria-label": t("Clear") }),
      digit(0),
      key("back", icon("delete"), () => this.#back(), { "aria-label": t("Delete the last digit") }),
      el(
        "button",
        {
          class: "btn btn-primary btn-lg signin-go",
          type: "button",
          "data-testid": "signin",
          "data-key": "go",
          disabled: locked || this.busy || !this.pin || !(this.#locked() || this.staff.trim()),
          onClick: () => this.submit(),
        },
        this.busy ? t("One moment…") : this.#locked() ? t("Go on") : t("Sign in"),
      ),
    );
  }

  /** @param {string} digit */
  #press(digit) {
    if (this.pin.length < LONGEST_PIN) this.pin += digit;
    this.trouble = null;
    this.draw();
  }

  #clear() {
    this.pin = "";
    this.draw();
  }

  #back() {
    this.pin = this.pin.slice(0, -1);
    this.draw();
  }

  /**
   * A keyboard works as well, wherever the focus is, except in the name.
   * @param {KeyboardEvent} event
   */
  #typed(event) {
    const { target } = event;
    if (
      this.place.hidden ||
      target instanceof HTMLInputElement ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      this.busy ||
      this.lockedUntil
    )
      return;
    const digit = digitOf(event);
    if (digit) this.#press(digit);
    else if (event.key === "Backspace") this.#back();
    else if (event.key === "Enter" && !(target instanceof HTMLButtonElement)) this.submit();
  }

  /** Sends name and PIN. The PIN is forgotten whatever the answer. */
  async submit() {
    const locked = this.#locked();
    const staff = locked ? locked.staff.id : this.staff.trim();
    if (this.busy || !this.pin || !staff || this.lockedUntil) return;
    this.busy = true;
    const pin = this.pin;
    this.draw();
    try {
      const session = await post("/session", { staff, pin }, { signal: within(PATIENCE) });
      if (!locked) localStorage.setItem(LAST_STAFF, staff);
      this.onStaff(session.staff);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { attempts_left: attempts, retry_after: wait } = error.body;
      if (error.code === "locked") this.lockedUntil = Date.now() + 1000 * (wait ?? 60);
      this.trouble = () =>
        error.code === "wrong_pin" && attempts !== undefined
          ? [problem(error.code), " ", tn("{n} attempt left.", "{n} attempts left.", attempts)]
          : problem(error.code);
    } finally {
      this.busy = false;
      this.pin = "";
      this.draw();
    }
  }
}

/**
 * Seconds as m:ss.
 * @param {number} seconds
 */
export function clockOf(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
