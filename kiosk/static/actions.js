/** What the buttons do; every view gets this object. */
import { use } from "/static/shared/i18n.js";
import { scan } from "./arrive.js";
import { openCamera } from "./camera.js";
import { back, change, confirm, toServices } from "./choose.js";
import { poke } from "./idling.js";
import { openKeypad } from "./keypad.js";
import { reprint } from "./paper.js";
import { parts, render } from "./screen.js";
import { forget } from "./session.js";
import { model } from "./state.js";

export const actions = {
  back,
  change,
  confirm,
  forget,
  reprint,
  toServices,
  language(code) {
    if (!model.session) model.chosenByHand = true;
    poke();
    use(code);
  },
  openKeypad() {
    model.keypad ??= openKeypad(parts.keypad, scan);
  },
  openCamera() {
    model.camera ??= openCamera(parts.camera, { onCode: scan, onType: actions.openKeypad });
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
