/** The language of the page: which it is at the start, switching it, and fetching catalogues. The words are in i18n.js. */
import { dir, knows, LANGUAGES, learn, speak } from "./i18n.js";

// What the server wrote into the page holds until somebody chooses.
let latest = document.documentElement.lang || LANGUAGES[0];
speak(latest);

/**
 * Loads a language's catalogue without switching to it; true if it is there.
 * @param {string} language
 */
export async function load(language) {
  if (knows(language)) return true;
  try {
    const answer = await fetch(`/i18n/${language}.json`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    learn(language, (await answer.json()).messages ?? {});
    return true;
  } catch (error) {
    console.warn(`no catalogue for ${language}:`, error);
    return false;
  }
}

/**
 * Switches the page to `language` (one of LANGUAGES, else the first). Dispatches `languagechange` on document.
 * @param {string} language
 */
export async function use(language) {
  const wanted = LANGUAGES.includes(language) ? language : LANGUAGES[0];
  latest = wanted;
  await load(wanted);
  if (latest !== wanted) return; // somebody chose another one meanwhile
  speak(wanted);
  document.documentElement.lang = wanted;
  document.documentElement.dir = dir(wanted);
  document.dispatchEvent(new CustomEvent("languagechange", { detail: { lang: wanted } }));
}
