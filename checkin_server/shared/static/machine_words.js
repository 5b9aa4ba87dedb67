/** What machines, counters and calls lack, in words for staff: what is the matter, and what to do. */
import { clock, date, isolate, pick, t, tn } from "./i18n.js";
import { minutes } from "./waits.js";

/** @import { Texts } from "./i18n.js" */

/**
 * A trouble on the dashboard: `{what, todo}`. `obj` = `{code, ...params}`; names of stations, printers, services and booths may be
 * given as texts in four languages or as ids.
 * @param {{code: string, [field: string]: any} | null | undefined} obj
 */
// size: one case a code, each with its names
export function trouble(obj) {
  const name = (/** @type {Texts} */ value) => isolate(pick(value ?? ""));
  switch (obj?.code) {
    case "printer_failing": {
      const { what, todo } = printerError(obj.error);
      const place = printerPlace(obj);
      // TRANSLATORS: {place} is a printer, {what} what it has: "Printer at kiosk K2: no paper".
      return { what: t("{place}: {what}", { place, what }), todo };
    }
    case "store_failing":
      return storeTrouble(obj.error, obj.seconds);
    case "clock_differs":
      return clockTrouble(obj.machine, obj.riwaq, obj.followed);
    case "store_log_large":
      return {
        what: t("The database's log has grown to {n} MB", { n: obj.megabytes }),
        todo: t("A backup or a database program reads and does not end: tell the technician. It shrinks by itself."),
      };
    case "paper_low": {
      const what = t("the roll is nearly at its end");
      const todo = t("Change the roll soon, at a quiet moment. Until then it goes on printing.");
      return { what: t("{place}: {what}", { place: printerPlace(obj), what }), todo };
    }
    case "device_silent":
      return silentTrouble(name(obj.name ?? obj.station ?? obj.device ?? obj.id), obj.seconds);
    case "sign_in_locked":
      return guessedTrouble(name(obj.name ?? obj.station), obj.until);
    case "searches_limited":
      return searchedTrouble(obj.staff ?? "", name(obj.name ?? obj.station), obj.at);
    case "purge_overdue":
      return overdueTrouble();
    case "no_counter_open":
      return {
        what:
          obj.waiting === undefined || obj.waiting === null
            ? t("No counter is open for {name}", { name: name(obj.name ?? obj.service) })
            : tn(
                "No counter is open for {name}: {n} person waits",
                "No counter is open for {name}: {n} people wait",
                obj.waiting,
                { name: name(obj.name ?? obj.service) },
              ),
        todo: t("Ask the stand to open a counter."),
      };
    case "day_left_open":
      return leftOpen(obj);
    case "restored":
      return restoredTrouble(obj);
    case "service_gone":
      return goneTrouble(obj.waiting, name(obj.name ?? obj.service));
    case "not_following":
      return {
        what: t("{n} in 100 visitors do not go where they are sent: leading them gains little", {
          n: Math.round(obj.share * 100),
        }),
        todo: t("Put staff by the ready areas who point to the boards, and check that the signs can be seen."),
      };
    case "calls_missed":
      return {
        what: t("Nobody came to {n} in 100 calls of the last hour", { n: Math.round(obj.share * 100) }),
        todo: t("Check that the boards can be seen and the voice can be heard, and have staff call the numbers out."),
      };
    case "nobody_at_booth":
      return {
        what: t("Nobody is at the stand {name}", { name: name(obj.name ?? obj.booth) }),
        todo: t("Call the stand's manager."),
      };
    default:
      return { what: t("Something needs attention"), todo: "" };
  }
}

/**
 * @param {string} code
 * @param {number} seconds for which it has lasted
 */
function storeTrouble(code, seconds) {
  const { what, todo } = storeError(code);
  // TRANSLATORS: {what} is what the server's database has, {time} for how long: "The disk is full (for 3 min)".
  return { what: seconds >= 60 ? t("{what} (for {time})", { what, time: minutes(seconds) }) : what, todo };
}

/**
 * What the server's database has, for organisers: `{what, todo}`. Codes are those of checkin_server/db/health.py.
 * @param {string} code
 */
function storeError(code) {
  switch (code) {
    case "disk_full":
      return {
        what: t("The server's disk is full: nobody can be taken in or called"),
        todo: t("Make room on the server: old backups, old tickets. Screens wait and go on by themselves."),
      };
    case "read_only":
    case "disk_error":
      return {
        what: t("The server's disk takes nothing any more"),
        todo: t("Tell the technician: the disk or its cable is failing. Nothing that was answered is lost."),
      };
    case "locked":
      return {
        what: t("Another program holds the server's database"),
        todo: t("Tell the technician: end what was started beside the server. Screens wait and go on by themselves."),
      };
    case "unreachable":
      return {
        what: t("The database server cannot be reached"),
        todo: t("Tell the technician: it must run, and its cable be in. Screens wait and go on by themselves."),
      };
    default:
      return {
        what: t("The server's database does not answer"),
        todo: t("Tell the technician. Screens wait and go on by themselves."),
      };
  }
}

/**
 * A device that does not answer.
 * @param {string} name
 * @param {number | null | undefined} seconds for which it has not
 */
function silentTrouble(name, seconds) {
  return {
    what:
      seconds === undefined || seconds === null
        ? t("{name} does not answer", { name })
        : t("{name} has not answered for {time}", { name, time: minutes(seconds) }),
    todo: t("Check that it is on and connected."),
  };
}

function overdueTrouble() {
  return {
    what: t("Personal data that should have been forgotten is still kept"),
    todo: t("It goes by itself once no day is open. If this stays, tell the technician."),
  };
}

/**
 * Somebody who looked up more people than a desk's work needs.
 * @param {string} person
 * @param {string} place
 * @param {string} at RFC 3339
 */
function searchedTrouble(person, place, at) {
  return {
    what: t("{person} has looked up very many people at {place}, until {time}", {
      person: isolate(person),
      place,
      time: clock(at),
    }),
    todo: t("Further searches there have to wait. Ask what is looked for; the list of who looked says whom they saw."),
  };
}

/**
 * Wrong PINs that have locked a device.
 * @param {string} name
 * @param {string} until RFC 3339
 */
function guessedTrouble(name, until) {
  return {
    // TRANSLATORS: {name} is a tablet, a desk or a dashboard, {time} a time of day.
    what: t("{name}: too many wrong PINs, nobody signs in there until {time}", { name, time: clock(until) }),
    todo: t("See who is there. If somebody forgot the PIN, the technician gives a new one."),
  };
}

/**
 * A copy of the database that was brought back, and the numbers that are left out since.
 * @param {{[field: string]: any}} restored
 */
function restoredTrouble({ at, first, last }) {
  return {
    what:
      first === null
        ? t("The database was put back to an earlier state at {time}", { time: clock(at) })
        : t("The database was put back to an earlier state at {time}: numbers {first} to {last} are left out", {
            time: clock(at),
            first: String(first),
            last: String(last),
          }),
    todo: t("Whoever has a ticket that is not known goes to the welcome desk and is entered again."),
  };
}

/**
 * A service that is gone from the plan while people wait for it.
 * @param {number} waiting
 * @param {string} name
 */
function goneTrouble(waiting, name) {
  return {
    what: tn(
      "{name} is no longer in the plan: {n} person still waits for it",
      "{name} is no longer in the plan: {n} people still wait for it",
      waiting,
      { name },
    ),
    todo: t("Have them choose something else, or have the technician put it back into the plan."),
  };
}

/**
 * Two clocks that differ, one of which somebody knows to be wrong.
 * @param {string} machine RFC 3339, what the machine's clock shows
 * @param {string} riwaq RFC 3339, what time it is by what Riwaq went by before
 * @param {boolean} followed whether Riwaq goes by the machine's clock meanwhile
 */
function clockTrouble(machine, riwaq, followed) {
  const [shown, before] = clockTimes(machine, riwaq);
  return {
    what: followed
      ? // TRANSLATORS: the server was started with a clock behind what it had written before.
        t("The server's clock shows {machine}, but before the start it was {riwaq}", { machine: shown, riwaq: before })
      : t("The server's clock was set to {machine}; Riwaq goes on by its own time, {riwaq}", {
          machine: shown,
          riwaq: before,
        }),
    todo: t("Look at a watch and say which is right."),
  };
}

/**
 * Both times, with their dates where these differ.
 * @param {string} machine
 * @param {string} riwaq
 */
export function clockTimes(machine, riwaq) {
  const same = date(machine) === date(riwaq);
  return [machine, riwaq].map((at) => (same ? clock(at) : t("{time}, {date}", { time: clock(at), date: date(at) })));
}

/**
 * Where a printer stands: at its kiosk, or its own name.
 * @param {{[field: string]: any}} trouble
 */
function printerPlace({ kiosk, name, printer, id }) {
  if (kiosk) return t("Printer at kiosk {name}", { name: isolate(pick(kiosk)) });
  return t("Printer {name}", { name: isolate(pick(name ?? printer ?? id ?? "")) });
}

/**
 * What a printer has and what to do about it, for staff: `{what, todo}`. Codes are those of printers/transports/base.py.
 * @param {string | null | undefined} code
 * @returns {{what: string, todo: string}}
 */
// size: one case a trouble, with what it is and what to do
export function printerError(code) {
  switch (code) {
    case "paper_out":
      return { what: t("no paper"), todo: t("Put in a new roll and close the cover. It goes on by itself.") };
    case "cover_open":
      return { what: t("the cover is open"), todo: t("Close the cover until it clicks. It goes on by itself.") };
    case "unreachable":
    case "reset":
      return { what: t("no connection"), todo: t("Check that it is on and that its cables are in.") };
    case "offline":
      return {
        what: t("set to pause"),
        todo: t("Press its paper button; if that does not help, switch it off and on."),
      };
    case "no_answer":
    case "stalled":
    case "unconfirmed":
      return { what: t("does not answer"), todo: t("Switch it off and on. Look whether the last ticket came out.") };
    case "no_acknowledgement":
      return {
        what: t("does not acknowledge"),
        todo: t("Tell the technician: this model may need another setting."),
      };
    case "loses_tickets":
      return {
        what: t("loses tickets"),
        todo: t(
          "Check paper, cover and cables, make a test print, and say on the dashboard whether it came out whole.",
        ),
      };
    case "printer_error":
      return { what: t("reports a fault"), todo: t("Open it, take out jammed paper, close it, switch it off and on.") };
    case "agent_silent":
      return {
        what: t("its computer does not answer"),
        todo: t("Check that the kiosk's computer is on and connected."),
      };
    case "unwritable":
    case "bad_name":
      return { what: t("cannot write its files"), todo: t("Tell the technician: the disk is full or not writable.") };
    case "render":
    case "store":
      return {
        what: t("the server cannot make tickets"),
        todo: t("Tell the technician: the fault is in the server, not in the printer."),
      };
    case "printer_gone":
      return { what: t("is no longer in the plan"), todo: t("Print the ticket again at another printer.") };
    case "restored":
      return {
        what: t("a backup was brought back, and nobody knows whether this ticket came out"),
        todo: t("Ask the visitor; if it is missing, print it again."),
      };
    case "stale":
      return stale();
    case "interrupted":
      return {
        what: t("the server was stopped in the middle of a ticket"),
        todo: t("Look whether the last ticket came out."),
      };
    default:
      // `render: …` says in its own words which ticket could not be laid out.
      return String(code ?? "").startsWith("render")
        ? printerError("render")
        : { what: t("does not print"), todo: t("Check paper, cover and cables.") };
  }
}

/** A day that nobody closed. @param {{[field: string]: any}} obj */
function leftOpen(obj) {
  const vars = { date: date(obj.day), time: clock(obj.closes_at) };
  return {
    what: t("The day of {date} was to close at {time} and is still open", vars),
    todo: obj.another_date
      ? t(
          "If today still is that day, the server's clock is wrong: set it, and nothing is lost. If not, close the day, or open the next one: that ends it.",
        )
      : t("Close the day, or open the next one: that ends it."),
  };
}

/** A ticket that will not print any more. */
function stale() {
  return {
    what: t("its time is over: it waited too long, its visitor has left or its day has ended"),
    todo: t("The number counts. Print the ticket again if the visitor is still here."),
  };
}

/**
 * What staff call the paper of a printer: `ok`, `low`, `out`, or nothing when it has not said.
 * @param {string | null | undefined} paper
 */
export function paperState(paper) {
  switch (paper) {
    case "ok":
      return t("paper: enough");
    case "low":
      return t("paper: nearly at its end");
    case "out":
      return t("paper: none");
    default:
      return "";
  }
}

/**
 * How a test print went.
 * @param {{state: string, error?: string | null, came_out?: boolean | null}} test
 */
export function testState({ state, error, came_out }) {
  if (came_out === false) return t("Test print did not come out whole");
  switch (state) {
    case "printed":
      return t("Test print came out");
    case "failed":
      return t("Test print failed: {what}", { what: printerError(error).what });
    case "sent":
    case "uncertain":
      return t("Test print: look whether it came out");
    default:
      return t("Test print on its way…");
  }
}
