/** What is asked over the screen: one sheet at a time, in the page's `<dialog>`. What each asks is in the modules beside it. */

import { el, icon, replace } from "/static/shared/dom.js";
import { t } from "/static/shared/i18n.js";

/** @import { Child } from "/static/shared/dom.js" */

export class Sheet {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    dialog.setAttribute("aria-labelledby", "sheet-title");
    // A tap beside the sheet closes it; nothing was done.
    dialog.addEventListener("click", (event) => event.target === dialog && this.close());
  }

  /** Which one is open, or "". */
  get name() {
    return this.dialog.open ? (this.dialog.dataset.sheet ?? "") : "";
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  /**
   * @param {string} name
   * @param {Child} title
   * @param {...Child} content
   */
  open(name, title, ...content) {
    const heading = el(
      "header",
      { class: "sheet-head" },
      el("h2", { id: "sheet-title" }, title),
      el(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          "data-testid": "sheet-close",
          "aria-label": t("Close this window"),
          onClick: () => this.close(),
        },
        icon("x"),
      ),
    );
    replace(this.dialog, heading, ...content);
    this.dialog.dataset.sheet = name;
    if (!this.dialog.open) this.dialog.showModal();
  }

  /**
   * A button's work: the sheet goes, then it is done.
   * @param {() => unknown} work
   */
  closeFor(work) {
    return () => {
      this.close();
      work();
    };
  }

  /**
   * A form that closes the sheet and hands on what was entered, unless `read` finds it incomplete (null).
   * @template Entered
   * @param {string} name
   * @param {(data: Entry) => Entered | null} read
   * @param {(entered: Entered) => void} onDone
   * @param {...Child} content
   */
  form(name, read, onDone, ...content) {
    const form = el(
      "form",
      {
        class: `sheet-form ${name}`,
        onSubmit: (/** @type {SubmitEvent} */ event) => {
          event.preventDefault();
          const entered = read(new Entry(form));
          if (entered === null) return;
          this.close();
          onDone(entered);
        },
        onInput: () => check(),
      },
      ...content,
    );
    const check = () => {
      const send = form.querySelector("[type=submit]");
      if (send instanceof HTMLButtonElement) send.disabled = read(new Entry(form)) === null;
    };
    check();
    return form;
  }
}

/** What stands in a form at this moment. */
class Entry {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.data = new FormData(form);
  }

  /**
   * What was typed or chosen, without the blanks around it; "" for nothing.
   * @param {string} name
   */
  text(name) {
    return String(this.data.get(name) ?? "").trim();
  }

  /**
   * Everything that is ticked.
   * @param {string} name
   */
  all(name) {
    return this.data.getAll(name).map(String);
  }
}

/**
 * The button that sends a sheet's form.
 * @param {string} testid
 * @param {string} words
 */
export function submit(testid, words) {
  return el("button", { class: "btn btn-primary btn-lg", type: "submit", "data-testid": testid }, words);
}

/**
 * Choices of which one, or some, are taken.
 * @param {string} legend
 * @param {Child} choices
 * @param {string} [more] class
 */
export function choices(legend, choices, more = "") {
  return el("fieldset", { class: `offices ${more}`.trim() }, el("legend", {}, legend), choices);
}

/**
 * A large choice: the whole tile is the label.
 * @param {{type: "radio" | "checkbox", name: string, value: string, testid: string, checked?: boolean, label?: string}} field `label`: the whole name, where the words are a part of it
 * @param {string} words
 * @param {string} [more]
 */
export function choice({ type, name, value, testid, checked = false, label }, words, more = "") {
  return el(
    "label",
    { class: "office" },
    el("input", { type, name, value, "data-testid": testid, checked, "aria-label": label }),
    el("span", {}, words, more ? el("small", {}, more) : null),
  );
}
