/**
 * What takes turns beside the calls: partners' offers, the slogan, the venue's pictures and films. Nothing here ever covers a
 * call. A file that can't be shown is skipped; without any file, offers and slogan take turns as ever.
 */

import { get } from "/static/shared/api.js";
import { el } from "/static/shared/dom.js";

/** @import { MediaItem } from "api" */

const AGAIN_MS = 60_000;
/** A file that failed is tried again after this long: somebody may have put a good one in its place. */
const BROKEN_MS = 300_000;
const LOADS_WITHIN_MS = 20_000;
const LONGEST_FILM_MS = 600_000;

export class Slides {
  /**
   * @param {object} options
   * @param {HTMLElement} options.place
   * @param {() => {draw: () => void}[]} options.words the slides of words, each of which draws itself into `place`
   * @param {number} options.wordsMs how long words stand
   * @param {boolean} options.media whether this board shows files
   */
  constructor({ place, words, wordsMs, media }) {
    this.place = place;
    this.words = words;
    this.wordsMs = wordsMs;
    this.media = media;
    /** @type {MediaItem[]} */
    this.files = [];
    this.imageMs = 10_000;
    /**
     * By address, when it failed.
     * @type {Map<string, number>}
     */
    this.broken = new Map();
    this.at = -1;
  }

  async run() {
    if (this.media) {
      await this.#list();
      setInterval(() => this.#list(), AGAIN_MS);
    }
    for (;;) {
      const slides = this.#slides();
      this.at = (this.at + 1) % slides.length;
      const slide = slides[this.at];
      if ("draw" in slide) {
        slide.draw();
        await pause(this.wordsMs);
      } else {
        await this.#show(slide);
      }
    }
  }

  /** Words and files by turns: after each slide of words one file, and the files that are left at the end. */
  #slides() {
    const words = this.words();
    const files = this.files.filter(({ url }) => performance.now() - (this.broken.get(url) ?? -Infinity) >= BROKEN_MS);
    const mixed = words.flatMap((word, index) => (files[index] ? [word, files[index]] : [word]));
    return [...mixed, ...files.slice(words.length)];
  }

  async #list() {
    try {
      const { items, image_seconds: seconds } = await get("/media", { retry: false });
      this.files = items;
      this.imageMs = seconds * 1000;
    } catch {
      // What is known stays; without the server the board says itself that it is not live.
    }
  }

  /**
   * Shows one file to its end; one that does not load or breaks off is noted, and the next slide comes at once.
   * @param {MediaItem} file
   */
  async #show({ url, kind }) {
    const film = kind === "video" ? filmOf(url) : null;
    const node = film ?? el("img", { class: "slide-file", src: url, alt: "" });
    try {
      await happens(node, film ? "canplay" : "load", LOADS_WITHIN_MS);
      this.place.replaceChildren(node);
      if (film) {
        await film.play();
        await happens(node, "ended", LONGEST_FILM_MS);
      } else {
        await pause(this.imageMs);
      }
    } catch {
      this.broken.set(url, performance.now());
      console.warn(`cannot be shown: ${url}`);
    } finally {
      if (film) film.removeAttribute("src"); // lets the decoder go
    }
  }
}

/** @param {string} url */
function filmOf(url) {
  const film = el("video", {
    class: "slide-file",
    src: url,
    preload: "auto",
    playsinline: true,
    tabindex: -1,
    "aria-hidden": "true",
  });
  film.muted = true; // films have no sound: the voice is for calls
  return film;
}

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {HTMLElement} node
 * @param {string} event
 * @param {number} withinMs
 * @returns {Promise<void>}
 */
function happens(node, event, withinMs) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("too long")), withinMs);
    node.addEventListener(
      event,
      () => {
        clearTimeout(late);
        resolve();
      },
      { once: true },
    );
    node.addEventListener(
      "error",
      () => {
        clearTimeout(late);
        reject(new Error("broken"));
      },
      { once: true },
    );
  });
}
