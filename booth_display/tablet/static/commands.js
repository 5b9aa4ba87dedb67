/**
 * The counter's commands, one at a time. Each keeps its id until the server has answered: through a lost network, an
 * expired session and a reload of the page it is the same command, done once.
 */

import { post, Problem, uuid } from "/static/shared/api.js";

/** A command that a reload found unfinished is sent again only this long after it was given (ms). */
const FRESH_MS = 120_000;

/** What people typed or showed is not written to the browser's storage: with one of these a command lives in memory only. */
const PRIVATE = ["code", "text", "note", "referral"];

export class Commands {
  /**
   * @param {string} station the counter's id
   * @param {object} on
   * @param {() => void} on.change something about `running` changed: draw
   * @param {(command: object, answer: object) => Promise<void>|void} on.done
   * @param {(command: object, problem: Problem) => Promise<void>|void} on.refused
   * @param {(command: object) => void} on.signedOut the session is over; the command is kept for `resume`
   */
  constructor(station, on) {
    this.station = station;
    this.on = on;
    /** The command that is under way: `{action, body, id, waiting}`; `waiting` while the server does not answer. */
    this.running = null;
    /** The command that waits for somebody to sign in. */
    this.kept = null;
    /** A command that a reload found unfinished and that can't be sent again: too old, or with somebody's words in it. */
    this.lost = null;
    this.#recall();
  }

  /** Gives a command. While one is under way this does nothing: a second tap is the same tap. */
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

  async #send({ action, body, id, at, path }) {
    const command = { action, body, id, at, path, waiting: false };
    this.running = command;
    this.abort = new AbortController();
    remember(this.station, command);
    this.on.change();
    try {
      const answer = await post(path ?? `/counters/${encodeURIComponent(this.station)}/${action}`, body, {
        id,
        signal: this.abort.signal,
        onWaiting: () => {
          command.waiting = true;
          this.on.change();
        },
      });
      forget(this.station);
      command.waiting = false;
      await this.on.done(command, answer);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code === "no_session") {
        this.kept = command;
        this.on.signedOut(command);
      } else {
        forget(this.station);
        command.waiting = false;
        await this.on.refused(command, problem);
      }
    } finally {
      this.running = null;
      this.on.change();
    }
  }

  #recall() {
    let command = null;
    try {
      command = JSON.parse(sessionStorage.getItem(key(this.station)));
    } catch {
      // Not ours or damaged: nothing to resume.
    }
    if (!command) return;
    if (command.body && Date.now() - command.at < FRESH_MS) {
      this.kept = command;
      return;
    }
    this.lost = command;
    forget(this.station);
  }
}

const key = (station) => `riwaq.command.${station}`;

function remember(station, { action, body, id, at, path }) {
  const told = PRIVATE.some((name) => name in body);
  sessionStorage.setItem(key(station), JSON.stringify({ action, body: told ? null : body, id, at, path }));
}

function forget(station) {
  sessionStorage.removeItem(key(station));
}
