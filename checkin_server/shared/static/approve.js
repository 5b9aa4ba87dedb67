/** The organiser's page for pairing a screen: sends which screen shows the code. */
import { post, Problem } from "./api.js";
import { onlyPlainDigits } from "./digits.js";
import { at } from "./dom.js";
import { lang } from "./i18n.js";
import { load } from "./language.js";
import { askWhoIsThere } from "./person.js";

const form = /** @type {HTMLFormElement} */ (at("approve"));
const outcome = at("outcome");

/**
 * @param {string | undefined} words
 * @param {"good" | "trouble"} kind
 */
function say(words, kind) {
  outcome.className = `banner banner-${kind}`;
  outcome.textContent = words ?? "";
  outcome.hidden = false;
}

onlyPlainDigits(/** @type {HTMLInputElement} */ (at("code")));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const [role, ...rest] = String(data.get("screen")).split(" ");
  try {
    const wish = /** @type {any} */ ({ code: String(data.get("code")), role, station: rest.join(" ") });
    await post("/pairings/approve", wish, { retry: false });
    say(form.dataset.done, "good");
    form.reset();
  } catch (error) {
    say(error instanceof Problem && error.status === 404 ? form.dataset.wrong : form.dataset.failed, "trouble");
  }
});

await load(lang());
await askWhoIsThere();
