/** The idle warning over the page: "more time?", and everything personal is cleared when nobody answers. */
import { el, icon, patch, replace } from "/static/shared/dom.js";
import { lang, t, tn } from "/static/shared/i18n.js";
import { watchIdle } from "./idle.js";
import { anyMode } from "./modes.js";
import { dialogs } from "./screen.js";
import { forget } from "./session.js";
import { HOME, model } from "./model.js";
import { STATES } from "./states.js";

/** @type {ReturnType<typeof watchIdle> | null} */
let idle = null;

/** Says that somebody is there. */
export function poke() {
  idle?.poke();
}

/** Whether the state itself has nothing of anybody. */
const rests = () => STATES[model.name].idle === "rests";

/**
 * The warning: more time, or finished?
 * @param {number} left seconds
 */
function drawWarning(left) {
  patch(
    dialogs.idle,
    el(
      "div",
      { class: "idle" },
      icon("hourglass"),
      el("h2", { id: "idle-title" }, t("Do you need more time?")),
      el(
        "p",
        { class: "lead" },
        model.session
          ? // TRANSLATORS: what is on the screen is removed; the place in the queues is kept.
            tn(
              "This screen is cleared in {n} second. Your place is safe.",
              "This screen is cleared in {n} seconds. Your place is safe.",
              left,
            )
          : tn("This screen is cleared in {n} second.", "This screen is cleared in {n} seconds.", left),
      ),
      el(
        "div",
        { class: "idle-foot" },
        el(
          "button",
          { class: "btn btn-secondary btn-lg", type: "button", onclick: forget, dataset: { testid: "finish" } },
          t("Close"),
        ),
        el(
          "button",
          {
            class: "btn btn-primary btn-lg",
            type: "button",
            onclick: () => poke(),
            dataset: { testid: "more-time" },
          },
          t("Yes, more time"),
        ),
      ),
    ),
  );
}

/** Starts watching; called once. */
export function startIdle() {
  idle = watchIdle({
    busy: () =>
      (rests() && !model.keypad && !model.camera && !dialogs.access.open && !anyMode() && lang() === HOME) ||
      Boolean(model.session?.pending && !model.session.handedOver),
    onWarn(left) {
      if (rests() && !model.keypad && !model.camera) return; // nobody to ask: only another language was left behind
      drawWarning(left);
      if (!dialogs.idle.open) {
        dialogs.idle.showModal();
        /** @type {HTMLElement | null} */ (dialogs.idle.querySelector("[data-testid=more-time]"))?.focus();
      }
    },
    onCalm() {
      if (dialogs.idle.open) dialogs.idle.close();
      replace(dialogs.idle);
    },
    onGone: forget,
  });
  // While the warning is up its own buttons decide: it must not vanish under the finger that is about to press one.
  for (const kind of ["pointerdown", "keydown"])
    addEventListener(kind, () => dialogs.idle.open || poke(), { capture: true });
  dialogs.idle.addEventListener("click", (event) => {
    if (event.target === dialogs.idle) poke();
  });
  dialogs.idle.addEventListener("cancel", (event) => {
    event.preventDefault();
    poke();
  });
  document.addEventListener("kioskstate", poke);
}
