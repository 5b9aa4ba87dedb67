/**
 * Makes words fit their place: what is too long for one size is set in a smaller one, never below the smallest that is
 * legible from ten metres (`--t2`). `data-fit` says how: nothing for one line, `box` for a box of any lines, `lines` for a
 * name that may take two lines before it gets smaller and is never cut, `row` for what shares a row with others.
 */

const STEP = 0.94;
const LINES = 2;
/** A name is set in one line as long as that makes it no smaller than this. */
const ONE_LINE = 0.8;

/** @type {Record<string, (node: HTMLElement) => boolean>} */
const SPILLS = {
  // Only lines that must not wrap are measured across: Arabic letters reach out of their line's box downwards.
  line: (node) => node.scrollWidth > node.clientWidth + 1,
  box: (node) => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1,
  lines: (node) => node.scrollWidth > node.clientWidth + 1 || linesOf(node) > LINES || tooTall(node),
  row: (node) => {
    const row = /** @type {HTMLElement} */ (node.parentElement);
    return node.offsetHeight > row.clientHeight + 1 || row.scrollWidth > row.clientWidth + 1;
  },
};

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
  const all = [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-fit]"))];
  // What shares a row gets the room that the others leave: it is small while they are measured.
  for (const node of all) node.style.fontSize = inRow(node) ? "var(--t2)" : "";
  for (const node of [...all.filter((one) => !inRow(one)), ...all.filter(inRow)]) {
    if (inRow(node)) node.style.fontSize = "";
    const spills = SPILLS[node.dataset.fit ?? ""] ?? SPILLS.line;
    const full = parseFloat(getComputedStyle(node).fontSize);
    const oneLine = Math.max(smallest, full * ONE_LINE);
    if (spills === SPILLS.lines && shrink(node, oneLine, (one) => linesOf(one) > 1)) node.style.fontSize = "";
    shrink(node, smallest, spills);
  }
}

/**
 * Sets a node smaller until it does not spill; says whether it still does.
 * @param {HTMLElement} node
 * @param {number} smallest pixels
 * @param {(node: HTMLElement) => boolean} spills
 */
function shrink(node, smallest, spills) {
  let size = parseFloat(getComputedStyle(node).fontSize);
  while (size > smallest && spills(node)) {
    size = Math.max(smallest, size * STEP);
    node.style.fontSize = `${size}px`;
  }
  return spills(node);
}

/** @param {HTMLElement} node */
function linesOf(node) {
  return Math.round(node.clientHeight / parseFloat(getComputedStyle(node).lineHeight));
}

/**
 * Whether what stands with a name, in the same language, leaves no room for the sign above it.
 * @param {HTMLElement} node
 */
function tooTall(node) {
  const where = node.parentElement;
  const call = node.closest(".call");
  const sign = call?.querySelector(".zone-sign");
  if (!where || !call || !sign) return false;
  const { paddingTop, paddingBottom } = getComputedStyle(call);
  const room = call.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  return where.offsetHeight > room - sign.getBoundingClientRect().height;
}

/** @param {HTMLElement} node */
function inRow(node) {
  return node.dataset.fit === "row";
}
