/**
 * The arrow keys, and 2 4 6 8 of a keypad of digits, move the focus to the nearest control in their direction; Escape goes back. With
 * Tab and Enter all is in reach.
 */

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
/** @type {Record<string, string>} */
const DIGITS = { Numpad8: "ArrowUp", Numpad2: "ArrowDown", Numpad4: "ArrowLeft", Numpad6: "ArrowRight" };
const CONTROLS = "button:not(:disabled), textarea, input, [tabindex='0']";
const SIDEWAYS = 2.5; // how much further a control seems that lies to the side

/** Listens for the keys on the whole page. */
export function listenForArrows() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      const back = document.querySelector("dialog[open]")
        ? null
        : document.querySelector("[data-testid=back], [data-testid=cancel]");
      if (back instanceof HTMLElement) back.click();
      return;
    }
    const writing = document.activeElement?.tagName === "TEXTAREA"; // digits belong into it; no code has any
    const direction = DIRECTIONS[writing ? event.key : (DIGITS[event.code] ?? event.key)];
    if (!direction) return;
    // In a text the arrows move the caret; up and down lead out of it.
    const typing = /^(TEXTAREA|INPUT)$/.test(document.activeElement?.tagName ?? "");
    if (typing && direction[0]) return;
    const next = nearest(direction);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
}

/**
 * The nearest control in a direction. From a control, left and right stay in its row, whatever lies beyond the row's end above or
 * below: that is for up and down, which lead from row to row.
 * @param {[number, number]} direction
 */
function nearest([dx, dy]) {
  const scope = document.querySelector("dialog[open]") ?? document;
  const active = document.activeElement;
  const here =
    active && active !== document.body ? active.getBoundingClientRect() : new DOMRect(innerWidth / 2, 0, 0, 0);
  const inRow = dx && active?.matches(CONTROLS);
  const from = [here.x + here.width / 2, here.y + here.height / 2];
  /** @type {HTMLElement | null} */
  let best = null;
  let least = Infinity;
  for (const control of /** @type {NodeListOf<HTMLElement>} */ (scope.querySelectorAll(CONTROLS))) {
    if (control === active || !control.checkVisibility()) continue;
    const box = control.getBoundingClientRect();
    const to = [box.x + box.width / 2 - from[0], box.y + box.height / 2 - from[1]];
    const ahead = to[0] * dx + to[1] * dy;
    if (ahead <= 1) continue;
    // A wide control lies straight ahead as long as any part of it does.
    const aside = dx
      ? gap(here.top, here.bottom, box.top, box.bottom)
      : gap(here.left, here.right, box.left, box.right);
    if (inRow && aside > 0) continue;
    const far = ahead + SIDEWAYS * aside + Math.abs(dx ? to[1] : to[0]) * 0.1;
    if (far < least) [best, least] = [control, far];
  }
  return best;
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
function gap(a, b, c, d) {
  return Math.max(0, c - b, a - d);
}
