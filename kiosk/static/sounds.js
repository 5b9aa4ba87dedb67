/** Short sounds of our own, so that a result is heard as well as seen. Silent where the browser has no audio. */

/** Each sound: [frequency in hertz, start in seconds, length in seconds] of its notes. */
/** @type {Record<string, [number, number, number][]>} */
const SOUNDS = {
  read: [[880, 0, 0.09]], // the card was read
  good: [
    [659, 0, 0.16],
    [988, 0.13, 0.34],
  ], // a number, a thank you: it rises
  attention: [
    [523, 0, 0.2],
    [392, 0.2, 0.38],
  ], // refused, or something to decide: it falls
};
const LOUD = 0.22;

/** @type {AudioContext | null} */
let audio = null;

/**
 * Plays a sound by name; the last one that was asked for is on `document.body.dataset.sound`.
 * @param {string} name
 */
export function play(name) {
  document.body.dataset.sound = name;
  try {
    audio ??= new AudioContext();
    if (audio.state === "suspended") audio.resume().catch(() => {});
    for (const [hertz, start, length] of SOUNDS[name]) note(audio, hertz, audio.currentTime + start, length);
  } catch (error) {
    console.warn("no sound:", error);
  }
}

/**
 * @param {AudioContext} audio
 * @param {number} hertz
 * @param {number} at
 * @param {number} length
 */
function note(audio, hertz, at, length) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "triangle";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.001, at + length);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + length);
}
