/**
 * What the welcome desk's buttons do. One action at a time; what it throws is said in words.
 *
 * @import { KindInfo, PersonBody, PriorityBody, ScanAnswer, Visit } from "api"
 * @import { Child } from "/static/shared/dom.js"
 */
import { del, file, get, post, Problem, put, within } from "/static/shared/api.js";
import { at } from "/static/shared/dom.js";
import { lang, t, tn } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";
import { minutes } from "/static/shared/waits.js";
import { entry, model, show } from "./model.js";

const SIGN_OUT = 60_000; // milliseconds for which signing out is tried
const RETRY_MS = 3000;
const NOTICE_MS = 8000;

let draw = () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let noticed;

/**
 * Called once, with what draws the page anew.
 * @param {() => void} redraw
 */
export function drawWith(redraw) {
  draw = redraw;
}

/**
 * @param {() => Child} words
 * @param {boolean} [trouble]
 */
function say(words, trouble = false) {
  model.notice = { words, trouble };
  clearTimeout(noticed);
  noticed = setTimeout(() => {
    model.notice = null;
    draw();
  }, NOTICE_MS);
}

/**
 * Runs one action.
 * @param {() => Promise<void>} work
 */
async function act(work) {
  if (model.busy) return;
  model.busy = true;
  draw();
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "no_session") leave();
    else say(() => whyNot(error), true);
  } finally {
    model.busy = false;
    model.waiting = false;
    draw();
  }
}

/** Nobody is signed in any more, and nothing stays of whom the last one had found. */
function leave() {
  show({});
  typed("");
  model.staff = null;
}

/**
 * Asks whether somebody is still signed in: the day's end signs the desk out, and what a search has shown goes with it.
 */
export async function seeWhoIsThere() {
  try {
    await get("/session", { retry: false });
  } catch (error) {
    if (error instanceof Problem && error.code === "no_session" && model.staff) {
      leave();
      draw();
    }
  }
}

/** @param {Problem} error */
function whyNot(error) {
  const wait = Number(error.body.retry_after);
  if (error.code !== "search_limit" || !wait) return problem(error.code);
  return [problem(error.code), " ", t("It is answered in {time}.", { time: minutes(wait) })];
}

/**
 * Looks for somebody. Whoever was on the desk leaves it first: what is said next is not of them.
 * @param {() => Promise<void>} work
 */
function search(work) {
  if (model.busy) return;
  show({});
  void act(work);
}

const patience = {
  onWaiting() {
    model.waiting = true;
    draw();
  },
};

/**
 * Changes the visit on the desk.
 * @param {(visit: Visit) => Promise<Visit>} work gives it as it is afterwards
 */
function change(work) {
  return act(async () => {
    if (model.found) model.found.visit = await work(model.found.visit);
  });
}

/** @param {string} text */
function typed(text) {
  entry.text = text;
  const field = at("find-text");
  if (field instanceof HTMLInputElement) field.value = text;
}

/**
 * What a scan or a walk-in led to.
 * @param {ScanAnswer} answer
 */
async function arrived({ outcome, reason, visit, member, first_seen: firstSeen, reopens = null }) {
  typed("");
  if (visit && member && outcome !== "refused") show({ found: { visit, member, firstSeen, outcome } });
  // A ticket alone says nothing of whose it is; the desk looks that up by its number, which is kept in the log.
  else if (visit?.number) await lookUp(visit.number);
  else show({ refused: reason, reopens });
  if (visit?.state === "choosing") void loadServices();
}

async function loadServices() {
  try {
    model.services = (await get("/services", { retry: false })).services;
  } catch {
    setTimeout(loadServices, RETRY_MS);
  }
  draw();
}

/** @type {() => Promise<ScanAnswer>} by which whoever is on the desk came in, to be asked again */
let asked = () => Promise.reject(new Error("nobody was let in"));

/** @param {() => Promise<ScanAnswer>} ask */
async function letIn(ask) {
  asked = ask;
  await arrived(await ask());
}

/**
 * Finds a visit of today by its number.
 * @param {number} number
 */
async function lookUp(number) {
  const { visit, member, first_seen: firstSeen } = await get(`/visits?number=${number}`, patience);
  typed("");
  show({ found: { visit, member, firstSeen, outcome: "found" } });
}

/** @param {Map<string, KindInfo> | undefined} list */
const firstOf = (list) => [...(list?.values() ?? [])].find((one) => one.eligible)?.id ?? "";

export const actions = {
  /** @param {string} code */
  scan(code) {
    if (!model.staff) return;
    search(() => letIn(() => post("/scans", { code }, { id_field: "scan_id", ...patience })));
  },
  /** @param {number} missing letters of a code */
  cut(missing) {
    show({});
    say(() => tn("{n} letter is still missing.", "{n} letters are still missing.", missing), true);
    draw();
  },
  /** @param {number | null} number */
  number(number) {
    search(async () => {
      try {
        await lookUp(Number(number));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "unknown_visit") throw error;
        say(() => t("Nobody has the number {n} today.", { n: String(number) }), true);
      }
    });
  },
  /**
   * @param {string} text
   * @param {string} reason
   */
  name(text, reason) {
    search(async () => {
      const query = new URLSearchParams({ q: text, reason });
      // A letter is no search, and the server need not be asked.
      const short = text.length < 2;
      show({ people: short ? { members: [], more: true } : await get(`/members?${query}`, patience) });
    });
  },
  redraw() {
    draw();
  },
  clear() {
    typed("");
    show({});
    draw();
    at("find-text")?.focus();
  },
  reprint() {
    void change(({ id }) => post(`/visits/${id}/reprint`, {}, patience));
  },
  /** Opens the visit again whose card was shown; then the card counts as shown once more. */
  reopenShown() {
    const { reopens } = model;
    if (!reopens) return;
    void act(async () => {
      await post(`/visits/${reopens}/reopen`, {}, patience);
      await letIn(asked);
    });
  },
  reopen() {
    void change(({ id, family }) => post(`/visits/${id}/reopen`, family.length ? { family: true } : {}, patience));
  },
  handOver() {
    void change(({ id }) => post(`/visits/${id}/handed-over`, {}, patience));
  },
  showCode() {
    if (model.code) {
      URL.revokeObjectURL(model.code);
      model.code = null;
      draw();
      return;
    }
    void act(async () => {
      if (model.found) model.code = await file(`/visits/${model.found.visit.id}/qr`, "image/*");
    });
  },
  askPriority() {
    model.prioritising = !model.prioritising;
    draw();
  },
  askRemembered() {
    model.remembering = !model.remembering;
    draw();
  },
  /**
   * @param {number | null} number before the restore
   * @param {string | null} cameAt
   */
  remember(number, cameAt) {
    void change(async ({ id }) => {
      const visit = await put(`/visits/${id}/remembered`, { number, came_at: cameAt }, patience);
      model.remembering = false;
      return visit;
    });
  },
  /** @param {PriorityBody["reason"]} reason */
  prioritise(reason) {
    void change(async ({ id }) => {
      const visit = await put(`/visits/${id}/priority`, { reason }, patience);
      model.prioritising = false;
      return visit;
    });
  },
  /**
   * @param {string} service
   * @param {boolean} on
   */
  tick(service, on) {
    if (on) model.chosen.add(service);
    else model.chosen.delete(service);
    draw();
  },
  choose() {
    void change(({ id }) => put(`/visits/${id}/services`, { services: [...model.chosen] }, patience));
  },
  /** @param {string} member */
  letIn(member) {
    void act(() => letIn(() => post("/walk-ins", { member, reason: entry.reason }, patience)));
  },
  newcomer() {
    const { venue } = model;
    const category = firstOf(venue?.categories);
    show({
      newcomer: {
        name_ar: "",
        name_la: "",
        category,
        unit: firstOf(venue?.units),
        locale: /** @type {PersonBody["locale"]} */ (lang()),
      },
    });
    draw();
    at("result").querySelector("input")?.focus();
  },
  register() {
    const person = model.newcomer;
    if (!person) return;
    if (!person.name_ar.trim() && !person.name_la.trim()) {
      say(() => t("Write the name in one of the scripts at least."), true);
      draw();
      return;
    }
    void act(async () =>
      letIn(() => post("/walk-ins", { person: { ...person }, reason: "registered_at_desk" }, patience)),
    );
  },
  /** @param {string | null} member */
  askCard(member) {
    model.cardFor = member;
    draw();
  },
  /**
   * @param {string} member
   * @param {string} reason
   */
  newCard(member, reason) {
    void act(async () => {
      await post(`/members/${encodeURIComponent(member)}/card`, { reason }, patience);
      model.cards.set(member, await file(`/members/${encodeURIComponent(member)}/card`, "application/pdf"));
      model.cardFor = null;
    });
  },
  async signOut() {
    try {
      await del("/session", { signal: within(SIGN_OUT), ...patience });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code !== "no_session") {
        say(() => problem(error.code), true);
        draw();
        return;
      }
    }
    leave();
    draw();
  },
};

/** @typedef {typeof actions} Actions */
