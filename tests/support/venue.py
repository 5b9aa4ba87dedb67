"""A real venue for tests: a small plan, invented members, a clock that stands still, and a real database.

The database is SQLCipher in a file or PostgreSQL on the test run's server. Its schema is made by the migrations once a
run and copied for each test, so that a fresh venue costs milliseconds.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import Engine

from checkin_server.common.clock import VirtualClock
from checkin_server.db import migrate
from checkin_server.db.database import Database, PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import postgres_engine, sqlcipher_engine
from checkin_server.db.schema import metadata
from checkin_server.domain.members import codes
from checkin_server.domain.plan import (
    LANGUAGES,
    Board,
    Booth,
    Category,
    City,
    Counter,
    DayPlan,
    Desk,
    Event,
    Kiosk,
    Offer,
    Office,
    Plan,
    Printer,
    Routing,
    Service,
    Text,
    Unit,
    Zone,
)
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.checkup import check
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
from checkin_server.services.day import open_day
from checkin_server.services.hall import HallWatch
from checkin_server.services.members import enrol
from checkin_server.services.once import Answer
from checkin_server.services.venue import Actor, Venue
from checkin_server.services.visits import actions as visitor_does
from checkin_server.services.visits import check_in, choose
from checkin_server.services.visits.apart import Group
from checkin_server.translations import Catalogues

DATABASES = ("sqlcipher", "postgres")
"""Both databases; every rule of the services holds on each."""
OPENS = 1_577_433_600_000
"""27 December 2019, 8:00 UTC: nine o'clock in Rabat."""
CLOSES = OPENS + 9 * 3_600_000
MINUTE = 60_000
EVENT = "journees-2019"
PIN = "2580"


def say(words: str) -> Text:
    """Return the same invented words in every language."""
    return {language: words if language == "en" else f"{words} ({language})" for language in LANGUAGES}


def small_plan(**changes: Any) -> Plan:
    """Return a venue of three zones: a bank with two counters, health and school with one, a desk for two services."""
    services = (
        Service("bank", say("Bank"), "bank", "bank", 10.0),
        Service("health", say("Health"), "health", "heart", 6.0),
        Service("school", say("School"), "school", "book", 8.0, categories=frozenset({"active", "child"})),
        Service("enrolment", say("Enrolment"), "desk", "card", 5.0),
        Service("advice", say("Advice"), "desk", "talk", 4.0),
        Service("telecom", say("Telecom"), "bank", "phone", 4.0, closed=True),
    )
    counters = (
        Counter("bank-1", "bank", "1", ("bank",)),
        Counter("bank-2", "bank", "2", ("bank",)),
        Counter("health-1", "health", "3", ("health",)),
        Counter("school-1", "school", "4", ("school",)),
        Counter("desk-1", "desk", "5", ("enrolment", "advice")),
    )
    values: dict[str, Any] = {
        "event": Event(
            EVENT,
            say("Days of communication"),
            say("Communication"),
            say("Foundation"),
            (City("rabat", say("Rabat"), "2019-12-27", "2019-12-29"),),
            (Office("rabat-office", say("Rabat office")), Office("mutual", say("Medical mutual"))),
        ),
        "venue": "rabat",
        "venue_name": say("Great Hall"),
        "city": "rabat",
        "timezone": "Africa/Casablanca",
        "days": (
            DayPlan("2019-12-27", OPENS, CLOSES),
            DayPlan("2019-12-28", OPENS + 24 * 3_600_000, CLOSES + 24 * 3_600_000),
        ),
        "zones": {
            z: Zone(z, say(f"Zone {z}"), shape, "#0072B2", "#FFFFFF")
            for z, shape in (("A", "circle"), ("B", "square"), ("C", "star"))
        },
        "categories": {
            c: Category(c, say(c.capitalize()), eligible=c != "guest")
            for c in ("active", "retired", "widowed", "child", "dependant", "guest")
        },
        "units": {
            "rabat-prefecture": Unit("rabat-prefecture", say("Rabat prefecture")),
            "tangier-prefecture": Unit("tangier-prefecture", say("Tangier prefecture"), eligible=False),
        },
        "booths": {
            "desk": Booth("desk", say("Desk"), say("foundation"), "A"),
            "bank": Booth("bank", say("Bank of examples"), say("bank-of-examples"), "B"),
            "health": Booth("health", say("Health"), say("clinic"), "C"),
            "school": Booth("school", say("School"), say("academy"), "C"),
        },
        "services": {service.id: service for service in services},
        "offers": (
            Offer("loan", "bank", say("Loan at a better rate")),
            Offer("fees", "school", say("Lower fees"), frozenset({"child"})),
        ),
        "counters": {counter.id: counter for counter in counters},
        "boards": {
            "hall": Board("hall", say("Hall"), ("A", "B", "C")),
            "east": Board("east", say("East"), ("C",)),
        },
        "kiosks": {"K1": Kiosk("K1", "A", "P1", ("P2",)), "K2": Kiosk("K2", "A", "P2", ("P1",))},
        "desks": {"desk": Desk("desk", "A", "P2", ("P1",))},
        # One visitor in reserve, so that what stands in a ready area is more than the counters need at once.
        "routing": Routing(spare=1.0),
        "printers": {"P1": Printer("P1", "virtual", 80), "P2": Printer("P2", "virtual", 58)},
    }
    return Plan(**{**values, **changes})


@dataclass(frozen=True, slots=True)
class Person:
    """An invented member with a card."""

    id: str
    family: str
    name_ar: str
    name_la: str
    category: str = "active"
    unit: str = "rabat-prefecture"
    locale: str = "fr"
    needs: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of this member's card."""
        return codes.make(codes.CARD, hashlib.sha256(self.id.encode()).digest()[:16])


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was handed out."""

    code: str
    member: str
    state: str = "active"
    event: str = EVENT


FAMILY = (
    Person("M900001", "F90001", "أمينة زرود", "Amina Zeroud", needs=("wheelchair",)),
    Person("M900002", "F90001", "إدريس زرود", "Driss Zeroud", category="dependant", locale="ar"),
    Person("M900003", "F90001", "سلمى زرود", "Salma Zeroud", category="child", locale="zgh"),
)
GUEST = Person("M900011", "F90011", "نور تيمر", "Nour Timr", category="guest")
FROM_TANGIER = Person("M900012", "F90012", "وليد بكلاز", "Walid Beklaz", unit="tangier-prefecture")
REPLACED = Person("M900013", "F90013", "هند أوزن", "Hind Ouzn", category="retired")
OLD_CARD = Card(codes.make(codes.CARD, b"an old card 0001"), REPLACED.id, state="revoked")
OTHER_EVENT = Card(codes.make(codes.CARD, b"other event 0001"), REPLACED.id, event="journees-2018")
UNKNOWN = codes.make(codes.CARD, b"nobody has this!")
_CATEGORIES = ("active", "retired", "widowed", "active")


def singles(count: int) -> tuple[Person, ...]:
    """Invent `count` members who live alone."""
    return tuple(
        Person(
            f"M{n:06}",
            f"F{n:05}",
            f"عضو مخترع {n}",
            f"Membre Inventé {n:04}",
            _CATEGORIES[n % 4],
            locale=LANGUAGES[n % 4],
        )
        for n in range(1, count + 1)
    )


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
        open_day.open_day(self.venue, planned, planned.opens_at, planned.closes_at)

    def scan(self, code: str, scan_id: str | None = None) -> Answer:
        """Scan a code at the kiosk."""
        return accepted(check_in.check_in(self.venue, self.kiosk, scan_id or new_id(), code))

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
        return choose.choose(self.venue, self.kiosk, visit, command or new_id(), wanted)

    def visitor(self, *services: str, person: Person | None = None) -> Answer:
        """Let somebody in who chooses these services; return the visit."""
        scanned = self.scan((person or self.newcomer()).code)
        assert scanned["outcome"] in ("admitted", "returning"), scanned
        return accepted(self.choose(scanned["visit"]["id"], *services))

    def look(self, visit: str) -> Answer:
        """Return a visit as its visitor sees it."""
        return accepted(visitor_does.look(self.venue, visit))

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
            return second_chance.resume(self.venue, actor, counter, command, more["step"])
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
        return check.check(self.venue)

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of all tables but the kept answers: what must not change when nothing is done."""
        tables = ("service_day", "visit", "visit_member", "step", "counter", "event", "print_job", "referral", "note")
        return {table: self.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables}

    def hire(self, name: str = "Nadia", pin: str = PIN) -> str:
        """Add a member of staff."""
        return access.add_staff(self.venue, name, "counter", pin)


@cache
def sqlcipher_template() -> tuple[bytes, str]:
    """Return an encrypted database with the newest schema and its random key; made once a run."""
    key = secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="riwaq-template-") as folder:
        path = Path(folder) / "riwaq.db"
        engine = sqlcipher_engine(path, key)
        migrate.upgrade(engine)
        engine.dispose()
        assert not path.with_name("riwaq.db-wal").exists(), "closing the last connection writes the log back"
        return path.read_bytes(), key


@cache
def postgres_template(server: str) -> str:
    """Return the name of a database with the newest schema; made once a server."""
    name = f"template_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    engine = postgres_engine(f"{server.rpartition('/')[0]}/{name}", pooled=False)
    migrate.upgrade(engine)
    engine.dispose()
    return name


@cache
def _idle(server: str) -> list[str]:
    """Return the emptied databases of a server that no test uses now."""
    return []


def postgres_copy(server: str) -> str:
    """Make a database with the newest schema on a running server and return its address."""
    name, template = f"test_{uuid.uuid4().hex}", postgres_template(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return f"{server.rpartition('/')[0]}/{name}"


@contextmanager
def postgres_empty(server: str) -> Iterator[str]:
    """Give the address of a database with the newest schema and no rows, one that an earlier test used if there is.

    Emptying one takes milliseconds, making one a quarter of a second.
    """
    idle = _idle(server)
    url = idle.pop() if idle else postgres_copy(server)
    yield url
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    # A failed test of the migrations may have left another schema: nobody else gets that one.
    if version == (migrate.newest(),):
        idle.append(url)


def new_sqlcipher(path: Path) -> tuple[Engine, str]:
    """Write a database with the newest schema to `path`; return an engine on it and its key."""
    contents, key = sqlcipher_template()
    path.write_bytes(contents)
    return sqlcipher_engine(path, key), key


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


@cache
def _catalogues() -> Catalogues:
    return Catalogues()


@contextmanager
def sqlcipher_site(folder: Path, plan: Plan | None = None, *, crowd: int = 40, opened: bool = True) -> Iterator[Site]:
    """Give a site on a new encrypted file in `folder`."""
    engine, _ = new_sqlcipher(folder / "riwaq.db")
    database = SqlcipherDatabase(engine)
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
