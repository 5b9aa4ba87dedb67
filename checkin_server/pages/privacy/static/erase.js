/** Asking once more before a member is erased: what goes, what stays, and why. */
import { at, el, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

/**
 * @import { EraseBody } from "api"
 * @import { Actions } from "./actions.js"
 */

/** @returns {[EraseBody["why"], string][]} */
function whys() {
  return [
    ["asked", t("The member asks for it")],
    ["family_asked", t("The family asks for it")],
    ["not_a_member", t("They are no member any more")],
    ["mistake", t("They were entered by mistake")],
  ];
}

/**
 * Opens the question.
 * @param {string} member
 * @param {Actions} actions
 */
// size: one dialog, written as it is read
export function askErase(member, actions) {
  const dialog = /** @type {HTMLDialogElement} */ (at("ask"));
  const trouble = el("p", { class: "ask-trouble", role: "alert", "data-testid": "erase-trouble" });
  const go = el("button", { type: "submit", class: "btn btn-danger", "data-testid": "erase-go" }, t("Erase for good"));
  const choices = whys().map(([code, words]) => ({
    input: el("input", { type: "radio", name: "why", value: code, dataset: { why: code } }),
    code,
    words,
  }));
  async function erase() {
    const why = choices.find(({ input }) => input.checked)?.code;
    if (!why) {
      trouble.textContent = t("Choose one of these first.");
      choices[0].input.focus();
      return;
    }
    go.disabled = true;
    trouble.textContent = await actions.erase(why);
    go.disabled = false;
    if (!trouble.textContent) dialog.close();
  }

  dialog.setAttribute("aria-labelledby", "ask-title");
  replace(
    dialog,
    el(
      "form",
      {
        class: "ask-form",
        method: "dialog",
        novalidate: true,
        onsubmit(event) {
          event.preventDefault();
          void erase();
        },
      },
      el("h2", { id: "ask-title" }, t("Erase {member} for good?", { member })),
      el(
        "p",
        {},
        el("strong", {}, t("This goes:")),
        " ",
        t("name, needs, cards, which visits were theirs, and what was typed and printed for those visits."),
      ),
      el(
        "p",
        {},
        el("strong", {}, t("This stays:")),
        " ",
        t("the visits, as nobody's, and every count. The log says that you erased somebody, not whom."),
      ),
      el("p", {}, t("It cannot be undone. Save what is known first, if the member wants it.")),
      el(
        "fieldset",
        { class: "ask-why" },
        el("legend", {}, t("Why are they erased?")),
        choices.map(({ input, words }) => el("label", { class: "ask-choice" }, input, el("span", {}, words))),
      ),
      trouble,
      el(
        "div",
        { class: "buttons ask-foot" },
        el(
          "button",
          { type: "button", class: "btn btn-secondary", "data-testid": "erase-cancel", onclick: () => dialog.close() },
          t("Cancel"),
        ),
        go,
      ),
    ),
  );
  dialog.showModal();
}
