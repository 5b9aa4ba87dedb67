/**
 * The arrival kiosk. One page, one visitor at a time; nothing about a visitor outlives their session (no storage, no URL, no history).
 *
 * A scan or a typed code goes to POST /scans; the answer decides what is shown. `document.body.dataset.state` says which state it is;
 * states.js lists them all with what each shows, what may follow, and the test ids on it.
 *
 * Over any of them: the keypad (dialog#keypad: [data-testid=code-input], [data-letter=B]…, [data-testid=erase], [data-testid=send-code],
 * [data-testid=close-keypad], [data-testid=code-state]), the camera (dialog#camera, see camera.js) and the idle warning (dialog#idle: [data-testid=more-time], [data-testid=finish]).
 * [data-testid=access], always at the foot, opens dialog#access: [data-mode=large|contrast|low|voice] toggle, [data-testid=close-access];
 * the root element says what is on: data-text=large, data-contrast=high, data-reach=low, data-voice=on. [data-testid=say-again] repeats
 * what was said. [data-testid=scroll-down|scroll-up] scroll what does not fit. Arrow keys, Tab, Enter and Escape do what fingers do.
 * The language switch is [data-language=ar|fr|zgh|en]; [data-testid=title] is each screen's question or answer.
 *
 * Where things are: the screens in states.js; what is known in model.js; drawing in screen.js; what buttons do in actions.js; codes in readers.js, their answers in arrive.js;
 * choosing in choose.js; the ticket in paper.js; beginning and forgetting in session.js; one view a state in the other files.
 */
import { get } from "/static/shared/api.js";
import { preloadIcons } from "/static/shared/dom.js";
import { LANGUAGES, useHoursOf } from "/static/shared/i18n.js";
import { load } from "/static/shared/language.js";
import { watch } from "/static/shared/live.js";
import { drawAccess } from "./access.js";
import { actions } from "./actions.js";
import { apart, numbers } from "./apart.js";
import { scan } from "./arrive.js";
import { listenForArrows } from "./arrows.js";
import * as attract from "./attract.js";
import { startGuide } from "./guide.js";
import { startIdle } from "./idling.js";
import { lockDown } from "./lockdown.js";
import { drawOffers } from "./offers.js";
import { rate, thanks, themes, write } from "./opinion.js";
import { company, family, greeting } from "./people.js";
import { listenToReaders } from "./readers.js";
import { card, refused, waiting } from "./refused.js";
import * as result from "./result.js";
import * as route from "./route.js";
import { dialogs, drawWith, go, render } from "./screen.js";
import * as services from "./services.js";
import { forget } from "./session.js";
import { play } from "./sounds.js";
import { model, STATION } from "./model.js";
import { STATES } from "./states.js";
import { hold, leave, left } from "./staying.js";

/** @import { KioskData } from "api" */

/** @param {KioskData} data */
function take(data) {
  model.live = data;
  model.liveAt = performance.now();
  for (const service of data.services) model.services.set(service.id, service);
  render();
}

async function learnVenue() {
  const venue = await get("/venue");
  model.venue = venue;
  const { gone } = venue;
  // What is gone has its last name: a visit may still speak of it.
  model.zones = new Map([...gone.zones, ...venue.zones].map((one) => [one.id, one]));
  model.booths = new Map([...gone.booths, ...venue.booths].map((one) => [one.id, one]));
  model.categories = new Map([...gone.categories, ...venue.categories].map((one) => [one.id, one]));
  for (const service of [...venue.services, ...gone.services])
    if (!model.services.has(service.id)) model.services.set(service.id, service);
  model.ownPrinter = venue.stations?.find((one) => one.id === STATION)?.printer ?? null;
  useHoursOf(venue.venue);
  preloadIcons(venue.services.map((service) => service.pictogram));
  render();
}

function redrawPanels() {
  if (dialogs.access.open) drawAccess(dialogs.access, model, actions);
  if (dialogs.offers.open) drawOffers(dialogs.offers, model);
}

/** All four languages, so that a switch is immediate and the invitation stands in each; asked again until they are there. */
async function learnWords() {
  const there = await Promise.all(LANGUAGES.map(load));
  render();
  if (!there.every(Boolean)) setTimeout(learnWords, 3000);
}

drawWith(
  {
    attract,
    waiting,
    greeting,
    company,
    family,
    apart,
    services,
    route,
    result,
    numbers,
    returning: result,
    hold,
    leave,
    card,
    left,
    rate,
    themes,
    write,
    thanks,
    refused,
  },
  actions,
);
for (const kind of ["languagechange", "modechange"]) {
  document.addEventListener(kind, () => {
    render();
    redrawPanels();
  });
}
// What happened is heard as well as seen.
document.addEventListener("kioskstate", ({ detail: { name } }) => {
  if (STATES[name].sound) play(STATES[name].sound);
});
listenToReaders(scan);
listenForArrows();
startGuide();
startIdle();
lockDown(forget);

// Drawn before they are needed, so that no screen appears with holes; the rest follows when the page is ready.
const ICONS = [
  "accessibility",
  "arrow-right",
  "bell-ring",
  "check",
  "circle-alert",
  "hand-heart",
  "id-card",
  "keyboard",
  "list-checks",
  "tag",
  "ticket",
  "users",
];
const LATER = [
  "a-large-small",
  "angry",
  "arrow-down",
  "arrow-down-to-line",
  "arrow-left",
  "arrow-up",
  "camera",
  "circle-check",
  "clock",
  "concierge-bell",
  "contrast",
  "delete",
  "door-open",
  "frown",
  "hand",
  "hourglass",
  "info",
  "laugh",
  "lightbulb",
  "log-out",
  "meh",
  "messages-square",
  "minus",
  "play",
  "printer",
  "printer-x",
  "smile",
  "space",
  "split",
  "telescope",
  "ticket-check",
  "undo-2",
  "volume-2",
  "wifi-off",
];
preloadIcons(ICONS);
// Asked for all at once; nothing is drawn before the words are there.
learnVenue();
watch("kiosk", `/kiosks/${encodeURIComponent(STATION)}/snapshot`, {
  onRestart: learnVenue,
  onData: take,
  onState(state) {
    model.liveState = state === "live" ? "live" : "stale";
    render();
  },
});
await Promise.race([learnWords(), new Promise((resolve) => setTimeout(resolve, 1500))]);
go("attract");
setTimeout(() => preloadIcons(LATER), 500);
