/** The organiser's page for pairing a screen: sends which screen shows the code. */
import { onlyPlainDigits } from "./digits.js";
import { at, meta } from "./dom.js";

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
    const answer = await fetch("/api/v1/pairings/approve", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Riwaq-Device": meta("device") },
      body: JSON.stringify({ code: String(data.get("code")), role, station: rest.join(" ") }),
    });
    if (answer.ok) {
      say(form.dataset.done, "good");
      form.reset();
    } else say(answer.status === 404 ? form.dataset.wrong : form.dataset.failed, "trouble");
  } catch {
    say(form.dataset.failed, "trouble");
  }
});
