"""A running demo server as the stage of a rehearsal: its kiosks and tablets, each with a token of its own.

Everything goes through the HTTP API as screens use it, so screens move and printers print. Devices are paired in the
demo's folder for this rehearsal and cut off after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from checkin_server.common.faults import Fault, WrongUse
from checkin_server.domain.plan import Plan
from checkin_server.rehearsal.guests import Guest
from checkin_server.rehearsal.wire import Device, Line, NotADemo, Refused
from checkin_server.services import access
from checkin_server.services.times import milliseconds
from checkin_server.services.venue import Venue

STATION = "rehearsal"
"""The organiser's device that looks at printers and sets a virtual clock."""


class Surprise(Fault):
    """The server answered what a day like this can't bring about: a defect of the server or of the rehearsal."""


@dataclass(frozen=True, slots=True)
class AtCounter:
    """Whom a counter called."""

    visit: str
    """The visit's reference on the server."""
    step: str
    service: str


@dataclass(frozen=True, slots=True)
class OnBoards:
    """What all boards together show."""

    headed: dict[int, str]
    """Numbers that are to go to a zone, and which."""
    aloud: set[int]
    """Those of them that are told as a call is, in large and by voice."""
    called: set[tuple[int, str]]
    """Numbers and the counters that they were called to, lately or just now."""


@dataclass
class Stage:
    """The server's devices, and what is known of its day."""

    line: Line
    organizer: Device
    kiosks: list[Device]
    counters: dict[str, Device]
    boards: list[Device]
    """So many that every zone stands on one of them."""
    day: str
    """The day that is open."""
    opens_at: int
    closes_at: int
    now: int
    """The server's time when the rehearsal came in."""
    virtual_clock: bool
    numbers: dict[str, int] = field(default_factory=dict)
    """Numbers given in this rehearsal, by visit."""
    cards: dict[str, tuple[str, Device]] = field(default_factory=dict)
    """By visit: its card, and the kiosk where it was shown."""

    def __post_init__(self) -> None:
        self._kiosk = cycle(self.kiosks)

    # -- at the kiosks ---------------------------------------------------------------------------------------------

    def check_in(self, guest: Guest) -> str:
        """Show a member's card at the next kiosk; return the visit. Raises `Surprise` unless the member is admitted."""
        kiosk = next(self._kiosk)
        scanned = kiosk.scan(guest.code)
        if scanned["outcome"] != "admitted":
            raise Surprise(
                f"the card of {guest.member} was {scanned['outcome']} ({scanned['reason'] or 'been here before'}): "
                "rehearse on a demo whose day nobody has begun"
            )
        visit = str(scanned["visit"]["id"])
        self.cards[visit] = guest.code, kiosk
        return visit

    def choose(self, visit: str, services: Sequence[str], guest: Guest, party: int) -> list[str]:
        """Tick services where the card was shown, and who of the family is here; return those that are given.

        What is refused, because its last ticket has gone, is left out, as a visitor would. Nothing left: no number.
        """
        members = [guest.member, *guest.relatives[: party - 1]]
        wanted = list(services)
        while wanted:
            answer = self.cards[visit][1].command(
                "PUT", f"/visits/{visit}/services", services=wanted, party=members, keep_together=True
            )
            if not isinstance(answer, Refused):
                self.numbers[visit] = answer["number"]
                break
            refused = {one["service"] for one in answer.body.get("refused", ()) if "service" in one}
            if answer.code != "services_refused" or not refused.intersection(wanted):
                raise Surprise(f"choosing {', '.join(wanted)} was refused: {answer.code}")
            wanted = [service for service in wanted if service not in refused]
        return wanted

    def visit(self, visit: str, action: str, **body: Any) -> dict[str, Any] | Refused:
        """``hold``, ``resume`` or ``leave`` at a kiosk; who leaves shows the card."""
        kiosk = next(self._kiosk)
        if action == "leave":
            kiosk.scan(self.cards[visit][0])
        return kiosk.command("POST", f"/visits/{visit}/{action}", **body)

    def look(self, visit: str) -> dict[str, Any]:
        """Return where a visit stands, as a kiosk shows it."""
        return self.kiosks[0].get(f"/visits/{visit}")

    # -- at the counters -------------------------------------------------------------------------------------------

    def set_counter(self, counter: str, action: str) -> None:
        """``open``, ``pause`` or ``close`` a counter."""
        self._do(self.counters[counter], "POST", f"/counters/{counter}/{action}")

    def call_next(self, counter: str) -> AtCounter | None:
        """Press *Next*."""
        answer = self._do(self.counters[counter], "POST", f"/counters/{counter}/call-next")
        if answer["outcome"] != "called":
            return None
        return AtCounter(answer["visit"]["id"], answer["step"]["id"], answer["step"]["service"])

    def at_counter(self, counter: str, action: str, **body: Any) -> dict[str, Any]:
        """``recall``, ``start``, ``finish``, ``no-show`` or ``park``; returns the step after it."""
        step: dict[str, Any] = self._do(self.counters[counter], "POST", f"/counters/{counter}/{action}", **body)["step"]
        return step

    def _do(self, device: Device, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = device.command(method, path, **body)
        if isinstance(answer, Refused):
            raise Surprise(f"{method} {path} was refused: {answer.code} {answer.body.get('state', '')}".rstrip())
        return answer

    # -- on the boards ---------------------------------------------------------------------------------------------

    def read(self) -> OnBoards:
        """Read the boards as they are now."""
        headed: dict[int, str] = {}
        aloud: set[int] = set()
        called: set[tuple[int, str]] = set()
        for board in self.boards:
            data = board.get(f"/boards/{board.station}/snapshot")["data"]
            headed.update((number, entry["zone"]) for entry in data["headed"] for number in entry["numbers"])
            aloud.update(ahead["number"] for ahead in data["called_ahead"])
            called.update((call["number"], call["counter"]) for call in data["calls"])
        return OnBoards(headed, aloud, called)

    # -- around it -------------------------------------------------------------------------------------------------

    def printed(self) -> tuple[int, int]:
        """Return how many tickets the printers have confirmed since the day began, and how many are on the way."""
        printers = self.organizer.get("/printers")["printers"]
        return sum(p["printed"] for p in printers), sum(p["queued"] for p in printers)


def boards_for(plan: Plan) -> list[str]:
    """Return boards that show all zones together, as few as a plain search finds."""
    left = {plan.zone_of(service) for service in plan.services}
    chosen = []
    while left:
        board = max(plan.boards.values(), key=lambda one: len(left & set(one.zones)), default=None)
        if board is None or not left & set(board.zones):
            break
        chosen.append(board.id)
        left -= set(board.zones)
    return chosen


@contextmanager
def on_stage(venue: Venue, line: Line, *, staff: list[tuple[str, str]], virtual_clock: bool) -> Iterator[Stage]:
    """Pair devices with the demo whose folder `venue` was opened in, sign staff in, and cut the devices off at the end.

    Raises `NotADemo` when the server is none, or runs on another folder, and `WrongUse` when its clock is not the one
    that was asked for.
    """
    paired: list[str] = []

    def pair(role: str, station: str) -> Device:
        made = access.add_device(venue, role, station)
        paired.append(made.device_id)
        return Device(line, made.token, station)

    try:
        organizer = pair("organizer", STATION)
        described = _described(line, organizer)
        _check_clock(described, line, virtual_clock=virtual_clock)
        day = described["service_day"]
        if day is None:
            raise WrongUse("no day is open on the demo: `riwaq day open` opens one")
        kiosks = [pair("kiosk", kiosk) for kiosk in venue.plan.kiosks]
        counters = {counter: pair("counter", counter) for counter in venue.plan.counters}
        for device, (name, pin) in zip(counters.values(), cycle(staff), strict=False):
            device.sign_in(name, pin)
        yield Stage(
            line,
            organizer,
            kiosks,
            counters,
            [pair("board", board) for board in boards_for(venue.plan)],
            str(day["id"]),
            milliseconds(day["opens_at"]),
            milliseconds(day["closes_at"]),
            milliseconds(described["now"]),
            virtual_clock,
        )
    finally:
        for device_id in paired:
            access.revoke_device(venue, device_id)
        line.close()


def _described(line: Line, organizer: Device) -> dict[str, Any]:
    """Ask the server what it is. Its own folder's new token opens it; a token of another folder opens nothing."""
    answer = line.send("GET", "/venue", None, organizer.headers)
    if isinstance(answer, Refused):
        raise NotADemo(
            f"the server at {line.base} does not run the demo in this folder: give the --dir that `riwaq demo` was "
            "started with. A real venue's server is never rehearsed on"
        )
    if answer.get("demo") is not True:
        raise NotADemo(
            f"the server at {line.base} is a real venue's: nobody rehearses there. Start `riwaq demo --virtual-clock` "
            "on this machine"
        )
    return answer


def _check_clock(described: dict[str, Any], line: Line, *, virtual_clock: bool) -> None:
    has = described["clock"] == "virtual"
    if virtual_clock and not has:
        raise WrongUse(
            f"the demo at {line.base} goes by the real clock: start it with `riwaq demo --virtual-clock` on a new "
            "--dir, or rehearse without --virtual-clock"
        )
    if has and not virtual_clock:
        raise WrongUse(
            f"the demo at {line.base} has a virtual clock, which only moves when it is set: add --virtual-clock"
        )
