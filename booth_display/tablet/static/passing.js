/** Sheets that send the visitor on: to a colleague or another service, and to services they want too. */

import { el } from "/static/shared/dom.js";
import { pick, t, tn } from "/static/shared/i18n.js";
import { wait } from "/static/shared/waits.js";
import { choice, choices, submit } from "./sheet.js";

/**
 * @import { CounterData, Service } from "api"
 * @import { Hall } from "./hall.js"
 * @import { Sheet } from "./sheet.js"
 *
 * @typedef {{data: CounterData, hall: Hall, live: Map<string, Service>}} Around `live`: the services as they are now
 */

/**
 * How many wait for a service and how long it will take, so that nobody is sent to a queue unseen.
 * @param {Service | undefined} service
 */
function howBusy(service) {
  if (!service) return [];
  return [tn("{n} waits", "{n} wait", service.waiting), wait(service.expected_wait)];
}

/**
 * Send the visitor on.
 * @param {Sheet} sheet
 * @param {Around} around
 * @param {(to: {[kind: string]: string}) => void} onSend
 */
export function transfer(sheet, { data, hall, live }, onSend) {
  const here = data.counter.booth;
  const colleagues = data.colleagues.filter(({ state }) => state !== "closed");
  const served = new Set(
    (data.current?.route ?? []).filter(({ state }) => state === "served").map((one) => one.service),
  );
  const services = hall.services.filter(
    ({ id }) => id !== data.current?.service && !served.has(id) && live.get(id)?.open !== false,
  );
  sheet.open(
    "transfer",
    t("Send number {number} on", { number: data.current?.number }),
    sheet.form(
      "transfer",
      (entry) => {
        const [kind, id] = entry.text("to").split(/:(.*)/s);
        return id ? { [kind]: id } : null;
      },
      onSend,
      colleagues.length
        ? choices(
            t("To a colleague of this stand"),
            colleagues.map(({ counter }) =>
              choice(
                { type: "radio", name: "to", value: `counter:${counter}`, testid: `to-${counter}` },
                t("Counter {label}", { label: hall.counter(counter).label }),
              ),
            ),
          )
        : null,
      choices(
        t("To another service"),
        services.map(({ id, name, booth }) =>
          choice(
            { type: "radio", name: "to", value: `service:${id}`, testid: `to-${id}` },
            pick(name),
            [booth === here ? "" : pick(hall.booth(booth).name), ...howBusy(live.get(id))].filter(Boolean).join(" · "),
          ),
        ),
      ),
      el("p", { class: "muted" }, t("The number stays the same, and the waiting time counts.")),
      submit("transfer-send", t("Send on")),
    ),
  );
}

/**
 * Services the visitor wants too.
 * @param {Sheet} sheet
 * @param {Around} around
 * @param {(more: {services: string[]}) => void} onAdd
 */
export function add(sheet, { data, hall, live }, onAdd) {
  const have = new Set(
    (data.current?.route ?? [])
      .filter(({ state }) => !["cancelled", "transferred", "no_show"].includes(state))
      .map(({ service }) => service),
  );
  const services = hall.services.filter(({ id }) => !have.has(id) && live.get(id)?.open !== false);
  sheet.open(
    "add",
    t("Add a service for number {number}", { number: data.current?.number }),
    services.length
      ? sheet.form(
          "add",
          (entry) => (entry.all("service").length ? { services: entry.all("service") } : null),
          onAdd,
          choices(
            t("What else does the visitor need?"),
            services.map(({ id, name, booth }) =>
              choice(
                { type: "checkbox", name: "service", value: id, testid: `add-${id}` },
                pick(name),
                [pick(hall.booth(booth).name), ...howBusy(live.get(id))].join(" · "),
              ),
            ),
          ),
          submit("add-go", t("Add")),
        )
      : el("p", {}, t("The visitor has every service of today already.")),
  );
}
