/** What is asked in a sheet over the screen: a referral, what is missing, and the menu of rare actions. */

import { el, icon, replace } from "/static/shared/dom.js";
import { LANGUAGES, NAMES, dir, lang, pick, t, use } from "/static/shared/i18n.js";

/** One sheet at a time, in the page's `<dialog>`. */
export class Sheets {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    // A tap beside the sheet closes it; nothing was done.
    dialog.addEventListener("click", (event) => event.target === dialog && this.close());
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #open(name, title, ...content) {
    const heading = el("header", { class: "sheet-head" }, el("h2", {}, title),
      el("button", { class: "btn btn-quiet", type: "button", "data-testid": "sheet-close", "aria-label": t("Close this window"), onClick: () => this.close() }, icon("x")));
    replace(this.dialog, heading, ...content);
    this.dialog.dataset.sheet = name;
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Finish with a referral: which office, about what. */
  refer(offices, onFinish) {
    const subject = el("input", { class: "input", "data-testid": "referral-subject", maxlength: 500, autocomplete: "off", dir: "auto" });
    const form = el(
      "form",
      {
        class: "refer",
        onSubmit: (event) => {
          event.preventDefault();
          const office = new FormData(form).get("office");
          if (!office) return;
          this.close();
          onFinish({ outcome: "referred", referral: { office, subject: subject.value.trim() } });
        },
        onChange: () => (form.querySelector("[data-testid=refer-finish]").disabled = !new FormData(form).get("office")),
      },
      el("fieldset", { class: "offices" }, el("legend", {}, t("Which office shall follow the case up?")),
        offices.map((office) => el("label", { class: "office" }, el("input", { type: "radio", name: "office", value: office.id, "data-testid": `office-${office.id}` }), el("span", {}, pick(office.name))))),
      el("label", { class: "field" }, t("About what?"), subject),
      el("button", { class: "btn btn-primary btn-lg", type: "submit", disabled: true, "data-testid": "refer-finish" }, t("Finish and refer")),
    );
    this.#open("refer", t("Refer to an office"), form);
  }

  /** Finish although something is missing. */
  incomplete(onFinish) {
    const note = el("textarea", { class: "input", rows: 4, maxlength: 2000, "data-testid": "incomplete-note", dir: "auto" });
    const form = el(
      "form",
      {
        class: "incomplete",
        onSubmit: (event) => {
          event.preventDefault();
          this.close();
          onFinish({ outcome: "incomplete", ...(note.value.trim() ? { note: note.value.trim() } : {}) });
        },
      },
      el("label", { class: "field" }, t("What is missing?"), note),
      el("button", { class: "btn btn-primary btn-lg", type: "submit", "data-testid": "incomplete-finish" }, t("Finish as incomplete")),
    );
    this.#open("incomplete", t("Incomplete"), form);
  }

  /** Break, closing, signing out, the language of this tablet. */
  menu({ data, give, signOut }) {
    const busy = Boolean(data.current);
    const then = (work) => () => {
      this.close();
      work();
    };
    const item = (id, name, words, press, disabled) =>
      el("button", { class: "btn btn-lg btn-block menu-item", type: "button", "data-testid": id, disabled, onClick: then(press) }, icon(name), words);
    this.#open("menu", t("More"),
      el("div", { class: "menu" },
        data.counter.state === "open" ? item("pause", "coffee", t("Break"), () => give("pause"), busy) : null,
        data.counter.state !== "closed" ? item("close", "door-closed", t("Close counter"), () => give("close"), busy) : null,
        busy ? el("p", { class: "muted" }, t("First finish with number {number}.", { number: data.current.number })) : null,
        item("sign-out", "log-out", t("Sign out"), signOut, false)),
      el("div", { class: "languages" }, LANGUAGES.map((one) =>
        el("button", { class: one === lang() ? "btn btn-secondary" : "btn btn-quiet", type: "button", lang: one, dir: dir(one), "aria-pressed": String(one === lang()), "data-testid": `lang-${one}`, onClick: then(() => use(one)) }, NAMES[one]))));
  }
}
