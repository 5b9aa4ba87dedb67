/** Beside the desk: what is wrong with printers and what to do, and the numbers whose ticket did not surely come out. */
import { el, icon } from "/static/shared/dom.js";
import { clock, number, t } from "/static/shared/i18n.js";
import { trouble } from "/static/shared/machine_words.js";
import { withoutPaper } from "./staff_words.js";

/** @import { Model } from "./model.js" */

/**
 * Both lists; `open(number)` shows a visit.
 * @param {Model} model
 * @param {(number: number) => void} open
 */
// size: one column, written as it is read
export function side(model, open) {
  const { data } = model;
  if (!data) return [el("section", { class: "card" }, el("p", { class: "muted" }, t("Connecting")))];
  const well = data.printers.filter((printer) => printer.state === "ok").length;
  return [
    el(
      "section",
      { class: "card troubles", "aria-labelledby": "troubles-title" },
      el("h2", { id: "troubles-title" }, t("Printers")),
      el(
        "p",
        { class: "muted" },
        t("Printers working: {n} of {m}", { n: number(well), m: number(data.printers.length) }),
      ),
      data.trouble.length
        ? el(
            "ul",
            { role: "list" },
            data.trouble.map((item) => {
              const { what, todo } = trouble(item);
              const low = item.code === "paper_low";
              return el(
                "li",
                {
                  class: `banner${low ? "" : " banner-trouble"}`,
                  "data-testid": "trouble",
                  dataset: { code: item.code, printer: item.printer },
                },
                icon(low ? "printer" : "printer-x"),
                el("p", {}, el("strong", {}, what), el("br"), todo),
              );
            }),
          )
        : el("p", { class: "well" }, icon("badge-check"), t("No printer needs you.")),
    ),
    el(
      "section",
      { class: "card without", "aria-labelledby": "without-title" },
      el("h2", { id: "without-title" }, t("Numbers without paper")),
      data.tickets.length
        ? el(
            "ul",
            { role: "list" },
            data.tickets.map((item) =>
              el(
                "li",
                { "data-key": item.visit },
                el(
                  "button",
                  {
                    class: "btn without-number",
                    type: "button",
                    "data-testid": "without-paper",
                    dataset: { number: String(item.number) },
                    onclick: () => open(item.number),
                  },
                  el("span", { class: "number" }, String(item.number)),
                  el("span", { class: "without-why" }, withoutPaper(item), " · ", el("bdi", {}, clock(item.at))),
                ),
              ),
            ),
          )
        : el("p", { class: "well" }, icon("ticket-check"), t("Everybody's ticket came out.")),
    ),
  ];
}
