/**
 * Words in the language of the moment. The English words are the message ids; catalogues come from /i18n/<lang>.json as
 * `{"messages": {msgid: "text" | ["form 0", "form 1", …]}, "plural": forms}`.
 *
 * Inserted values are isolated (U+2068 … U+2069) wherever they could disturb a right-to-left line. Digits are 0-9 everywhere.
 */

export const LANGUAGES = ["ar", "fr", "zgh", "en"];
/** Each language's own name, as the switch shows it. */
export const NAMES = { ar: "العربية", fr: "Français", zgh: "ⵜⴰⵎⴰⵣⵉⵖⵜ", en: "English" };
/** BCP 47 tags for Intl; Amazigh has no Intl data everywhere, its times are written as in French (24 h, 0-9). */
export const LOCALES = { ar: "ar-MA-u-nu-latn", fr: "fr-MA-u-nu-latn", zgh: "fr-MA-u-nu-latn", en: "en-GB" };

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/**
 * Which plural form a count takes. The order is gettext's, and the catalogues' Plural-Forms headers must say the same:
 * ar: zero, one, two, few (3-10), many (11-99), other (100, 101, 102, …);
 * fr: one for 0 and 1; en and zgh: one for 1 (CLDR has no rule for zgh; the catalogue's own is this one).
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

const catalogues = new Map();
let current = document.documentElement.lang || "ar";
let timezone = "Africa/Casablanca";

/** The language now. */
export function lang() {
  return current;
}

/** "rtl" or "ltr". */
export function dir(language = current) {
  return language === "ar" ? "rtl" : "ltr";
}

/** Loads a language's catalogue without switching to it; true if it is there. */
export async function load(language) {
  if (catalogues.has(language)) return true;
  try {
    const answer = await fetch(`/i18n/${language}.json`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    catalogues.set(language, (await answer.json()).messages ?? {});
    return true;
  } catch (error) {
    console.warn(`no catalogue for ${language}:`, error);
    return false;
  }
}

/** Switches the page to `language` (one of LANGUAGES, else the first). Dispatches `languagechange` on document. */
export async function use(language) {
  const wanted = LANGUAGES.includes(language) ? language : LANGUAGES[0];
  latest = wanted;
  await load(wanted);
  if (latest !== wanted) return; // somebody chose another one meanwhile
  current = wanted;
  document.documentElement.lang = wanted;
  document.documentElement.dir = dir(wanted);
  document.dispatchEvent(new CustomEvent("languagechange", { detail: { lang: wanted } }));
}
let latest = current;

/** Runs `work` as if the page were in `language` (its catalogue must be loaded); for lines shown in several languages at once. */
export function inLanguage(language, work) {
  const before = current;
  current = language;
  try {
    return work();
  } finally {
    current = before;
  }
}

/** The words for `msgid` in the current language; `{name}` is replaced from `vars`. Always called with a literal. */
export function t(msgid, vars) {
  const found = catalogues.get(current)?.[msgid];
  return insert((Array.isArray(found) ? found[0] : found) || msgid, vars);
}

/** Like `t` for a count: `tn("{n} person", "{n} people", 3)`. `{n}` is the count. Always called with literals. */
export function tn(singular, plural, n, vars) {
  const found = catalogues.get(current)?.[singular];
  const forms = Array.isArray(found) && found.every(Boolean) ? found : null;
  const text = forms ? forms[Math.min(PLURALS[current](n), forms.length - 1)] : n === 1 ? singular : plural;
  return insert(text, { n: number(n), ...vars });
}

function insert(text, vars) {
  if (!vars) return text;
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in vars ? isolateIfNeeded(String(vars[name])) : hole));
}

function isolateIfNeeded(value) {
  return dir() === "rtl" || RTL.test(value) ? isolate(value) : value;
}

/** Wraps `text` so that its direction and the line's do not disturb each other. */
export function isolate(text) {
  return `\u2068${text}\u2069`;
}

/** Chooses from `{"ar", "fr", "zgh", "en"}`; falls back to French, then anything there is. */
export function pick(texts) {
  if (!texts || typeof texts === "string") return texts ?? "";
  return texts[current] || texts.fr || texts.en || texts.ar || Object.values(texts)[0] || "";
}

/** A whole number in the way the language groups digits, always 0-9. */
export function number(n) {
  return new Intl.NumberFormat(LOCALES[current], { maximumFractionDigits: 0 }).format(n);
}

/** The venue's time zone (from /venue), for `clock`. */
export function useTimezone(name) {
  if (name) timezone = name;
}

/** "14:05" at the venue, for an RFC 3339 time (or a Date). */
export function clock(iso) {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: timezone,
  }).format(new Date(iso));
}

/** A calendar date at the venue in the language's own words, for example "Friday 27 December". Takes "2019-12-27" or a time. */
export function date(iso) {
  const day = /^\d{4}-\d\d-\d\d$/.test(iso) ? new Date(`${iso}T12:00:00Z`) : new Date(iso);
  return new Intl.DateTimeFormat(LOCALES[current], {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: timezone,
  }).format(day);
}

/** A duration in seconds as words: "under 1 min", "6 min". */
export function minutes(seconds) {
  const whole = Math.round(seconds / 60);
  // TRANSLATORS: a duration; keep it short, it stands in tables.
  return whole < 1 ? t("under 1 min") : tn("{n} min", "{n} min", whole);
}

/**
 * A wait as an honest range in words: "about 6-10 min". Seconds in; null or undefined says that the time is unknown.
 * The same rule as on the ticket (`spoken_minutes` in checkin_server/domain/waits.py): above ten minutes in steps of five.
 */
export function range(p50, p90) {
  if (p50 === null || p50 === undefined) return t("time unknown");
  const [low, high] = spokenMinutes(p50, p90 ?? p50);
  if (high <= 2) return t("almost no wait");
  // TRANSLATORS: a waiting time; keep it short.
  if (low === 0) return tn("at most {n} min", "at most {n} min", high);
  // TRANSLATORS: a waiting time, for example "about 6-10 min". {range} is the two numbers, the second one counts; keep it short.
  return tn("about {range} min", "about {range} min", high, { range: `${low}-${high}` });
}

/** A wait as the two numbers that people say, `[least, most]` in minutes; takes seconds. */
export function spokenMinutes(p50, p90) {
  const low = Math.floor(p50 / 60);
  const high = Math.max(low + 1, Math.ceil(p90 / 60));
  return high <= 10 ? [low, high] : [Math.floor(low / 5) * 5, Math.ceil(high / 5) * 5];
}

/** `range` for a `Wait` of the API (`{p50, p90}` or null). */
export function wait(expected) {
  return range(expected?.p50, expected?.p90);
}
