/**
 * Makes words fit their place: a name that is too long for one size is set in a smaller one, never below the
 * smallest that is legible from ten metres (`--t2`); what still does not fit is wrapped by the style.
 */

const STEP = 0.94;

/**
 * Fits every `[data-fit]` under `root` anew. Call it after drawing, when fonts arrive and when the screen turns.
 * @param {HTMLElement} root
 */
export function fit(root) {
  const probe = document.createElement("span");
  probe.style.fontSize = "var(--t2)";
  root.append(probe);
  const smallest = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-fit]"))) {
    node.style.fontSize = "";
    let size = parseFloat(getComputedStyle(node).fontSize);
    // Only lines that must not wrap are measured across: Arabic letters reach out of their line's box downwards.
    const spills = () =>
      node.scrollWidth > node.clientWidth + 1 ||
      (node.dataset.fit === "box" && node.scrollHeight > node.clientHeight + 1);
    while (size > smallest && spills()) {
      size = Math.max(smallest, size * STEP);
      node.style.fontSize = `${size}px`;
    }
  }
}
