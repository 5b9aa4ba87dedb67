// Written by `python -m scripts.api_types` from the API's own OpenAPI document. Change the models, not this file.

/** An object that the API does not describe: anything may stand in it. */
export type Loose = { [key: string]: any };

type Bare<Body> = Omit<Body, "command_id" | "scan_id">;

/** Services the visitor wants too. */
export interface AddServiceBody {
  command_id: string;
  /** the step that is meant; another one is refused */
  step?: string | null;
  services: Array<string>;
}

export interface AdviceShown {
  code: "open_counter" | "divert_counter";
  service: string;
  counter: string | null;
  from: string | null;
  wait_s: number;
  becomes_s: number;
  unserved: number;
}

/** A call that a board wants to say aloud, as its snapshot names it. */
export interface AnnounceBody {
  command_id: string;
  call: string;
  recall?: number;
}

/** `speak`: play it now. `wait`: ask again after `wait_ms`. `said`, `gone`: leave it. `finished`: noted. */
export interface Announcement {
  language: "ar" | "fr" | "zgh" | "en" | null;
  files: Array<string>;
  /** the machine's voice speaks, recordings are missing */
  synthetic: boolean;
  /** recordings that would be needed */
  missing: Array<string>;
  outcome: "speak" | "wait" | "said" | "gone" | "finished";
  wait_ms: number;
}

/** What the device that shows this code shall be. */
export interface ApproveBody {
  code: string;
  role: "board" | "kiosk" | "counter" | "welcome" | "organizer" | "privacy" | "print_agent";
  station: string;
}

/** The pairing may be claimed. */
export interface Approved {
  pairing_id: string;
  role: string;
  station: string;
}

/** Who came in the quarter of an hour from `at` on. */
export interface Arrivals {
  /** RFC 3339, UTC */
  at: string;
  count: number;
}

/** Some entries of the audit, newest first. */
export type Audit = AuditPage;

/** Where it was done. */
export interface AuditDevice {
  id: string;
  role: string | null;
  station: string | null;
}

/** One event of the log that is about a person, or that a person is behind. */
export interface AuditEntry {
  seq: number;
  position: number | null;
  /** RFC 3339, UTC */
  at: string;
  kind: string;
  sort: "looked" | "let_in" | "refused" | "visit" | "served" | "data" | "rights" | "access" | "day";
  day: string | null;
  number: number | null;
  service: string | null;
  counter: string | null;
  device: AuditDevice | null;
  staff: AuditPerson | null;
  members: Array<string>;
  reason: string | null;
  query: string | null;
  data: Loose;
}

/** Where the chain over the log ends. */
export interface AuditHead {
  position: number;
  hash: string;
  at: string | null;
  waiting: number;
}

/** Some entries, newest first. */
export interface AuditPage {
  entries: Array<AuditEntry>;
  next: number | null;
  head: AuditHead;
}

/** Who of the staff it was; of an account that was changed, whose it is. */
export interface AuditPerson {
  id: string;
  name: string | null;
}

/** A choice beyond the bound, by its place in the event log. */
export interface BeyondBound {
  seq: number;
  service: string;
  /** Who was overtaken. */
  number: number | null;
  by: number | null;
  minutes: number;
  bound_minutes: number;
}

/** A number that was called, or sent and told as loudly; a number and a place, nothing that leads to a person. */
export interface BoardCall {
  /** The same for as long as it is this call; a recall counts up `recall`. */
  call: string;
  number: number;
  booth: string;
  zone: string;
  /** None while it is not known yet which counter of the booth it will be. */
  counter: string | null;
  counter_label: string | null;
  service: string;
  locale: "ar" | "fr" | "zgh" | "en";
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  /** RFC 3339, UTC */
  at: string;
  recall: number;
}

/** What a public board shows: numbers only, no personal data ever. */
export interface BoardData {
  /** RFC 3339, UTC */
  now: string;
  doors: Doors;
  /** Newest first. */
  calls: Array<BoardCall>;
  /** Like calls, of visitors who were not where they had been sent before; without a counter. */
  called_ahead: Array<BoardCall>;
  headed: Array<HeadedNumbers>;
  next: Array<NextNumbers>;
  waits: Array<BoardWait>;
  served: number;
}

/** A public board and how it shows things. */
export interface BoardInfo {
  id: string;
  name: Names;
  zones: Array<string>;
  booths: Array<string>;
  layout: "booth" | "zone" | "hall";
  /** Where a zone is, seen from the board. */
  arrows: { [key: string]: "left" | "right" | "up" | "down" };
  languages: Array<"ar" | "fr" | "zgh" | "en">;
  languages_shown: "beside" | "turns";
  call_seconds: number;
  turn_seconds: number;
  media: boolean;
  voice: boolean;
  volume: number;
}

/** A public board, topic ``board:<id>``. */
export interface BoardSnapshot {
  topic: string;
  /** The server's run. */
  epoch: string;
  version: number;
  data: BoardData;
}

/** How long it takes at a service that the board shows. */
export interface BoardWait {
  zone: string;
  booth: string;
  service: string;
  waiting: number;
  counters_open: number;
  expected_wait: Wait | null;
}

/** A partner's stand. */
export interface BoothInfo {
  id: string;
  name: Names;
  partner: Names;
  zone: string;
  services: Array<string>;
}

/** How busy another booth is. */
export interface BusyBooth {
  booth: string;
  waiting: number;
  counters_open: number;
  expected_wait: Wait | null;
}

/** Who was called, or that nobody could be. */
export interface CallAnswer {
  outcome: "called" | "nobody";
  step?: StepAtCounter | null;
  visit?: VisitAtCounter | null;
  why?: Why | null;
  next_expected?: string | null;
}

/** So great a share of the last hour's calls is missed that boards or voice can't be seen or heard. */
export interface CallsMissed {
  code: "calls_missed";
  share: number;
}

/** A place at which the log is not as it was written. */
export interface ChainFlaw {
  position: number;
  what: "missing" | "gone" | "changed" | "beside" | "inserted";
  event: number | null;
  part: string;
}

/** What a look at the whole chain has found. */
export interface ChainVerdict {
  /** Where it ends. */
  position: number;
  hash: string;
  sound: boolean;
  flaws: Array<ChainFlaw>;
  /** Flaws besides these. */
  more: number;
  /** RFC 3339, UTC */
  looked_at: string;
}

/** What a visitor ticked: all wanted services, not only new ones. */
export interface ChooseBody {
  command_id: string;
  services: Array<string>;
  party?: Array<string> | null;
  locale?: string | null;
  keep_together?: boolean | null;
  /** The family's further groups when it splits up (`keep_together` false): each gets a visit of its own. */
  apart?: Array<GroupBody> | null;
}

/** The secret that the device was given when it asked. */
export interface ClaimBody {
  secret: string;
}

/** The time it is now. */
export interface ClockAnswer {
  /** RFC 3339, UTC */
  now: string;
}

/** The time to set a virtual clock to. */
export interface ClockBody {
  /** RFC 3339, with an offset */
  now: string;
}

/** What was decided, and what time it is now. */
export interface ClockDecision {
  right: "machine" | "riwaq";
  /** How far the machine's clock was ahead of Riwaq's. */
  offset_s: number;
  /** RFC 3339, UTC */
  now: string;
}

/** Which clock is right. */
export interface ClockDecisionBody {
  command_id: string;
  /** ``machine``: the machine's. ``riwaq``: what Riwaq went by before; the machine's is to be set. */
  right: "machine" | "riwaq";
}

/** The machine's clock was set, or was behind what had been written at the start: somebody says which is right. */
export interface ClockDiffers {
  code: "clock_differs";
  /** RFC 3339, UTC */
  machine: string;
  /** RFC 3339, UTC */
  riwaq: string;
  /** Whether Riwaq goes by the machine's clock meanwhile; else by its own. */
  followed: boolean;
}

/** Another counter of the same booth. */
export interface Colleague {
  counter: string;
  state: "open" | "paused" | "closed";
}

/** The same id again returns the first answer; with another body it is refused with `id_reused`. */
export interface Command {
  command_id: string;
}

/** The counter as it is now. */
export interface CounterAnswer {
  counter: CounterState;
}

/** Opening, pausing or closing a counter. */
export interface CounterBody {
  command_id: string;
  reason?: string | null;
}

/** What a counter's tablet shows. */
export interface CounterData {
  /** RFC 3339, UTC */
  now: string;
  /** `number`: the tablet is locked, and `number` alone is said of the visitor; `nothing`: nobody is signed in. */
  seen: "all" | "number" | "nothing";
  /** The number at the counter; null where nobody is signed in. */
  number: number | null;
  /** A tablet that nobody has touched for so long locks. */
  lock_after_s: number;
  doors: Doors;
  counter: CounterState;
  staff: StaffAtCounter | null;
  current: CurrentVisitor | null;
  queue: Array<QueueEntry>;
  waiting: number;
  aside: Array<SetAside>;
  today: CounterDay;
  others: Array<BusyBooth>;
  colleagues: Array<Colleague>;
  undo: Undoable | null;
  /** Whether somebody may be served out of turn; `reason`: when the clerk says why. */
  out_of_turn: "never" | "reason" | "free";
}

/** A counter's day so far. */
export interface CounterDay {
  served: number;
  mean_service_s: number | null;
}

/** A serving position of a booth. */
export interface CounterInfo {
  id: string;
  booth: string;
  label: string;
  services: Array<string>;
}

/** A counter: who is there, since when. */
export interface CounterShown {
  id: string;
  booth: string;
  label: string;
  zone: string;
  state: "open" | "paused" | "closed" | "called" | "serving";
  number: number | null;
  since: string | null;
  staff: string | null;
}

/** A counter's tablet, topic ``counter:<id>``. */
export interface CounterSnapshot {
  topic: string;
  /** The server's run. */
  epoch: string;
  version: number;
  data: CounterData;
}

/** A counter. */
export interface CounterState {
  id: string;
  booth: string;
  label: string;
  zone: string;
  state: "open" | "paused" | "closed";
  reason: string | null;
  services: Array<string>;
}

/** The visitor at a counter: no name. */
export interface CurrentVisitor {
  step: string;
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  number: number;
  visit: string;
  locale: "ar" | "fr" | "zgh" | "en";
  category: string;
  party_size: number;
  needs: Array<string>;
  family: Array<RelativesAtCounter>;
  why: Why | null;
  /** RFC 3339, UTC */
  called_at: string;
  started_at: string | null;
  /** How long to wait for somebody who was called before they count as missing. */
  patience_s: number;
  recalls: number;
  recalls_left: number;
  /** How long a service lasts here before it counts as long. */
  long_after_s: number;
  /** How many notes this booth has made. */
  notes: number;
  route: Array<Stop>;
  /** Which stop of the route this is, from 0. */
  stop: number;
}

/** What organisers watch. */
export interface DashboardData {
  /** RFC 3339, UTC */
  now: string;
  doors: Doors;
  day: DayShown | null;
  days: Array<DayPlanned>;
  arrivals: number;
  inside: number;
  waiting: number;
  headed: number;
  being_served: number;
  served: number;
  finished: number;
  service_level: ServiceLevel;
  wait: WaitedToday;
  services: Array<ServiceShown>;
  arrivals_15: Array<Arrivals>;
  counters: Array<CounterShown>;
  printers: Array<Printer>;
  devices: Array<DeviceShown>;
  trouble: Array<StoreFailing | StoreLogLarge | ClockDiffers | DayLeftOpen | Restored | PrinterFailing | PaperLow | NoCounterOpen | ServiceGone | NobodyAtBooth | DeviceSilent | SignInLocked | SearchesLimited | CallsMissed | NotFollowing | PurgeOverdue>;
  advice: Array<AdviceShown>;
  forecasts: ForecastsKept;
  fairness: FairnessSoFar | null;
  /** The moment these figures are of, while the store can't be read and they are the last that it gave. */
  old_since: string | null;
}

/** The organisers' dashboard, topic ``dashboard``. */
export interface DashboardSnapshot {
  topic: string;
  /** The server's run. */
  epoch: string;
  version: number;
  data: DashboardData;
}

/** The open day. */
export interface DayAtDesk {
  id: string;
  /** RFC 3339, UTC */
  closes_at: string;
}

/** How a day is closed. */
export interface DayCloseBody {
  command_id: string;
  /** End it at once, whoever is at a counter; also a day that was closed before and has not ended. */
  now?: boolean;
}

/** A day is closed; ``closing`` while somebody at a counter is still served. */
export interface DayClosed {
  day: string;
  state: "closing" | "closed";
  inside: number;
  at_counters: number;
  /** When it ends at the latest; null when it has ended. */
  ends_by: string | null;
}

/** The open day's hours are long over, and nobody closed it. */
export interface DayLeftOpen {
  code: "day_left_open";
  day: string;
  /** RFC 3339, UTC */
  closes_at: string;
  /** By Riwaq's clock it is another date at the venue by now: the day was forgotten, or the clock is wrong. */
  another_date: boolean;
}

/** Which planned day is opened. */
export interface DayOpenBody {
  command_id: string;
  day: string;
}

/** A day is open. */
export interface DayOpened {
  day: string;
  state: "open";
  /** Earlier days that had not ended: they have now. */
  ended: Array<string>;
  /** Visits that had ended with this very day and are inside again. */
  back: number;
}

/** A day of the plan, for who opens one. */
export interface DayPlanned {
  id: string;
  state: "planned" | "open" | "closing" | "closed";
  /** RFC 3339, UTC */
  opens_at: string;
  /** RFC 3339, UTC */
  closes_at: string;
}

/** The open day, else the one that was closed last: its figures are final. */
export interface DayShown {
  id: string;
  /** ``closing``: nobody is admitted, sent or called any more; who is at a counter is served to the end. */
  state: "open" | "closing" | "closed";
  /** RFC 3339, UTC */
  opens_at: string;
  /** RFC 3339, UTC */
  closes_at: string;
  /** How many are called or being served. */
  at_counters: number;
  /** When a closing day ends at the latest. */
  ends_by: string | null;
  ended_at: string | null;
  /** Visits that still wanted something when it ended. */
  incomplete: number;
}

/** A station's device that spoke last. */
export interface DeviceShown {
  id: string;
  role: string;
  station: string;
  /** RFC 3339, UTC */
  last_seen: string;
  online: boolean;
  silent: boolean;
}

/** A screen has not been heard of for a while. */
export interface DeviceSilent {
  code: "device_silent";
  role: string;
  station: string;
  /** RFC 3339, UTC */
  since: string;
}

/** A name in both scripts. */
export interface DisplayName {
  ar: string;
  la: string;
}

/** It was done. */
export interface Done {
  outcome: "done";
}

/** Whether newcomers are let in, and when they are next. */
export interface Doors {
  /**
   * ``early``: the open day's hours begin later; ``over``: its hours are over or it was closed; ``none``: no day was
   * opened yet.
   */
  state: "open" | "early" | "over" | "none";
  /** Whether nobody is served any more either: the day that was closed has ended. */
  ended: boolean;
  /** The day that is spoken of. */
  day: string | null;
  /** When the doors open: of the open day, else of the next that is planned; null when none is. */
  opens_at: string | null;
  closes_at: string | null;
  /** Whether any counter is open, or only paused. */
  stands_open: boolean;
}

/** Why a member is erased. A choice and no text: a name that is typed here would outlast the erasure. */
export interface EraseBody {
  command_id: string;
  why: "asked" | "family_asked" | "not_a_member" | "mistake";
}

/** A member was erased: how many visits are nobody's now, and how many texts, tickets and answers went. */
export interface ErasedAnswer {
  outcome: "done";
  visits: number;
  rows: number;
}

/** The event that tours. */
export interface EventInfo {
  id: string;
  name: Names;
  slogan: Names;
  host: Names;
}

/** The same of a whole day. */
export interface FairnessOfDay {
  choices: number;
  bound_minutes: number;
  held: boolean;
  beyond: number;
  cases: Array<BeyondBound>;
  categories: Array<Overtaken>;
  day: string;
}

/** Who was overtaken on a day, and whether the bound held. */
export type FairnessReport = FairnessOfDay;

/** Who was overtaken, and whether the bound held; read from the event log. */
export interface FairnessSoFar {
  /** How often somebody was chosen: sent to a zone, or called without. */
  choices: number;
  bound_minutes: number;
  held: boolean;
  beyond: number;
  /** The last of them, at most 20. */
  cases: Array<BeyondBound>;
  categories: Array<Overtaken>;
}

/** A command for one visit, or with `family` for all visits of a family that split up, as far as it can be done. */
export interface FamilyCommand {
  command_id: string;
  family?: boolean;
}

/** Scores from 1 to 5 by service, and a text; `locale` is the language it is given in, by default the visit's. */
export interface FeedbackBody {
  command_id: string;
  scores?: { [key: string]: number };
  text?: string | null;
  kind?: "opinion" | "expectation" | "proposal" | null;
  locale?: "ar" | "fr" | "zgh" | "en" | null;
}

/** When a visit will probably be through: at `p50` every second one is, at `p90` nine in ten. */
export interface Finish {
  /** RFC 3339, UTC */
  p50: string;
  /** RFC 3339, UTC */
  p90: string;
}

/** How the service ended. */
export interface FinishBody {
  command_id: string;
  /** the step that is meant; another one is refused */
  step?: string | null;
  outcome?: "served" | "referred" | "incomplete";
  referral?: Referral | null;
  note?: string | null;
  /** also when the service was not started */
  quick?: boolean;
}

/** What share of forecasts kept their P90, of how many; null while there are few. */
export interface ForecastsKept {
  share: number | null;
  resolved: number;
  error_s: number | null;
}

/** A member as the welcome desk finds them. */
export interface FoundMember {
  id: string;
  display_name: DisplayName;
  category: string;
  unit: string;
  card: "active" | "revoked" | null;
  visit: VisitOfMember | null;
}

/** Members that fit; `more` when there were too many to show. */
export interface FoundMembers {
  members: Array<FoundMember>;
  more: boolean;
}

/** A visit of today, and whose it is. */
export interface FoundVisit {
  visit: Visit;
  member: Member;
  /** RFC 3339, UTC */
  first_seen: string;
}

/** What earlier plans had and this one has no more: for its names, where the day still speaks of it. */
export interface GoneFromPlan {
  zones: Array<ZoneInfo>;
  categories: Array<KindInfo>;
  units: Array<KindInfo>;
  services: Array<ServiceInfo>;
  booths: Array<BoothInfo>;
  counters: Array<CounterInfo>;
}

/** Members of a family who go on their own, and what they want. */
export interface GroupBody {
  party: Array<string>;
  services: Array<string>;
}

/** Numbers that are on their way to a zone. */
export interface HeadedNumbers {
  zone: string;
  numbers: Array<number>;
}

/** How long to hold the place. */
export interface HoldBody {
  command_id: string;
  family?: boolean;
  minutes: number;
}

/** What is overdue to be forgotten, what goes next, and what went. */
export interface Keeping {
  /** RFC 3339, UTC */
  now: string;
  overdue: Array<Planned>;
  planned: Array<Planned>;
  done: Array<Purged>;
}

/** A category of members, or an administrative unit; whether this edition serves it. */
export interface KindInfo {
  id: string;
  name: Names;
  eligible: boolean;
}

/** What a kiosk shows before and while somebody chooses. */
export interface KioskData {
  /** RFC 3339, UTC */
  now: string;
  doors: Doors;
  inside: number;
  services: Array<Service>;
}

/** Every kiosk, topic ``kiosk``. */
export interface KioskSnapshot {
  topic: string;
  /** The server's run. */
  epoch: string;
  version: number;
  data: KioskData;
}

/** Everything that is known of a member, and who looked at it, in words. */
export interface KnownAnswer {
  member: string;
  language: "fr" | "ar" | "en";
  /** RFC 3339, UTC */
  made_at: string;
  sections: Array<Section>;
}

/** One thing that is known. */
export interface Labelled {
  label: string;
  value: string;
}

/** A ticket as the printer gets it, in Base64. */
export interface LaidOutTicket {
  escpos: string;
  /** the same as a picture */
  png: string;
}

/** The newest test print of a printer. */
export interface LastTest {
  print_job: string;
  state: "queued" | "sending" | "printed" | "sent" | "uncertain" | "failed" | "cancelled";
  error: string | null;
  /** What a person said who looked for it; None while nobody has, or nobody was asked. */
  came_out: boolean | null;
  /** RFC 3339, UTC */
  asked_at: string;
  /** RFC 3339, UTC */
  at: string;
}

/** What holds for a service's last tickets now. */
export interface LastTickets {
  service: string;
  rule: "more" | "stop" | "automatic";
  places_left: number | null;
  until: string | null;
}

/**
 * What an organiser decides about a service's last tickets; it goes before the look-ahead's promise.
 *
 * ``more``: so many `places` from now on, or `until` a time (one of the two); ``stop``: no more today;
 * ``automatic``: as the look-ahead says again.
 */
export interface LastTicketsBody {
  command_id: string;
  rule: "more" | "stop" | "automatic";
  places?: number | null;
  until?: string | null;
  /** Why; it is kept in the event log. No names. */
  reason: string;
}

/** One stop of a proposed route. */
export interface Leg {
  service: string;
  booth: string;
  zone: string;
  expected_wait: Wait | null;
  why: Why;
}

/** A member as the welcome desk sees them after letting them in: with the id, for a card. */
export interface LetIn {
  display_name: DisplayName;
  category: string;
  locale: "ar" | "fr" | "zgh" | "en";
  /** At the welcome desk only. */
  needs?: Array<string> | null;
  /** At a kiosk by given names and initials. */
  party: Array<Relative>;
  id: string;
}

/** Pictures and films, in order. */
export interface MediaAnswer {
  items: Array<MediaItem>;
  image_seconds: number;
}

/** A picture or a film. */
export interface MediaItem {
  url: string;
  kind: "image" | "video";
}

/** What a kiosk may show of a member. */
export interface Member {
  display_name: DisplayName;
  category: string;
  locale: "ar" | "fr" | "zgh" | "en";
  /** At the welcome desk only. */
  needs?: Array<string> | null;
  /** At a kiosk by given names and initials. */
  party: Array<Relative>;
}

/** A text in the four languages. */
export interface Names {
  ar: string;
  fr: string;
  zgh: string;
  en: string;
}

/** A card was issued; `GET /members/{id}/card` is the paper. */
export interface NewCard {
  outcome: "done";
  revoked: number;
}

/** Why a member gets a new card. */
export interface NewCardBody {
  command_id: string;
  /** why, in a few words; kept in the log */
  reason: string;
}

/** What the visitor should do now. */
export interface Next {
  kind: "choose" | "wait" | "go" | "serving" | "held" | "done";
  service: string | null;
  booth: string | null;
  zone: string | null;
  counter: string | null;
  counter_label: string | null;
  expected_wait: Wait | null;
  why: Why | null;
}

/** The oldest print job that is due, or null. */
export interface NextJob {
  job: WaitingJob | null;
}

/** How long to wait for a ticket. */
export interface NextJobBody {
  wait_s?: number;
}

/** Numbers that are probably called next. */
export interface NextNumbers {
  booth: string;
  service: string;
  numbers: Array<number>;
}

/** Several wait for a service that nobody gives. */
export interface NoCounterOpen {
  code: "no_counter_open";
  service: string;
  waiting: number;
}

/** A counter is open, somebody waits, and nobody calls. */
export interface NobodyAtBooth {
  code: "nobody_at_booth";
  booth: string;
  waiting: number;
}

/** Visitors do not stand where they were sent: what share, of how many. */
export interface NotFollowing {
  code: "not_following";
  share: number;
  seen: number;
}

/** What somebody of this booth noted. */
export interface Note {
  text: string;
  /** RFC 3339, UTC */
  at: string;
  counter: string;
  staff: string;
}

/** What the booth's staff should know. */
export interface NoteBody {
  command_id: string;
  /** the step that is meant; another one is refused */
  step?: string | null;
  text: string;
}

/** The booth's notes about the visitor at the counter. */
export interface Notes {
  number: number;
  notes: Array<Note>;
}

/** What a partner's agreement gives members. */
export interface Offer {
  id: string;
  text: Names;
  categories: Array<string>;
}

/** Where cases are referred to. */
export interface OfficeInfo {
  id: string;
  name: Names;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  openapi: string;
  info: Loose;
  servers: Array<Loose>;
  paths: Loose;
  components: Loose;
}

/** One category of visitors: how many there were, how many were overtaken, by how much at most. */
export interface Overtaken {
  category: string;
  visits: number;
  overtaken: number;
  /** How much later somebody had asked who was chosen before one of them, in seconds. */
  longest_s: number;
}

/** Show `code` on the device; keep `secret` to claim the token. */
export interface Pairing {
  pairing_id: string;
  code: string;
  secret: string;
}

/** A printer's roll ends soon. */
export interface PaperLow {
  code: "paper_low";
  printer: string;
  kiosk: string | null;
}

/** Somebody who is on no list yet; a name in one script stands for both. */
export interface PersonBody {
  name_ar?: string;
  name_la?: string;
  category: string;
  unit: string;
  locale: "ar" | "fr" | "zgh" | "en";
}

/** What to play, in order. Without `files` nobody can say it in this language. */
export interface Phrase {
  language: "ar" | "fr" | "zgh" | "en" | null;
  files: Array<string>;
  /** the machine's voice speaks, recordings are missing */
  synthetic: boolean;
  /** recordings that would be needed */
  missing: Array<string>;
}

/** What is to be forgotten: a kind of data of all days before one. */
export interface Planned {
  kind: string;
  before: string;
  /** RFC 3339, UTC */
  due_at: string;
  /** It was begun and has not come to its end. */
  begun: boolean;
}

/** What the job has become. */
export interface PrintJobAnswer {
  outcome: "done";
  state: "queued" | "sending" | "printed" | "sent" | "uncertain" | "failed";
}

/** Why a ticket was not printed. */
export interface PrintTroubleBody {
  command_id: string;
  error: string;
}

/** A printer and its day. */
export interface Printer {
  id: string;
  kind: string;
  width_mm: number;
  kiosks: Array<string>;
  /** The kiosks and the welcome desks whose own printer it is. */
  desks: Array<string>;
  state: "ok" | "trouble" | "unknown";
  last_error: string | null;
  since: string | null;
  paper: "ok" | "low" | "out" | null;
  queued: number;
  printed: number;
  /** Tickets that a printer without acknowledgement has taken. */
  sent: number;
  failed: number;
  uncertain: number;
  at: string | null;
  test: LastTest | null;
  /** Whether it lost tickets, and gets none until a person has said that a test print came out whole. */
  doubted: boolean;
  /** The test print that a person should look for in the tray. */
  to_judge: string | null;
}

/** A printer does not print. */
export interface PrinterFailing {
  code: "printer_failing";
  printer: string;
  error: string | null;
  kiosk: string | null;
  since: string | null;
  waiting: number;
}

/** How a printer is. */
export interface PrinterStateBody {
  state: "ok" | "trouble" | "unknown";
  last_error?: string | null;
  paper?: "ok" | "low" | "out" | null;
}

/** All printers. */
export interface Printers {
  printers: Array<Printer>;
}

/** A head start with its reason: as if the visitor had come so many minutes sooner. */
export interface Priority {
  reason: string;
  minutes: number;
}

/** Why a visitor is called sooner; null takes it back. */
export interface PriorityBody {
  command_id: string;
  reason: "wheelchair" | "low_vision" | "hard_of_hearing" | "needs_reading_aloud" | "pregnant" | "small_child" | "elderly" | "unwell" | "other" | null;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: "bad_request" | "card_needed" | "forbidden" | "https_only" | "id_reused" | "internal" | "locked" | "method_not_allowed" | "more_rights" | "no_printer" | "no_priority" | "no_services" | "no_session" | "not_approved" | "not_found" | "not_json" | "not_restored" | "number_known" | "opinions_limit" | "opinions_over" | "pairing_used" | "party_refused" | "reason_needed" | "recall_limit" | "recall_too_soon" | "reprint_limit" | "scan_refused" | "search_first" | "search_limit" | "services_refused" | "session_locked" | "station_gone" | "too_large" | "too_late" | "too_many_pairings" | "too_many_requests" | "unauthenticated" | "unavailable" | "unknown_board" | "unknown_category" | "unknown_code" | "unknown_counter" | "unknown_day" | "unknown_device" | "unknown_kiosk" | "unknown_locale" | "unknown_member" | "unknown_office" | "unknown_pairing" | "unknown_print_job" | "unknown_printer" | "unknown_service" | "unknown_staff" | "unknown_station" | "unknown_step" | "unknown_unit" | "unknown_visit" | "unseen_text" | "visit_runs" | "wrong_pin" | "wrong_role" | "wrong_state" | "wrong_time";
  detail?: string;
}

/** What is personal should have been forgotten by now and is still there. */
export interface PurgeOverdue {
  code: "purge_overdue";
  /** RFC 3339, UTC */
  since: string;
}

/** A purge, or (without kinds) an erasure. */
export interface Purged {
  /** RFC 3339, UTC */
  at: string;
  before: string | null;
  kinds: Array<string>;
  rows: number;
  by_hand: boolean;
  /** Who erased somebody; null for what the server or a command did. */
  staff: string | null;
}

/** Somebody who waits for a service of this counter. */
export interface QueueEntry {
  number: number;
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  /** RFC 3339, UTC */
  since: string;
  locale: "ar" | "fr" | "zgh" | "en";
  party_size: number;
  /** Whether this counter could call them now. */
  free: boolean;
  /** Rests after a call that was missed, and is called again from then on. */
  again_at: string | null;
  for_counter: string | null;
}

/** Whether printing a ticket a second time does no harm, as with a virtual printer. */
export interface RecoverBody {
  command_id: string;
  idempotent: boolean;
}

/** How many jobs were settled. */
export interface Recovered {
  outcome: "done";
  jobs: number;
}

/** Where a case goes that could not be settled here. */
export interface Referral {
  office: string;
  subject?: string;
}

/** A member of the same family. */
export interface Relative {
  id: string;
  display_name: DisplayName;
  category: string;
  self: boolean;
  present: boolean;
  elsewhere: boolean;
}

/** A visit of the same family: number, who is in it, and where it is. */
export interface Relatives {
  id: string;
  number: number | null;
  state: "choosing" | "open" | "held" | "done" | "left";
  party: Array<string>;
  next: Next;
  ticket: Ticket | null;
}

/** Another visit of a family that split up: `state` is that of the step it is at, ``waiting`` or ``done``. */
export interface RelativesAtCounter {
  number: number;
  state: "waiting" | "headed" | "called" | "serving" | "done";
  service: string | null;
}

/** What somebody remembers of a visit that was lost in a restore; null is what they do not know. */
export interface RememberedBody {
  command_id: string;
  number?: number | null;
  came_at?: string | null;
}

/** A copy of the database was brought back today: what came after it is lost, and some numbers are left out. */
export interface Restored {
  code: "restored";
  /** RFC 3339, UTC */
  at: string;
  /** When the last thing happened that the copy knows; null when the copy is of before the day was opened. */
  copy_at: string | null;
  /** The numbers that may have been given and are not given again. */
  first: number | null;
  last: number | null;
}

/** Which steps to bring back; without them the whole visit goes on: its hold ends and all its steps come back. */
export interface ResumeBody {
  command_id: string;
  family?: boolean;
  steps?: Array<string> | null;
}

/** Which step goes on. */
export interface ResumeStepBody {
  command_id: string;
  step: string;
}

/** When the ticket may be tried again. */
export interface RetryBody {
  command_id: string;
  error: string;
  delay_s?: number;
}

/** The order in which a visitor would probably be called. */
export interface Route {
  route: Array<Leg>;
}

/** Services somebody has ticked and not confirmed. */
export interface RouteBody {
  services: Array<string>;
  /** Members who are here; by default the visit's. */
  party?: Array<string> | null;
}

/** What was decided about a service's last tickets, as the dashboard shows it. */
export interface RulingShown {
  rule: string;
  places_left: number | null;
  until: string | null;
  reason: string;
  /** RFC 3339, UTC */
  at: string;
}

/** What a scan led to. */
export interface ScanAnswer {
  outcome: "admitted" | "returning" | "refused";
  reason: "malformed_code" | "unknown_card" | "revoked_card" | "not_eligible" | "outside_hours" | "day_full" | "wrong_event" | "visit_closed" | "lost_in_restore" | "card_out_of_date" | "card_elsewhere" | "codes_locked" | null;
  visit: Visit | null;
  member: Member | null;
  first_seen: string | null;
  /** With `visit_closed`: the visit that may be opened again from here (`POST /visits/{id}/reopen`). */
  reopens?: string | null;
}

/** What a kiosk read. */
export interface ScanBody {
  scan_id: string;
  /** card code or visit reference, as scanned or typed */
  code: string;
}

/** What was shown at the counter (`code` or `number`), and what the clerk has decided. */
export interface ScanHereBody {
  command_id: string;
  code?: string | null;
  number?: number | null;
  reason?: string | null;
  /** which service of this counter */
  service?: string | null;
  /** add `service` to the visit if it does not have it */
  add?: boolean;
}

/** Somebody looked up more people than any desk's work needs. */
export interface SearchesLimited {
  code: "searches_limited";
  role: string;
  station: string;
  staff: string | null;
  /** RFC 3339, UTC */
  at: string;
}

/** Things of one kind that are known, entry by entry. */
export interface Section {
  title: string;
  entries: Array<Array<Labelled>>;
}

/** A service with its live wait. */
export interface Service {
  id: string;
  name: Names;
  booth: string;
  zone: string;
  pictogram: string;
  open: boolean;
  accepting: boolean;
  waiting: number;
  counters_open: number;
  closing: boolean;
  places_left: number | null;
  expected_wait: Wait | null;
  last_ticket_at: string | null;
  categories: Array<string>;
  offers: Array<Offer>;
}

/** The open day. */
export interface ServiceDay {
  id: string;
  state: string;
  /** RFC 3339, UTC */
  opens_at: string;
  /** RFC 3339, UTC */
  closes_at: string;
}

/** Visitors wait for a service that the plan has no more. */
export interface ServiceGone {
  code: "service_gone";
  service: string;
  waiting: number;
}

/** A service and where it is. */
export interface ServiceInfo {
  id: string;
  name: Names;
  booth: string;
  zone: string;
  pictogram: string;
}

/** What share of the day's calls came within the target. */
export interface ServiceLevel {
  share: number | null;
  target_minutes: number;
}

/** A service: its queue, its counters, its last tickets. */
export interface ServiceShown {
  id: string;
  waiting: number;
  headed: number;
  serving: number;
  served: number;
  no_show: number;
  counters_open: number;
  counters: number;
  expected_wait: Wait | null;
  accepting: boolean;
  closing: boolean;
  places_left: number | null;
  ruling: RulingShown | null;
  mean_wait_s: number | null;
  max_wait_s: number | null;
}

/** All services. */
export type Services = KioskData;

/** A session at a counter. */
export interface Session {
  session_token: string;
  staff: Staff;
  /** RFC 3339, UTC */
  expires_at: string;
}

/** A step that was set aside or missed, and may wait again. */
export interface SetAside {
  step: string;
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  number: number;
}

/** A member of staff, by name or id, and the PIN. */
export interface SignInBody {
  staff: string;
  pin: string;
}

/** Too many wrong PINs were typed on a device: somebody forgot theirs, or guesses. */
export interface SignInLocked {
  code: "sign_in_locked";
  role: string;
  station: string;
  /** RFC 3339, UTC */
  until: string;
}

/** Who is signed in on this device. */
export interface Signed {
  staff: Staff;
}

/** Somebody who is signed in. */
export interface Staff {
  id: string;
  name: string;
}

/** Who has opened a counter. */
export interface StaffAtCounter {
  id: string;
  name: string;
}

/** Whose service began. */
export interface StartedAnswer {
  outcome: "started";
  step: StepAtCounter;
  visit: VisitAtCounter;
  why: Why | null;
}

/** Where a kiosk or a welcome desk stands, and its printer. */
export interface StationInfo {
  id: string;
  role: "kiosk" | "welcome";
  zone: string;
  printer: string;
}

/** A day's figures. */
export interface Stats {
  for: Loose;
  event: string;
  venue: string;
  city: string;
  days: Array<string>;
  period: StatsPeriod;
  /** a day has not ended: what is open may still be served */
  open_end: boolean;
  datasets: Array<StatsDataset>;
  /** by key and id: what the plan calls it, in four languages */
  labels: { [key: string]: Loose };
  dictionary: { [key: string]: StatsColumn };
}

/** What a column means. */
export interface StatsColumn {
  sort: "key" | "count" | "duration" | "share" | "value";
  unit: string;
  name: Names;
  definition: string;
  version: number;
}

/** A dataset with its rows; what was not measured is null, never 0. */
export interface StatsDataset {
  name: string;
  title: Names;
  /** how to draw it: figures, bars, line, stack or table */
  draw: string;
  keys: Array<string>;
  columns: Array<string>;
  rows: Array<{ [key: string]: string | number | null }>;
}

/** Every dataset, and what every column means. */
export interface StatsDictionary {
  datasets: Array<StatsShape>;
  columns: { [key: string]: StatsColumn };
}

export interface StatsPeriod {
  from: string | null;
  to: string | null;
  timezone: string;
}

/** A dataset: its keys name a row, everything else is a figure. */
export interface StatsShape {
  name: string;
  title: Names;
  /** how to draw it: figures, bars, line, stack or table */
  draw: string;
  keys: Array<string>;
  columns: Array<string>;
}

/** One service wanted in a visit. */
export interface Step {
  id: string;
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  booth: string;
  zone: string;
  counter: string | null;
  position: number | null;
  expected_wait: Wait | null;
  /** RFC 3339, UTC */
  since: string;
  called_at: string | null;
  started_at: string | null;
  ended_at: string | null;
}

/** The step after the action. */
export interface StepAnswer {
  outcome: "done";
  step: StepAtCounter;
  visit: VisitAtCounter;
  why: Why | null;
}

/** A step as counters see it. */
export interface StepAtCounter {
  id: string;
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
  booth: string;
  zone: string;
  counter: string | null;
  /** RFC 3339, UTC */
  since: string;
  called_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  recalls: number;
}

/** An action on the visitor at the counter. */
export interface StepCommand {
  command_id: string;
  /** the step that is meant; another one is refused */
  step?: string | null;
}

/** A stop of a visit's route. */
export interface Stop {
  service: string;
  state: "waiting" | "headed" | "called" | "serving" | "served" | "no_show" | "parked" | "transferred" | "cancelled";
}

/** The store takes nothing, or nobody knows: what it has, and for how many seconds. */
export interface StoreFailing {
  code: "store_failing";
  error: "disk_full" | "read_only" | "disk_error" | "locked" | "overloaded" | "slow" | "unreachable" | "no_answer" | "unknown" | "failing";
  seconds: number;
}

/** The database's write-ahead log grows: something reads and does not end. */
export interface StoreLogLarge {
  code: "store_log_large";
  megabytes: number;
}

/** What a person saw of a test print. */
export interface TestJudged {
  command_id: string;
  print_job: string;
  came_out: boolean;
}

/** Whether the printer is believed from now on. */
export interface TestJudgedAnswer {
  outcome: "done";
  printer: string;
  believed: boolean;
}

/** A test print was queued; `GET /printers` says how it ended. */
export interface TestPrint {
  print_job: string;
  printer: string;
  state: "queued";
}

/** An opinion was kept. */
export interface Thanks {
  outcome: "thanks";
}

/** The newest print job of a visit. */
export interface Ticket {
  print_job: string;
  state: "queued" | "sending" | "printed" | "sent" | "uncertain" | "failed" | "cancelled";
  /** Where it comes out; another than the kiosk's own when that one was down. */
  printer: string;
  duplicate: boolean;
  /** Why it is not printed (yet): a printer's trouble. */
  error: string | null;
}

/** A number whose ticket did not surely come out. */
export interface TicketWithoutPaper {
  visit: string;
  number: number;
  state: "failed" | "uncertain";
  error: string | null;
  printer: string;
  /** RFC 3339, UTC */
  at: string;
}

/** The device's token, shown once. */
export interface Token {
  device_id: string;
  token: string;
  role: string;
  station: string;
}

/** A city of the tour; days as ``2019-12-27``. */
export interface TourStop {
  id: string;
  city: Names;
  first_day: string;
  last_day: string;
}

/** Where the visitor goes: a service, a counter, or both. */
export interface TransferBody {
  command_id: string;
  /** the step that is meant; another one is refused */
  step?: string | null;
  service?: string | null;
  counter?: string | null;
}

/** Which action is to be undone. */
export interface UndoBody {
  command_id: string;
  /** the action's command_id; without it, the last one */
  action_id?: string | null;
}

/** The last action, while it can be taken back. */
export interface Undoable {
  action: string;
  action_id: string;
  number: number | null;
  /** RFC 3339, UTC */
  until: string;
}

/** The counter as it was before the action, and who is there again. */
export interface UndoneAnswer {
  outcome: "undone";
  action: string;
  counter: CounterState;
  step: StepAtCounter | null;
  visit: VisitAtCounter | null;
  why: Why | null;
}

/** What the venue's clocks add to UTC from a moment on. */
export interface UtcOffset {
  /** RFC 3339, UTC */
  since: string;
  seconds: number;
}

/** What does not change during the day. */
export interface VenueAnswer {
  event: EventInfo;
  venue: VenueInfo;
  tour: Array<TourStop>;
  service_day: ServiceDay | null;
  /** Where people are sent that a kiosk can't help. */
  welcome_zone: string | null;
  zones: Array<ZoneInfo>;
  categories: Array<KindInfo>;
  units: Array<KindInfo>;
  services: Array<ServiceInfo>;
  booths: Array<BoothInfo>;
  counters: Array<CounterInfo>;
  gone: GoneFromPlan;
  boards: Array<BoardInfo>;
  stations: Array<StationInfo>;
  offices: Array<OfficeInfo>;
  languages: Array<"ar" | "fr" | "zgh" | "en">;
  /** invented members, nobody's day: a rehearsal may play here */
  demo: boolean;
  /** a virtual one stands still but for `POST /clock` */
  clock: "real" | "virtual";
  /** RFC 3339, UTC */
  now: string;
}

/** The edition at one place. */
export interface VenueInfo {
  id: string;
  name: Names;
  city: Names;
  timezone: string;
  /**
   * What the server adds to UTC, from a year ago until two years from now, the oldest first: what a screen shows is
   * reckoned with it, since its browser may have other zone data. The first holds for all before it.
   */
  utc_offsets: Array<UtcOffset>;
}

/** One party's presence on one service day. */
export interface Visit {
  id: string;
  number: number | null;
  state: "choosing" | "open" | "held" | "done" | "left";
  locale: "ar" | "fr" | "zgh" | "en";
  /** Null where nothing of the person is shown: a ticket was scanned, or the card some minutes ago. */
  category: string | null;
  /** Members, by id, at the welcome desk and for who has just shown the card; else empty. */
  party: Array<string>;
  keep_together: boolean;
  /** The other visits of a family that split up; they leave together. Empty for everybody else. */
  family: Array<Relatives>;
  /** Null when it is not known: no counter open for one of its services, a stop set aside, a place that is kept. */
  expected_finish: Finish | null;
  /** What the welcome desk gave by hand. */
  priority: Priority | null;
  /** The number they had before a restore, as the welcome desk wrote it down. */
  old_number: number | null;
  /** RFC 3339, UTC */
  created_at: string;
  hold_until: string | null;
  steps: Array<Step>;
  next: Next;
  ticket: Ticket | null;
}

/** A visit as counters see it: no name. */
export interface VisitAtCounter {
  id: string;
  number: number;
  locale: "ar" | "fr" | "zgh" | "en";
  category: string;
  party_size: number;
  needs: Array<string>;
  family: Array<RelativesAtCounter>;
  route: Array<Stop>;
}

/** A member's visit of today. */
export interface VisitOfMember {
  id: string;
  number: number | null;
  state: string;
}

/** Seconds: half are called by `p50`, nine in ten by `p90`. */
export interface Wait {
  p50: number;
  p90: number;
}

/** How long it took from asking to the last call, in seconds. */
export interface WaitedToday {
  mean_s: number | null;
  max_s: number | null;
}

/** A print job that is due. */
export interface WaitingJob {
  id: string;
  /** how often it has been tried, this time included */
  attempt: number;
  ticket: LaidOutTicket;
}

/** What a walk-in led to. */
export interface WalkInAnswer {
  outcome: "admitted" | "returning" | "refused";
  reason: "malformed_code" | "unknown_card" | "revoked_card" | "not_eligible" | "outside_hours" | "day_full" | "wrong_event" | "visit_closed" | "lost_in_restore" | "card_out_of_date" | "card_elsewhere" | "codes_locked" | null;
  visit: Visit | null;
  member: LetIn | null;
  first_seen: string | null;
  /** With `visit_closed`: the visit that may be opened again from here (`POST /visits/{id}/reopen`). */
  reopens?: string | null;
}

/** Who comes without a card: a known member, or a person to register. */
export interface WalkInBody {
  command_id: string;
  member?: string | null;
  person?: PersonBody | null;
  /** why, in a few words; kept in the log */
  reason: string;
}

/** What the welcome desk sees all the time: numbers and machines, no names. */
export interface WelcomeData {
  /** RFC 3339, UTC */
  now: string;
  doors: Doors;
  day: DayAtDesk | null;
  printers: Array<Printer>;
  trouble: Array<PrinterFailing | PaperLow>;
  tickets: Array<TicketWithoutPaper>;
  /** Whether a copy was brought back on the open day: visits of it may be lost. */
  restored: boolean;
}

/** The welcome desk, topic ``welcome``. */
export interface WelcomeSnapshot {
  topic: string;
  /** The server's run. */
  epoch: string;
  version: number;
  data: WelcomeData;
}

/** Why this one: a code and its figures; docs/reasons.md says what each means. */
export interface Why {
  code: string;
  /** Waited so far. */
  minutes?: number;
  /** Minutes that priority gave. */
  head_start?: number;
  reason?: string;
  /** Minutes of service the visit still needs. */
  left?: number;
  /** Minutes on foot. */
  walk?: number;
  /** The service that has to come before. */
  first?: string;
}

/** A part of the hall; its sign is letter, shape and colour together. */
export interface ZoneInfo {
  id: string;
  name: Names;
  shape: "circle" | "triangle" | "square" | "diamond" | "star" | "hexagon";
  colour: string;
  ink: string;
}

/** What `GET P` answers; `never` for an address that is not there. */
export type GetAnswer<P extends string> =
  P extends `/privacy/members/${string}/export` | `/privacy/members/${string}/export?${string}` ? null :
  P extends `/boards/${string}/snapshot` | `/boards/${string}/snapshot?${string}` ? BoardSnapshot :
  P extends `/counters/${string}/notes` | `/counters/${string}/notes?${string}` ? Notes :
  P extends `/counters/${string}/snapshot` | `/counters/${string}/snapshot?${string}` ? CounterSnapshot :
  P extends `/kiosks/${string}/snapshot` | `/kiosks/${string}/snapshot?${string}` ? KioskSnapshot :
  P extends `/members/${string}/card` | `/members/${string}/card?${string}` ? null :
  P extends `/privacy/members/${string}` | `/privacy/members/${string}?${string}` ? KnownAnswer :
  P extends `/visits/${string}/qr` | `/visits/${string}/qr?${string}` ? null :
  P extends "/audit/chain" | `/audit/chain?${string}` ? ChainVerdict :
  P extends "/dashboard/snapshot" | `/dashboard/snapshot?${string}` ? DashboardSnapshot :
  P extends "/privacy/members" | `/privacy/members?${string}` ? FoundMembers :
  P extends "/stats/dictionary" | `/stats/dictionary?${string}` ? StatsDictionary :
  P extends "/welcome/snapshot" | `/welcome/snapshot?${string}` ? WelcomeSnapshot :
  P extends `/fairness/${string}` | `/fairness/${string}?${string}` ? FairnessReport :
  P extends `/reports/${string}.csv` | `/reports/${string}.csv?${string}` ? null :
  P extends `/visits/${string}` | `/visits/${string}?${string}` ? Visit :
  P extends "/audit" | `/audit?${string}` ? Audit :
  P extends "/media" | `/media?${string}` ? MediaAnswer :
  P extends "/members" | `/members?${string}` ? FoundMembers :
  P extends "/openapi.json" | `/openapi.json?${string}` ? OpenApiDocument :
  P extends "/printers" | `/printers?${string}` ? Printers :
  P extends "/privacy" | `/privacy?${string}` ? Keeping :
  P extends "/services" | `/services?${string}` ? Services :
  P extends "/session" | `/session?${string}` ? Signed :
  P extends "/stats" | `/stats?${string}` ? Stats :
  P extends "/venue" | `/venue?${string}` ? VenueAnswer :
  P extends "/visits" | `/visits?${string}` ? FoundVisit :
  P extends "/voice" | `/voice?${string}` ? Phrase :
  never;

/** What `POST P` answers; `never` for an address that is not there. */
export type PostAnswer<P extends string> =
  P extends `/privacy/members/${string}/erase` ? ErasedAnswer :
  P extends `/boards/${string}/announcements` ? Announcement :
  P extends `/counters/${string}/add-service` ? StepAnswer :
  P extends `/counters/${string}/call-next` ? CallAnswer :
  P extends `/counters/${string}/close` ? CounterAnswer :
  P extends `/counters/${string}/finish` ? StepAnswer :
  P extends `/counters/${string}/no-show` ? StepAnswer :
  P extends `/counters/${string}/note` ? StepAnswer :
  P extends `/counters/${string}/open` ? CounterAnswer :
  P extends `/counters/${string}/park` ? StepAnswer :
  P extends `/counters/${string}/pause` ? CounterAnswer :
  P extends `/counters/${string}/recall` ? StepAnswer :
  P extends `/counters/${string}/resume` ? StepAnswer :
  P extends `/counters/${string}/scan` ? StartedAnswer :
  P extends `/counters/${string}/start` ? StepAnswer :
  P extends `/counters/${string}/transfer` ? StepAnswer :
  P extends `/counters/${string}/undo` ? UndoneAnswer :
  P extends `/members/${string}/card` ? NewCard :
  P extends `/pairings/${string}/claim` ? Token :
  P extends `/print-jobs/${string}/failed` ? PrintJobAnswer :
  P extends `/print-jobs/${string}/printed` ? PrintJobAnswer :
  P extends `/print-jobs/${string}/retry` ? PrintJobAnswer :
  P extends `/print-jobs/${string}/sending` ? PrintJobAnswer :
  P extends `/print-jobs/${string}/sent` ? PrintJobAnswer :
  P extends `/print-jobs/${string}/uncertain` ? PrintJobAnswer :
  P extends `/printers/${string}/confirm` ? TestJudgedAnswer :
  P extends `/printers/${string}/next-job` ? NextJob :
  P extends `/printers/${string}/recover` ? Recovered :
  P extends `/printers/${string}/test` ? TestPrint :
  P extends `/services/${string}/last-tickets` ? LastTickets :
  P extends `/visits/${string}/feedback` ? Thanks :
  P extends `/visits/${string}/handed-over` ? Visit :
  P extends `/visits/${string}/hold` ? Visit :
  P extends `/visits/${string}/leave` ? Visit :
  P extends `/visits/${string}/reopen` ? Visit :
  P extends `/visits/${string}/reprint` ? Visit :
  P extends `/visits/${string}/resume` ? Visit :
  P extends `/visits/${string}/route` ? Route :
  P extends "/clock/decision" ? ClockDecision :
  P extends "/day/close" ? DayClosed :
  P extends "/day/open" ? DayOpened :
  P extends "/pairings/approve" ? Approved :
  P extends "/session/here" ? Done :
  P extends "/clock" ? ClockAnswer :
  P extends "/pairings" ? Pairing :
  P extends "/scans" ? ScanAnswer :
  P extends "/session" ? Session :
  P extends "/walk-ins" ? WalkInAnswer :
  never;

/** What `POST P` takes, without the id that client.js adds. */
export type PostBody<P extends string> =
  P extends `/privacy/members/${string}/erase` ? Bare<EraseBody> :
  P extends `/boards/${string}/announcements` ? Bare<AnnounceBody> :
  P extends `/counters/${string}/add-service` ? Bare<AddServiceBody> :
  P extends `/counters/${string}/call-next` ? Bare<Command> :
  P extends `/counters/${string}/close` ? Bare<CounterBody> :
  P extends `/counters/${string}/finish` ? Bare<FinishBody> :
  P extends `/counters/${string}/no-show` ? Bare<StepCommand> :
  P extends `/counters/${string}/note` ? Bare<NoteBody> :
  P extends `/counters/${string}/open` ? Bare<CounterBody> :
  P extends `/counters/${string}/park` ? Bare<StepCommand> :
  P extends `/counters/${string}/pause` ? Bare<CounterBody> :
  P extends `/counters/${string}/recall` ? Bare<StepCommand> :
  P extends `/counters/${string}/resume` ? Bare<ResumeStepBody> :
  P extends `/counters/${string}/scan` ? Bare<ScanHereBody> :
  P extends `/counters/${string}/start` ? Bare<StepCommand> :
  P extends `/counters/${string}/transfer` ? Bare<TransferBody> :
  P extends `/counters/${string}/undo` ? Bare<UndoBody> :
  P extends `/members/${string}/card` ? Bare<NewCardBody> :
  P extends `/pairings/${string}/claim` ? Bare<ClaimBody> :
  P extends `/print-jobs/${string}/failed` ? Bare<PrintTroubleBody> :
  P extends `/print-jobs/${string}/printed` ? Bare<Command> :
  P extends `/print-jobs/${string}/retry` ? Bare<RetryBody> :
  P extends `/print-jobs/${string}/sending` ? Bare<Command> :
  P extends `/print-jobs/${string}/sent` ? Bare<Command> :
  P extends `/print-jobs/${string}/uncertain` ? Bare<PrintTroubleBody> :
  P extends `/printers/${string}/confirm` ? Bare<TestJudged> :
  P extends `/printers/${string}/next-job` ? Bare<NextJobBody> :
  P extends `/printers/${string}/recover` ? Bare<RecoverBody> :
  P extends `/printers/${string}/test` ? Bare<Command> :
  P extends `/services/${string}/last-tickets` ? Bare<LastTicketsBody> :
  P extends `/visits/${string}/feedback` ? Bare<FeedbackBody> :
  P extends `/visits/${string}/handed-over` ? Bare<Command> :
  P extends `/visits/${string}/hold` ? Bare<HoldBody> :
  P extends `/visits/${string}/leave` ? Bare<FamilyCommand> :
  P extends `/visits/${string}/reopen` ? Bare<FamilyCommand> :
  P extends `/visits/${string}/reprint` ? Bare<Command> :
  P extends `/visits/${string}/resume` ? Bare<ResumeBody> :
  P extends `/visits/${string}/route` ? Bare<RouteBody> :
  P extends "/clock/decision" ? Bare<ClockDecisionBody> :
  P extends "/day/close" ? Bare<DayCloseBody> :
  P extends "/day/open" ? Bare<DayOpenBody> :
  P extends "/pairings/approve" ? Bare<ApproveBody> :
  P extends "/session/here" ? {} :
  P extends "/clock" ? Bare<ClockBody> :
  P extends "/pairings" ? {} :
  P extends "/scans" ? Bare<ScanBody> :
  P extends "/session" ? Bare<SignInBody> :
  P extends "/walk-ins" ? Bare<WalkInBody> :
  never;

/** What `PUT P` answers; `never` for an address that is not there. */
export type PutAnswer<P extends string> =
  P extends `/printers/${string}/state` ? Done :
  P extends `/visits/${string}/priority` ? Visit :
  P extends `/visits/${string}/remembered` ? Visit :
  P extends `/visits/${string}/services` ? Visit :
  never;

/** What `PUT P` takes, without the id that client.js adds. */
export type PutBody<P extends string> =
  P extends `/printers/${string}/state` ? Bare<PrinterStateBody> :
  P extends `/visits/${string}/priority` ? Bare<PriorityBody> :
  P extends `/visits/${string}/remembered` ? Bare<RememberedBody> :
  P extends `/visits/${string}/services` ? Bare<ChooseBody> :
  never;

/** What `DELETE P` answers; `never` for an address that is not there. */
export type DeleteAnswer<P extends string> =
  P extends `/boards/${string}/announcements` ? Announcement :
  P extends `/devices/${string}` ? Done :
  P extends "/session" ? Done :
  never;
