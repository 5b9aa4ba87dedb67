/** What the buttons do; every view gets this object. */

import { use } from "/static/shared/language.js";
import { openAccess } from "./access.js";
import * as again from "./again.js";
import { moveOn, toApart, toGroups } from "./apart.js";
import { scan } from "./arrive.js";
import { openCamera } from "./camera.js";
import { back, backToFamily, backToServices, change, confirm, takeNumber, toServices } from "./choose.js";
import { sayAgain } from "./guide.js";
import { poke } from "./idling.js";
import { openKeypad } from "./keypad.js";
import { openOffers } from "./offers.js";
import * as opinions from "./opinions.js";
import { reprint } from "./paper.js";
import { go, parts, render } from "./screen.js";
import { forget } from "./session.js";
import { model } from "./state.js";

export const actions = {
  back,
  backToFamily,
  backToServices,
  change,
  confirm,
  forget,
  reprint,
  sayAgain,
  takeNumber,
  toServices,
  moveOn,
  toApart,
  toGroups,
  showRelative: again.showRelative,
  hold: again.hold,
  leave: again.leave,
  resume: again.resume,
  toVisit: again.toVisit,
  ...opinions,
  language(code) {
    if (!model.session) model.chosenByHand = true;
    poke();
    use(code);
  },
  openAccess() {
    openAccess(parts.access, model, actions);
  },
  openKeypad() {
    model.keypad ??= openKeypad(parts.keypad, scan);
  },
  openCamera() {
    model.camera ??= openCamera(parts.camera, { onCode: scan, onType: actions.openKeypad });
  },
  openOffers(service) {
    openOffers(parts.offers, model, service);
  },
  toHold() {
    model.session.whole = false;
    go("hold");
  },
  toLeave() {
    go("leave");
  },
  toggleWhole() {
    model.session.whole = !model.session.whole;
    render();
  },
  togglePerson(id) {
    toggle(model.session.present, id);
    render();
  },
  toggleService(id) {
    toggle(model.session.selected, id);
    model.session.notice = "";
    render();
  },
};

function toggle(set, id) {
  if (!set.delete(id)) set.add(id);
}
