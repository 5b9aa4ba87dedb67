/** What the kiosk shows while nobody is there: show your card, in all four languages, and how the hall is just now. */
import { doorsWords, oneLine, shut } from "/static/shared/doors.js";
import { el, icon, svg } from "/static/shared/dom.js";
import { number, pick, t, tn } from "/static/shared/i18n.js";
import { serviceState } from "/static/shared/words.js";
import { control, inOtherLanguages, sign, title, waitSpan } from "./parts.js";

/**
 * @import { Actions } from "./actions.js"
 * @import { Model } from "./model.js"
 */

// TRANSLATORS: the one thing to do at the kiosk: hold the member card with its code under the reader. Two or three words.
const invitation = () => t("Show your card");

/**
 * Middle of the attract screen.
 * @param {Model} model
 */
export function stage(model) {
  const { venue, live } = model;
  if (live && shut(live.doors)) return [closed(model, live)];
  return [
    el(
      "section",
      { class: "hero" },
      el("div", { class: "hero-pattern khatam", "aria-hidden": "true" }),
      el("div", { class: "hero-words" }, ...host(venue), title(invitation())),
      // The picture speaks to who cannot read: it is whole on every screen, in every language and mode.
      el(
        "div",
        { class: "hero-show" },
        el("div", { class: "hero-others" }, inOtherLanguages(invitation)),
        el("div", { class: "hero-picture" }, reader()),
      ),
    ),
    how(),
    hall(model),
  ];
}

/**
 * Who receives people here, and under which slogan.
 * @param {Model["venue"]} venue
 */
function host(venue) {
  if (!venue) return [];
  return [
    el("p", { class: "hero-host" }, pick(venue.event.host)),
    el("p", { class: "hero-slogan" }, pick(venue.event.slogan)),
  ];
}

/**
 * Before the doors open and after they have closed: when they open, in place of an invitation that would be refused.
 * @param {Model} model
 * @param {NonNullable<Model["live"]>} live
 */
function closed({ venue }, live) {
  const words = () => doorsWords(live.doors, live.now) ?? { title: "", detail: "" };
  const { title: first, detail } = words();
  return el(
    "section",
    { class: "hero hero-closed", dataset: { key: "closed", testid: "closed" } },
    el("div", { class: "hero-pattern khatam", "aria-hidden": "true" }),
    el(
      "div",
      { class: "hero-words" },
      ...host(venue),
      title(first),
      detail ? el("p", { class: "hero-again" }, detail) : null,
    ),
    el(
      "div",
      { class: "hero-others" },
      inOtherLanguages(() => oneLine(words())),
    ),
  );
}

/** How it works, in four pictures with a few words each. */
function how() {
  const steps = [
    ["id-card", t("Show your card")],
    ["list-checks", t("Tick what you need")],
    ["ticket", t("Take your ticket")],
    ["bell-ring", t("We call you")],
  ];
  return el(
    "ol",
    { class: "how", "aria-label": t("How it works"), dataset: { key: "how" } },
    steps.map(([picture, words], index) =>
      el(
        "li",
        {},
        el(
          "span",
          { class: "how-picture" },
          icon(picture),
          el("span", { class: "how-order number", "aria-hidden": "true" }, index + 1),
        ),
        el("span", {}, words),
      ),
    ),
  );
}

/**
 * Foot of the attract screen.
 * @param {Model} model
 * @param {Actions} actions
 */
export function controls(model, actions) {
  // When all is over no card leads anywhere; before, who is inside may still look up where they stand.
  if (model.live && shut(model.live.doors) && (model.live.doors.ended || model.live.doors.state === "none")) return [];
  return [
    model.hasCamera
      ? control("secondary", "open-camera", t("Show the card to the camera"), actions.openCamera, {
          iconName: "camera",
        })
      : null,
    control(
      "secondary",
      "open-keypad",
      model.hasCamera ? t("Type the code") : t("No reader? Type the code of the card"),
      actions.openKeypad,
      { iconName: "keyboard" },
    ),
  ];
}

/** @param {Model} model */
function hall(model) {
  const live = model.live;
  if (!live) return el("section", { class: "hall" });
  return el(
    "section",
    { class: "hall", "aria-label": t("The hall now") },
    el(
      "div",
      { class: "hall-inside" },
      icon("users"),
      model.liveState === "stale"
        ? el(
            "p",
            { class: "muted" },
            t("The waiting times are not known just now. You can show your card all the same."),
          )
        : el(
            "p",
            {},
            live.inside > 0 ? null : t("Nobody is here yet"),
            el(
              "strong",
              { class: "number", hidden: live.inside === 0, dataset: { testid: "inside" } },
              number(live.inside),
            ),
            " ",
            live.inside > 0 ? insideWords(live.inside) : null,
          ),
    ),
    // Before the first counter opens, one line says when; while nothing is known, the line above says so. Nine times
    // "unknown" says nothing.
    model.liveState === "stale" ? null : (news(live) ?? waits(model, live)),
  );
}

/**
 * How long it takes at each service now.
 * @param {Model} model
 * @param {NonNullable<Model["live"]>} live
 */
function waits(model, live) {
  return el(
    "ul",
    { class: "hall-waits", dataset: { many: String(live.services.length > 9) } },
    live.services.map((service) =>
      el(
        "li",
        { dataset: { key: service.id } },
        sign(model, service.zone, "1.5em"),
        el("span", { class: "hall-name" }, pick(service.name)),
        el("span", { class: "hall-wait" }, serviceState(service) || waitSpan(service.expected_wait)),
      ),
    ),
  );
}

/** @param {NonNullable<Model["live"]>} live */
function news(live) {
  const words = doorsWords(live.doors, live.now);
  return words && el("p", { class: "hall-news", dataset: { testid: "stands-open" } }, words.title);
}

/** @param {number} inside */
function insideWords(inside) {
  // TRANSLATORS: follows the figure itself, which is drawn larger in front of these words.
  return tn("person is here now", "people are here now", inside);
}

/** A drawn card that glides under the reader below the screen. Decoration: the words say the same. */
function reader() {
  const cells = ["1110111", "1010101", "1110111", "0001000", "1101011", "0110110", "1110101"];
  const code = cells.flatMap((row, y) =>
    [...row].map((cell, x) =>
      cell === "1" ? svg("rect", { x: 128 + x * 6, y: 34 + y * 6, width: 6, height: 6 }) : null,
    ),
  );
  return svg(
    "svg",
    { class: "reader", viewBox: "0 0 300 250", "aria-hidden": "true", dataset: { key: "reader" } },
    svg("path", { class: "reader-beam", d: "M112 196L86 128H214L188 196Z" }),
    svg(
      "g",
      { class: "reader-card" },
      svg("rect", { class: "reader-paper", x: 75, y: 16, width: 150, height: 94, rx: 10 }),
      svg("rect", { class: "reader-stripe", x: 75, y: 92, width: 150, height: 6 }),
      svg("g", { class: "reader-code" }, code),
      svg("path", { class: "reader-lines", d: "M90 40H114M90 52H110M90 64H114M186 40H210M186 52H204" }),
    ),
    svg("rect", { class: "reader-body", x: 84, y: 192, width: 132, height: 40, rx: 12 }),
    svg("rect", { class: "reader-glass", x: 106, y: 198, width: 88, height: 10, rx: 5 }),
    svg("path", { class: "reader-arrow", d: "M40 130V196M20 176L40 198L60 176M260 130V196M240 176L260 198L280 176" }),
  );
}
