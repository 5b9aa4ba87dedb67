// The day itself: how it stands, and what an organiser can do about it. Closing, ending now, opening.

import { post, Problem } from "/static/shared/api.js";
import { doorsWords, oneLine } from "/static/shared/doors.js";
import { el, icon, replace } from "/static/shared/dom.js";
import { clock, date, t, tn } from "/static/shared/i18n.js";
import { problem } from "/static/shared/refusal_words.js";

/**
 * @import { DashboardData } from "api"
 * @import { Child } from "/static/shared/dom.js"
 *
 * @typedef {"close" | "end" | "open"} What
 * @typedef {{what: What, day?: string}} Wish
 * @typedef {(wish: Wish) => void} Ask
 */

/**
 * The day in one line, for the head.
 * @param {DashboardData} data
 */
export function dayLine(data) {
  const { day } = data;
  if (!day) return t("The day is not open yet.");
  if (day.state === "closed") return t("The day is closed. These are its final figures.");
  if (day.state === "closing") return t("The day is closing.");
  const hours = { from: clock(day.opens_at), to: clock(day.closes_at) };
  // Not of this day alone, or left open from another one: the hours say nothing without their date.
  if (date(day.opens_at) !== date(data.now) || date(day.closes_at) !== date(data.now))
    return t("{date}: open from {from} to {to}", { date: date(day.opens_at), ...hours });
  return t("Open from {from} to {to}", hours);
}

/**
 * What stands in the head beside that line: the way to close an open day.
 * @param {DashboardData} data
 * @param {Ask} ask
 */
export function closeButton(data, ask) {
  return data.day?.state === "open" ? button("close", t("Close the day"), () => ask({ what: "close" })) : null;
}

/**
 * The bar above the figures while the day is not simply open: how it stands, and what can be done.
 * @param {DashboardData} data
 * @param {Ask} ask
 * @returns {Child[]}
 */
export function dayBar(data, ask) {
  const { day } = data;
  if (day?.state === "open") return [];
  const closing = day?.state === "closing";
  const words = closing ? closingWords(data) : overWords(data);
  const ways = closing
    ? [
        button("end", t("End it now"), () => ask({ what: "end" }), "btn-danger"),
        button("open", t("Open it again"), () => ask({ what: "open", day: day.id })),
      ]
    : openButtons(data, ask);
  return [
    icon(closing ? "hourglass" : "door-closed"),
    el("div", { class: "daybar__words" }, words),
    el("div", { class: "daybar__ways" }, ways),
  ];
}

/** @param {DashboardData} data */
function closingWords({ day }) {
  if (!day) return [];
  return [
    el(
      "p",
      { class: "daybar__title", "data-testid": "still-served" },
      tn("{n} visitor is still being served.", "{n} visitors are still being served.", day.at_counters),
    ),
    el(
      "p",
      {},
      t("Nobody is let in, sent or called any more."),
      " ",
      day.ends_by ? t("The day ends with the last of them, or at {time}.", { time: clock(day.ends_by) }) : null,
    ),
  ];
}

/** @param {DashboardData} data */
function overWords(data) {
  const { day, doors } = data;
  const next = doorsWords(doors, data.now);
  const left = day?.incomplete ?? 0;
  return [
    el("p", { class: "daybar__title" }, next ? oneLine(next) : ""),
    day
      ? el(
          "p",
          {},
          t("These are the final figures of {date}.", { date: date(day.id) }),
          " ",
          left ? tn("{n} visit ended incomplete.", "{n} visits ended incomplete.", left) : null,
        )
      : null,
  ];
}

/**
 * The days that can be opened: the next one first, and the one that was closed last.
 * @param {DashboardData} data
 * @param {Ask} ask
 */
function openButtons(data, ask) {
  const next = data.days.find(({ state }) => state === "planned");
  const again = data.day && data.days.some(({ id }) => id === data.day?.id) ? data.day.id : null;
  return [
    next
      ? button(
          "open",
          t("Open {date}", { date: date(next.id) }),
          () => ask({ what: "open", day: next.id }),
          "btn-primary",
        )
      : null,
    again
      ? button("again", t("Go on with {date}", { date: date(again) }), () => ask({ what: "open", day: again }))
      : null,
  ];
}

/**
 * @param {string} id
 * @param {string} words
 * @param {() => void} press
 * @param {string} tone
 */
function button(id, words, press, tone = "btn-secondary") {
  return el(
    "button",
    {
      type: "button",
      class: `btn ${tone} day-way`,
      "data-testid": `day-${id}`,
      "aria-haspopup": "dialog",
      onclick: press,
    },
    words,
  );
}

/**
 * Asks once more, says what will happen, and does it; the dialog closes when the server has done it.
 * @param {HTMLDialogElement} dialog
 * @param {Wish} wish
 * @param {DashboardData} data
 */
export function askAboutDay(dialog, wish, data) {
  const error = el("p", { class: "rule__error", role: "alert", "data-testid": "day-error" });
  const asked = questions(wish, data);
  const ways = asked.ways.map(({ words, tone, send, testid }) => {
    const way = el("button", { type: "button", class: `btn ${tone}`, "data-testid": testid }, words);
    way.addEventListener("click", async () => {
      for (const one of ways) one.disabled = true;
      error.textContent = "";
      try {
        await send();
        dialog.close();
      } catch (failure) {
        error.textContent = refused(failure);
      }
      for (const one of ways) one.disabled = false;
    });
    return way;
  });
  dialog.setAttribute("aria-labelledby", "day-title");
  replace(
    dialog,
    el(
      "div",
      { class: "rule" },
      el("h2", { class: "rule__title", id: "day-title" }, asked.title),
      asked.lines.map((line) => el("p", { class: "rule__now" }, line)),
      error,
      el(
        "div",
        { class: "rule__buttons" },
        el("button", { type: "button", class: "btn btn-quiet", onclick: () => dialog.close() }, t("Cancel")),
        ways,
      ),
    ),
  );
  dialog.showModal();
}

/** @param {unknown} failure */
function refused(failure) {
  if (!(failure instanceof Problem)) return problem("unavailable");
  if (failure.code === "wrong_state" && failure.body.state === "open")
    return t("Another day is still open. Close it first.");
  if (failure.code === "wrong_state") return t("The day is closed already.");
  return problem(failure.code);
}

/**
 * @param {Wish} wish
 * @param {DashboardData} data
 * @returns {{title: string, lines: string[], ways: {words: string, tone: string, testid: string, send: () => Promise<unknown>}[]}}
 */
function questions({ what, day }, data) {
  const end = {
    words: t("End it now"),
    tone: "btn-danger",
    testid: "day-end-now",
    send: () => post("/day/close", { now: true }),
  };
  const served = data.day?.at_counters ?? 0;
  const atCounters = tn("{n} visitor is called or being served.", "{n} visitors are called or being served.", served);
  if (what === "open")
    return {
      title: t("Open {date}", { date: date(day ?? "") }),
      lines: [t("Visitors are let in during its hours. Counters are opened by their staff.")],
      ways: [
        {
          words: t("Open the day"),
          tone: "btn-primary",
          testid: "day-open-now",
          send: () => post("/day/open", { day: day ?? "" }),
        },
      ],
    };
  const ended = t("What is left ends as incomplete, counters are closed and staff are signed out.");
  if (what === "end") return { title: t("End the day now?"), lines: [served ? atCounters : "", ended], ways: [end] };
  const waiting = Math.max(0, data.inside - served);
  return {
    title: t("Close the day?"),
    lines: [
      t("Nobody is let in, sent or called any more."),
      tn("{n} visitor still waits.", "{n} visitors still wait.", waiting),
      served ? `${atCounters} ${t("They are served to the end.")}` : ended,
    ],
    ways: [
      ...(served ? [end] : []),
      {
        words: t("Close the day"),
        tone: "btn-primary",
        testid: "day-close-now",
        send: () => post("/day/close", { now: false }),
      },
    ],
  };
}
