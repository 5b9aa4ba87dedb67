/**
 * Things that take turns in one place: French then Arabic, one offer after the other.
 * All of them are laid on the same spot, so nothing around them moves when the turn changes.
 */

import { el } from "/static/shared/dom.js";

/** All places turn together, so that Arabic is read everywhere, then French. */
let count = 0;

/** Turns so far. */
export function turns() {
  return count;
}

/**
 * A place where `nodes` take turns. One node alone simply stands there.
 * @param {...HTMLElement} nodes
 * @returns {HTMLElement}
 */
export function turning(...nodes) {
  return placeOf(nodes, 0);
}

/**
 * Like `turning`, and the first node has the first turn from now.
 * @param {...HTMLElement} nodes
 */
export function turningFromNow(...nodes) {
  return placeOf(nodes, count);
}

/**
 * Gives the turn to the next in every place under `root`.
 * @param {ParentNode} root
 * @returns {number} how many turns there have been
 */
export function turn(root) {
  count += 1;
  for (const place of root.querySelectorAll(".turning")) show(place);
  return count;
}

/**
 * @param {HTMLElement[]} nodes
 * @param {number} from
 */
function placeOf(nodes, from) {
  const place = el("div", { class: "turning", "data-from": from }, ...nodes);
  show(place);
  return place;
}

/** @param {Element} place */
function show(place) {
  const at = (count - Number(place.getAttribute("data-from"))) % place.children.length;
  [...place.children].forEach((node, index) => {
    node.classList.toggle("on", index === at);
    node.setAttribute("aria-hidden", String(index !== at));
  });
}
