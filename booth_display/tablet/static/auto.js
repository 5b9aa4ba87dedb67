/** Calling the next visitor by itself after *Finish*: a choice of this tablet, with some seconds to stop it. */

/** Long enough to see it coming and to undo a wrong *Finish*. */
const WAIT_MS = 5000;

export class AutoCall {
  /**
   * @param {string} station
   * @param {object} on
   * @param {() => boolean} on.may whether a call fits at this moment
   * @param {() => void} on.call
   * @param {() => void} on.change
   */
  constructor(station, on) {
    this.key = `riwaq.autocall.${station}`;
    this.on = on;
    this.at = 0;
  }

  get chosen() {
    return localStorage.getItem(this.key) === "yes";
  }

  toggle() {
    if (this.chosen) localStorage.removeItem(this.key);
    else localStorage.setItem(this.key, "yes");
    this.stop();
  }

  /** Seconds until the call; 0 when none is coming. */
  get seconds() {
    return this.at ? Math.max(1, Math.ceil((this.at - Date.now()) / 1000)) : 0;
  }

  /** A service was finished here. */
  finished() {
    if (!this.chosen) return;
    this.at = Date.now() + WAIT_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stop();
      if (this.on.may()) this.on.call();
    }, WAIT_MS);
    this.on.change();
  }

  /** Not now: something else was pressed. */
  stop() {
    clearTimeout(this.timer);
    this.at = 0;
    this.on.change();
  }
}
