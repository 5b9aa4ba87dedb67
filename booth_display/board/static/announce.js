/**
 * Calls said aloud, one after another, each once in its part of the hall.
 *
 * The board asks the server for the word before each call: whoever has it speaks, the other boards in earshot wait. What was said
 * already, here or elsewhere, before a reload or after a reconnect, is not said again; what is old is not said at all.
 */

import { del, post, Problem, uuid } from "/static/shared/api.js";

/**
 * @import { BoardCall } from "api"
 * @import { Voice } from "/static/shared/voice.js"
 *
 * @typedef {{call: BoardCall, id: string, until: number}} Waiting
 */

const STALE_MS = 60_000;
const AGAIN_MS = 1_500;

const keyOf = (/** @type {BoardCall} */ call) => `${call.call}|${call.recall ?? 0}`;

export class Announcer {
  /**
   * @param {string} board its id
   * @param {Pick<Voice, "state" | "play">} voice of voice.js
   */
  constructor(board, voice) {
    this.path = /** @type {const} */ (`/boards/${board}/announcements`);
    this.voice = voice;
    /** @type {Set<string> | null} */
    this.known = null;
    /** @type {Waiting[]} */
    this.waiting = [];
    this.running = false;
  }

  /**
   * Takes the calls of a snapshot.
   * @param {BoardCall[]} calls newest first
   * @param {number} now the server's time of that snapshot, in ms
   */
  take(calls, now) {
    const { known } = this;
    const first = known === null;
    for (const call of [...calls].reverse()) {
      if (known?.has(keyOf(call))) continue;
      const young = now - Date.parse(call.at) < STALE_MS;
      // At the start a recall may be of any age; later, one that is new here was made just now.
      // Who is sent ahead of the call is called just as loudly.
      if (["called", "headed"].includes(call.state) && (young || (call.recall > 0 && !first))) {
        this.waiting.push({ call, id: uuid(), until: performance.now() + STALE_MS });
      }
    }
    this.known = new Set(calls.map(keyOf));
    this.run();
  }

  /** Says what waits. Call it again when sound was allowed. */
  async run() {
    if (this.running) return;
    this.running = true;
    while (this.waiting.length && this.voice.state === "ready") {
      const [next] = this.waiting;
      const pause = performance.now() > next.until ? 0 : await this.#say(next);
      if (pause) await new Promise((resolve) => setTimeout(resolve, pause));
      else this.waiting.shift();
    }
    this.running = false;
  }

  /**
   * Says one call; returns 0 when it is done with, or how long to wait before it is tried again.
   * @param {Waiting} waiting
   */
  async #say({ call, id }) {
    let answer;
    try {
      answer = await post(this.path, { call: call.call, recall: call.recall }, { id, retry: false });
    } catch (problem) {
      // Away: tried again while it is young. Refused: it will not be said.
      return problem instanceof Problem && problem.status ? 0 : AGAIN_MS;
    }
    if (answer.outcome === "wait") return Math.max(100, answer.wait_ms ?? 0);
    if (answer.outcome !== "speak") return 0;
    document.dispatchEvent(
      new CustomEvent("callsaid", { detail: { ...answer, call: call.call, number: call.number } }),
    );
    await this.voice.play(answer.files, { chime: true });
    await del(this.path, { retry: false }).catch(() => {}); // the word comes back by itself after a while
    return 0;
  }
}
