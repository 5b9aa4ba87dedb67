/** Where a part of the screen holds more than fits, two large buttons scroll it: nobody has to know that one can drag. */
import { el, icon } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

const STEP = 0.8; // of what is visible

/**
 * Shows two buttons in `holder` while the part that `find()` names (it may change with each drawing) holds more than fits.
 *
 * @param {HTMLElement} holder
 * @param {() => HTMLElement} find
 * @param {() => void} fit called whenever the room may have changed, before it is measured.
 * @returns a function to call after each drawing.
 */
export function watchScroll(holder, find, fit) {
  const button = (/** @type {string} */ testid, /** @type {string} */ picture, /** @type {1 | -1} */ sign) =>
    el(
      "button",
      {
        class: "scroll",
        type: "button",
        dataset: { testid },
        onclick: () => find().scrollBy({ top: sign * STEP * find().clientHeight, behavior: "smooth" }),
      },
      icon(picture),
      el("span"),
    );
  const up = button("scroll-up", "arrow-up", -1);
  const down = button("scroll-down", "arrow-down", 1);
  holder.append(up, down);
  holder.hidden = true;

  const wordsOf = (/** @type {HTMLElement} */ one) => /** @type {Node} */ (one.lastChild);
  const room = (/** @type {HTMLElement} */ part) => part.scrollHeight - part.clientHeight;

  function place() {
    if (holder.hidden) return;
    const part = find();
    up.disabled = part.scrollTop < 4;
    down.disabled = part.scrollTop > room(part) - 4;
  }

  function measure() {
    // Without the buttons, as they take room themselves.
    holder.hidden = true;
    fit();
    const part = find();
    if (room(part) > 4) {
      holder.hidden = false;
      fit();
    }
    // TRANSLATORS: buttons that scroll to what does not fit the screen.
    wordsOf(up).textContent = t("Further up");
    wordsOf(down).textContent = t("Further down");
    // Keys must be able to scroll too; without a control inside, the part itself takes the focus.
    if (!holder.hidden && !part.querySelector("button:not(:disabled), textarea")) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
    place();
  }

  let asked = 0;
  function soon() {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(measure);
  }
  addEventListener("scroll", place, { capture: true, passive: true });
  // The screen's size, a font that comes late, a label that takes two lines: whatever changes the foot changes the room.
  new ResizeObserver(soon).observe(holder.parentElement ?? holder);
  addEventListener("resize", soon);
  return soon;
}
