"""The demo venue: the Rabat edition with invented members, whole in one folder and one process."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from checkin_server.common import keys
from checkin_server.common.clock import Clock, SteadyClock, VirtualClock
from checkin_server.common.faults import Fault
from checkin_server.common.places import DEMO_VENUE
from checkin_server.db import copies, migrate
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import sqlcipher_engine
from checkin_server.domain.plan import DayPlan, Plan
from checkin_server.services import access
from checkin_server.services.day import clock as day_clock
from checkin_server.services.day import open_and_close, restores
from checkin_server.services.day.by_organisers import planned_hours
from checkin_server.services.hall import HallWatch
from checkin_server.services.members import enrol
from checkin_server.services.numbers import Numbers
from checkin_server.services.paper import print_queue
from checkin_server.services.plans import in_force
from checkin_server.services.privacy import purge
from checkin_server.services.venue import Venue
from checkin_server.settings import load_venue
from checkin_server.translations import Catalogues
from checkin_server.venues import folders, roster

if TYPE_CHECKING:
    from checkin_server.running.application import Application

CONFIG = DEMO_VENUE
STAFF: tuple[tuple[str, str], ...] = (("Nadia", "2580"), ("Karim", "1379"), ("Leila", "4682"), ("Omar", "7913"))
"""Invented people and PINs of the demo, printed at every start; a real venue adds its staff with `riwaq staff add`."""
WELCOME_STAFF = ("Salma", "3691")
"""Who may sign in at the demo's welcome desk."""
ORGANIZER = ("Yasmine", "5826")
"""Who may sign in on the demo's dashboard."""
PRIVACY = ("Hind", "6147")
"""Who answers for the demo's data: on its page of personal data, or on its dashboard."""
_VENUE_NOTE = "plan.json"
Change = Callable[[Plan], Plan]
"""What a rehearsal's scenario makes of a plan."""
_HOURS_MS = 9 * 3_600_000
_SAMPLE = 12


class DemoUnusable(Fault):
    """The demo cannot be started; the message says what to do."""


@dataclass
class DemoVenue:
    """A demo that is set up; also what its start pages show (`demo_pages.Demo`)."""

    venue: Venue
    folder: Path
    secret: str
    clock: VirtualClock | None
    staff: Sequence[tuple[str, str]] = STAFF
    welcome_staff: tuple[str, str] = WELCOME_STAFF
    organizer: tuple[str, str] = ORGANIZER
    privacy: tuple[str, str] = PRIVACY
    sample_cards: Sequence[dict[str, str | int]] = field(default_factory=list)
    cases: Sequence[tuple[str, str]] = field(default_factory=list)
    begun: in_force.Begun | None = None
    """What putting this plan in force has done."""
    restored: restores.Restored | None = None
    """What was found to have been restored."""
    locks: Sequence[IO[str]] = ()

    @property
    def plan(self) -> Plan:
        """The venue's plan."""
        return self.venue.plan

    def link(self, role: str, station: str) -> str:
        """Make a one-time link that opens `station` as `role`."""
        return f"/pair/{access.make_link(self.venue, role, station)}"

    def application(self, async_mode: Literal["gevent", "threading"] = "gevent") -> Application:
        """Wire the server."""
        # Here and not above: the commands that open a demo's folder need none of the server.
        from checkin_server.running.application import Application, Options

        return Application(
            self.venue,
            Options(
                data_dir=self.folder,
                async_mode=async_mode,
                demo=self,
                clock=self.clock,
                # A demo opens its days on whatever date it is.
                hours=planned_hours if self.clock is not None else lambda planned, now: hours_from(now),
            ),
        )

    def close(self) -> None:
        """Let go of the database and the folder."""
        self.venue.db.close()
        for lock in self.locks:
            lock.close()


def plan_of(folder: Path) -> Plan:
    """Return the demo's plan; who wants to see or hear their own pictures and recordings puts them into its folder."""
    plan = load_venue(_venue_file(folder))
    after = _noted(folder).get("after", {})
    folder = folder.absolute()
    return replace(
        plan,
        services={
            service.id: replace(service, after=tuple(after.get(service.id, service.after)))
            for service in plan.services.values()
        },
        media=replace(plan.media, folder=str(folder / "media")),
        voice=replace(plan.voice, folder=str(folder / "voice")),
    )


def open_venue(folder: Path, plan: Plan, clock: Clock, *, create: bool = False) -> Venue:
    """Open a demo folder's venue; with `create`, make its key, database and schema where they are missing or old.

    A real venue is upgraded by command, after a backup; a demo's people are invented.
    """
    key = _key(folder, create=create)
    engine = sqlcipher_engine(folder / "riwaq.db", key)
    if create and migrate.behind(engine):
        migrate.upgrade(engine)
    migrate.require_newest(engine)
    database = SqlcipherDatabase(engine)
    plan = in_force.with_past(database, plan)
    numbers = Numbers(folders.marker(folder, key_file(folder)))
    return Venue(plan, database, clock, HallWatch(plan, database), Catalogues().words, numbers=numbers)


def _noted(folder: Path) -> dict[str, Any]:
    note = folder / _VENUE_NOTE
    noted: dict[str, Any] = json.loads(note.read_text("utf-8")) if note.exists() else {}
    return noted


def _venue_file(folder: Path) -> Path:
    """Return the venue's file that the demo in `folder` runs: the Rabat edition, or the one it was started with."""
    return Path(_noted(folder).get("venue", CONFIG))


def _remember(folder: Path, venue_file: Path | None, change: Change | None) -> None:
    """Keep which plan this demo runs. Raises `DemoUnusable` when it has run another one so far."""
    noted, runs = _noted(folder), _venue_file(folder)
    file = (venue_file or runs).resolve()
    after = dict(noted.get("after", {}))
    if change is not None or file != runs.resolve():
        plan = load_venue(file)  # a file that can't be used is not remembered
        changed = change(plan).services if change else plan.services
        after = {s.id: list(s.after) for s in changed.values() if s.after != plan.services[s.id].after}
    wanted = {"venue": str(file), "after": after}
    if wanted == {"venue": str(runs.resolve()), "after": noted.get("after", {})}:
        return
    if (folder / "riwaq.db").exists():
        if file != runs.resolve():
            raise DemoUnusable(f"the demo in {folder} runs {runs}; for {file} use another --dir")
        raise DemoUnusable(f"the demo in {folder} was started for another --scenario: use another --dir for this one")
    (folder / _VENUE_NOTE).write_text(json.dumps(wanted), "utf-8")


def _invent(plan: Plan, members: int) -> roster.Roster:
    try:
        return roster.make_roster(plan, members)
    except ValueError as error:
        raise DemoUnusable(str(error)) from error


def set_up(
    folder: Path,
    members: int,
    *,
    virtual_clock: bool = False,
    venue_file: Path | None = None,
    change: Change | None = None,
) -> DemoVenue:
    """Make or reopen the demo in `folder`. What a crash interrupted is completed.

    `venue_file` is the venue to run instead of the Rabat edition, with invented members all the same; `change` what a
    rehearsal's scenario makes of its services' order. The folder remembers both.
    """
    locks = _lock(folder)
    _remember(folder, venue_file, change)
    plan = plan_of(folder)
    day = plan.days[0]
    clock: Clock = VirtualClock(day.opens_at) if virtual_clock else SteadyClock()
    venue = open_venue(folder, plan, clock, create=True)
    if isinstance(clock, VirtualClock):
        # Started again it goes on where it was.
        clock.set(max(day.opens_at, open_and_close.last_moment(venue)))
    day_clock.begin(venue, hours_follow=True)
    restored = restores.begin(venue)
    begun = in_force.begin(venue)
    purge.before_serving(venue, purge.Files.of(folder))
    known = enrol.known_members(venue)
    wanted = _invent(plan, members if known == 0 else max(1, known - _extra(plan)))
    if known == 0:
        enrol.enrol(venue, wanted.members, wanted.cards)
    if known == 0 or not (folder / "demo-cards.csv").exists():
        roster.write_demo_cards(wanted, folder / "demo-cards.csv")
    for name, pin, role in (
        *((*one, "counter") for one in STAFF),
        (*WELCOME_STAFF, "welcome"),
        (*ORGANIZER, "organizer"),
        (*PRIVACY, "privacy"),
    ):
        with contextlib.suppress(ValueError):
            access.add_staff(venue, name, role, pin)
    if isinstance(clock, VirtualClock):
        venue.router.foretelling.share = math.inf  # a rehearsal must not hang on how quick the machine is
    # What was closed stays closed, also when it was killed before the last visitor had gone.
    going_on = _going_on(venue) or (None if open_and_close.known_days(venue) else day)
    if going_on is not None and isinstance(clock, VirtualClock):
        open_and_close.open_day(venue, going_on, going_on.opens_at, going_on.closes_at)
    elif going_on is not None:
        open_now(venue, going_on)
    return DemoVenue(
        venue,
        folder,
        secrets.token_urlsafe(9),
        clock if isinstance(clock, VirtualClock) else None,
        sample_cards=list(_sample(wanted)),
        cases=list(wanted.cases),
        begun=begun,
        restored=restored,
        locks=locks,
    )


def _going_on(venue: Venue) -> DayPlan | None:
    """Return the plan of the day that is open; one that is no longer planned goes on as it was opened."""
    current = open_and_close.current_day(venue)
    if current is None:
        return None
    as_opened = DayPlan(current["id"], current["opens_at"], current["closes_at"], current["capacity"])
    return next((day for day in venue.plan.days if day.id == current["id"]), as_opened)


def open_now(venue: Venue, day: DayPlan) -> open_and_close.Opened:
    """Open the planned day on whatever date it is: for nine hours from now, or on where it was.

    Raises ValueError while another day is open.
    """
    now = venue.now()
    current = open_and_close.current_day(venue)
    if current is None or current["id"] != day.id:
        return open_and_close.open_day(venue, day, *hours_from(now))
    if current["closes_at"] < now + 3_600_000:
        return open_and_close.open_day(venue, day, current["opens_at"], now + _HOURS_MS)
    return open_and_close.Opened()


def hours_from(now: int) -> tuple[int, int]:
    """Return the hours of a demo's day that is opened at a moment: nine, from the last quarter of an hour."""
    start = now // 900_000 * 900_000
    return start, start + _HOURS_MS


def _extra(plan: Plan) -> int:
    """How many members a roster has beside the ordinary ones: those that show refusals."""
    return len(_invent(plan, 1).members) - 1


def _sample(people: roster.Roster) -> Iterator[dict[str, str | int]]:
    """Pick a few members to show cards of: each language, families and people alone."""
    ordinary = {code for case, code in people.cases if case != "new_card"}
    cards = {card.member: card.code for card in people.cards if card.state == "active" and card.code not in ordinary}
    sizes: dict[str, int] = {}
    for person in people.members:
        sizes[person.family] = sizes.get(person.family, 0) + 1
    shown: dict[tuple[str, str], int] = {}
    count = 0
    for person in people.members:
        kind = (person.locale, "family" if sizes[person.family] > 1 else "alone")
        if person.id in cards and shown.get(kind, 0) < 2 and count < _SAMPLE:
            shown[kind] = shown.get(kind, 0) + 1
            count += 1
            yield {
                "name_ar": person.name_ar,
                "name_la": person.name_la,
                "category": person.category,
                "locale": person.locale,
                "family_size": sizes[person.family],
                "code": cards[person.id],
            }


def _lock(folder: Path) -> tuple[IO[str], ...]:
    """Hold the folder and its database, as a server does."""
    held = folders.hold(
        folder,
        busy="stop it first, or use another --dir",
        unwritable="Choose another folder with --dir, or give yourself the right",
    )
    try:
        return (held, folders.hold_database(folder / "riwaq.db"))
    except BaseException:
        held.close()
        raise


def restore(folder: Path, file: Path) -> copies.Restored:
    """Bring a backup back into a demo's folder; return what was done.

    Raises `FolderHeld` while a server runs on the folder, `RestoreFailed` when the backup is not whole.
    """
    key = _key(folder, create=False)
    with contextlib.ExitStack() as held:
        for lock in _lock(folder):
            held.enter_context(lock)
        done = copies.restore(file, folder / "riwaq.db", key, print_queue.settle_restored)
        folders.marker(folder, key_file(folder)).note_restored()
        return done


def as_it_runs(venue: Venue) -> tuple[Venue, bool]:
    """Return a demo's venue with the clock its server goes by, and whether that is a rehearsal's virtual clock.

    A demo with a virtual clock opens its days for their planned hours, years ago; one with the real clock never does.
    Beside such a server a command's real time would be taken for where the rehearsal goes on.
    """
    planned = {(day.id, day.opens_at) for day in venue.plan.days}
    if not any((row["id"], row["opens_at"]) in planned for row in open_and_close.known_days(venue)):
        return venue, False
    return replace(venue, clock=VirtualClock(open_and_close.last_moment(venue))), True


def key_file(folder: Path) -> Path:
    """Return where a demo folder's key lies. Raises `DemoUnusable` when there is no demo in it."""
    if os.environ.get("RIWAQ_KEY_FILE"):
        return Path(os.environ["RIWAQ_KEY_FILE"])
    try:
        name = json.loads((folder / "venue.json").read_text("utf-8"))["key"]
    except FileNotFoundError as error:
        raise DemoUnusable(f"there is no demo in {folder}; start one with `riwaq demo --dir {folder}`") from error
    return keys.folder() / f"{name}.key"


def _key(folder: Path, *, create: bool) -> str:
    """Return the key of a demo folder. It lies with the user's settings, under a name that the folder remembers."""
    if os.environ.get("RIWAQ_KEY_FILE"):
        path = Path(os.environ["RIWAQ_KEY_FILE"])
        return keys.make(path) if create and not path.exists() else keys.read(path)
    note = folder / "venue.json"
    if note.exists():
        return keys.read(key_file(folder))
    if not create:
        raise DemoUnusable(f"there is no demo in {folder}; start one with `riwaq demo --dir {folder}`")
    if (folder / "riwaq.db").exists():
        raise DemoUnusable(f"{note} is missing, so the key of {folder}/riwaq.db is not known; use another --dir")
    name = secrets.token_hex(8)
    key = keys.make(keys.folder() / f"{name}.key")
    temporary = note.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"key": name, "kind": "demo"}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(note)
    return key
