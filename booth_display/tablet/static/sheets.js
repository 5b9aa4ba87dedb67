/** What is asked in a sheet over the screen: where to, about what, why, and the menu of rare actions. */

import { el, icon, replace } from "/static/shared/dom.js";
import { LANGUAGES, NAMES, clock, dir, lang, pick, t } from "/static/shared/i18n.js";
import { use } from "/static/shared/language.js";
import { outOfTurn } from "/static/shared/words.js";
import { place, scanWords } from "./refusals.js";
import { pauseReason } from "./view.js";

const OUT_OF_TURN = ["frail", "sent_back", "missed_call", "short_question"];
const PAUSES = ["prayer", "meal", "material", "technical"];

/** One sheet at a time, in the page's `<dialog>`. */
export class Sheets {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    dialog.setAttribute("aria-labelledby", "sheet-title");
    // A tap beside the sheet closes it; nothing was done.
    dialog.addEventListener("click", (event) => event.target === dialog && this.close());
  }

  get name() {
    return this.dialog.open ? this.dialog.dataset.sheet : "";
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #open(name, title, ...content) {
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

  /** A form that closes the sheet and hands on what was entered, unless `read` finds it incomplete (null). */
  #form(name, read, onDone, ...content) {
    const form = el(
      "form",
      {
        class: `sheet-form ${name}`,
        onSubmit: (event) => {
          event.preventDefault();
          const entered = read(new FormData(form));
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
      if (send) send.disabled = read(new FormData(form)) === null;
    };
    check();
    return form;
  }

  #closeFor(work) {
    this.close();
    work();
  }

  #submit(id, words) {
    return el("button", { class: "btn btn-primary btn-lg", type: "submit", "data-testid": id }, words);
  }

  /** Finish with a referral: which office, about what. */
  refer(offices, onFinish) {
    const subject = el("input", {
      class: "input",
      "data-testid": "referral-subject",
      name: "subject",
      maxlength: 500,
      autocomplete: "off",
      dir: "auto",
    });
    const read = (data) =>
      data.get("office")
        ? { outcome: "referred", referral: { office: data.get("office"), subject: data.get("subject").trim() } }
        : null;
    this.#open(
      "refer",
      t("Refer to an office"),
      this.#form(
        "refer",
        read,
        onFinish,
        el(
          "fieldset",
          { class: "offices" },
          el("legend", {}, t("Which office shall follow the case up?")),
          offices.map((office) => choice("radio", "office", office.id, `office-${office.id}`, pick(office.name))),
        ),
        el("label", { class: "field" }, t("About what?"), subject),
        this.#submit("refer-finish", t("Finish and refer")),
      ),
    );
  }

  /** Finish although something is missing. */
  incomplete(onFinish) {
    const note = el("textarea", {
      class: "input",
      rows: 4,
      maxlength: 2000,
      name: "note",
      "data-testid": "incomplete-note",
      dir: "auto",
    });
    const read = (data) => ({
      outcome: "incomplete",
      ...(data.get("note").trim() ? { note: data.get("note").trim() } : {}),
    });
    this.#open(
      "incomplete",
      t("Incomplete"),
      this.#form(
        "incomplete",
        read,
        onFinish,
        el("label", { class: "field" }, t("What is missing?"), note),
        this.#submit("incomplete-finish", t("Finish as incomplete")),
      ),
    );
  }

  /** Send the visitor on: to a colleague of this stand, or to another service. */
  transfer({ data, hall, live }, onSend) {
    const here = data.counter.booth;
    const colleagues = data.colleagues.filter(({ state }) => state !== "closed");
    const services = hall.services.filter(
      (service) => service.id !== data.current.service && live.get(service.id)?.open !== false,
    );
    const read = (form) => {
      const [kind, id] = (form.get("to") ?? "").split(/:(.*)/s);
      return id ? { [kind]: id } : null;
    };
    this.#open(
      "transfer",
      t("Send number {number} on", { number: data.current.number }),
      this.#form(
        "transfer",
        read,
        onSend,
        colleagues.length
          ? el(
              "fieldset",
              { class: "offices" },
              el("legend", {}, t("To a colleague of this stand")),
              colleagues.map(({ counter }) =>
                choice(
                  "radio",
                  "to",
                  `counter:${counter}`,
                  `to-${counter}`,
                  t("Counter {label}", { label: hall.counter(counter).label }),
                ),
              ),
            )
          : null,
        el(
          "fieldset",
          { class: "offices" },
          el("legend", {}, t("To another service")),
          services.map((service) =>
            choice(
              "radio",
              "to",
              `service:${service.id}`,
              `to-${service.id}`,
              pick(service.name),
              service.booth === here ? "" : pick(hall.booth(service.booth).name),
            ),
          ),
        ),
        el("p", { class: "muted" }, t("The number stays the same, and the waiting time counts.")),
        this.#submit("transfer-send", t("Send on")),
      ),
    );
  }

  /** Services the visitor wants too. */
  add({ data, hall, live }, onAdd) {
    const have = new Set(
      data.current.route
        .filter(({ state }) => !["cancelled", "transferred", "no_show"].includes(state))
        .map(({ service }) => service),
    );
    const services = hall.services.filter(({ id }) => !have.has(id) && live.get(id)?.open !== false);
    const read = (form) => (form.getAll("service").length ? { services: form.getAll("service") } : null);
    this.#open(
      "add",
      t("Add a service for number {number}", { number: data.current.number }),
      services.length
        ? this.#form(
            "add",
            read,
            onAdd,
            el(
              "fieldset",
              { class: "offices" },
              el("legend", {}, t("What else does the visitor need?")),
              services.map((service) =>
                choice(
                  "checkbox",
                  "service",
                  service.id,
                  `add-${service.id}`,
                  pick(service.name),
                  pick(hall.booth(service.booth).name),
                ),
              ),
            ),
            this.#submit("add-go", t("Add")),
          )
        : el("p", {}, t("The visitor has every service of today already.")),
    );
  }

  /** Notes of this stand about the visitor, and a new one. `notes` is null when they could not be read. */
  notes({ number, notes }, onWrite) {
    const text = el("textarea", {
      class: "input",
      rows: 3,
      maxlength: 2000,
      name: "text",
      "data-testid": "note-text",
      dir: "auto",
    });
    const read = (form) => (form.get("text").trim() ? { text: form.get("text").trim() } : null);
    this.#open(
      "notes",
      t("Private notes about number {number}", { number }),
      notes === null
        ? el("p", { class: "banner" }, t("The earlier notes cannot be read just now."))
        : notes.length
          ? el(
              "ul",
              { class: "notes", "data-testid": "notes" },
              notes.map((note) =>
                el(
                  "li",
                  {},
                  el("p", { dir: "auto" }, note.text),
                  el("small", { class: "muted" }, clock(note.at), note.staff ? ` · ${note.staff}` : ""),
                ),
              ),
            )
          : null,
      this.#form(
        "note",
        read,
        onWrite,
        el("label", { class: "field" }, t("New note"), text),
        el("p", { class: "muted" }, t("Only the staff of this stand can read it. Who reads it is recorded.")),
        this.#submit("note-save", t("Keep the note")),
      ),
    );
  }

  /** A number or a code that is typed. */
  typed(onTyped) {
    const input = el("input", {
      class: "input",
      name: "typed",
      "data-testid": "number-input",
      inputmode: "numeric",
      autocomplete: "off",
      dir: "ltr",
      maxlength: 64,
    });
    const read = (form) => {
      const typed = form.get("typed").trim();
      if (/^[0-9]{1,6}$/.test(typed)) return { number: Number(typed) };
      return typed.length > 6 ? { code: typed } : null;
    };
    this.#open(
      "typed",
      t("Who is at the counter?"),
      this.#form(
        "typed",
        read,
        onTyped,
        el("label", { class: "field" }, t("Number on the ticket"), input),
        el("p", { class: "muted" }, t("Or scan the ticket or the card: the service begins at once.")),
        this.#submit("number-go", t("Start")),
      ),
    );
    input.focus();
  }

  /** Somebody came whose turn it is not, or who has not asked for this stand: what to do about it. */
  arrival(refused, { hall, rule }, onAgain) {
    const offer = refused.reason === "not_chosen" ? refused.offer : [];
    const behind = refused.ahead > 0 && (refused.reason === "needs_reason" || rule === "reason");
    const read = (form) => {
      if (offer.length && !form.get("service")) return null;
      if (behind && !form.get("reason")) return null;
      return {
        ...(offer.length ? { service: form.get("service"), add: true } : {}),
        ...(behind ? { reason: form.get("reason") } : {}),
      };
    };
    this.#open(
      "arrival",
      scanWords(refused, hall),
      this.#form(
        "arrival",
        read,
        onAgain,
        offer.length
          ? el(
              "fieldset",
              { class: "offices" },
              el("legend", {}, t("Add a service and begin")),
              offer.map((id) =>
                choice("radio", "service", id, `offer-${id}`, pick(hall.service(id).name), "", offer.length === 1),
              ),
            )
          : null,
        behind
          ? el(
              "fieldset",
              { class: "offices offices-wide" },
              el("legend", {}, t("Serve them now all the same, because the visitor …")),
              OUT_OF_TURN.map((code) => choice("radio", "reason", code, `reason-${code}`, outOfTurn(code))),
            )
          : null,
        behind ? el("p", { class: "muted" }, t("The reason is kept with the call.")) : null,
        this.#submit("arrival-go", t("Start")),
      ),
    );
  }

  /** A step that was set aside or missed. */
  aside(entry, { hall, free }, { resume, begin }) {
    this.#open(
      "aside",
      t("Number {number}", { number: entry.number }),
      el(
        "p",
        { class: "sheet-lead" },
        entry.state === "parked"
          ? t("{service} was set aside.", { service: pick(hall.service(entry.service).name) })
          : t("The calls for {service} were missed.", { service: pick(hall.service(entry.service).name) }),
      ),
      el(
        "div",
        { class: "menu" },
        free
          ? el(
              "button",
              {
                class: "btn btn-lg btn-primary",
                type: "button",
                "data-testid": "aside-start",
                onClick: () => this.#closeFor(begin),
              },
              icon("play"),
              t("The visitor is here: start"),
            )
          : null,
        el(
          "button",
          {
            class: "btn btn-lg btn-secondary",
            type: "button",
            "data-testid": "aside-resume",
            onClick: () => this.#closeFor(resume),
          },
          icon("rotate-ccw"),
          t("Back into the queue, at the old place"),
        ),
      ),
    );
  }

  /** Break, closing, printing again, calling by itself, signing out, the language of this tablet. */
  menu({ data, give, signOut, reprint, auto }) {
    const busy = Boolean(data.current);
    const open = data.counter.state === "open";
    const then = (work) => () => {
      this.close();
      work();
    };
    const item = (id, name, words, press, disabled, more = {}) =>
      el(
        "button",
        {
          class: "btn btn-lg btn-block menu-item",
          type: "button",
          "data-testid": id,
          disabled,
          onClick: then(press),
          ...more,
        },
        icon(name),
        words,
      );
    this.#open(
      "menu",
      t("More"),
      el(
        "div",
        { class: "menu" },
        busy
          ? item(
              "reprint",
              "printer",
              t("Print the ticket of number {number} again", { number: data.current.number }),
              reprint,
              false,
            )
          : null,
        item(
          "auto",
          auto.on ? "square-check" : "square",
          t("After Finish, call the next visitor by itself"),
          auto.toggle,
          false,
          { "aria-pressed": String(auto.on) },
        ),
        open ? item("pause", "coffee", t("Break"), () => give("pause"), busy) : null,
        data.counter.state !== "closed"
          ? item("close", "door-closed", t("Close counter"), () => give("close"), busy)
          : null,
        open
          ? el(
              "div",
              { class: "reasons", role: "group", "aria-label": t("Break, with a reason") },
              PAUSES.map((code) =>
                el(
                  "button",
                  {
                    class: "btn btn-quiet",
                    type: "button",
                    "data-testid": `pause-${code}`,
                    disabled: busy,
                    onClick: then(() => give("pause", { reason: code })),
                  },
                  pauseReason(code),
                ),
              ),
            )
          : null,
        busy
          ? el("p", { class: "muted" }, t("First finish with number {number}.", { number: data.current.number }))
          : null,
        item("sign-out", "log-out", t("Sign out"), signOut, false),
      ),
      el(
        "div",
        { class: "languages" },
        LANGUAGES.map((one) =>
          el(
            "button",
            {
              class: one === lang() ? "btn btn-secondary" : "btn btn-quiet",
              type: "button",
              lang: one,
              dir: dir(one),
              "aria-pressed": String(one === lang()),
              "data-testid": `lang-${one}`,
              onClick: then(() => use(one)),
            },
            NAMES[one],
          ),
        ),
      ),
    );
  }
}

/** A large choice: the whole tile is the label. */
function choice(type, name, value, testid, words, more = "", checked = false) {
  return el(
    "label",
    { class: "office" },
    el("input", { type, name, value, "data-testid": testid, checked }),
    el("span", {}, words, more ? el("small", {}, more) : null),
  );
}
