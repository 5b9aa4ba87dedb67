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
 *   services   what for                                   [data-service=<service id>] toggles, [data-testid=confirm], [data-testid=back],
 *                                                         [data-testid=notice] what was refused
 *   result     the number, where to go, the ticket        [data-testid=number], [data-testid=next][data-next=go|wait|…],
 *                                                         [data-testid=ticket][data-ticket=<state>], [data-step=<service id>],
 *                                                         [data-testid=qr] when there is no paper, [data-testid=reprint],
 *                                                         [data-testid=change], [data-testid=done]
 *   returning  the same for who comes back                as result, without the ticket; [data-testid=reprint]
 *   refused    what happened, what to do                  body[data-reason=<reason or problem code>], [data-testid=done]
 *
 * Over any of them: the keypad (dialog#keypad: [data-testid=code-input], [data-letter=B]…, [data-testid=erase], [data-testid=send-code],
 * [data-testid=close-keypad], [data-testid=code-state]), the camera (dialog#camera, see camera.js) and the idle warning (dialog#idle: [data-testid=more-time], [data-testid=finish]).
 * The language switch is [data-language=ar|fr|zgh|en]; [data-testid=title] is each screen's question or answer.
 *
 * Where things are: what is known in state.js; drawing in screen.js; what buttons do in actions.js; codes in readers.js, their answers in arrive.js;
 * choosing in choose.js; the ticket in paper.js; beginning and forgetting in session.js; one view a state in the other files.
 */
import { get } from "/static/shared/api.js";
import { preloadIcons } from "/static/shared/dom.js";
import { LANGUAGES, load, useTimezone } from "/static/shared/i18n.js";
import { watch } from "/static/shared/live.js";
import { actions } from "./actions.js";
import { scan } from "./arrive.js";
import * as attract from "./attract.js";
import { startIdle } from "./idling.js";
import { lockDown } from "./lockdown.js";
import { family, greeting } from "./people.js";
import { listenToReaders } from "./readers.js";
import { refused, waiting } from "./refused.js";
import * as result from "./result.js";
import { drawWith, go, render } from "./screen.js";
import * as services from "./services.js";
import { forget } from "./session.js";
import { model, STATION } from "./state.js";

function take(data) {
  model.live = data;
  for (const service of data.services) model.services.set(service.id, service);
  render();
}

async function learnVenue() {
  const venue = await get("/venue");
  const byId = (list) => new Map(list.map((one) => [one.id, one]));
  Object.assign(model, { venue, zones: byId(venue.zones), booths: byId(venue.booths), categories: byId(venue.categories) });
  for (const service of venue.services) if (!model.services.has(service.id)) model.services.set(service.id, service);
  model.ownPrinter = venue.stations?.find((one) => one.id === STATION)?.printer ?? null;
  useTimezone(venue.venue.timezone);
  preloadIcons(venue.services.map((service) => service.pictogram));
  render();
}

/** All four languages, so that a switch is immediate and the invitation stands in each; asked again until they are there. */
async function learnWords() {
  const there = await Promise.all(LANGUAGES.map(load));
  render();
  if (!there.every(Boolean)) setTimeout(learnWords, 3000);
}

drawWith({ attract, waiting, greeting, family, services, result, returning: result, refused }, actions);
document.addEventListener("languagechange", render);
listenToReaders(scan);
startIdle();
lockDown(forget);

preloadIcons(["check", "arrow-right", "list-checks", "hand-heart", "users", "keyboard", "bell-ring", "printer", "ticket-check", "printer-x", "hand", "concierge-bell", "circle-alert", "hourglass", "wifi-off", "circle-check", "clock", "delete", "minus"]);
await Promise.race([learnWords(), new Promise((resolve) => setTimeout(resolve, 1500))]);
go("attract");
learnVenue();
watch("kiosk", `/kiosks/${encodeURIComponent(STATION)}/snapshot`, {
  onData: take,
  onState(state) {
    model.liveState = state === "live" ? "live" : "stale";
    render();
  },
});
