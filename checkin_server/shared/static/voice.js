/**
 * The one player of speech, for boards and kiosks: a queue, so that nothing overlaps; recordings joined in order; a chime.
 *
 *   const voice = new Voice({ volume: 0.9, onState: (state) => … });   // "ready" or "blocked"
 *   voice.unlock();                                   // in a click or touch, where the browser asks for one
 *   await voice.say({ lang: "fr", parts: ["kiosk-ticket", 71], text: "Prenez votre ticket, numéro 71." });
 *   voice.stop();                                     // silence now; what waits is forgotten
 *
 * `parts` are names of recordings (voice/<lang>/<name>.ogg) and numbers, which are joined from several recordings. When one of
 * them is missing, the machine's voice reads `text` if the venue allows it in that language; else nothing is heard. What is
 * said stands on the screen as well, always.
 *
 * `say` and `play` resolve with "spoken", "silent" (nobody can say it; a chime was played if asked for), "stopped" or "blocked".
 * While something is heard, `document` gets events "voicestart" and "voiceend" with `detail: {files, chime}`.
 */
import { get, headers } from "./api.js";

/**
 * @typedef {"spoken" | "silent" | "stopped" | "blocked"} Outcome
 * @typedef {{buffer: AudioBuffer, from: number, to: number}} Sound `from` and `to` in seconds
 */

const GAP_S = 0.04;
/** Quieter than this (1 is full) counts as silence at a recording's ends. */
const SILENCE = 0.012;
const KEPT = 400;
const LATE_MS = 1500;
/** Our chime: two notes, a falling third, soft at the start and long at the end; frequency in Hz, start in seconds. */
const CHIME = [
  [784, 0],
  [622.25, 0.32],
];
const CHIME_S = 1.15;

export class Voice {
  /** @param {{volume?: number, onState?: (state: "ready" | "blocked") => void}} [options] */
  constructor({ volume = 0.9, onState } = {}) {
    this.volume = volume;
    this.onState = onState;
    /** @type {"ready" | "blocked"} */
    this.state = "blocked";
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Map<string, Promise<Sound>>} */
    this.buffers = new Map();
    /** @type {Promise<unknown>} */
    this.tail = Promise.resolve();
    this.round = 0;
    /** @type {Set<AudioBufferSourceNode>} */
    this.sounding = new Set();
    /** @type {Promise<Sound> | undefined} */
    this.ownChime = undefined;
    this.#open();
  }

  /**
   * Says something; see above. Options: `chime` plays it first.
   * @param {{lang: string, parts?: (string | number)[], text?: string, chime?: boolean}} what
   * @returns {Promise<Outcome>}
   */
  say({ lang, parts = [], text = "", chime = false }) {
    return this.#next(async (round) => {
      const query = new URLSearchParams({ lang, parts: parts.join(","), text });
      /** @type {string[]} */
      let files = [];
      try {
        ({ files } = await get(`/voice?${query}`, { retry: false }));
      } catch {
        // Unknown or away: the words stand on the screen.
      }
      return this.#sound(files, chime, round);
    });
  }

  /**
   * Plays files one after another, after all that waits already.
   * @param {string[]} files
   * @param {{chime?: boolean}} [options]
   * @returns {Promise<Outcome>}
   */
  play(files, { chime = false } = {}) {
    return this.#next((round) => this.#sound(files, chime, round));
  }

  /** Silence now; what waits is forgotten. */
  stop() {
    this.round += 1;
    for (const source of this.sounding) source.stop();
    this.sounding.clear();
  }

  /** Asks the browser for sound: call it in a click or touch. Resolves with whether it is allowed. */
  async unlock() {
    this.#open();
    try {
      await Promise.race([this.context?.resume(), new Promise((resolve) => setTimeout(resolve, 500))]);
    } catch {
      // No sound device: the state says so.
    }
    this.#look();
    return this.state === "ready";
  }

  #open() {
    if (this.context) return;
    try {
      this.context = new AudioContext({ latencyHint: "playback" });
    } catch {
      this.#look();
      return;
    }
    this.context.onstatechange = () => this.#look();
    this.context.resume().catch(() => {});
    this.#look();
  }

  #look() {
    const state = this.context?.state === "running" ? "ready" : "blocked";
    if (state === this.state) return;
    this.state = state;
    queueMicrotask(() => this.onState?.(state)); // whoever makes a Voice has it in hand by then
  }

  /**
   * Runs `work` after everything that was asked for before; `stop` lets those that wait fall through.
   * @param {(round: number) => Promise<Outcome>} work
   * @returns {Promise<Outcome>}
   */
  #next(work) {
    const round = this.round;
    const turn = this.tail.then(() => (round === this.round ? work(round) : "stopped"));
    this.tail = turn.catch(() => {});
    return turn;
  }

  /**
   * @param {string[]} files
   * @param {boolean} chime
   * @param {number} round
   * @returns {Promise<Outcome>}
   */
  async #sound(files, chime, round) {
    const { context } = this;
    if (this.state !== "ready" || !context) return "blocked";
    /** @type {Sound[]} */
    const buffers = [];
    if (chime) buffers.push(await this.#chime());
    let said = files.length > 0;
    try {
      buffers.push(...(await Promise.all(files.map((file) => this.#load(file)))));
    } catch (error) {
      // A recording that can't be decoded: half a sentence would mislead.
      console.warn("cannot be said:", error);
      said = false;
      buffers.length = chime ? 1 : 0;
    }
    if (round !== this.round) return "stopped";
    if (buffers.length) {
      const detail = { files: said ? files : [], chime };
      document.dispatchEvent(new CustomEvent("voicestart", { detail }));
      await this.#join(context, buffers);
      document.dispatchEvent(new CustomEvent("voiceend", { detail }));
    }
    return round !== this.round ? "stopped" : said ? "spoken" : "silent";
  }

  /** The context, where something is played already. */
  #playing() {
    return /** @type {AudioContext} */ (this.context);
  }

  /**
   * Plays buffers without gaps between them but for a breath; resolves at the end.
   * @param {AudioContext} context
   * @param {Sound[]} buffers
   * @returns {Promise<void>}
   */
  #join(context, buffers) {
    const gain = context.createGain();
    gain.gain.value = this.volume;
    gain.connect(context.destination);
    let at = context.currentTime + 0.05;
    const sources = buffers.map(({ buffer, from, to }) => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      source.start(at, from, to - from);
      at += to - from + GAP_S;
      this.sounding.add(source);
      return source;
    });
    const length = (at - context.currentTime) * 1000;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(late);
        for (const source of sources) this.sounding.delete(source);
        gain.disconnect();
        resolve();
      };
      // A sound device that was pulled out never says that it has ended.
      const late = setTimeout(end, length + LATE_MS);
      const last = sources.at(-1);
      if (last) last.onended = end;
    });
  }

  /**
   * @param {string} file
   * @returns {Promise<Sound>}
   */
  async #load(file) {
    if (!this.buffers.has(file)) {
      if (this.buffers.size >= KEPT) this.buffers.delete([...this.buffers.keys()][0]);
      const loading = fetch(file, { headers: headers() })
        .then((answer) =>
          answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(`${file}: HTTP ${answer.status}`)),
        )
        .then((bytes) => this.#playing().decodeAudioData(bytes))
        .then(trimmed);
      this.buffers.set(file, loading);
      loading.catch(() => this.buffers.delete(file));
    }
    return /** @type {Promise<Sound>} */ (this.buffers.get(file));
  }

  /**
   * The venue's chime, or ours.
   * @returns {Promise<Sound>}
   */
  async #chime() {
    this.ownChime ??= this.#load("/voice/chime").catch(() => this.#ring());
    return this.ownChime;
  }

  /** @returns {Promise<Sound>} */
  async #ring() {
    const rate = this.#playing().sampleRate;
    const offline = new OfflineAudioContext(1, Math.ceil(CHIME_S * rate), rate);
    for (const [frequency, start] of CHIME) {
      for (const [harmonic, share] of [
        [1, 0.5],
        [2, 0.12],
        [3, 0.05],
      ]) {
        const tone = offline.createOscillator();
        const gain = offline.createGain();
        tone.frequency.value = frequency * harmonic;
        gain.gain.setValueAtTime(0, start);
        gain.gain.linearRampToValueAtTime(share, start + 0.015);
        gain.gain.exponentialRampToValueAtTime(0.001, start + 0.8);
        tone.connect(gain).connect(offline.destination);
        tone.start(start);
        tone.stop(start + 0.82);
      }
    }
    const buffer = await offline.startRendering();
    return { buffer, from: 0, to: buffer.duration };
  }
}

/**
 * A recording without the silence at its ends: `{buffer, from, to}` in seconds. Joined words follow one another as spoken.
 * @param {AudioBuffer} buffer
 * @returns {Sound}
 */
function trimmed(buffer) {
  const samples = buffer.getChannelData(0);
  let first = 0;
  let last = samples.length - 1;
  while (first < last && Math.abs(samples[first]) < SILENCE) first += 1;
  while (last > first && Math.abs(samples[last]) < SILENCE) last -= 1;
  if (first >= last) return { buffer, from: 0, to: buffer.duration };
  const breath = 0.02;
  return {
    buffer,
    from: Math.max(0, first / buffer.sampleRate - breath),
    to: Math.min(buffer.duration, last / buffer.sampleRate + breath),
  };
}
