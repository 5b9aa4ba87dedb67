// What the screens' scripts find around them: the events on `document`, and the charting library that its page loads.

interface DocumentEventMap {
  /** language.js: the page is in another language. */
  languagechange: CustomEvent<{ lang: string }>;
  /** The kiosk's modes.js. */
  modechange: CustomEvent<{ name: string; on: boolean }>;
  /** The kiosk's screen.js: another state stands on the screen. */
  kioskstate: CustomEvent<{ name: string }>;
  /** The board's announce.js: a call is about to be said aloud. */
  callsaid: CustomEvent<{ call: string; number: number; synthetic: boolean; files: string[] }>;
  voicestart: CustomEvent<{ files: string[]; chime: boolean }>;
  voiceend: CustomEvent<{ files: string[]; chime: boolean }>;
}

/** chart.js, from static/vendor. */
declare var Chart: any;
