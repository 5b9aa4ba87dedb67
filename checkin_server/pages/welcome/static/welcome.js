/**
 * The welcome desk: signs in, finds a visit, a card's trouble or a member, and does what is asked.
 *
 * For tests and style: `<body data-state>` is loading, signin, ready, visit, refused, people or newcomer; `data-busy` is there
 * while a command is under way.
 */
import { del, file, get, post, Problem, put } from "/static/shared/api.js";
import { el, icon, meta, patch, preloadIcons } from "/static/shared/dom.js";
import { clock, dir, lang, LANGUAGES, NAMES, pick, t, useTimezone } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { listen } from "/static/shared/scanner.js";
import { problem } from "/static/shared/words.js";
import { find } from "./find.js";
import { newcomerForm, peopleList } from "./people.js";
import { side } from "./side.js";
import { signIn } from "./signin.js";
import { refusalForStaff } from "./staff_words.js";
import { visitPanel } from "./visit.js";

const LANGUAGE = "riwaq.welcome.language";
const RETRY_MS = 3000;
const FOLLOW_MS = 3000;
const NOTICE_MS = 8000;

const station = meta("station");
const at = (id) => document.getElementById(id);
const byId = (list) => new Map((list ?? []).map((item) => [item.id, item]));

const model = {
  staff: undefined, // undefined: not known yet; null: nobody
  venue: null,
  services: null,
  data: null, // the topic "welcome"
  live: "loading",
  busy: false,
  waiting: false, // the server does not answer
  notice: null,
  found: null, // {visit, member, firstSeen, outcome}
  refused: null, // a reason
  people: null,
  prioritising: false, // the reasons for priority are open
  newcomer: null,
  chosen: new Set(),
  code: null, // address of the visit's QR
  cardFor: null, // the member whose new card is being asked for
  cards: new Map(), // member -> address of the new card's PDF
  /** Where a printer stands, in words. */
  place(printer) {
    const place = model.data?.printers.find((one) => one.id === printer);
    if (place?.desks.includes(station)) return t("this desk");
    return place?.kiosks.length ? t("Kiosk {name}", { name: place.kiosks.join(", ") }) : printer;
  },
};
const entry = { text: "", reason: "card_forgotten" };

function say(words, trouble = false) {
  model.notice = { words, trouble };
  clearTimeout(say.timer);
  say.timer = setTimeout(() => {
    model.notice = null;
    draw();
  }, NOTICE_MS);
}

/** Puts something else on the desk; nothing of the visitor before stays. */
function show(next) {
  if (model.code) URL.revokeObjectURL(model.code);
  for (const address of model.cards.values()) URL.revokeObjectURL(address);
  model.cards.clear();
  Object.assign(model, {
    found: null,
    refused: null,
    people: null,
    newcomer: null,
    code: null,
    cardFor: null,
    prioritising: false,
    notice: null,
    ...next,
  });
  model.chosen = new Set();
}

/** Runs one action; what it throws is said in words. Gives whether it worked. */
async function act(work) {
  if (model.busy) return false;
  model.busy = true;
  draw();
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "no_session") model.staff = null;
    else say(() => problem(error.code), true);
    return false;
  } finally {
    model.busy = false;
    model.waiting = false;
    draw();
  }
}

const patience = {
  onWaiting() {
    model.waiting = true;
    draw();
  },
};

function typed(text) {
  entry.text = text;
  const field = at("find-text");
  if (field) field.value = text;
}

function scan(code) {
  if (!model.staff) return;
  void act(async () => {
    arrived(await post("/scans", { code }, { id_field: "scan_id", ...patience }));
  });
}

/** What a scan or a walk-in led to. */
function arrived({ outcome, reason, visit, member, first_seen: firstSeen }) {
  typed("");
  if (outcome === "refused") show({ refused: reason });
  else show({ found: { visit, member, firstSeen, outcome } });
  if (visit?.state === "choosing") void loadServices();
}

function openNumber(number) {
  void act(async () => {
    try {
      const { visit, member, first_seen: firstSeen } = await get(`/visits?number=${number}`, patience);
      typed("");
      show({ found: { visit, member, firstSeen, outcome: "found" } });
    } catch (error) {
      if (error.code !== "unknown_visit") throw error;
      say(() => t("Nobody has the number {n} today.", { n: String(number) }), true);
    }
  });
}

function findName(text, reason) {
  void act(async () => {
    const query = new URLSearchParams({ q: text, reason });
    show({ people: await get(`/members?${query}`, patience) });
  });
}

async function loadServices() {
  try {
    model.services = (await get("/services", { retry: false })).services;
  } catch {
    setTimeout(loadServices, RETRY_MS);
  }
  draw();
}

const actions = {
  number: openNumber,
  clear() {
    typed("");
    show({});
    draw();
    at("find-text")?.focus();
  },
  reprint() {
    void act(async () => {
      model.found.visit = await post(`/visits/${model.found.visit.id}/reprint`, {}, patience);
    });
  },
  handOver() {
    void act(async () => {
      model.found.visit = await post(`/visits/${model.found.visit.id}/handed-over`, {}, patience);
    });
  },
  async showCode() {
    if (model.code) {
      URL.revokeObjectURL(model.code);
      model.code = null;
      draw();
      return;
    }
    await act(async () => {
      model.code = await file(`/visits/${model.found.visit.id}/qr`, "image/*");
    });
  },
  askPriority() {
    model.prioritising = !model.prioritising;
    draw();
  },
  prioritise(reason) {
    void act(async () => {
      model.found.visit = await put(`/visits/${model.found.visit.id}/priority`, { reason }, patience);
      model.prioritising = false;
    });
  },
  tick(service, on) {
    if (on) model.chosen.add(service);
    else model.chosen.delete(service);
    draw();
  },
  choose() {
    void act(async () => {
      model.found.visit = await put(
        `/visits/${model.found.visit.id}/services`,
        { services: [...model.chosen] },
        patience,
      );
    });
  },
  letIn(member) {
    void act(async () => arrived(await post("/walk-ins", { member, reason: entry.reason }, patience)));
  },
  register() {
    const { name_ar, name_la, category, unit, locale } = model.newcomer;
    if (!name_ar.trim() && !name_la.trim()) {
      say(() => t("Write the name in one of the scripts at least."), true);
      draw();
      return;
    }
    void act(async () => {
      arrived(
        await post(
          "/walk-ins",
          { person: { name_ar, name_la, category, unit, locale }, reason: "registered_at_desk" },
          patience,
        ),
      );
    });
  },
  askCard(member) {
    model.cardFor = member;
    draw();
  },
  newCard(member, reason) {
    void act(async () => {
      const path = `/members/${encodeURIComponent(member)}/card`;
      await post(path, { reason }, patience);
      model.cards.set(member, await file(path, "application/pdf"));
      model.cardFor = null;
    });
  },
};

function newcomer() {
  const first = (list) => [...(list?.values() ?? [])].find((one) => one.eligible)?.id ?? "";
  show({
    newcomer: {
      name_ar: "",
      name_la: "",
      category: first(model.venue?.categories),
      unit: first(model.venue?.units),
      locale: lang(),
    },
  });
  draw();
  at("result").querySelector("input")?.focus();
}

function result() {
  if (model.found) return visitPanel(model, actions);
  if (model.people) return peopleList(model, actions);
  if (model.newcomer) return newcomerForm(model, actions);
  if (model.refused) {
    const { what, todo } = refusalForStaff(model.refused);
    return el(
      "section",
      { class: "card refused", role: "alert", "data-testid": "refused", dataset: { reason: model.refused } },
      icon("hand"),
      el("div", {}, el("h2", {}, what), el("p", {}, todo)),
    );
  }
  return el(
    "section",
    { class: "card empty" },
    icon("scan-line"),
    el(
      "div",
      {},
      el("h2", {}, t("Who is in front of you?")),
      el("p", { class: "muted" }, t("Scan a card or a ticket at any moment. The number is on the ticket, in large.")),
    ),
  );
}

function notices() {
  const shown = [];
  if (model.live === "denied")
    shown.push(
      el("p", { class: "banner banner-trouble", role: "alert" }, icon("circle-alert"), problem("unauthenticated")),
    );
  else if (model.waiting)
    shown.push(
      el(
        "p",
        { class: "banner", role: "status", "data-testid": "waiting" },
        icon("wifi-off"),
        t("The server does not answer. Nothing is lost: we keep trying."),
      ),
    );
  else if (model.live === "stale")
    shown.push(
      el(
        "p",
        { class: "banner banner-notlive", role: "alert", "data-testid": "not-live" },
        icon("wifi-off"),
        el("span", {}, el("strong", {}, t("Not live.")), " ", t("What you see may be out of date; we keep trying.")),
      ),
    );
  if (model.notice)
    shown.push(
      el(
        "p",
        { class: `banner${model.notice.trouble ? " banner-trouble" : ""}`, role: "alert", "data-testid": "notice" },
        icon("info"),
        el("span", {}, model.notice.words()),
      ),
    );
  return shown;
}

function stateName() {
  if (model.staff === undefined) return "loading";
  if (model.staff === null) return "signin";
  return ["found", "people", "newcomer", "refused"].find((name) => model[name])?.replace("found", "visit") ?? "ready";
}

function draw() {
  const state = stateName();
  document.body.dataset.state = state;
  document.body.toggleAttribute("data-busy", model.busy);
  document.title = t("Welcome desk");
  patch(at("title"), t("Welcome desk"));
  patch(at("where"), model.venue ? `${pick(model.venue.event.name)} · ${pick(model.venue.venue.name)}` : "");
  at("languages").setAttribute("aria-label", t("Language"));
  patch(
    at("languages"),
    LANGUAGES.map((code) =>
      el(
        "button",
        {
          type: "button",
          class: "btn btn-sm btn-quiet",
          lang: code,
          dir: dir(code),
          "aria-pressed": String(code === lang()),
          "data-testid": `lang-${code}`,
          onclick: () => switchTo(code),
        },
        NAMES[code],
      ),
    ),
  );
  patch(
    at("who"),
    el("span", { class: "who-time" }, el("bdi", {}, model.data ? clock(model.data.now) : "")),
    model.staff
      ? [
          el("bdi", { class: "who-name", "data-testid": "who" }, model.staff.name),
          el(
            "button",
            { class: "btn btn-sm btn-secondary", type: "button", "data-testid": "sign-out", onclick: signOut },
            icon("log-out"),
            t("Sign out"),
          ),
        ]
      : null,
  );
  patch(at("notices"), notices());
  at("signin").hidden = state !== "signin";
  at("work").hidden = state === "signin" || state === "loading";
  if (state === "signin") {
    patch(at("signin"), signIn(draw, onStaff));
    return;
  }
  patch(at("signin"));
  if (state === "loading") return;
  patch(at("find"), find(entry, { scan, number: openNumber, name: findName, redraw: draw, newcomer }));
  patch(
    at("result"),
    state === "ready"
      ? null
      : el(
          "button",
          {
            class: "btn btn-sm btn-quiet next",
            type: "button",
            "data-testid": "clear",
            "data-key": "clear",
            onclick: actions.clear,
          },
          icon("x"),
          t("Next visitor"),
        ),
    result(),
  );
  patch(at("side"), side(model, openNumber));
}

function onStaff(staff) {
  model.staff = staff;
  draw();
  at("find-text")?.focus();
}

async function signOut() {
  try {
    await del("/session", { retry: false });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code !== "no_session") {
      say(() => problem(error.code), true);
      draw();
      return;
    }
  }
  show({});
  typed("");
  model.staff = null;
  draw();
}

async function switchTo(code) {
  await use(code);
  localStorage.setItem(LANGUAGE, code);
  draw();
}

/** Follows the visit on the desk: calls and tickets move while the visitor stands there. */
async function follow() {
  const { found } = model;
  if (
    found &&
    model.staff &&
    !model.busy &&
    found.visit.state !== "choosing" &&
    document.visibilityState === "visible"
  ) {
    try {
      const visit = await get(`/visits/${found.visit.id}`, { retry: false });
      if (model.found === found && !model.busy) {
        found.visit = visit;
        draw();
      }
    } catch (error) {
      if (!(error instanceof Problem)) throw error; // the page's own state says whether it is live
    }
  }
  setTimeout(follow, FOLLOW_MS);
}

async function untilAnswered(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "no_session") return null;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function start() {
  preloadIcons(["scan-line", "printer", "printer-x", "ticket-check", "hand", "circle-alert", "wifi-off"]);
  let kept = null;
  try {
    kept = localStorage.getItem(LANGUAGE);
  } catch {
    // Not kept; nothing else is lost.
  }
  await use(kept ?? lang());
  draw();
  watch("welcome", "/welcome/snapshot", {
    onData(data) {
      model.data = data;
      draw();
    },
    onState(state) {
      model.live = state;
      draw();
    },
  });
  listen(window, scan);
  const venue = await untilAnswered(() => get("/venue"));
  useTimezone(venue.venue.timezone);
  model.venue = {
    ...venue,
    categories: byId(venue.categories),
    units: byId(venue.units),
    services: byId(venue.services),
    zones: byId(venue.zones),
  };
  const session = await untilAnswered(() => get("/session", { retry: false }));
  model.staff = session?.staff ?? null;
  draw();
  void follow();
}

void start();
