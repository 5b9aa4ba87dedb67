/** Every way a card's code reaches the kiosk: a scanner that types, one on a serial line, the camera, and the keys on the screen. */
import { listen } from "/static/shared/scanner.js";
import { watchCameras } from "./camera.js";
import { dialogs, render } from "./screen.js";
import { listenSerial } from "./serial.js";
import { model } from "./model.js";

/**
 * Listens to all readers for good; `onCode(code)` is called with each code, whichever read it.
 * @param {(code: string) => void} onCode
 */
export function listenToReaders(onCode) {
  listen(window, onCode);
  listenSerial(onCode);
  watchCameras((there) => {
    model.hasCamera = there;
    render();
  });
  document.addEventListener("languagechange", () => {
    model.keypad?.redraw();
    model.camera?.redraw();
  });
  // However the dialog was closed, by its button or the Escape key, nothing of it goes on.
  for (const name of /** @type {const} */ (["keypad", "camera"])) {
    dialogs[name].addEventListener("close", () => {
      if (dialogs[name].open) return; // opened again in the meantime
      const open = model[name];
      model[name] = null;
      open?.close();
    });
  }
}
