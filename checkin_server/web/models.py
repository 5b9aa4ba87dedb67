"""Bodies and answers of the API as types: what is read is checked against them, and OpenAPI is written from them."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

Id = Annotated[str, Field(min_length=1, max_length=64)]
Locale = Literal["ar", "fr", "zgh", "en"]
Time = Annotated[str, Field(description="RFC 3339, UTC", examples=["2019-12-27T08:00:00Z"])]


class Command(BaseModel):
    """The same id again returns the first answer; with another body it is refused with `id_reused`."""

    command_id: UUID


class ScanBody(BaseModel):
    """What a kiosk read."""

    scan_id: UUID
    code: Annotated[str, Field(max_length=4096, description="card code or visit reference, as scanned or typed")]


class GroupBody(BaseModel):
    """Members of a family who go on their own, and what they want."""

    party: Annotated[list[Id], Field(min_length=1, max_length=64)]
    services: Annotated[list[Id], Field(min_length=1, max_length=64)]


class ChooseBody(Command):
    """What a visitor ticked: all wanted services, not only new ones."""

    services: Annotated[list[Id], Field(max_length=64)]
    party: Annotated[list[Id], Field(max_length=64)] | None = None
    locale: Annotated[str, Field(max_length=16)] | None = None
    keep_together: bool | None = None
    apart: Annotated[list[GroupBody], Field(max_length=8)] | None = None
    """The family's further groups when it splits up (`keep_together` false): each gets a visit of its own."""


class FamilyCommand(Command):
    """A command for one visit, or with `family` for all visits of a family that split up, as far as it can be done."""

    family: bool = False


class PriorityBody(Command):
    """Why a visitor is called sooner; null takes it back."""

    reason: (
        Literal[
            "wheelchair",
            "low_vision",
            "hard_of_hearing",
            "needs_reading_aloud",
            "pregnant",
            "small_child",
            "elderly",
            "unwell",
            "other",
        ]
        | None
    )


class HoldBody(FamilyCommand):
    """How long to hold the place."""

    minutes: Annotated[int, Field(ge=1, le=120)]


class ResumeBody(FamilyCommand):
    """Which steps to bring back; without them the whole visit goes on: its hold ends and all its steps come back."""

    steps: Annotated[list[Id], Field(min_length=1, max_length=64)] | None = None


class RouteBody(BaseModel):
    """Services somebody has ticked and not confirmed."""

    services: Annotated[list[Id], Field(min_length=1, max_length=64)]


class FeedbackBody(Command):
    """Scores from 1 to 5 by service, and a text; `locale` is the language it is given in, by default the visit's."""

    scores: dict[str, Annotated[int, Field(ge=1, le=5)]] = {}
    text: Annotated[str, Field(max_length=4000)] | None = None
    kind: Literal["opinion", "expectation", "proposal"] | None = None
    locale: Locale | None = None


class SignInBody(BaseModel):
    """A member of staff, by name or id, and the PIN."""

    staff: Annotated[str, Field(min_length=1, max_length=100)]
    pin: Annotated[str, Field(max_length=32)]


class CounterBody(Command):
    """Opening, pausing or closing a counter."""

    reason: Annotated[str, Field(max_length=200)] | None = None


class StepCommand(Command):
    """An action on the visitor at the counter."""

    step: Annotated[Id | None, Field(description="the step that is meant; another one is refused")] = None


class TransferBody(StepCommand):
    """Where the visitor goes: a service, a counter, or both."""

    service: Id | None = None
    counter: Id | None = None


class AddServiceBody(StepCommand):
    """Services the visitor wants too."""

    services: Annotated[list[Id], Field(min_length=1, max_length=64)]


class NoteBody(StepCommand):
    """What the booth's staff should know."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class ResumeStepBody(Command):
    """Which step goes on."""

    step: Id


class ScanHereBody(Command):
    """What was shown at the counter (`code` or `number`), and what the clerk has decided."""

    code: Annotated[str, Field(max_length=4096, description="ticket or card, as scanned or typed")] | None = None
    number: Annotated[int, Field(ge=1)] | None = None
    reason: (
        Annotated[str, Field(max_length=200, description="why out of turn; kept in the event log, no names")] | None
    ) = None
    service: Annotated[Id | None, Field(description="which service of this counter")] = None
    add: Annotated[bool, Field(description="add `service` to the visit if it does not have it")] = False


class UndoBody(Command):
    """Which action is to be undone."""

    action_id: Annotated[UUID | None, Field(description="the action's command_id; without it, the last one")] = None


class Referral(BaseModel):
    """Where a case goes that could not be settled here."""

    office: Id
    subject: Annotated[str, Field(max_length=500)] = ""


class FinishBody(StepCommand):
    """How the service ended."""

    outcome: Literal["served", "referred", "incomplete"] = "served"
    referral: Referral | None = None
    note: Annotated[str, Field(max_length=2000)] | None = None
    quick: Annotated[bool, Field(description="also when the service was not started")] = False


class ApproveBody(BaseModel):
    """What the device that shows this code shall be."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    role: Id
    station: Id


class ClaimBody(BaseModel):
    """The secret that the device was given when it asked."""

    secret: Annotated[str, Field(max_length=200)]


Reason = Annotated[str, Field(min_length=3, max_length=200, description="why, in a few words; kept in the log")]


class NumberQuery(BaseModel):
    """The number on a ticket of today."""

    number: Annotated[int, Field(ge=1, le=999_999)]


class MembersQuery(BaseModel):
    """A name in either script, or the beginning of one; or a member's id."""

    q: Annotated[str, Field(min_length=2, max_length=100)]
    reason: Reason


class PersonBody(BaseModel):
    """Somebody who is on no list yet; a name in one script stands for both."""

    name_ar: Annotated[str, Field(max_length=120)] = ""
    name_la: Annotated[str, Field(max_length=120)] = ""
    category: Id
    unit: Id
    locale: Locale


class WalkInBody(Command):
    """Who comes without a card: a known member, or a person to register."""

    member: Id | None = None
    person: PersonBody | None = None
    reason: Reason


class NewCardBody(Command):
    """Why a member gets a new card."""

    reason: Reason


class NextJobBody(BaseModel):
    """How long to wait for a ticket."""

    wait_s: Annotated[float, Field(ge=0, le=20)] = 0.0


class RecoverBody(Command):
    """Whether printing a ticket a second time does no harm, as with a virtual printer."""

    idempotent: bool


class PrintTroubleBody(Command):
    """Why a ticket was not printed."""

    error: Annotated[str, Field(max_length=2000)]


class RetryBody(PrintTroubleBody):
    """When the ticket may be tried again."""

    delay_s: Annotated[float, Field(ge=0, le=3600)] = 0.0


class PrinterStateBody(BaseModel):
    """How a printer is."""

    state: Literal["ok", "trouble", "unknown"]
    last_error: Annotated[str, Field(max_length=64)] | None = None
    paper: Literal["ok", "low", "out"] | None = None


class ClockBody(BaseModel):
    """The time to set a virtual clock to."""

    now: Time


class Names(BaseModel):
    """A text in the four languages."""

    ar: str
    fr: str
    zgh: str
    en: str


class Wait(BaseModel):
    """Seconds: half are called by `p50`, nine in ten by `p90`."""

    p50: int
    p90: int


class Step(BaseModel):
    """One service wanted in a visit."""

    id: str
    service: str
    state: Literal["waiting", "headed", "called", "serving", "served", "no_show", "parked", "transferred", "cancelled"]
    booth: str
    zone: str
    counter: str | None
    position: int | None
    expected_wait: Wait | None
    since: Time
    called_at: Time | None
    started_at: Time | None
    ended_at: Time | None


class Next(BaseModel):
    """What the visitor should do now."""

    kind: Literal["choose", "wait", "go", "serving", "held", "done"]
    service: str | None
    booth: str | None
    zone: str | None
    counter: str | None
    counter_label: str | None
    expected_wait: Wait | None
    why: dict[str, Any] | None


class Leg(BaseModel):
    """One stop of a proposed route."""

    service: str
    booth: str
    zone: str
    expected_wait: Wait | None
    why: dict[str, Any]


class Route(BaseModel):
    """The order in which a visitor would probably be called."""

    route: list[Leg]


class Ticket(BaseModel):
    """The newest print job of a visit."""

    print_job: str
    state: Literal["queued", "sending", "printed", "uncertain", "failed", "cancelled"]
    printer: str
    """Where it comes out; another than the kiosk's own when that one was down."""
    duplicate: bool
    error: str | None
    """Why it is not printed (yet): a printer's trouble."""


class Finish(BaseModel):
    """When a visit will probably be through: at `p50` every second one is, at `p90` nine in ten."""

    p50: Time
    p90: Time


class Priority(BaseModel):
    """A head start with its reason: as if the visitor had come so many minutes sooner."""

    reason: str
    minutes: int


class Relatives(BaseModel):
    """A visit of the same family: number, who is in it, and where it is."""

    id: str
    number: int | None
    state: Literal["choosing", "open", "held", "done", "left"]
    party: list[str]
    next: Next
    ticket: Ticket | None


class Visit(BaseModel):
    """One party's presence on one service day."""

    id: str
    number: int | None
    state: Literal["choosing", "open", "held", "done", "left"]
    locale: Locale
    category: str
    party: list[str]
    keep_together: bool
    family: list[Relatives]
    """The other visits of a family that split up; they leave together. Empty for everybody else."""
    expected_finish: Finish | None
    """Null when it is not known: no counter open for one of its services, a stop set aside, a place that is kept."""
    priority: Priority | None
    """What the welcome desk gave by hand."""
    created_at: Time
    hold_until: Time | None
    steps: list[Step]
    next: Next
    ticket: Ticket | None


class TestPrint(BaseModel):
    """A test print was queued; `GET /printers` says how it ended."""

    print_job: str
    printer: str
    state: Literal["queued"]


class LastTest(BaseModel):
    """The newest test print of a printer."""

    print_job: str
    state: Literal["queued", "sending", "printed", "uncertain", "failed", "cancelled"]
    error: str | None
    asked_at: Time
    at: Time


class Printer(BaseModel):
    """A printer and its day."""

    id: str
    kind: str
    width_mm: int
    kiosks: list[str]
    desks: list[str]
    """The kiosks and the welcome desks whose own printer it is."""
    state: Literal["ok", "trouble", "unknown"]
    last_error: str | None
    since: Time | None
    paper: Literal["ok", "low", "out"] | None
    queued: int
    printed: int
    failed: int
    uncertain: int
    at: Time | None
    test: LastTest | None


class Printers(BaseModel):
    """All printers."""

    printers: list[Printer]


class DisplayName(BaseModel):
    """A name in both scripts."""

    ar: str
    la: str


class Relative(BaseModel):
    """A member of the same family."""

    id: str
    display_name: DisplayName
    category: str
    self: bool
    present: bool
    elsewhere: bool


class Member(BaseModel):
    """What a kiosk may show of a member."""

    display_name: DisplayName
    category: str
    locale: Locale
    needs: list[str]
    party: list[Relative]


class ScanAnswer(BaseModel):
    """What a scan led to."""

    outcome: Literal["admitted", "returning", "refused"]
    reason: (
        Literal[
            "malformed_code",
            "unknown_card",
            "revoked_card",
            "not_eligible",
            "outside_hours",
            "day_full",
            "wrong_event",
            "visit_closed",
        ]
        | None
    )
    visit: Visit | None
    member: Member | None
    first_seen: Time | None


class FoundVisit(BaseModel):
    """A visit of today, and whose it is."""

    visit: Visit
    member: Member
    first_seen: Time


class VisitOfMember(BaseModel):
    """A member's visit of today."""

    id: str
    number: int | None
    state: str


class FoundMember(BaseModel):
    """A member as the welcome desk finds them."""

    id: str
    display_name: DisplayName
    category: str
    unit: str
    card: Literal["active", "revoked"] | None
    visit: VisitOfMember | None


class FoundMembers(BaseModel):
    """Members that fit; `more` when there were too many to show."""

    members: list[FoundMember]
    more: bool


class NewCard(BaseModel):
    """A card was issued; `GET /members/{id}/card` is the paper."""

    outcome: Literal["done"]
    revoked: int


class Offer(BaseModel):
    """What a partner's agreement gives members."""

    id: str
    text: Names
    categories: list[str]


class Service(BaseModel):
    """A service with its live wait."""

    id: str
    name: Names
    booth: str
    zone: str
    pictogram: str
    open: bool
    accepting: bool
    waiting: int
    counters_open: int
    closing: bool
    """Whether the last tickets are near: the tile says how many places are left. `accepting` is false when none is."""
    places_left: int | None
    """How many more can be served by closing; null when that can't be told, because no counter is open."""
    expected_wait: Wait | None
    last_ticket_at: Time | None
    """Until when tickets are expected to be given out: at the present rate, so that all are served by closing."""
    categories: list[str]
    offers: list[Offer]


class LastTicketsBody(Command):
    """What an organiser decides about a service's last tickets; it goes before the look-ahead's promise.

    ``more``: so many `places` from now on, or `until` a time (one of the two); ``stop``: no more today;
    ``automatic``: as the look-ahead says again.
    """

    rule: Literal["more", "stop", "automatic"]
    places: Annotated[int, Field(ge=1, le=2000)] | None = None
    until: Time | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)]
    """Why; it is kept in the event log. No names."""


class LastTickets(BaseModel):
    """What holds for a service's last tickets now."""

    service: str
    rule: Literal["more", "stop", "automatic"]
    places_left: int | None
    until: Time | None


class Services(BaseModel):
    """All services."""

    services: list[Service]
    inside: int
    now: Time


class Overtaken(BaseModel):
    """One category of visitors: how many there were, how many were overtaken, by how much at most."""

    category: str
    visits: int
    overtaken: int
    longest_s: int
    """How much later somebody had asked who was chosen before one of them, in seconds."""


class BeyondBound(BaseModel):
    """A choice beyond the bound, by its place in the event log."""

    seq: int
    service: str
    number: int | None
    """Who was overtaken."""
    by: int | None
    minutes: float
    bound_minutes: float


class FairnessReport(BaseModel):
    """Who was overtaken on a day, and whether the bound held; read from the event log."""

    day: str
    choices: int
    """How often somebody was chosen: sent to a zone, or called without."""
    bound_minutes: float
    held: bool
    beyond: int
    cases: list[BeyondBound]
    """The last of them, at most 20."""
    categories: list[Overtaken]


class Thanks(BaseModel):
    """An opinion was kept."""

    outcome: Literal["thanks"]


class Staff(BaseModel):
    """Somebody who is signed in."""

    id: str
    name: str


class Session(BaseModel):
    """A session at a counter."""

    session_token: str
    staff: Staff
    expires_at: Time


class Signed(BaseModel):
    """Who is signed in on this device."""

    staff: Staff


class Done(BaseModel):
    """It was done."""

    outcome: Literal["done"]


class LaidOutTicket(BaseModel):
    """A ticket as the printer gets it, in Base64."""

    escpos: str
    png: Annotated[str, Field(description="the same as a picture")]


class WaitingJob(BaseModel):
    """A print job that is due."""

    id: str
    attempt: Annotated[int, Field(description="how often it has been tried, this time included")]
    ticket: LaidOutTicket


class NextJob(BaseModel):
    """The oldest print job that is due, or null."""

    job: WaitingJob | None


class PrintJobAnswer(BaseModel):
    """What the job has become."""

    outcome: Literal["done"]
    state: Literal["queued", "sending", "printed", "uncertain", "failed"]


class Recovered(BaseModel):
    """How many jobs were settled."""

    outcome: Literal["done"]
    jobs: int


class CounterState(BaseModel):
    """A counter."""

    id: str
    booth: str
    label: str
    zone: str
    state: Literal["open", "paused", "closed"]
    reason: str | None
    services: list[str]


class CounterAnswer(BaseModel):
    """The counter as it is now."""

    counter: CounterState


class StepAtCounter(BaseModel):
    """A step as counters see it."""

    id: str
    service: str
    state: str
    booth: str
    zone: str
    counter: str | None
    since: Time
    called_at: Time | None
    started_at: Time | None
    ended_at: Time | None
    recalls: int


class Stop(BaseModel):
    """A stop of a visit's route."""

    service: str
    state: str


class RelativesAtCounter(BaseModel):
    """Another visit of a family that split up: `state` is that of the step it is at, ``waiting`` or ``done``."""

    number: int
    state: Literal["waiting", "headed", "called", "serving", "done"]
    service: str | None


class VisitAtCounter(BaseModel):
    """A visit as counters see it: no name."""

    id: str
    number: int
    locale: Locale
    category: str
    party_size: int
    needs: list[str]
    family: list[RelativesAtCounter]
    route: list[Stop]


class CallAnswer(BaseModel):
    """Who was called, or that nobody could be."""

    outcome: Literal["called", "nobody"]
    step: StepAtCounter | None = None
    visit: VisitAtCounter | None = None
    why: dict[str, Any] | None = None
    next_expected: Time | None = None


class StepAnswer(BaseModel):
    """The step after the action."""

    outcome: Literal["done"]
    step: StepAtCounter
    visit: VisitAtCounter
    why: dict[str, Any] | None


class StartedAnswer(BaseModel):
    """Whose service began."""

    outcome: Literal["started"]
    step: StepAtCounter
    visit: VisitAtCounter
    why: dict[str, Any] | None


class UndoneAnswer(BaseModel):
    """The counter as it was before the action, and who is there again."""

    outcome: Literal["undone"]
    action: str
    counter: CounterState
    step: StepAtCounter | None
    visit: VisitAtCounter | None
    why: dict[str, Any] | None


class Note(BaseModel):
    """What somebody of this booth noted."""

    text: str
    at: Time
    counter: str
    staff: str


class Notes(BaseModel):
    """The booth's notes about the visitor at the counter."""

    number: int
    notes: list[Note]


class Snapshot(BaseModel):
    """Everything a screen shows, whole. A higher `version` of the same `epoch` replaces a lower one."""

    topic: str
    epoch: str
    version: int
    data: dict[str, Any]


class AnnounceBody(Command):
    """A call that a board wants to say aloud, as its snapshot names it."""

    call: Annotated[str, Field(min_length=1, max_length=100)]
    recall: Annotated[int, Field(ge=0, le=10_000)] = 0


class Phrase(BaseModel):
    """What to play, in order. Without `files` nobody can say it in this language."""

    language: Locale | None
    files: list[str]
    synthetic: Annotated[bool, Field(description="the machine's voice speaks, recordings are missing")]
    missing: Annotated[list[str], Field(description="recordings that would be needed")]


class Announcement(Phrase):
    """`speak`: play it now. `wait`: ask again after `wait_ms`. `said`, `gone`: leave it. `finished`: noted."""

    outcome: Literal["speak", "wait", "said", "gone", "finished"]
    wait_ms: int


class MediaAnswer(BaseModel):
    """Pictures and films in order, each `{url, kind}`; kinds are `image` and `video`."""

    items: list[dict[str, str]]
    image_seconds: float


class VenueAnswer(BaseModel):
    """What does not change during the day."""

    event: dict[str, Any]
    venue: dict[str, Any]
    tour: list[dict[str, Any]]
    service_day: dict[str, Any] | None
    welcome_zone: str | None
    """Where people are sent that a kiosk can't help."""
    zones: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    units: list[dict[str, Any]]
    services: list[dict[str, Any]]
    booths: list[dict[str, Any]]
    counters: list[dict[str, Any]]
    boards: list[dict[str, Any]]
    stations: list[dict[str, Any]]
    offices: list[dict[str, Any]]
    languages: list[str]
    demo: Annotated[bool, Field(description="invented members, nobody's day: a rehearsal may play here")]
    clock: Annotated[Literal["real", "virtual"], Field(description="a virtual one stands still but for `POST /clock`")]
    now: Time


class Pairing(BaseModel):
    """Show `code` on the device; keep `secret` to claim the token."""

    pairing_id: str
    code: str
    secret: str


class Approved(BaseModel):
    """The pairing may be claimed."""

    pairing_id: str
    role: str
    station: str


class Token(BaseModel):
    """The device's token, shown once."""

    device_id: str
    token: str
    role: str
    station: str


class Health(BaseModel):
    """Alive."""

    status: Literal["ok"]


class ClockAnswer(BaseModel):
    """The time it is now."""

    now: Time


class OpenApiDocument(BaseModel):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]
