/** What the buttons do. One action at a time; what it throws is said in words. */
import { file, get, post, Problem } from "/static/shared/api.js";
import { el } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";
import { minutes } from "/static/shared/waits.js";
import { entry, model, reasonNow, show } from "./model.js";

/**
 * @import { EraseBody } from "api"
 * @import { Tab } from "./model.js"
 */

const HERE_MS = 60_000; // milliseconds after which the PIN counts anew while somebody works here
const KINDS = { html: "text/html", txt: "text/plain", json: "application/octet-stream" };

let draw = () => {};
let here = 0;

/**
 * Called once, with what draws the page anew.
 * @param {() => void} redraw
 */
export function drawWith(redraw) {
  draw = redraw;
}

const patience = {
  onWaiting() {
    model.waiting = true;
    draw();
  },
};

/** Nobody who may is here any more: nothing that was shown stays. */
export function leave() {
  show({});
  Object.assign(entry, { text: "", other: "", member: "", staff: "", day: "" });
  Object.assign(model, { who: "nobody", keeping: null, chain: null });
  draw();
}

/** @param {Problem} error */
function whyNot(error) {
  const wait = Number(error.body.retry_after);
  if (error.code === "unknown_day") return t("Nothing is known of this day here.");
  if (error.code === "unknown_member") return t("There is no member with this number.");
  if (error.code !== "search_limit" || !wait) return problem(error.code);
  return [problem(error.code), " ", t("It is answered in {time}.", { time: minutes(wait) })];
}

/** @param {Problem} error */
function refused(error) {
  if (error.code === "no_session") return leave();
  if (error.code === "wrong_role") {
    leave();
    model.who = "wrong";
    return;
  }
  model.notice = { words: () => whyNot(error), trouble: true };
}

/**
 * Runs one action.
 * @param {() => Promise<void>} work
 */
async function act(work) {
  if (model.busy) return;
  Object.assign(model, { busy: true, notice: null });
  draw();
  try {
    await work();
    if (model.who === "in" && Date.now() - here > HERE_MS) {
      here = Date.now();
      await post("/session/here", {}, { retry: false });
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    refused(error);
  } finally {
    Object.assign(model, { busy: false, waiting: false });
    draw();
  }
}

export const actions = {
  redraw() {
    draw();
  },
  /** Sees whether somebody is here who may. */
  begin() {
    return act(async () => {
      model.keeping = await get("/privacy", patience);
      model.who = "in";
      here = Date.now();
    });
  },
  /** @param {Tab} tab */
  open(tab) {
    if (model.busy) return;
    show({});
    model.tab = tab;
    if (tab === "keeping") void actions.keeping();
    else if (tab === "audit") void actions.audit();
    else draw();
  },
  find() {
    const query = new URLSearchParams({ q: entry.text.trim(), reason: reasonNow() });
    show({});
    return act(async () => {
      // A letter is no search, and the server need not be asked.
      const short = entry.text.trim().length < 2;
      const people = short ? { members: [], more: true } : await get(`/privacy/members?${query}`, patience);
      show({ people });
    });
  },
  /** @param {string} id */
  known(id) {
    const query = new URLSearchParams({ reason: reasonNow() });
    return act(async () => {
      const known = await get(`/privacy/members/${encodeURIComponent(id)}?${query}`, patience);
      const { people } = model;
      show({ people, known });
      model.open = new Set(known.sections.slice(0, 1).map(({ title }) => title));
    });
  },
  /** Back from a member to the list of the search. */
  back() {
    show({ people: model.people });
    draw();
  },
  /**
   * Saves what is known of the member who is shown.
   * @param {"html" | "txt" | "json"} form
   */
  save(form) {
    const { known } = model;
    if (!known) return;
    const query = new URLSearchParams({ reason: reasonNow(), form, language: known.language });
    void act(async () => {
      const href = await file(`/privacy/members/${encodeURIComponent(known.member)}/export?${query}`, KINDS[form]);
      const link = el("a", { href, download: `${known.member}.${form}` });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(href), HERE_MS);
    });
  },
  /**
   * Erases the member who is shown; gives why not, or nothing.
   * @param {EraseBody["why"]} why
   */
  async erase(why) {
    const { known } = model;
    if (!known) return "";
    let refusal = "";
    await act(async () => {
      try {
        const { visits, rows } = await post(
          `/privacy/members/${encodeURIComponent(known.member)}/erase`,
          { why },
          patience,
        );
        show({ erased: { visits, rows } });
        entry.text = "";
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "visit_runs") throw error;
        const { number } = error.body;
        refusal = number ? `${problem(error.code)} ${t("Number {n}", { n: String(number) })}.` : problem(error.code);
      }
    });
    return refusal;
  },
  keeping() {
    return act(async () => {
      model.keeping = await get("/privacy", patience);
    });
  },
  /** @param {number | null} [before] older ones */
  audit(before = null) {
    const query = new URLSearchParams();
    for (const name of /** @type {const} */ (["day", "staff", "member"]))
      if (entry[name].trim()) query.set(name, entry[name].trim());
    if (before) query.set("before", String(before));
    return act(async () => {
      if (!before) model.audit = null;
      const found = await get(`/audit?${query}`, patience);
      const entries = before && model.audit ? [...model.audit.entries, ...found.entries] : found.entries;
      model.audit = { ...found, entries };
    });
  },
  chain() {
    return act(async () => {
      model.chain = await get("/audit/chain", patience);
    });
  },
};

/** @typedef {typeof actions} Actions */
