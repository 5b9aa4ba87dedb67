/** What can be done for the visitor at the counter beside the way from start to finish: each opens its sheet. */

import { get, Problem } from "/static/shared/api.js";
import { notes } from "./notes.js";
import { add, transfer } from "./passing.js";
import { shown, state } from "./state.js";

/**
 * @import { Service } from "api"
 * @import { Known } from "./notes.js"
 * @import { Around } from "./passing.js"
 * @import { Sheet } from "./sheet.js"
 * @import { Tools } from "./view.js"
 *
 * @typedef {object} With
 * @property {string} station
 * @property {Sheet} sheet
 * @property {(action: string, body: {[field: string]: any}) => void} give
 * @property {() => void} draw
 * @property {() => void} signedOut
 */

/**
 * @param {With} around
 * @returns {Tools}
 */
export function visitorTools({ station, sheet, give, draw, signedOut }) {
  return {
    stillServing(step) {
      state.askedFor = step;
      draw();
    },
    transfer: () => withServices((around) => transfer(sheet, around, (to) => give("transfer", to))),
    add: () => withServices((around) => add(sheet, around, (more) => give("add-service", more))),
    async notes() {
      const current = state.data?.current;
      if (!current) return;
      /** @type {Known} */
      let kept = { number: current.number, notes: current.notes ? null : [] };
      try {
        if (current.notes) kept = await get(`/counters/${encodeURIComponent(station)}/notes`, { retry: false });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === "no_session") return signedOut();
      }
      if (state.data?.current?.step === current.step) notes(sheet, kept, (note) => give("note", note));
    },
  };
}

/**
 * Opens a sheet that needs the services as they are now, if it is still about the same visitor then.
 * @param {(around: Around) => void} open
 */
async function withServices(open) {
  const step = state.data?.current?.step;
  const live = await services();
  const view = shown();
  if (step && view?.data.current?.step === step) open({ data: view.data, hall: view.hall, live });
}

/**
 * The services as they are now, by id; empty when the server does not say: it decides in the end.
 * @returns {Promise<Map<string, Service>>}
 */
async function services() {
  try {
    return new Map((await get("/services", { retry: false })).services.map((service) => [service.id, service]));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return new Map();
  }
}
