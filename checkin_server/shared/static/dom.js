/**
 * Building and updating the page: elements, in-place patching, icons, zone signs. No innerHTML anywhere.
 *
 * @typedef {Node | string | number | null | undefined | false | "" | Child[]} Child
 *
 * @typedef {object} Handlers what is called when something happens to an element; a handler's name in either spelling
 * @property {(event: MouseEvent) => unknown} [onclick]
 * @property {(event: MouseEvent) => unknown} [onClick]
 * @property {(event: SubmitEvent & {currentTarget: HTMLFormElement}) => unknown} [onsubmit]
 * @property {(event: SubmitEvent & {currentTarget: HTMLFormElement}) => unknown} [onSubmit]
 * @property {(event: InputEvent & {target: HTMLInputElement}) => unknown} [oninput]
 * @property {(event: InputEvent & {target: HTMLInputElement}) => unknown} [onInput]
 * @property {(event: Event & {target: HTMLInputElement}) => unknown} [onchange]
 *
 * @typedef {Handlers & {[name: string]: any}} Attributes
 *
 * @typedef {Element & {riwaqHandlers?: string[], dataset: DOMStringMap, style: CSSStyleDeclaration, [name: string]: any}} Built
 */

const SVG = "http://www.w3.org/2000/svg";
const ICONS = new URL("./vendor/icons/", import.meta.url);

/** Icons that point along the reading direction and are mirrored in right-to-left languages. */
const POINTING =
  /^(arrow|chevron|move|corner|log|undo|redo|skip|step|delete|reply|forward|rewind|send|footprints|circle-arrow|list)/;
const UPRIGHT = /(-up|-down|up-down|list-checks)$/;

/**
 * Makes an element.
 *
 * Attributes: `class` (string), `on<event>` (function), `dataset` (object), `style` (object of CSS properties, set one by one as
 * the page's policy demands), booleans (present or absent), null or undefined (absent), anything else as text.
 * Children: nodes, strings, numbers, arrays; null, undefined and false are skipped.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Like `el`, for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} Made
 * @param {Made} made
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(made, attributes, children) {
  const node = /** @type {Built} */ (/** @type {Element} */ (made));
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      node[name.toLowerCase()] = value;
      node.riwaqHandlers ??= [];
      node.riwaqHandlers.push(name.toLowerCase());
    } else if (name === "dataset") {
      for (const [key, item] of Object.entries(value))
        if (item !== null && item !== undefined) node.dataset[key] = item;
    } else if (name === "style") {
      for (const [key, item] of Object.entries(value)) node.style.setProperty(key, String(item));
    } else if (name === "value" && "value" in node) {
      node.value = value;
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  append(made, children);
  return made;
}

/**
 * @param {Element} node
 * @param {Child[]} children
 */
function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replaces everything inside `node`.
 * @template {Element} Part
 * @param {Part} node
 * @param {...Child} children
 */
export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/**
 * Makes the inside of `node` look like `children` while keeping what is the same, so that a finger that is down, the focus and a
 * running animation survive a live update. Elements with a `data-key` are matched by it, others by position and tag.
 *
 * @template {Element} Part
 * @param {Part} node
 * @param {...Child} children
 */
export function patch(node, ...children) {
  const wanted = document.createElement("div");
  append(wanted, children);
  patchChildren(node, wanted);
  return node;
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof HTMLElement ? node.dataset.key : undefined;
}

/**
 * @param {Element} node
 * @param {Element} wanted
 */
function patchChildren(node, wanted) {
  /** @type {Map<string, Node>} */
  const keyed = new Map();
  for (const child of node.children) {
    const key = keyOf(child);
    if (key) keyed.set(key, child);
  }
  let at = node.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    const found = key ? keyed.get(key) : at && keyOf(at) ? undefined : at;
    if (found && same(found, next)) {
      if (found === at) at = at.nextSibling;
      else node.insertBefore(found, at);
      patchOne(found, next);
    } else {
      node.insertBefore(next, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    node.removeChild(gone);
  }
}

/**
 * @param {Node} a
 * @param {Node} b
 */
function same(a, b) {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return (keyOf(a) ?? "") === (keyOf(b) ?? "") && iconOf(a) === iconOf(b);
}

/** @param {Node} node */
function iconOf(node) {
  return node instanceof HTMLElement ? (node.dataset.icon ?? "") : "";
}

/**
 * @param {Node} before
 * @param {Node} wanted
 */
function patchOne(before, wanted) {
  if (!(before instanceof Element)) {
    if (before.nodeValue !== wanted.nodeValue) before.nodeValue = wanted.nodeValue;
    return;
  }
  const old = /** @type {Built} */ (before);
  const next = /** @type {Built} */ (wanted);
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) === value) continue;
    if (name === "style")
      old.style.cssText = value; // the page's policy forbids the attribute, not the object
    else old.setAttribute(name, value);
  }
  for (const name of old.riwaqHandlers ?? []) old[name] = null;
  for (const name of next.riwaqHandlers ?? []) old[name] = next[name];
  old.riwaqHandlers = next.riwaqHandlers;
  // What somebody is typing is theirs: a field is only changed while it does not have the focus.
  if ("value" in next && old !== document.activeElement && old.value !== next.value) old.value = next.value;
  if (old.dataset.icon && old.dataset.icon === next.dataset.icon && old.firstChild) return;
  patchChildren(old, next);
}

/** @type {Map<string, Element | Promise<Element>>} */
const drawings = new Map();

/**
 * An icon of the open icon set (vendor/icons, outline, 2 px), drawn inline in the colour of the text around it.
 * It is decoration: words stand beside it. A name that does not exist draws a plain circle.
 * @param {string} name
 */
export function icon(name) {
  const node = el("span", {
    class: `icon${POINTING.test(name) && !UPRIGHT.test(name) ? " icon-points" : ""}`,
    "aria-hidden": "true",
    dataset: { icon: name },
  });
  const drawn = drawings.get(name);
  if (drawn instanceof Element) node.append(drawn.cloneNode(true));
  else
    (drawn ?? load(name)).then((drawing) => {
      if (!node.firstChild) node.append(drawing.cloneNode(true));
    });
  return node;
}

/**
 * @param {string} name
 * @returns {Promise<Element>}
 */
function load(name) {
  const promise = fetch(new URL(`${encodeURIComponent(name)}.svg`, ICONS))
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(`no icon ${name}`))))
    .then((text) => document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true))
    .then((drawing) => {
      for (const attribute of ["width", "height", "class"]) drawing.removeAttribute(attribute);
      drawings.set(name, drawing);
      return drawing;
    })
    .catch(() => {
      setTimeout(() => drawings.delete(name), 10_000); // asked again when it is drawn after that
      return svg(
        "svg",
        { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 2 },
        svg("circle", { cx: 12, cy: 12, r: 9 }),
      );
    });
  drawings.set(name, promise);
  return promise;
}

/**
 * Fetches icons ahead, so that later screens draw them at once.
 * @param {string[]} names
 */
export function preloadIcons(names) {
  for (const name of names) if (name && !drawings.has(name)) load(name);
}

/** @type {Record<string, {d: string, y: number, size: number}>} */
const SHAPES = {
  circle: { d: "M50 3a47 47 0 1 0 0 94a47 47 0 1 0 0-94Z", y: 50, size: 56 },
  square: { d: "M13 6H87Q94 6 94 13V87Q94 94 87 94H13Q6 94 6 87V13Q6 6 13 6Z", y: 50, size: 58 },
  triangle: { d: "M45.5 8.5Q50 1.5 54.5 8.5L97.5 85Q101 93.5 92 93.5H8Q-1 93.5 2.5 85Z", y: 65, size: 44 },
  diamond: {
    d: "M45.5 4.5Q50 0 54.5 4.5L95.5 45.5Q100 50 95.5 54.5L54.5 95.5Q50 100 45.5 95.5L4.5 54.5Q0 50 4.5 45.5Z",
    y: 50,
    size: 46,
  },
  star: { d: star(), y: 53, size: 40 },
  hexagon: {
    d: "M28 8Q30 5 34 5H66Q70 5 72 8L96 46Q98 50 96 54L72 92Q70 95 66 95H34Q30 95 28 92L4 54Q2 50 4 46Z",
    y: 50,
    size: 54,
  },
};

/** A five-pointed star with room for a letter: the inner radius is larger than a regular star's. */
function star() {
  const points = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 ? 29 : 50;
    const a = (Math.PI * i) / 5 - Math.PI / 2;
    return `${(50 + r * Math.cos(a)).toFixed(1)} ${(53 + r * Math.sin(a)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

/**
 * A zone's sign: letter, shape and colour together, as it hangs in the hall.
 *
 * @param {{id?: string, shape?: string, colour?: string, ink?: string} | null | undefined} zone of `/venue`
 * @param {string | number} size any CSS length, or pixels
 */
export function zoneSign(zone, size = "1.6em") {
  const shape = SHAPES[zone?.shape ?? "circle"] ?? SHAPES.circle;
  return svg(
    "svg",
    {
      class: "zone-sign",
      viewBox: "0 0 100 100",
      role: "img",
      "aria-label": zone?.id ?? "",
      style: {
        "inline-size": typeof size === "number" ? `${size}px` : size,
        "block-size": typeof size === "number" ? `${size}px` : size,
      },
    },
    svg("path", { d: shape.d, fill: zone?.colour ?? "currentColor", "stroke-linejoin": "round" }),
    svg(
      "text",
      {
        x: 50,
        y: shape.y,
        dy: ".36em",
        "text-anchor": "middle",
        direction: "ltr",
        "font-family": "IBM Plex Sans Arabic, sans-serif",
        "font-weight": 700,
        "font-size": shape.size,
        fill: zone?.ink ?? "#fff",
      },
      zone?.id ?? "",
    ),
  );
}

/**
 * Content of a `<meta name="riwaq-…">` tag of the page.
 * @param {string} name
 */
export function meta(name) {
  const found = document.querySelector(`meta[name="riwaq-${name}"]`);
  return found instanceof HTMLMetaElement ? found.content : "";
}

/**
 * A part that the page's template brings along.
 * @param {string} id
 */
export function at(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}
