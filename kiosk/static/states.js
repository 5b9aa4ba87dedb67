/**
 * The kiosk's screens in one table: what each shows, what may follow it, what it does by itself. Without a page, so that node's
 * tests and `scripts/doc_tables.py` (for docs/kiosk.md) read it too. `go` in screen.js refuses what does not stand here.
 *
 * @typedef {object} State
 * @property {string} shows one line for docs/kiosk.md
 * @property {string[]} next what may follow, besides `ALWAYS`
 * @property {"rests" | "stands" | "asks"} idle when nobody touches the screen: it rests, there is nothing to forget; it stands until
 *   the way to the welcome desk is shown; it asks for more time and then forgets
 * @property {"read" | "good" | "attention"} [sound] what is heard when it appears
 * @property {boolean} [unsaved] something is half done: the same card shown once more loses none of it
 * @property {boolean} [named] its title holds names of people, which are never said aloud
 * @property {number} [passes] milliseconds after which it goes on to the first of `next` by itself
 */

export const FIRST = "attract";

/**
 * What may follow any state. The invitation: whoever is here finishes, gives up or has gone. One moment: another card is shown, or
 * the server takes its time.
 */
export const ALWAYS = [FIRST, "waiting"];

/** @type {Readonly<Record<string, Readonly<State>>>} */
export const STATES = {
  // [data-testid=open-keypad] opens the keypad, [data-testid=open-camera] the camera, where there is one
  attract: {
    shows: "the invitation in four languages, and how the hall is now",
    next: ["greeting", "company", "returning", "refused"],
    idle: "rests",
  },
  // [data-testid=cancel], [data-testid=handover] after half a minute
  waiting: {
    shows: '"One moment"; later, that it keeps trying; after half a minute the way to the welcome desk',
    next: [
      "greeting",
      "company",
      "services",
      "result",
      "numbers",
      "returning",
      "leave",
      "left",
      "themes",
      "thanks",
      "card",
      "refused",
    ],
    idle: "stands",
    unsaved: true,
  },
  // [data-testid=continue]
  greeting: {
    shows: '"Welcome", to somebody who comes alone',
    next: ["services"],
    idle: "asks",
    sound: "read",
    unsaved: true,
    named: true,
    passes: 1600,
  },
  // [data-testid=my-family] shows the family, [data-testid=continue] goes on alone, [data-testid=cancel]
  company: {
    shows: '"Welcome", and whether somebody of the family is here too; nobody is named until that is touched',
    next: ["services", "family"],
    idle: "asks",
    sound: "read",
    unsaved: true,
    named: true,
  },
  // [data-member=<member id>] toggles, [data-testid=continue], [data-testid=cancel], [data-testid=apart] splits it up
  family: {
    shows: "who of the family is here",
    next: ["services", "apart", "company"],
    idle: "asks",
    unsaved: true,
    named: true,
  },
  // [data-member=<member id>][data-group=1…3] goes to another group, [data-testid=continue], [data-testid=back]
  apart: {
    shows: "who goes with whom, of three or more",
    next: ["services", "family"],
    idle: "asks",
    unsaved: true,
    named: true,
  },
  // [data-service=<service id>] toggles, [data-testid=confirm], [data-testid=back], [data-testid=notice] what was refused,
  // [data-offers=<service id>] opens dialog#offers ([data-offer], [data-testid=close-offers])
  services: {
    shows: "a tile for each service, to be ticked; for a family that splits up one group after the other",
    next: ["services", "route", "result", "numbers", "company", "family", "apart", "returning", "card", "refused"],
    idle: "asks",
    unsaved: true,
  },
  // [data-leg=<service id>][data-why=<code>], [data-testid=take-number], [data-testid=back]
  route: {
    shows: "the proposed order of several services",
    next: ["result", "services", "card", "refused"],
    idle: "asks",
  },
  // [data-testid=number], [data-testid=next][data-next=go|wait|…], [data-testid=ticket][data-ticket=<state>], [data-step=<service id>],
  // [data-testid=qr] when there is no paper, [data-testid=reprint], [data-testid=change], [data-testid=done]
  result: {
    shows: "the number, where to go, the route, how the ticket's printing goes",
    next: ["services", "refused"],
    idle: "asks",
    sound: "good",
  },
  // [data-visit=<number>] with its [data-testid=ticket], [data-testid=done]
  numbers: {
    shows: "the same for each group of a family that split up",
    next: [],
    idle: "asks",
    sound: "good",
  },
  // as result, without the ticket; [data-testid=hold], [data-testid=resume], [data-testid=reprint], [data-testid=opinion],
  // [data-testid=leave], [data-back=<service id>] brings a missed or parked stop back, [data-relative=<number>] shows another visit
  // of the family, once [data-testid=my-family] was touched, [data-testid=resume-all]
  returning: {
    shows: "number, next stop and route of who comes back, and all they can do",
    next: ["returning", "services", "result", "hold", "leave", "rate", "themes", "card", "refused"],
    idle: "asks",
    sound: "read",
  },
  // [data-minutes=10|20|30], [data-testid=whole] for the family, [data-testid=back]
  hold: {
    shows: "for how long the place is to be kept",
    next: ["returning", "refused"],
    idle: "asks",
  },
  // [data-testid=leave-now], [data-testid=leave-all], [data-testid=back]
  leave: {
    shows: "whether the visit is really to end",
    next: ["left", "returning", "card", "refused"],
    idle: "asks",
  },
  // the card is waited for; [data-testid=where], [data-testid=back]
  card: {
    shows: "that the card is needed for what was touched, a ticket is not enough; and the way to the welcome desk",
    next: ["returning", "services"],
    idle: "asks",
    sound: "attention",
  },
  // [data-testid=reopen] for two minutes, [data-testid=opinion], [data-testid=done]
  left: {
    shows: "that the visit has ended, and for two minutes the way back",
    next: ["rate", "themes", "returning", "refused"],
    idle: "asks",
    sound: "good",
  },
  // [data-rate=<service id>][data-score=1…5], [data-testid=continue], [data-testid=back]
  rate: {
    shows: "faces for each stand that served",
    next: ["themes", "returning", "left", "refused"],
    idle: "asks",
  },
  // [data-kind=opinion|expectation|proposal], [data-testid=continue], [data-testid=back]
  themes: {
    shows: "what to write about: an opinion, an expectation, a proposal",
    next: ["write", "thanks", "rate", "returning", "left"],
    idle: "asks",
  },
  // [data-testid=text], [data-ready=0…] ready-made sentences, [data-letter], [data-layout-key], [data-testid=space],
  // [data-testid=erase-letter], [data-testid=send], [data-testid=back]
  write: {
    shows: "a text, with ready-made sentences and keys",
    next: ["thanks", "themes", "refused"],
    idle: "asks",
  },
  // [data-testid=back], [data-testid=done]
  thanks: {
    shows: "that an opinion was kept",
    next: ["returning"],
    idle: "asks",
    sound: "good",
  },
  // body[data-reason=<reason or problem code>], [data-testid=reopen] for who has just left, [data-testid=done]
  refused: {
    shows: "what happened, what to do, where to find help",
    next: [],
    idle: "asks",
    sound: "attention",
  },
};

/**
 * Whether the table has this change.
 * @param {string} from
 * @param {string} to
 */
export function follows(from, to) {
  return (
    Object.hasOwn(STATES, from) && Object.hasOwn(STATES, to) && (ALWAYS.includes(to) || STATES[from].next.includes(to))
  );
}

/** A change of screen that the table does not have: a mistake in these scripts, never a visitor's. */
export class NotInTable extends Error {
  /**
   * @param {string} from
   * @param {string} to
   */
  constructor(from, to) {
    super(`the kiosk goes from "${from}" to "${to}", which is not in states.js`);
    this.name = "NotInTable";
  }
}

/**
 * The shortest way from one state to another as the states to go to, one after the other; null where none leads there.
 * @param {string} from
 * @param {string} to
 * @returns {string[] | null}
 */
export function way(from, to) {
  /** @type {Map<string, string[]>} */
  const ways = new Map([[from, []]]);
  for (const [at, path] of ways) {
    if (at === to) return path;
    for (const next of [...STATES[at].next, ...ALWAYS]) if (!ways.has(next)) ways.set(next, [...path, next]);
  }
  return null;
}
