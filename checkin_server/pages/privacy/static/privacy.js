/**
 * The page of who answers for the data: signs in, finds a member, tells and erases; who looked at whom; what is forgotten when.
 *
 * For tests and style: `<body data-state>` is loading, nobody, wrong, or the part that is shown: members, audit, keeping;
 * `data-busy` is there while something is under way.
 */
import { client, get } from "/static/shared/api.js";
import { at, el, icon, patch, preloadIcons } from "/static/shared/dom.js";
import { lang, pick, t, useHoursOf } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { languageButtons } from "/static/shared/language_buttons.js";
import { askWhoIsThere, signedIn } from "/static/shared/person.js";
import { actions, drawWith, leave } from "./actions.js";
import { auditPart } from "./audit.js";
import { keepingPart } from "./keeping.js";
import { membersPart } from "./members.js";
import { model } from "./model.js";

/** @import { Tab } from "./model.js" */

const LANGUAGE = "riwaq.privacy.language";
const RETRY_MS = 3000;

/** @returns {[Tab, string, string][]} */
function tabs() {
  return [
    ["members", "user", t("A member's rights")],
    ["audit", "eye", t("Who looked")],
    ["keeping", "history", t("What is forgotten")],
  ];
}

function drawHead() {
  document.title = t("Personal data");
  patch(at("title"), t("Personal data"));
  const { venue } = model;
  patch(at("where"), venue ? `${pick(venue.event.name)} · ${pick(venue.venue.name)}` : "");
  at("languages").setAttribute("aria-label", t("Language"));
  patch(at("languages"), languageButtons(switchTo));
  patch(at("who"), signedIn());
  at("tabs").hidden = model.who !== "in";
  at("tabs").setAttribute("aria-label", t("Parts of this page"));
  patch(
    at("tabs"),
    tabs().map(([tab, sign, words]) =>
      el(
        "button",
        {
          type: "button",
          class: "tab",
          "aria-current": model.tab === tab ? "page" : null,
          "data-testid": `tab-${tab}`,
          onclick: () => actions.open(tab),
        },
        icon(sign),
        words,
      ),
    ),
  );
}

/** Nobody is here who may: whose page this is, and the way in. */
function gate() {
  return el(
    "section",
    { class: "card gate", "data-testid": "gate" },
    el("h2", {}, t("For who answers for the data")),
    model.who === "wrong"
      ? el(
          "p",
          { class: "banner banner-trouble", role: "alert", "data-testid": "wrong" },
          icon("circle-alert"),
          t("Who is signed in here has another role. Who answers for the data signs in."),
        )
      : el("p", { class: "muted" }, t("What is kept of members is seen here with a name and a PIN only.")),
    el(
      "button",
      { class: "btn btn-primary", type: "button", "data-testid": "sign-in", onclick: signIn },
      icon("user"),
      t("Sign in"),
    ),
  );
}

function notices() {
  if (model.waiting)
    return el(
      "p",
      { class: "banner", role: "status" },
      icon("wifi-off"),
      t("The server does not answer. Nothing is lost: we keep trying."),
    );
  if (!model.notice) return null;
  return el(
    "p",
    { class: `banner${model.notice.trouble ? " banner-trouble" : ""}`, role: "alert", "data-testid": "notice" },
    icon("info"),
    el("span", {}, model.notice.words()),
  );
}

function content() {
  if (model.who === "loading") return el("p", { class: "muted" }, t("One moment…"));
  if (model.who !== "in") return gate();
  if (model.tab === "audit") return auditPart(actions);
  return model.tab === "keeping" ? keepingPart() : membersPart(actions);
}

function draw() {
  document.body.dataset.state = model.who === "in" ? model.tab : model.who;
  document.body.toggleAttribute("data-busy", model.busy);
  drawHead();
  patch(at("notices"), notices());
  patch(at("content"), content());
}

async function signIn() {
  if (await client.askPerson?.()) await actions.begin();
}

/** @param {string} code */
async function switchTo(code) {
  await use(code);
  localStorage.setItem(LANGUAGE, code);
  draw();
}

async function learnVenue() {
  try {
    model.venue = await get("/venue");
    useHoursOf(model.venue.venue);
    draw();
  } catch {
    setTimeout(learnVenue, RETRY_MS);
  }
}

let known = false;
/** @param {boolean} somebody is signed in */
function onPerson(somebody) {
  // Signing out here, or a PIN that counts no more: what was shown goes.
  if (known && !somebody && model.who === "in") leave();
  known = somebody;
  draw();
}

preloadIcons(["search", "eye", "history", "user", "user-x", "download", "shield-check"]);
drawWith(draw);
await use(localStorage.getItem(LANGUAGE) ?? lang());
draw();
await learnVenue();
await askWhoIsThere(() => onPerson(Boolean(signedIn())), true);
await actions.begin();
