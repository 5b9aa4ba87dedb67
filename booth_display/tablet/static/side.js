/** Right: this stand's queue, who was set aside, how busy the others are, the day so far. */

import { el, icon, zoneSign } from "/static/shared/dom.js";
import { NAMES, number, pick, t, tn } from "/static/shared/i18n.js";
import { minutes } from "/static/shared/waits.js";
import { stepState } from "/static/shared/words.js";

/**
 * @import { BusyBooth, CounterData, QueueEntry, SetAside } from "api"
 * @import { Hall } from "./hall.js"
 * @import { Shown } from "./state.js"
 */

/**
 * @param {Shown} shown
 * @param {{aside: (entry: SetAside) => void}} on
 */
export function side({ data, hall, nowMs }, on) {
  const hidden = data.waiting - data.queue.length;
  return [
    el(
      "section",
      { class: "queue", "data-testid": "queue" },
      el("h2", {}, t("Queue"), el("span", { class: "count", "data-testid": "waiting" }, number(data.waiting))),
      data.queue.length
        ? el(
            "ol",
            { class: "waiters", tabindex: 0, "aria-label": t("Queue") },
            data.queue.map((entry) => waiter(entry, data, hall, nowMs)),
          )
        : el("p", { class: "muted" }, t("The queue is empty.")),
      hidden > 0 ? el("p", { class: "muted" }, tn("and {n} more", "and {n} more", hidden)) : null,
    ),
    data.aside.length ? setAside(data, on) : null,
    el(
      "section",
      { class: "others", tabindex: 0, "aria-label": t("Other stands") },
      el("h2", {}, t("Other stands")),
      el(
        "ul",
        { class: "stands" },
        data.others.map((other) => stand(other, hall)),
      ),
    ),
    el(
      "p",
      { class: "today" },
      el("span", {}, tn("{n} served today", "{n} served today", data.today.served)),
      data.today.mean_service_s
        ? el("span", {}, t("{time} on average", { time: minutes(data.today.mean_service_s) }))
        : null,
    ),
  ];
}

/**
 * @param {QueueEntry} entry
 * @param {CounterData} data
 * @param {Hall} hall
 * @param {number} nowMs
 */
function waiter(entry, data, hall, nowMs) {
  return el(
    "li",
    { class: entry.free ? "waiter" : "waiter waiter-away", "data-key": `${entry.number}-${entry.service}` },
    el("strong", { class: "number" }, String(entry.number)),
    el("span", { class: "waiter-what" }, whatOf(entry, data, hall, nowMs)),
    el("span", { class: "waiter-party" }, entry.party_size > 1 ? [icon("users"), number(entry.party_size)] : null),
    el("span", { class: "waiter-since" }, minutes(Math.max(0, (nowMs - Date.parse(entry.since)) / 1000))),
  );
}

/**
 * What is told of somebody in the queue: where they are, or what they come for where the counter gives several services.
 * @param {QueueEntry} entry
 * @param {CounterData} data
 * @param {Hall} hall
 * @param {number} nowMs
 */
function whatOf(entry, { counter }, hall, nowMs) {
  if (entry.state === "headed") return stepState("headed");
  if (entry.again_at) {
    const seconds = Math.max(0, (Date.parse(entry.again_at) - nowMs) / 1000);
    // TRANSLATORS: of a visitor who missed a call: {time} is "2 min" or the like.
    return t("called again in {time}", { time: minutes(Math.ceil(seconds / 60) * 60) });
  }
  if (entry.free) return counter.services.length > 1 ? pick(hall.service(entry.service).name) : NAMES[entry.locale];
  return entry.for_counter && entry.for_counter !== counter.id
    ? t("for counter {label}", { label: hall.counter(entry.for_counter).label })
    : t("at another stand");
}

/**
 * @param {CounterData} data
 * @param {{aside: (entry: SetAside) => void}} on
 */
function setAside(data, on) {
  return el(
    "section",
    { class: "aside" },
    el("h2", {}, t("Set aside or missed")),
    el(
      "div",
      { class: "asides", "data-testid": "asides" },
      data.aside.map((entry) =>
        el(
          "button",
          {
            class: "btn btn-sm btn-quiet",
            type: "button",
            "data-key": entry.step,
            "data-testid": `aside-${entry.number}`,
            "aria-label": t("Number {number}", { number: entry.number }),
            onClick: () => on.aside(entry),
          },
          String(entry.number),
        ),
      ),
    ),
  );
}

/**
 * @param {BusyBooth} busy
 * @param {Hall} hall
 */
function stand({ booth: id, waiting, counters_open: open, expected_wait: wait }, hall) {
  const booth = hall.booth(id);
  return el(
    "li",
    { class: open ? "stand" : "stand stand-closed" },
    zoneSign(hall.zone(booth.zone), "1.5em"),
    el("span", { class: "stand-name" }, pick(booth.name)),
    open
      ? el(
          "span",
          { class: "stand-busy" },
          el("strong", {}, number(waiting)),
          wait ? el("span", { class: "stand-wait" }, minutes(wait.p90)) : null,
        )
      : el(
          "span",
          { class: "stand-busy" },
          el("span", { "aria-hidden": "true" }, "–"),
          el("span", { class: "visually-hidden" }, t("closed")),
        ),
  );
}
