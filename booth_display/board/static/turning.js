/**
 * Things that take turns in one place: French then Arabic, one offer after the other.
 * All of them are laid on the same spot, so nothing around them moves when the turn changes.
 */

import { el } from "/static/shared/dom.js";

/**
 * A place where `nodes` take turns, the first one first. One node alone simply stands there.
 * @param {...HTMLElement} nodes
 * @returns {HTMLElement}
 */
export function turning(...nodes) {
  const place = el("div", { class: "turning" }, ...nodes);
  show(place, 0);
  return place;
}

/**
 * Gives the turn to the next in every place under `root`.
 * @param {ParentNode} root
 */
export function turn(root) {
  for (const place of root.querySelectorAll(".turning")) {
    if (place.children.length > 1) show(place, (Number(place.dataset.at) + 1) % place.children.length);
  }
}

function show(place, at) {
  place.dataset.at = String(at);
  [...place.children].forEach((node, index) => {
    node.classList.toggle("on", index === at);
    node.setAttribute("aria-hidden", String(index !== at));
  });
}
