// What the figures were a quarter of an hour ago. The snapshot knows arrivals per 15 minutes but not how many were
// inside or served at a past moment, so the page remembers one sample a minute, in this tab only.

/**
 * @typedef {Record<string, number>} Figures
 *
 * @typedef {{minutes: number, figures: Figures}} Sample
 */

const KEY = "riwaq-dashboard-history";
const KEEP_MINUTES = 20;
const WANTED_MINUTES = 15;
const ENOUGH_MINUTES = 5;

/** @returns {{day: string | null, samples: {minute: number, figures: Figures}[]}} */
function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") ?? { day: null, samples: [] };
  } catch {
    return { day: null, samples: [] };
  }
}

/** Remember `figures` (name → number) at `now` (ISO); returns `{minutes, figures}` of the sample to compare with, or
 *  null while the page has been open for less than five minutes. Another day, or a clock set back, starts anew. */
/**
 * @param {string | null} day
 * @param {string} now
 * @param {Figures} figures
 * @returns {Sample | null}
 */
export function remember(day, now, figures) {
  const minute = Math.floor(Date.parse(now) / 60000);
  let { day: known, samples } = load();
  if (known !== day || samples.some((sample) => sample.minute > minute)) samples = [];
  samples = samples.filter((sample) => sample.minute >= minute - KEEP_MINUTES);
  if (samples.at(-1)?.minute !== minute) samples.push({ minute, figures });
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ day, samples }));
  } catch {
    // Storage full or forbidden: no trend, everything else works.
  }
  const old = samples.filter((sample) => minute - sample.minute >= ENOUGH_MINUTES);
  if (old.length === 0) return null;
  const distance = (/** @type {{minute: number}} */ sample) => Math.abs(minute - sample.minute - WANTED_MINUTES);
  const best = old.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  return { minutes: minute - best.minute, figures: best.figures };
}
