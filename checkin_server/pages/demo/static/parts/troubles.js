/** What organisers are told when the store, the paper, the plan or the clock is in trouble, or a copy was brought back. */
import { at } from "./edge.js";

/** What a printer can have, as printers/transports/base.py names it. */
const PAPER = [
  "paper_out",
  "cover_open",
  "unreachable",
  "offline",
  "no_answer",
  "no_acknowledgement",
  "loses_tickets",
  "printer_error",
  "agent_silent",
  "unwritable",
  "render",
  "printer_gone",
];
const STORE = [
  "disk_full",
  "read_only",
  "disk_error",
  "locked",
  "overloaded",
  "slow",
  "unreachable",
  "unknown",
  "failing",
];

/** A kiosk's name without a place to break it. */
const ONE_WORD = "borne_entree_principale_nord_rabat_agdal";

/** @type {Record<string, () => object>} */
export const troubles = {
  store: () => ({
    old_since: at(-140),
    trouble: [{ code: "store_failing", error: "disk_full", seconds: 140 }],
  }),
  store_each: () => ({
    trouble: [
      ...STORE.map((error) => ({ code: "store_failing", error, seconds: 25 })),
      { code: "store_log_large", megabytes: 293 },
    ],
  }),
  paper: () => ({
    trouble: [
      ...PAPER.map((error, n) => ({
        code: "printer_failing",
        printer: `P${n}`,
        kiosk: n % 4 ? `K${n}` : null,
        error,
        since: at(-300),
        waiting: n % 3,
      })),
      { code: "paper_low", printer: "P2", kiosk: "K2" },
    ],
  }),
  plan: () => ({
    trouble: [
      { code: "service_gone", service: "real-estate", waiting: 1 },
      { code: "service_gone", service: "bank", waiting: 11 },
      { code: "no_counter_open", service: "telecoms", waiting: 3 },
      { code: "nobody_at_booth", booth: "insurance", waiting: 2 },
    ],
  }),
  clock: () => ({ trouble: [{ code: "clock_differs", machine: at(-2400), riwaq: at(0), followed: false }] }),
  clock_followed: () => ({ trouble: [{ code: "clock_differs", machine: at(-86_400), riwaq: at(0), followed: true }] }),
  restored: () => ({
    trouble: [{ code: "restored", at: at(-600), copy_at: at(-2400), first: 221, last: 270 }],
  }),
  restored_unknown: () => ({
    trouble: [{ code: "restored", at: at(-600), copy_at: null, first: null, last: null }],
  }),
  long: () => ({
    trouble: [
      { code: "printer_failing", printer: "P1", kiosk: ONE_WORD, error: "paper_out", since: at(-300), waiting: 4 },
      { code: "device_silent", role: "kiosk", station: ONE_WORD, since: at(-240) },
      { code: "paper_low", printer: ONE_WORD, kiosk: null },
    ],
    devices: [{ id: "k", role: "kiosk", station: ONE_WORD, online: false, last_seen: at(-240), silent: true }],
  }),
  left_open: () => ({ trouble: [{ code: "day_left_open", day: "2019-12-26", closes_at: at(-60_000) }] }),
};
