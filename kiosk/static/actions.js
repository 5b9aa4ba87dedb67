/** What the buttons do; every view gets this object. */

import { use } from "/static/shared/language.js";
import { openAccess } from "./access.js";
import * as again from "./again.js";
import { moveOn, toApart, toGroups } from "./apart.js";
import { reopenFromCard, scan } from "./arrive.js";
import { openCamera } from "./camera.js";
import { askCard, back, backToFamily, backToServices, change, confirm, takeNumber, toServices } from "./choose.js";
import { sayAgain } from "./guide.js";
import { poke } from "./idling.js";
import { openKeypad } from "./keypad.js";
import { openOffers } from "./offers.js";
import * as opinions from "./opinions.js";
import { reprint } from "./paper.js";
import { dialogs, go, render } from "./screen.js";
import { forget } from "./session.js";
import { here, model } from "./model.js";

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
  reopen: again.reopen,
  reopenFromCard,
  resume: again.resume,
  toVisit: again.toVisit,
  ...opinions,
  /** @param {string} code */
  language(code) {
    if (!model.session) model.chosenByHand = true;
    poke();
    use(code);
  },
  openAccess() {
    openAccess(dialogs.access, model, actions);
  },
  openKeypad() {
    model.keypad ??= openKeypad(dialogs.keypad, scan);
  },
  openCamera() {
    model.camera ??= openCamera(dialogs.camera, { onCode: scan, onType: actions.openKeypad });
  },
  /** @param {string} service */
  openOffers(service) {
    openOffers(dialogs.offers, model, service);
  },
  toHold() {
    here().whole = false;
    go("hold");
  },
  toLeave() {
    if (here().member) go("leave");
    else askCard("leave");
  },
  /** Back from where the card was asked for, to the tiles as they were ticked or to the visit. */
  fromCard() {
    const { wanted } = here();
    here().wanted = null;
    if (wanted?.action === "choose") go("services");
    else again.toVisit();
  },
  /** The family is here too: only now does it stand on the screen. */
  toFamily() {
    here().relatives = true;
    go("family");
  },
  /** Whoever is here alone; the family stays unnamed. */
  toAlone() {
    const session = here();
    const me = session.member.party.find((person) => person.self)?.id;
    Object.assign(session, { relatives: false, present: new Set(me ? [me] : []) });
    toServices();
  },
  showRelatives() {
    here().relatives = true;
    render();
  },
  toggleWhole() {
    here().whole = !here().whole;
    render();
  },
  /** @param {string} id */
  togglePerson(id) {
    toggle(here().present, id);
    render();
  },
  /** @param {string} id */
  toggleService(id) {
    toggle(here().selected, id);
    here().notice = "";
    render();
  },
};

/**
 * @param {Set<string>} set
 * @param {string} id
 */
function toggle(set, id) {
  if (!set.delete(id)) set.add(id);
}

/** @typedef {typeof actions} Actions */
