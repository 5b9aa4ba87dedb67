/** Sheets about somebody who comes to the counter: a number that is typed, whose turn it is not, who was set aside or missed. */

import { plainDigits } from "/static/shared/digits.js";
import { el, icon } from "/static/shared/dom.js";
import { pick, t } from "/static/shared/i18n.js";
import { outOfTurn } from "/static/shared/words.js";
import { scanWords } from "./refusal_words.js";
import { choice, choices, submit } from "./sheet.js";

/**
 * @import { CounterData } from "api"
 * @import { Hall } from "./hall.js"
 * @import { RefusedScan } from "./refusal_words.js"
 * @import { Sheet } from "./sheet.js"
 */

const OUT_OF_TURN = ["frail", "sent_back", "missed_call", "short_question"];

/**
 * What a typed text shows: a number, in whichever digits, or a code; null when it is neither.
 * @param {string} text
 * @returns {{number: number} | {code: string} | null}
 */
export function shownBy(text) {
  const plain = plainDigits(text);
  if (/^[0-9]{1,6}$/.test(plain)) return { number: Number(plain) };
  return text.length > 6 ? { code: text } : null;
}

/**
 * A number or a code that is typed.
 * @param {Sheet} sheet
 * @param {(shown: {number: number} | {code: string}) => void} onTyped
 */
export function typed(sheet, onTyped) {
  const input = el("input", {
    class: "input",
    name: "typed",
    "data-testid": "number-input",
    inputmode: "numeric",
    autocomplete: "off",
    dir: "ltr",
    maxlength: 64,
  });
  sheet.open(
    "typed",
    t("Who is at the counter?"),
    sheet.form(
      "typed",
      (entry) => shownBy(entry.text("typed")),
      onTyped,
      el("label", { class: "field" }, t("Number on the ticket"), input),
      el("p", { class: "muted" }, t("Or scan the ticket or the card: the service begins at once.")),
      submit("number-go", t("Start")),
    ),
  );
  input.focus();
}

/**
 * Somebody came whose turn it is not, or who has not asked for this stand: what to do about it.
 * @param {Sheet} sheet
 * @param {RefusedScan} refused
 * @param {{hall: Hall, rule: CounterData["out_of_turn"]}} known
 * @param {(more: {service?: string, add?: boolean, reason?: string}) => void} onAgain
 */
export function arrival(sheet, refused, { hall, rule }, onAgain) {
  const offer = refused.reason === "not_chosen" ? refused.offer : [];
  const behind = refused.ahead > 0 && (refused.reason === "needs_reason" || rule === "reason");
  sheet.open(
    "arrival",
    scanWords(refused, hall),
    sheet.form(
      "arrival",
      (entry) => {
        const service = entry.text("service");
        const reason = entry.text("reason");
        if ((offer.length && !service) || (behind && !reason)) return null;
        return { ...(offer.length ? { service, add: true } : {}), ...(behind ? { reason } : {}) };
      },
      onAgain,
      offer.length
        ? choices(
            t("Add a service and begin"),
            offer.map((id) =>
              choice(
                { type: "radio", name: "service", value: id, testid: `offer-${id}`, checked: offer.length === 1 },
                pick(hall.service(id).name),
              ),
            ),
          )
        : null,
      behind
        ? choices(
            t("Serve them now all the same, because the visitor …"),
            OUT_OF_TURN.map((code) =>
              choice({ type: "radio", name: "reason", value: code, testid: `reason-${code}` }, outOfTurn(code)),
            ),
            "offices-wide",
          )
        : null,
      behind ? el("p", { class: "muted" }, t("The reason is kept with the call.")) : null,
      submit("arrival-go", t("Start")),
    ),
  );
}

/**
 * A step that was set aside or missed.
 * @param {Sheet} sheet
 * @param {CounterData["aside"][number]} entry
 * @param {{hall: Hall, free: boolean}} known `free`: the counter could begin at once
 * @param {{resume: () => void, begin: () => void}} on
 */
export function aside(sheet, entry, { hall, free }, { resume, begin }) {
  const service = pick(hall.service(entry.service).name);
  const way = (
    /** @type {string} */ kind,
    /** @type {string} */ testid,
    /** @type {() => void} */ go,
    /** @type {Node} */ picture,
    /** @type {string} */ words,
  ) =>
    el(
      "button",
      {
        class: `btn btn-lg btn-${kind}`,
        type: "button",
        "data-testid": testid,
        onClick: sheet.closeFor(go),
      },
      picture,
      words,
    );
  sheet.open(
    "aside",
    t("Number {number}", { number: entry.number }),
    el(
      "p",
      { class: "sheet-lead" },
      entry.state === "parked"
        ? t("{service} was set aside.", { service })
        : t("The calls for {service} were missed.", { service }),
    ),
    el(
      "div",
      { class: "menu" },
      free ? way("primary", "aside-start", begin, icon("play"), t("The visitor is here: start")) : null,
      way("secondary", "aside-resume", resume, icon("rotate-ccw"), t("Back into the queue, at the old place")),
    ),
  );
}
