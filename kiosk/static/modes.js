/** Ways of using the kiosk: large text, high contrast, controls within low reach, spoken guidance. They end with the visitor. */
import { model } from "./state.js";

/** Every mode, and how the page's root element says it (`data-<name>="<value>"`), which is all the style sheet needs. */
/** @type {Record<string, [string, string]>} */
const MARKS = {
  large: ["text", "large"],
  contrast: ["contrast", "high"],
  low: ["reach", "low"],
  voice: ["voice", "on"],
};

/** What a need that is known of a member turns on. Never the voice: a whole hall would hear it. */
/** @type {Record<string, string[]>} */
const NEEDS = { low_vision: ["large", "contrast"], wheelchair: ["low"] };

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

/**
 * Turns on what helps a member whose needs are known; what they or somebody before them chose by hand stays.
 * @param {string[] | null | undefined} needs
 */
export function suit(needs) {
  for (const need of needs ?? []) for (const name of NEEDS[need] ?? []) setMode(name, true);
}

/** Everything as usual again. */
export function resetModes() {
  for (const name of Object.keys(MARKS)) setMode(name, false);
}

/** Whether anything is on. */
export const anyMode = () => Object.values(model.modes).some(Boolean);
