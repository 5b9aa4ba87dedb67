"""The house of a live rehearsal: a running demo server, used over HTTP as its kiosks, boards and tablets use it.

The world (`checkin_server.rehearsal.world`) plays the same people here as in this process. What visitors are told is
read from the boards and the kiosk, as they would; what staff see of who may come is kept from what was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from checkin_server.domain.plan import Plan
from checkin_server.rehearsal.days import MINUTE, Visitor
from checkin_server.rehearsal.guests import Guest
from checkin_server.rehearsal.house import Called, Told, patience
from checkin_server.rehearsal.in_process import TICK_MS
from checkin_server.rehearsal.live import AtCounter, Stage
from checkin_server.rehearsal.pace import Pace
from checkin_server.rehearsal.wire import Refused


@dataclass(slots=True)
class _Inside:
    """A visitor as the answers left them."""

    visit: str
    number: int
    zone: str
    """Where they were last, as the server knows it."""
    open: set[str]
    """Services still to be given."""
    not_before: int = 0
    counter: str | None = None
    headed: str = ""
    """The service they were told to go to last."""


@dataclass
class LiveHouse:
    """Fills `checkin_server.rehearsal.house.House` over HTTP."""

    stage: Stage
    pace: Pace
    plan: Plan
    cast: Mapping[str, Guest]
    """By visitor, who shows a card."""
    now: int = 0
    inside: dict[str, _Inside] = field(default_factory=dict)
    calls: int = 0
    calls_not_shown: int = 0
    """Calls that stood on no board right after."""
    _just_called: set[tuple[int, str]] = field(default_factory=set)
    _by_visit: dict[str, str] = field(default_factory=dict)
    _by_number: dict[int, str] = field(default_factory=dict)
    _desk: dict[str, tuple[str, AtCounter]] = field(default_factory=dict)
    """Who is at a counter, and how they were called."""
    _pausing: set[str] = field(default_factory=set)
    """Counters whose clerk goes when the visitor is done: a tablet does not pause before."""
    _open: set[str] = field(default_factory=set)
    _headed: dict[str, str] = field(default_factory=dict)
    """Who is on the way, and to which zone."""
    _ready: set[str] = field(default_factory=set)
    """Counters at which *Next* may bring somebody, since staff looked last."""
    _away_until: list[tuple[int, str]] = field(default_factory=list)
    """Who is away until when, the first first; kept where the server would not know when they are back."""
    _ticked: int = 0
    _look_round: bool = False
    """Whether staff without a visitor look who waits: after the boards were read, as somebody may have been sent."""
    _looked: int = -1

    def __post_init__(self) -> None:
        self._entrance = next((kiosk.zone for kiosk in self.plan.kiosks.values()), "")

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers on the tickets, by visitor."""
        return {visitor: inside.number for visitor, inside in self.inside.items()}

    def at(self, now: int) -> None:
        """Bring the server to a moment."""
        self.now = now
        self.pace.reach(now)
        while self._away_until and self._away_until[0][0] <= now:
            self._come_back(*heappop(self._away_until))
        if now - self._ticked >= TICK_MS:
            self._ticked = now
            self._look_round = True

    def _stay_away(self, visitor: str, until: int) -> None:
        self.inside[visitor].not_before = max(self.inside[visitor].not_before, until)
        if self.pace.quicker != 1.0:
            heappush(self._away_until, (until, visitor))

    def _come_back(self, until: int, visitor: str) -> None:
        """Say so at a kiosk: on the server's clock, which this day outruns, the time is not over yet."""
        inside = self.inside[visitor]
        if inside.open and inside.counter is None and inside.not_before == until:
            self.stage.visit(inside.visit, "resume")

    # -- visitors --------------------------------------------------------------------------------------------------

    def check_in(self, visitor: Visitor) -> Sequence[str]:
        """Show a card, tick the services, take the ticket."""
        guest = self.cast[visitor.id]
        visit = self.stage.check_in(guest)
        given = self.stage.choose(visit, visitor.wants, guest, visitor.party)
        if given:
            number = self.stage.numbers[visit]
            self.inside[visitor.id] = _Inside(visit, number, self._entrance, set(given))
            self._by_visit[visit] = self._by_number[number] = visitor.id
        return [service for service in visitor.wants if service not in given]

    def arrived(self, visitor: str, service: str) -> None:
        """Nobody sees who walks through the hall."""

    def hold(self, visitor: str, until: int) -> None:
        """Keep the place; refused to somebody who has been called a moment ago, and then they don't go."""
        inside = self.inside[visitor]
        if not inside.open:
            return
        minutes = max(1, round((until - self.now) / MINUTE))
        if not isinstance(self.stage.visit(inside.visit, "hold", minutes=minutes), Refused):
            self._stay_away(visitor, self.now + minutes * MINUTE)

    def leave(self, visitor: str) -> None:
        """Go home."""
        inside = self.inside[visitor]
        if not isinstance(self.stage.visit(inside.visit, "leave"), Refused):
            inside.open.clear()

    def news(self) -> Sequence[Told]:
        """Read the boards; who finds their number there asks a kiosk which stand it is."""
        if self._looked == self.stage.line.requests:
            return ()
        shown = self.stage.read()
        headed = {self._by_number[n]: zone for n, zone in shown.headed.items() if n in self._by_number}
        self.calls_not_shown += len(self._just_called - shown.called)
        self._just_called.clear()
        told: list[Told] = []
        for visitor in sorted(who for who, zone in headed.items() if self._headed.get(who) != zone):
            says = self.stage.look(self.inside[visitor].visit)["next"]
            if says["kind"] == "go":
                self.inside[visitor].headed = says["service"]
                told.append(Told(visitor, says["service"], self.inside[visitor].number in shown.aloud))
                self._ready.update(
                    c for c in self._open - self._desk.keys() if says["service"] in self.plan.counters[c].services
                )
        for visitor in sorted(self._headed.keys() - headed):
            if self.inside[visitor].counter is None:
                told.append(Told(visitor, None))
        self._headed = headed
        self._looked = self.stage.line.requests
        return told

    # -- staff -----------------------------------------------------------------------------------------------------

    def open(self, counter: str) -> None:
        """Open a counter."""
        self._pausing.discard(counter)
        self._open.add(counter)
        self.stage.set_counter(counter, "open")

    def pause(self, counter: str) -> None:
        """Pause it, as soon as its visitor is done."""
        if counter in self._desk:
            self._pausing.add(counter)
        else:
            self._pause(counter)

    def call_next(self, counter: str) -> Called | None:
        """Press *Next*."""
        called = self.stage.call_next(counter)
        if called is None:
            return None
        visitor = self._by_visit[called.visit]
        self._desk[counter] = (visitor, called)
        self.inside[visitor].counter = counter
        self.calls += 1
        self._just_called.add((self.inside[visitor].number, counter))
        return Called(visitor, called.service)

    def start(self, counter: str) -> None:
        """The visitor has come."""
        self.stage.at_counter(counter, "start")
        visitor, called = self._desk[counter]
        self.inside[visitor].zone = self.plan.zone_of(called.service)

    def finish(self, counter: str) -> None:
        """The service is done."""
        self.stage.at_counter(counter, "finish", outcome="served")
        visitor, called = self._desk[counter]
        self.inside[visitor].open.discard(called.service)
        self._away(counter)

    def no_show(self, counter: str) -> bool:
        """Nobody came."""
        visitor, called = self._desk[counter]
        given_up = bool(self.stage.at_counter(counter, "no-show")["state"] == "no_show")
        inside = self.inside[visitor]
        self._stay_away(visitor, self.now + round(self.plan.missed_rest_minutes * MINUTE))
        if given_up:
            inside.open.discard(called.service)
        self._away(counter)
        return given_up

    def grace(self, counter: str) -> int:
        """How long staff wait for the visitor called."""
        visitor, called = self._desk[counter]
        return patience(self.plan, self.inside[visitor].zone, self.plan.zone_of(called.service))

    def wanted(self, idle: Iterable[str]) -> Iterable[str]:
        """Of idle counters, those that may now call somebody.

        Their tablets show it: somebody is on the way to their stand, or, looked at now and then, waits for it.
        """
        if self._look_round:
            self._look_round = False
            self._ready.update(self._some_wait_for())
        ready = [counter for counter in idle if counter in self._ready]
        self._ready.clear()
        return ready

    def _some_wait_for(self) -> list[str]:
        """Return the open counters without a visitor that somebody waits for, is free for or is on the way to."""
        services: set[str] = set()
        for visitor, inside in self.inside.items():
            if visitor in self._headed:
                services.add(inside.headed)
            elif inside.counter is None and inside.not_before <= self.now:
                services.update(s for s in inside.open if not inside.open.intersection(self.plan.services[s].after))
        return [c for c in self._open if c not in self._desk and services.intersection(self.plan.counters[c].services)]

    def _away(self, counter: str) -> None:
        visitor, _ = self._desk.pop(counter)
        self.inside[visitor].counter = None
        if counter in self._pausing:
            self._pausing.discard(counter)
            self._pause(counter)

    def _pause(self, counter: str) -> None:
        self._open.discard(counter)
        self.stage.set_counter(counter, "pause")
