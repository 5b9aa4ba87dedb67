"""What organisers watch, as types: figures, services, counters, devices, advice, and each trouble by its code."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checkin_server.services.day.last_tickets import RulingShown
from checkin_server.services.reports.fairness import FairnessSoFar
from checkin_server.services.shapes import Time, Wait
from checkin_server.services.snapshots.doors import Doors
from checkin_server.services.snapshots.printers import Printer
from checkin_server.services.store_probe import StoreError


class PrinterFailing(TypedDict):
    """A printer does not print."""

    code: Literal["printer_failing"]
    printer: str
    error: str | None
    kiosk: str | None
    since: Time | None
    waiting: int


class PaperLow(TypedDict):
    """A printer's roll ends soon."""

    code: Literal["paper_low"]
    printer: str
    kiosk: str | None


class NoCounterOpen(TypedDict):
    """Several wait for a service that nobody gives."""

    code: Literal["no_counter_open"]
    service: str
    waiting: int


class ServiceGone(TypedDict):
    """Visitors wait for a service that the plan has no more."""

    code: Literal["service_gone"]
    service: str
    waiting: int


class Restored(TypedDict):
    """A copy of the database was brought back today: what came after it is lost, and some numbers are left out."""

    code: Literal["restored"]
    at: Time
    copy_at: Time | None
    """When the last thing happened that the copy knows; null when the copy is of before the day was opened."""
    first: int | None
    """The numbers that may have been given and are not given again."""
    last: int | None


class NobodyAtBooth(TypedDict):
    """A counter is open, somebody waits, and nobody calls."""

    code: Literal["nobody_at_booth"]
    booth: str
    waiting: int


class DeviceSilent(TypedDict):
    """A screen has not been heard of for a while."""

    code: Literal["device_silent"]
    role: str
    station: str
    since: Time


class SignInLocked(TypedDict):
    """Too many wrong PINs were typed on a device: somebody forgot theirs, or guesses."""

    code: Literal["sign_in_locked"]
    role: str
    station: str
    until: Time


class SearchesLimited(TypedDict):
    """Somebody looked up more people than any desk's work needs."""

    code: Literal["searches_limited"]
    role: str
    station: str
    staff: str | None
    at: Time


class CallsMissed(TypedDict):
    """So great a share of the last hour's calls is missed that boards or voice can't be seen or heard."""

    code: Literal["calls_missed"]
    share: float


class NotFollowing(TypedDict):
    """Visitors do not stand where they were sent: what share, of how many."""

    code: Literal["not_following"]
    share: float
    seen: int


class StoreFailing(TypedDict):
    """The store takes nothing, or nobody knows: what it has, and for how many seconds."""

    code: Literal["store_failing"]
    error: StoreError
    seconds: int


class ClockDiffers(TypedDict):
    """The machine's clock was set, or was behind what had been written at the start: somebody says which is right."""

    code: Literal["clock_differs"]
    machine: Time
    """What the machine's clock shows."""
    riwaq: Time
    """What time it is by what Riwaq went by before."""
    followed: bool
    """Whether Riwaq goes by the machine's clock meanwhile; else by its own."""


class DayLeftOpen(TypedDict):
    """The open day's hours are long over, and nobody closed it."""

    code: Literal["day_left_open"]
    day: str
    closes_at: Time
    another_date: bool
    """By Riwaq's clock it is another date at the venue by now: the day was forgotten, or the clock is wrong."""


class PurgeOverdue(TypedDict):
    """What is personal should have been forgotten by now and is still there."""

    code: Literal["purge_overdue"]
    since: Time
    """When the oldest of it was due."""


class StoreLogLarge(TypedDict):
    """The database's write-ahead log grows: something reads and does not end."""

    code: Literal["store_log_large"]
    megabytes: int


HallTrouble = (
    DayLeftOpen
    | Restored
    | PrinterFailing
    | PaperLow
    | NoCounterOpen
    | ServiceGone
    | NobodyAtBooth
    | DeviceSilent
    | SignInLocked
    | SearchesLimited
    | CallsMissed
    | NotFollowing
    | PurgeOverdue
)
Trouble = StoreFailing | StoreLogLarge | ClockDiffers | HallTrouble


class DayShown(TypedDict):
    """The open day, else the one that was closed last: its figures are final."""

    id: str
    state: Literal["open", "closing", "closed"]
    """``closing``: nobody is admitted, sent or called any more; who is at a counter is served to the end."""
    opens_at: Time
    closes_at: Time
    at_counters: int
    """How many are called or being served."""
    ends_by: Time | None
    """When a closing day ends at the latest."""
    ended_at: Time | None
    incomplete: int
    """Visits that still wanted something when it ended."""


class DayPlanned(TypedDict):
    """A day of the plan, for who opens one."""

    id: str
    state: Literal["planned", "open", "closing", "closed"]
    opens_at: Time
    closes_at: Time


class ServiceLevel(TypedDict):
    """What share of the day's calls came within the target."""

    share: float | None
    target_minutes: int


class WaitedToday(TypedDict):
    """How long it took from asking to the last call, in seconds."""

    mean_s: int | None
    max_s: int | None


class ServiceShown(TypedDict):
    """A service: its queue, its counters, its last tickets."""

    id: str
    waiting: int
    headed: int
    serving: int
    served: int
    no_show: int
    counters_open: int
    counters: int
    expected_wait: Wait | None
    accepting: bool
    closing: bool
    places_left: int | None
    ruling: RulingShown | None
    mean_wait_s: int | None
    max_wait_s: int | None


class Arrivals(TypedDict):
    """Who came in the quarter of an hour from `at` on."""

    at: Time
    count: int


class CounterShown(TypedDict):
    """A counter: who is there, since when."""

    id: str
    booth: str
    label: str
    zone: str
    state: Literal["open", "paused", "closed", "called", "serving"]
    number: int | None
    since: Time | None
    staff: str | None


class DeviceShown(TypedDict):
    """A station's device that spoke last."""

    id: str
    role: str
    station: str
    last_seen: Time
    online: bool
    silent: bool


AdviceShown = TypedDict(
    "AdviceShown",
    {
        "code": Literal["open_counter", "divert_counter"],
        "service": str,
        "counter": str | None,
        "from": str | None,
        "wait_s": int,
        "becomes_s": int,
        "unserved": int,
    },
)
"""What would help: one more counter for a service, or one diverted `from` another. Called, because of that word."""


class ForecastsKept(TypedDict):
    """What share of forecasts kept their P90, of how many; null while there are few."""

    share: float | None
    resolved: int
    error_s: int | None


class Hall(TypedDict):
    """What is read of the hall at one moment."""

    now: Time
    doors: Doors
    day: DayShown | None
    days: list[DayPlanned]
    arrivals: int
    inside: int
    waiting: int
    headed: int
    being_served: int
    served: int
    finished: int
    service_level: ServiceLevel
    wait: WaitedToday
    services: list[ServiceShown]
    arrivals_15: list[Arrivals]
    counters: list[CounterShown]
    printers: list[Printer]
    devices: list[DeviceShown]
    trouble: list[Trouble]


class Leading(TypedDict):
    """How well visitors are led."""

    advice: list[AdviceShown]
    forecasts: ForecastsKept
    fairness: FairnessSoFar | None


class DashboardData(Hall, Leading):
    """What organisers watch."""

    old_since: Time | None
    """The moment these figures are of, while the store can't be read and they are the last that it gave."""
