/** The one place that draws: `render` what follows from the model, `go` to another state, the dialogs over it. */
import { at, patch, replace } from "/static/shared/dom.js";
import { bar } from "./access.js";
import { head } from "./parts.js";
import { watchScroll } from "./scroll.js";
import { model } from "./model.js";
import { follows, NotInTable, STATES } from "./states.js";

/**
 * @import { Child } from "/static/shared/dom.js"
 * @import { Actions } from "./actions.js"
 *
 * @typedef {object} View what is drawn of a state; it gets `Here` where the state is a visitor's
 * @property {(model: any, actions: Actions) => Child[]} stage the middle of the screen
 * @property {(model: any, actions: Actions) => Child[]} controls its foot
 */

/** @type {Record<string, View>} */
let views = {};
/** @type {Actions} */
let actions;

/**
 * Says what is drawn and what buttons do.
 *
 * @param {Record<string, View>} shown each state's view
 * @param {Actions} buttons what every view gets as `actions`
 */
export function drawWith(shown, buttons) {
  for (const name of Object.keys(STATES)) if (!shown[name]) throw new Error(`no view of the state "${name}"`);
  views = shown;
  actions = buttons;
}

/** What the page's template brings along. */
export const parts = {
  head: at("head"),
  stage: at("stage"),
  controls: at("controls"),
  bar: at("bar"),
  said: at("said"),
};

const dialog = (/** @type {string} */ id) => /** @type {HTMLDialogElement} */ (at(id));

/** What lies over it when it is open. */
export const dialogs = {
  keypad: dialog("keypad"),
  camera: dialog("camera"),
  access: dialog("access"),
  offers: dialog("offers"),
  idle: dialog("idle"),
};

/** Draws the state again after the model changed; what is the same stays, with its focus. */
export function render() {
  if (!document.body.dataset.state) return; // the words are not there yet
  const view = views[model.name];
  patch(parts.head, head(model, actions));
  patch(parts.stage, view.stage(model, actions));
  patch(parts.controls, view.controls(model, actions));
  patch(parts.bar, bar(model, actions));
  scrolled();
}

/** The list of the low layout: it fills the height, and each of its rows can be brought down into the lower third. */
const lowList = () => {
  const list = model.modes.low ? parts.stage.querySelector(".reach") : null;
  return list instanceof HTMLElement ? list : null;
};

/** @type {WeakMap<HTMLElement, number>} where a list was put at first: until the visitor scrolls it, it follows its room */
const placed = new WeakMap();

// In the low layout a list scrolls by itself, at the foot of the stage; otherwise the stage does.
const scrolled = watchScroll(
  at("scrollers"),
  () => {
    const list = lowList();
    return list && list.scrollHeight > list.clientHeight ? list : parts.stage;
  },
  () => {
    // What is left of the lower third above the foot is the list's reach; the room above its first row lets that come down there.
    const reach = Math.max(0, parts.stage.getBoundingClientRect().bottom - (innerHeight * 2) / 3);
    parts.stage.style.setProperty("--reach", `${reach}px`);
    const list = lowList();
    if (!list?.matches("ul")) return;
    const lift = Math.max(0, list.clientHeight - reach);
    list.style.setProperty("--lift", `${lift}px`);
    const room = list.scrollHeight - list.clientHeight;
    // Where it was put, or pushed up from there by a change of its room.
    const untouched = Math.min(placed.get(list) ?? list.scrollTop, room);
    if (Math.abs(list.scrollTop - untouched) > 2) return;
    // As much of it as fits is seen at first.
    list.scrollTop = Math.min(lift, room);
    placed.set(list, list.scrollTop);
  },
);

/**
 * Changes to another state: draws it, says its title aloud, gives it the focus. Dispatches `kioskstate` on document.
 *
 * What states.js does not have is a mistake of ours: it is reported, and the visitor forgotten. The invitation is the one screen
 * that is right for whoever stands there, and nothing of anybody stays on it.
 * @param {string} name
 */
export function go(name) {
  if (!follows(model.name, name)) {
    reportError(new NotInTable(model.name, name));
    actions.forget();
    return;
  }
  model.name = name;
  document.body.dataset.state = name;
  const trouble = model.session?.trouble;
  if (name === "refused" && trouble) document.body.dataset.reason = trouble.reason ?? trouble.code ?? "";
  else delete document.body.dataset.reason;
  for (const part of [parts.stage, parts.controls]) replace(part);
  render();
  parts.stage.scrollTop = 0;
  const heading = parts.stage.querySelector("h1");
  parts.said.textContent = name === "attract" ? "" : (heading?.textContent ?? "");
  if (!document.querySelector("dialog[open]")) heading?.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("kioskstate", { detail: { name } }));
}

/** Closes the keypad, the camera, the panels and the idle warning, with what stood in them. */
export function closeDialogs() {
  for (const name of /** @type {const} */ (["keypad", "camera"])) {
    const open = model[name];
    model[name] = null;
    open?.close();
  }
  for (const panel of [dialogs.access, dialogs.offers, dialogs.idle]) {
    if (panel.open) panel.close();
    replace(panel);
  }
}
