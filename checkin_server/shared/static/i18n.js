/**
 * Words in the language of the moment. The English words are the message ids; a catalogue is `{msgid: "text" | ["form 0",
 * "form 1", …]}` (language.js fetches them).
 *
 * Inserted values are isolated (U+2068 … U+2069) wherever they could disturb a right-to-left line. Digits are 0-9 everywhere.
 *
 * @import { Names } from "api"
 */

export const LANGUAGES = ["ar", "fr", "zgh", "en"];
/**
 * Each language's own name, as the switch shows it.
 * @type {Record<string, string>}
 */
export const NAMES = { ar: "العربية", fr: "Français", zgh: "ⵜⴰⵎⴰⵣⵉⵖⵜ", en: "English" };
/**
 * BCP 47 tags for Intl; Amazigh has no Intl data everywhere, its times are written as in French (24 h, 0-9).
 * @type {Record<string, string>}
 */
export const LOCALES = { ar: "ar-MA-u-nu-latn", fr: "fr-MA-u-nu-latn", zgh: "fr-MA-u-nu-latn", en: "en-GB" };

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * Which plural form a count takes. The order is gettext's, and the catalogues' Plural-Forms headers must say the same:
 * ar: zero, one, two, few (3-10), many (11-99), other (100, 101, 102, …);
 * fr: one for 0 and 1; en and zgh: one for 1 (CLDR has no rule for zgh; the catalogue's own is this one).
 * @type {Record<string, (n: number) => number>}
 */
const PLURALS = {
  ar: (n) => {
    const r = n % 100;
    return n === 0 ? 0 : n === 1 ? 1 : n === 2 ? 2 : r >= 3 && r <= 10 ? 3 : r >= 11 ? 4 : 5;
  },
  fr: (n) => (n > 1 ? 1 : 0),
  zgh: (n) => (n === 1 ? 0 : 1),
  en: (n) => (n === 1 ? 0 : 1),
};

/**
 * @typedef {Record<string, string | string[]>} Catalogue
 * @typedef {Record<string, string | number | null | undefined>} Vars what stands in a text's {holes}
 * @typedef {Names | {[language: string]: string | null | undefined} | string | null | undefined} Texts a text in four languages, or as it stands
 */

/** @type {Map<string, Catalogue>} */
const catalogues = new Map();
let current = LANGUAGES[0];
/** What the venue's clocks add to UTC, from which moment on (ms), the oldest first; the server reckons it. @type {{since: number, seconds: number}[]} */
let offsets = [];
let zoneName = "UTC";
let told = ""; // what time it is, as the server said last

/** The language now. */
export function lang() {
  return current;
}

/**
 * From now on in this language.
 * @param {string} language
 */
export function speak(language) {
  current = language;
}

/**
 * Takes a language's catalogue.
 * @param {string} language
 * @param {Catalogue} messages
 */
export function learn(language, messages) {
  catalogues.set(language, messages);
}

/**
 * Whether a language's catalogue is there.
 * @param {string} language
 */
export function knows(language) {
  return catalogues.has(language);
}

/**
 * "rtl" or "ltr".
 * @param {string} [language]
 */
export function dir(language = current) {
  return language === "ar" ? "rtl" : "ltr";
}

/**
 * Runs `work` as if the page were in `language` (its catalogue must be loaded); for lines shown in several languages at once.
 * @template Result
 * @param {string} language
 * @param {() => Result} work
 */
export function inLanguage(language, work) {
  const before = current;
  current = language;
  try {
    return work();
  } finally {
    current = before;
  }
}

/**
 * The words for `msgid` in the current language; `{name}` is replaced from `vars`. Always called with a literal.
 * @param {string} msgid
 * @param {Vars} [vars]
 */
export function t(msgid, vars) {
  const found = catalogues.get(current)?.[msgid];
  return insert((Array.isArray(found) ? found[0] : found) || msgid, vars);
}

/**
 * Like `t` for a count: `tn("{n} person", "{n} people", 3)`. `{n}` is the count. Always called with literals.
 * @param {string} singular
 * @param {string} plural
 * @param {number} n
 * @param {Vars} [vars]
 */
export function tn(singular, plural, n, vars) {
  const found = catalogues.get(current)?.[singular];
  const forms = Array.isArray(found) && found.every(Boolean) ? found : null;
  const text = forms ? forms[Math.min(PLURALS[current](n), forms.length - 1)] : n === 1 ? singular : plural;
  return insert(text, { n: number(n), ...vars });
}

/**
 * @param {string} text
 * @param {Vars | undefined} vars
 */
function insert(text, vars) {
  if (!vars) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in vars ? isolateIfNeeded(String(vars[name])) : hole));
}

/** @param {string} value */
function isolateIfNeeded(value) {
  return dir() === "rtl" || RTL.test(value) ? isolate(value) : value;
}

/**
 * Wraps `text` so that its direction and the line's do not disturb each other.
 * @param {string} text
 */
export function isolate(text) {
  return `\u2068${text}\u2069`;
}

/**
 * Chooses from `{"ar", "fr", "zgh", "en"}`; falls back to French, then anything there is.
 * @param {Texts} texts
 * @returns {string}
 */
export function pick(texts) {
  if (!texts || typeof texts === "string") return texts ?? "";
  /** @type {{[language: string]: string | null | undefined}} */
  const known = { ...texts };
  return known[current] || known.fr || known.en || known.ar || Object.values(known)[0] || "";
}

/**
 * A whole number in the way the language groups digits, always 0-9.
 * @param {number} n
 */
export function number(n) {
  return new Intl.NumberFormat(LOCALES[current], { maximumFractionDigits: 0 }).format(n);
}

/**
 * The venue's hours (from /venue), for `clock` and `date`. The server says what to add to UTC: this browser's own zone data may
 * be older, and a hall has one time.
 * @param {{timezone: string, utc_offsets: {since: string, seconds: number}[]}} venue
 */
export function useHoursOf(venue) {
  zoneName = venue.timezone;
  offsets = venue.utc_offsets.map(({ since, seconds }) => ({ since: Date.parse(since), seconds }));
}

/**
 * A moment as the venue's clocks show it, to be written as if it were UTC.
 * @param {string | number | Date} iso
 */
function atVenue(iso) {
  const at = new Date(iso).getTime();
  const known = offsets.findLast((one) => one.since <= at) ?? offsets[0];
  return new Date(at + (known?.seconds ?? 0) * 1000);
}

/**
 * Takes what time it is in the hall, as the server says with each snapshot; the machine's own clock may be wrong.
 * @param {string} now
 */
export function itIs(now) {
  told = now;
}

/** What time it is at the venue, in minutes since midnight; null before the server has said it. */
export function hallMinute() {
  if (!told) return null;
  const at = atVenue(told);
  return at.getUTCHours() * 60 + at.getUTCMinutes();
}

/**
 * The moment of "09:40" on the day of `now` at the venue, as RFC 3339; "" for what is no time of a day.
 * @param {string} hours
 * @param {string} now
 */
export function momentOf(hours, now) {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(hours);
  if (!found) return "";
  const there = atVenue(now);
  const wanted = new Date(there);
  wanted.setUTCHours(Number(found[1]), Number(found[2]), 0, 0);
  return new Date(new Date(now).getTime() + (wanted.getTime() - there.getTime())).toISOString();
}

/**
 * What this browser itself would add to UTC at the venue now, in seconds; null when it does not know the zone. The server is
 * told, so that the doctor can name who differs.
 * @param {number} [at] ms
 */
export function browsersOffset(at = Date.now()) {
  try {
    const parts = new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone: zoneName,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    }).formatToParts(at);
    const [year, month, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((type) =>
      Number(parts.find((part) => part.type === type)?.value),
    );
    const shown = Date.UTC(year, month - 1, day, hour, minute, second);
    return offsets.length === 0 || Number.isNaN(shown) ? null : (shown - Math.floor(at / 1000) * 1000) / 1000;
  } catch {
    return null;
  }
}

/**
 * "14:05" at the venue, for an RFC 3339 time (or a Date).
 * @param {string | number | Date} iso
 */
export function clock(iso) {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  }).format(atVenue(iso));
}

// As Unicode's CLDR writes them for Standard Moroccan Tamazight; Sunday and January first.
const ZGH_DAYS = "ⴰⵙⴰⵎⴰⵙ ⴰⵢⵏⴰⵙ ⴰⵙⵉⵏⴰⵙ ⴰⴽⵕⴰⵙ ⴰⴽⵡⴰⵙ ⴰⵙⵉⵎⵡⴰⵙ ⴰⵙⵉⴹⵢⴰⵙ".split(" ");
const ZGH_MONTHS = "ⵉⵏⵏⴰⵢⵔ ⴱⵕⴰⵢⵕ ⵎⴰⵕⵚ ⵉⴱⵔⵉⵔ ⵎⴰⵢⵢⵓ ⵢⵓⵏⵢⵓ ⵢⵓⵍⵢⵓⵣ ⵖⵓⵛⵜ ⵛⵓⵜⴰⵏⴱⵉⵔ ⴽⵜⵓⴱⵔ ⵏⵓⵡⴰⵏⴱⵉⵔ ⴷⵓⵊⴰⵏⴱⵉⵔ".split(" ");

/**
 * A calendar date at the venue in the language's own words, for example "Friday 27 December". Takes "2019-12-27" or a time.
 * @param {string} iso
 */
export function date(iso) {
  const day = /^\d{4}-\d\d-\d\d$/.test(iso) ? new Date(`${iso}T12:00:00Z`) : atVenue(iso);
  // Browsers know no Amazigh calendar, and a French date would stand in an Amazigh sentence.
  if (current === "zgh") return `${ZGH_DAYS[day.getUTCDay()]} ${day.getUTCDate()} ${ZGH_MONTHS[day.getUTCMonth()]}`;
  return new Intl.DateTimeFormat(LOCALES[current], {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(day);
}
