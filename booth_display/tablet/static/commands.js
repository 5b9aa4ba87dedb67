/**
 * The counter's commands, one at a time. Each keeps its id until the server has answered: through a lost network, an
 * expired session and a reload of the page it is the same command, done once.
 */

import { post, Problem, uuid } from "/static/shared/api.js";
import { found, written } from "./keeping.js";

/** @import { Given, Kept } from "./keeping.js" */

/** @typedef {Given & {waiting: boolean, standing?: string}} Running `waiting` while the server does not answer */

export class Commands {
  /**
   * @param {string} station the counter's id
   * @param {object} on
   * @param {() => void} on.change something about `running` changed: draw
   * @param {(command: Running, answer: any) => Promise<void> | void} on.done
   * @param {(command: Running, problem: Problem) => Promise<void> | void} on.refused
   * @param {(problem: Problem) => void} on.signedOut the session is over or locked; the command is kept for `resume`
   */
  constructor(station, on) {
    this.station = station;
    this.on = on;
    this.key = `riwaq.command.${station}`;
    /**
     * The command that is under way.
     * @type {Running | null}
     */
    this.running = null;
    const { kept, lost } = found(sessionStorage.getItem(this.key), Date.now());
    /**
     * The command that waits for somebody to sign in.
     * @type {Given | null}
     */
    this.kept = kept ?? null;
    /**
     * A command that a reload found unfinished and that can't be sent again.
     * @type {Kept | null}
     */
    this.lost = lost ?? null;
    if (lost) this.#forget();
  }

  /**
   * Gives a command. While one is under way this does nothing: a second tap is the same tap.
   * @param {string} action
   * @param {{[field: string]: any}} [body]
   * @param {{path?: string}} [more]
   */
  async give(action, body = {}, more = {}) {
    if (this.running) return;
    await this.#send({ action, body, id: uuid(), at: Date.now(), ...more });
  }

  /** Sends the kept command again, if there is one, with the id it had. */
  async resume() {
    const command = this.kept;
    if (!command || this.running) return;
    this.kept = null;
    await this.#send(command);
  }

  /** Stops asking. What the server already did stays done; the next snapshot shows it. */
  abandon() {
    this.abort?.abort(new Problem(0, { code: "abandoned" }));
  }

  /** @param {Given} given */
  async #send({ action, body, id, at, path }) {
    /** @type {Running} */
    const command = { action, body, id, at, path, waiting: false };
    this.running = command;
    this.abort = new AbortController();
    sessionStorage.setItem(this.key, written(command));
    this.on.change();
    try {
      const answer = await post(this.#address(command), body, {
        id,
        signal: this.abort.signal,
        onWaiting: () => {
          command.waiting = true;
          this.on.change();
        },
      });
      this.#forget();
      command.waiting = false;
      await this.on.done(command, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code === "no_session" || problem.code === "session_locked") {
        this.kept = command;
        this.on.signedOut(problem);
      } else {
        this.#forget();
        command.waiting = false;
        await this.on.refused(command, problem);
      }
    } finally {
      this.running = null;
      this.on.change();
    }
  }

  /**
   * Where a command goes.
   * @param {Given} given
   * @returns {`/counters/${string}/scan`} one of the counter's addresses: all of them are asked alike
   */
  #address({ action, path }) {
    return /** @type {any} */ (path ?? `/counters/${encodeURIComponent(this.station)}/${action}`);
  }

  #forget() {
    sessionStorage.removeItem(this.key);
  }
}
