"""A real venue for tests: a small plan, invented members, a clock that stands still, and a real database.

The database is SQLCipher in a file or PostgreSQL on the test run's server. Its schema is made by the migrations once a
run and copied for each test, so that a fresh venue costs milliseconds.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from checkin_server.common.clock import VirtualClock
from checkin_server.db.database import Database, PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import postgres_engine
from checkin_server.domain import card
from checkin_server.domain.plan import Plan
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.checkup import database_check
from checkin_server.services.counters import (
    call_next,
    pass_on,
    private_notes,
    run_counter,
    scan_here,
    second_chance,
    serve,
    undo,
)
from checkin_server.services.day import open_and_close
from checkin_server.services.hall import HallWatch
from checkin_server.services.members import enrol
from checkin_server.services.once import Answer
from checkin_server.services.plans import in_force
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import actions as visitor_does
from checkin_server.services.visits import check_in, choose
from checkin_server.services.visits.apart import Group
from checkin_server.translations import Catalogues
from tests.support.databases import hurried, new_sqlcipher, postgres_empty, sqlcipher_template
from tests.support.people import (
    FAMILY,
    FROM_TANGIER,
    GUEST,
    OLD_CARD,
    OTHER_EVENT,
    REPLACED,
    UNKNOWN,
    Card,
    Person,
    singles,
)
from tests.support.small_plan import CLOSES, EVENT, OPENS, small_plan

# One address for all that a test of the services needs.
__all__ = [
    "CLOSES",
    "DATABASES",
    "EVENT",
    "FAMILY",
    "FROM_TANGIER",
    "GUEST",
    "MINUTE",
    "OLD_CARD",
    "OPENS",
    "OTHER_EVENT",
    "PIN",
    "REPLACED",
    "UNKNOWN",
    "Card",
    "Person",
    "Site",
    "accepted",
    "make_site",
    "new_id",
    "new_sqlcipher",
    "postgres_empty",
    "postgres_site",
    "refused",
    "restarted",
    "singles",
    "small_plan",
    "sqlcipher_site",
    "sqlcipher_template",
]


DATABASES = ("sqlcipher", "postgres")
"""Both databases; every rule of the services holds on each."""


MINUTE = 60_000


PIN = "2580"


def accepted(answer: Mapping[str, Any] | Refusal) -> Answer:
    """Return an answer that must not be a refusal."""
    assert not isinstance(answer, Refusal), answer
    return answer if isinstance(answer, dict) else dict(answer)


def refused(answer: Mapping[str, Any] | Refusal) -> Refusal:
    """Return an answer that must be a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer


def new_id() -> str:
    """Return an id as clients make them."""
    return str(uuid.uuid4())


@dataclass
class Site:
    """A venue with its people, and the actions of a day in few words."""

    venue: Venue
    clock: VirtualClock
    crowd: tuple[Person, ...]
    kiosk: Actor = field(default_factory=lambda: Actor("d_kiosk", "kiosk", "K1"))
    _newcomers: Iterator[Person] = field(init=False)
    _cards: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By visit: its card, and when it was shown last."""

    def __post_init__(self) -> None:
        self._newcomers = iter(self.crowd)

    @property
    def db(self) -> Database:
        """The venue's database."""
        return self.venue.db

    @property
    def plan(self) -> Plan:
        """The venue's plan."""
        return self.venue.plan

    def newcomer(self) -> Person:
        """Return a member who has not been here yet."""
        return next(self._newcomers)

    def wait(self, minutes: float) -> None:
        """Let time pass."""
        self.clock.set(self.clock.now() + round(minutes * MINUTE))

    def open_day(self, day: int = 0) -> None:
        """Open a planned day for its planned hours."""
        planned = self.plan.days[day]
        open_and_close.open_day(self.venue, planned, planned.opens_at, planned.closes_at)

    def scan(self, code: str, scan_id: str | None = None) -> Answer:
        """Scan a code at the kiosk."""
        answer = accepted(check_in.check_in(self.venue, self.kiosk, scan_id or new_id(), code))
        if answer["visit"] is not None and answer["member"] is not None:
            self._cards[answer["visit"]["id"]] = (code, self.clock.now())
        return answer

    def show_card(self, visit: str) -> None:
        """Show the visit's card at the kiosk again where it was shown too long ago for what comes now."""
        code, at = self._cards.get(visit, ("", 0))
        if code and not card.is_fresh(at, self.clock.now()):
            self.scan(code)

    def choose(
        self,
        visit: str,
        *services: str,
        command: str | None = None,
        party: Sequence[str] | None = None,
        locale: str | None = None,
        keep_together: bool | None = None,
        apart: Sequence[Group] = (),
    ) -> Answer | Refusal:
        """Choose services for a visit at the kiosk."""
        wanted = choose.Choice(services, None if party is None else tuple(party), locale, keep_together, tuple(apart))
        self.show_card(visit)
        return choose.choose(self.venue, self.kiosk, visit, command or new_id(), wanted)

    def visitor(self, *services: str, person: Person | None = None) -> Answer:
        """Let somebody in who chooses these services; return the visit."""
        scanned = self.scan((person or self.newcomer()).code)
        assert scanned["outcome"] in ("admitted", "returning"), scanned
        return accepted(self.choose(scanned["visit"]["id"], *services))

    def look(self, visit: str) -> Answer:
        """Return a visit as the welcome desk sees it: whole."""
        return accepted(visitor_does.look(self.venue, Actor("d_desk", "welcome", "desk"), visit))

    def visit_does(
        self, action: str, visit: str, *, command: str | None = None, minutes: int = 15, family: bool = False
    ) -> Answer | Refusal:
        """Do ``hold``, ``resume``, ``leave`` or ``reprint`` for a visit."""
        command = command or new_id()
        if action == "hold":
            return visitor_does.hold(self.venue, self.kiosk, visit, command, minutes, family=family)
        if action == "reprint":
            return visitor_does.reprint(self.venue, self.kiosk, visit, command)
        do = {"resume": visitor_does.resume, "leave": visitor_does.leave}[action]
        if action == "leave":
            self.show_card(visit)
        return do(self.venue, self.kiosk, visit, command, family=family)

    def at(self, counter: str, action: str, *, command: str | None = None, **more: Any) -> Answer | Refusal:
        """Press a button of a counter's tablet: ``open``, ``call-next``, ``start`` and so on."""
        actor, command = self.tablet(counter), command or new_id()
        if action == "undo":
            return undo.undo(self.venue, actor, counter, command, more.get("action_id"))
        if action == "scan":
            return scan_here.scan(self.venue, actor, counter, command, scan_here.Shown(**more))
        if action == "transfer":
            onward = pass_on.Onward(more.get("service"), more.get("to"))
            return pass_on.transfer(self.venue, actor, counter, command, onward)
        if action == "add-service":
            return pass_on.add_services(self.venue, actor, counter, command, tuple(more["services"]))
        if action == "note":
            return private_notes.write(self.venue, actor, counter, command, more["text"])
        if action == "resume":
            return second_chance.bring_back(self.venue, actor, counter, command, more["step"])
        if action in ("open", "pause", "close"):
            return run_counter.run_counter(self.venue, actor, counter, action, command, more.get("reason"))
        if action == "finish":
            return serve.finish(self.venue, actor, counter, command, serve.Ending(**more))
        do = {
            "call-next": call_next.call_next,
            "recall": serve.recall,
            "start": serve.start,
            "no-show": serve.no_show,
            "park": serve.park,
        }[action]
        return do(self.venue, actor, counter, command, **more)

    def press(self, counter: str, *actions: str) -> Answer:
        """Press buttons that must all work; return the last answer."""
        answer: Answer = {}
        for action in actions:
            answer = accepted(self.at(counter, action))
        return answer

    def tablet(self, counter: str) -> Actor:
        """Return a counter's device as an actor."""
        return Actor(f"d_{counter}", "counter", counter)

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """Return rows of the database."""
        return self.db.read(lambda tx: tx.all(text(query), **values))

    def one(self, query: str, **values: Any) -> Any:
        """Return the single value of a query."""
        (row,) = self.rows(query, **values)
        (value,) = row.values()
        return value

    def step(self, step_id: str) -> dict[str, Any]:
        """Return a step's row."""
        (row,) = self.rows("SELECT * FROM step WHERE id = :id", id=step_id)
        return row

    def events(self) -> list[str]:
        """Return the kinds of all events, oldest first."""
        return [row["kind"] for row in self.rows("SELECT kind FROM event ORDER BY seq")]

    def numbers(self) -> list[int]:
        """Return the numbers given on all days, in order."""
        query = "SELECT number FROM visit WHERE number IS NOT NULL ORDER BY number"
        return [row["number"] for row in self.rows(query)]

    def problems(self) -> list[str]:
        """Return what an inspector finds wrong."""
        return database_check.check(self.venue)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all tables but the kept answers: what must not change when nothing is done."""
        tables = ("service_day", "visit", "visit_member", "step", "counter", "event", "print_job", "referral", "note")
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}

    def hire(self, name: str = "Nadia", pin: str = PIN) -> str:
        """Add a member of staff."""
        return access.add_staff(self.venue, name, "counter", pin)


def make_site(database: Database, plan: Plan | None = None, *, crowd: int = 40, opened: bool = True) -> Site:
    """Return a site on an empty database of the newest schema, its members enrolled and its first day open."""
    plan = plan or small_plan()
    clock = VirtualClock(OPENS)
    site = Site(
        Venue(plan, database, clock, HallWatch(plan, database), _catalogues().words), clock, crowd=singles(crowd)
    )
    # Screens show what was done a moment ago, however busy the machine is: looking ahead may take all the time.
    site.venue.router.foretelling.share = math.inf
    people = (*site.crowd, *FAMILY, GUEST, FROM_TANGIER, REPLACED)
    cards = [Card(person.code, person.id) for person in people] + [OLD_CARD, OTHER_EVENT]
    enrol.enrol(site.venue, people, cards)
    if opened:
        site.open_day()
    return site


def restarted(site: Site, plan: Plan) -> tuple[Site, in_force.Begun]:
    """Return the site as a new start with this plan finds it, and what that start has done."""
    plan = in_force.with_past(site.db, plan)
    again = Site(Venue(plan, site.db, site.clock, HallWatch(plan, site.db), _catalogues().words), site.clock, ())
    again._newcomers = site._newcomers
    again.venue.router.foretelling.share = math.inf
    return again, in_force.begin(again.venue)


@cache
def _catalogues() -> Catalogues:
    return Catalogues()


@contextmanager
def sqlcipher_site(folder: Path, plan: Plan | None = None, *, crowd: int = 40, opened: bool = True) -> Iterator[Site]:
    """Give a site on a new encrypted file in `folder`."""
    engine, _ = new_sqlcipher(folder / "riwaq.db")
    database = SqlcipherDatabase(hurried(engine))
    try:
        yield make_site(database, plan, crowd=crowd, opened=opened)
    finally:
        database.close()


@contextmanager
def postgres_site(server: str, plan: Plan | None = None, *, crowd: int = 40, opened: bool = True) -> Iterator[Site]:
    """Give a site on a database of its own of a running PostgreSQL server."""
    with postgres_empty(server) as url:
        database = PostgresDatabase(postgres_engine(url))
        try:
            yield make_site(database, plan, crowd=crowd, opened=opened)
        finally:
            database.close()
