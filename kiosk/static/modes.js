/** Ways of using the kiosk: large text, high contrast, controls within low reach, spoken guidance. They end with the visitor. */
import { model } from "./model.js";

/** Every mode, and how the page's root element says it (`data-<name>="<value>"`), which is all the style sheet needs. */
/** @type {Record<string, [string, string]>} */
const MARKS = {
  large: ["text", "large"],
  contrast: ["contrast", "high"],
  low: ["reach", "low"],
  voice: ["voice", "on"],
};

/**
 * Switches one mode; dispatches `modechange` on document.
 * @param {string} name
 * @param {boolean} on
 */
export function setMode(name, on) {
  if (model.modes[name] === on) return;
  model.modes[name] = on;
  const [mark, value] = MARKS[name];
  if (on) document.documentElement.dataset[mark] = value;
  else delete document.documentElement.dataset[mark];
  document.dispatchEvent(new CustomEvent("modechange", { detail: { name, on } }));
}

/** Everything as usual again. */
export function resetModes() {
  for (const name of Object.keys(MARKS)) setMode(name, false);
}

/** Whether anything is on. */
export const anyMode = () => Object.values(model.modes).some(Boolean);
