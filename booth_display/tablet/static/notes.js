/** The sheet of a stand's private notes about a visitor. */

import { el } from "/static/shared/dom.js";
import { clock, t } from "/static/shared/i18n.js";
import { submit } from "./sheet.js";

/**
 * @import { Notes } from "api"
 * @import { Sheet } from "./sheet.js"
 *
 * @typedef {{number: number, notes: Notes["notes"] | null}} Known `notes` is null when they could not be read
 */

/**
 * Notes of this stand about the visitor, and a new one.
 * @param {Sheet} sheet
 * @param {Known} known
 * @param {(note: {text: string}) => void} onWrite
 */
export function notes(sheet, known, onWrite) {
  const text = el("textarea", {
    class: "input",
    rows: 3,
    maxlength: 2000,
    name: "text",
    "data-testid": "note-text",
    dir: "auto",
  });
  sheet.open(
    "notes",
    t("Private notes about number {number}", { number: known.number }),
    earlier(known.notes),
    sheet.form(
      "note",
      (entry) => (entry.text("text") ? { text: entry.text("text") } : null),
      onWrite,
      el("label", { class: "field" }, t("New note"), text),
      el("p", { class: "muted" }, t("Only the staff of this stand can read it. Who reads it is recorded.")),
      submit("note-save", t("Keep the note")),
    ),
  );
}

/** @param {Known["notes"]} notes */
function earlier(notes) {
  if (notes === null) return el("p", { class: "banner" }, t("The earlier notes cannot be read just now."));
  if (!notes.length) return null;
  return el(
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
  );
}
