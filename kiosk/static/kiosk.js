/**
 * The arrival kiosk. One page, one visitor at a time; nothing about a visitor outlives their session (no storage, no URL, no history).
 *
 * A scan or a typed code goes to POST /scans; the answer decides what is shown. `document.body.dataset.state` says which state it is:
 *
 *   attract    nobody there: "show your card"            [data-testid=open-keypad] opens the keypad, [data-testid=open-camera]
 *                                                         the camera, where there is one
 *   waiting    a request takes longer than a blink        [data-testid=cancel], [data-testid=handover] after half a minute
 *   greeting   "Welcome", a moment                        [data-testid=continue]
 *   family     who is here                                [data-member=<member id>] toggles, [data-testid=continue], [data-testid=cancel]
 *                                                         [data-testid=apart] splits it up
 *   apart      who goes with whom, of three or more       [data-member=<member id>][data-group=1…3] goes to another group, [data-testid=continue],
 *                                                         [data-testid=back]
 *   services   what for                                   [data-service=<service id>] toggles, [data-testid=confirm], [data-testid=back],
 *                                                         [data-testid=notice] what was refused
 *                                                         [data-offers=<service id>] opens dialog#offers ([data-offer], [data-testid=close-offers])
 *   route      the proposed order of several services     [data-leg=<service id>][data-why=<code>], [data-testid=take-number], [data-testid=back]
 *   result     the number, where to go, the ticket        [data-testid=number], [data-testid=next][data-next=go|wait|…],
 *                                                         [data-testid=ticket][data-ticket=<state>], [data-step=<service id>],
 *                                                         [data-testid=qr] when there is no paper, [data-testid=reprint],
 *                                                         [data-testid=change], [data-testid=done]
 *   numbers    the same for a family that split up        [data-visit=<number>] with its [data-testid=ticket], [data-testid=done]
 *   returning  the same for who comes back                as result, without the ticket; [data-testid=hold], [data-testid=resume],
 *                                                         [data-testid=reprint], [data-testid=opinion], [data-testid=leave],
 *                                                         [data-back=<service id>] brings a missed or parked stop back;
 *                                                         [data-relative=<number>] shows another visit of the family,
 *                                                         [data-testid=resume-all]
 *   hold       how long the place is kept                 [data-minutes=10|20|30], [data-testid=whole] for the family, [data-testid=back]
 *   leave      "do you want to end your visit?"           [data-testid=leave-now], [data-testid=leave-all], [data-testid=back]
 *   left       the visit has ended                        [data-testid=opinion], [data-testid=done]
 *   rate       faces for each stand that served           [data-rate=<service id>][data-score=1…5], [data-testid=continue], [data-testid=back]
 *   themes     what to write about                        [data-kind=opinion|expectation|proposal], [data-testid=continue], [data-testid=back]
 *   write      a text                                     [data-testid=text], [data-ready=0…] ready-made sentences, [data-letter], [data-layout-key],
 *                                                         [data-testid=space], [data-testid=erase-letter], [data-testid=send], [data-testid=back]
 *   thanks     an opinion was kept                        [data-testid=back], [data-testid=done]
 *   refused    what happened, what to do                  body[data-reason=<reason or problem code>], [data-testid=done]
 *
 * Over any of them: the keypad (dialog#keypad: [data-testid=code-input], [data-letter=B]…, [data-testid=erase], [data-testid=send-code],
 * [data-testid=close-keypad], [data-testid=code-state]), the camera (dialog#camera, see camera.js) and the idle warning (dialog#idle: [data-testid=more-time], [data-testid=finish]).
 * [data-testid=access], always at the foot, opens dialog#access: [data-mode=large|contrast|low|voice] toggle, [data-testid=close-access];
 * the root element says what is on: data-text=large, data-contrast=high, data-reach=low, data-voice=on. [data-testid=say-again] repeats
 * what was said. [data-testid=scroll-down|scroll-up] scroll what does not fit. Arrow keys, Tab, Enter and Escape do what fingers do.
 * The language switch is [data-language=ar|fr|zgh|en]; [data-testid=title] is each screen's question or answer.
 *
 * Where things are: what is known in state.js; drawing in screen.js; what buttons do in actions.js; codes in readers.js, their answers in arrive.js;
 * choosing in choose.js; the ticket in paper.js; beginning and forgetting in session.js; one view a state in the other files.
 */
import { get } from "/static/shared/api.js";
import { preloadIcons } from "/static/shared/dom.js";
import { LANGUAGES, useTimezone } from "/static/shared/i18n.js";
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
import { family, greeting } from "./people.js";
import { listenToReaders } from "./readers.js";
import { refused, waiting } from "./refused.js";
import * as result from "./result.js";
import * as route from "./route.js";
import { drawWith, go, parts, render } from "./screen.js";
import * as services from "./services.js";
import { forget } from "./session.js";
import { play } from "./sounds.js";
import { model, STATION } from "./state.js";
import { hold, leave, left } from "./staying.js";

function take(data) {
  model.live = data;
  model.liveAt = performance.now();
  for (const service of data.services) model.services.set(service.id, service);
  render();
}

async function learnVenue() {
  const venue = await get("/venue");
  const byId = (list) => new Map(list.map((one) => [one.id, one]));
  Object.assign(model, {
    venue,
    zones: byId(venue.zones),
    booths: byId(venue.booths),
    categories: byId(venue.categories),
  });
  for (const service of venue.services) if (!model.services.has(service.id)) model.services.set(service.id, service);
  model.ownPrinter = venue.stations?.find((one) => one.id === STATION)?.printer ?? null;
  useTimezone(venue.venue.timezone);
  preloadIcons(venue.services.map((service) => service.pictogram));
  render();
}

function redrawPanels() {
  if (parts.access.open) drawAccess(parts.access, model, actions);
  if (parts.offers.open) drawOffers(parts.offers, model);
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
    family,
    apart,
    services,
    route,
    result,
    numbers,
    returning: result,
    hold,
    leave,
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
const SOUNDS = {
  greeting: "read",
  family: "read",
  numbers: "good",
  returning: "read",
  result: "good",
  thanks: "good",
  left: "good",
  refused: "attention",
};
document.addEventListener("kioskstate", ({ detail: { name } }) => SOUNDS[name] && play(SOUNDS[name]));
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
  onData: take,
  onState(state) {
    model.liveState = state === "live" ? "live" : "stale";
    render();
  },
});
await Promise.race([learnWords(), new Promise((resolve) => setTimeout(resolve, 1500))]);
go("attract");
setTimeout(() => preloadIcons(LATER), 500);
