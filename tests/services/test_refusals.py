"""A refusal changes nothing, whatever the command had written on its way to it, and is kept under its id.

Each command is refused after somebody has written all over the day within its own transaction, before it looked at
anything: what is refused must leave no trace of that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.db import commands, days, steps, visits
from checkin_server.db.schema import metadata
from checkin_server.db.tx import Row, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.day import by_organisers, last_tickets
from checkin_server.services.day import clock as which_clock
from checkin_server.services.members.cards import issue_at_desk
from checkin_server.services.once import Answer
from checkin_server.services.paper.doubted import judge_test
from checkin_server.services.paper.print_agents import PrintAgents
from checkin_server.services.paper.try_printer import try_printer
from checkin_server.services.privacy.erase import erase_found
from checkin_server.services.privacy.purge import Files
from checkin_server.services.routing import sending
from checkin_server.services.venue import Actor
from checkin_server.services.visits.actions import give_feedback, resume
from checkin_server.services.visits.check_in import check_in
from checkin_server.services.visits.reopen import reopen
from checkin_server.services.welcome.give_priority import give_priority
from checkin_server.services.welcome.remember import Remembered, remember
from checkin_server.services.welcome.walk_in import Newcomer, walk_in
from checkin_server.services.welcome.without_paper import give_without_paper
from tests.docs.pages import ROOT
from tests.services.conftest import MakeSite
from tests.support.venue import FAMILY, UNKNOWN, Site, accepted, new_id, refused, small_plan

DESK = Actor("d_desk", "welcome", "desk", "u_salma")
AGENT = Actor("d_agent", "print_agent", "P1")
OFFICE = Actor("d_office", "organizer", "office")
TABLES = [table.name for table in metadata.sorted_tables if table.name not in ("command", "event")]


@dataclass(frozen=True)
class Day:
    """A day in full swing, on which everything can be refused. Printer P1 is an agent's."""

    site: Site
    agents: PrintAgents
    here: str
    """The visit that bank-1 has called; its ticket is printed."""
    served: str
    """The visit that health-1 serves."""
    elsewhere: str
    """The visit that desk-1 serves; no command here is about it."""
    headed: str
    """A visit that was sent to the bank's zone, and nobody has called."""
    choosing: str
    """A visit without a number."""
    job: str
    """The print job of `here`."""

    def rows(self) -> dict[str, list[Row]]:
        """Every row of every table but the log and the kept answers."""
        return {name: sorted(self.site.rows(f"SELECT * FROM {name}"), key=repr) for name in TABLES}


@pytest.fixture
def day(new_site: MakeSite) -> Iterator[Day]:
    """Such a day, on each of the databases."""
    printers = small_plan().printers
    printers = {**printers, "P1": replace(printers["P1"], kind="agent")}
    with new_site(plan=small_plan(printers=printers, recall_pause_s=20.0)) as site:
        agents = PrintAgents(site.venue, lambda spec, width_mm: pytest.fail("nothing is laid out"), lambda: None)
        site.press("bank-1", "open")
        here = site.visitor("bank", "health")["id"]
        site.press("bank-1", "call-next")
        site.press("health-1", "open")
        served = site.visitor("health")["id"]
        site.press("health-1", "call-next", "start")
        site.press("desk-1", "open")
        elsewhere = site.visitor("advice")["id"]
        site.press("desk-1", "call-next", "start")
        headed = site.visitor("bank")["id"]
        job = site.one("SELECT id FROM print_job WHERE visit = :v", v=here)
        accepted(agents.sending(AGENT, job, new_id()))
        accepted(agents.ended(AGENT, job, "printed", new_id()))
        choosing = site.scan(site.newcomer().code)["visit"]["id"]
        assert site.one("SELECT state FROM step WHERE visit = :v", v=headed) == "headed"
        yield Day(site, agents, here, served, elsewhere, headed, choosing, job)


@dataclass(frozen=True)
class Refused:
    """How a command is refused."""

    send: Callable[[Day, str], Answer | Refusal]
    """Send it under an id."""
    code: str | None = "wrong_state"
    """None: refused by an answer, as scans are."""
    noted: bool = False
    """Whether the log knows of it."""


def _close_once_more(day: Day, command: str) -> Answer | Refusal:
    """Close the day that was closed already; it is open again for the others afterwards."""
    site, planned = day.site, day.site.plan.days[0]
    site.db.write(lambda tx: days.close(tx, planned.id, site.clock.now()))
    answer = by_organisers.close_day(site.venue, OFFICE, command, at_once=False)
    site.db.write(lambda tx: days.set_hours(tx, planned.id, "open", planned.opens_at, planned.closes_at))
    return answer


def at(counter: str, action: str, **more: Any) -> Callable[[Day, str], Answer | Refusal]:
    """A button of a tablet."""
    return lambda day, c: day.site.at(counter, action, command=c, **more)


STRANGER = Newcomer("", "", "active", "rabat-prefecture", "fr")
NO_STAND = {"scores": {"nothing": 3}, "text": None, "kind": None, "locale": None}
REFUSALS: dict[str, Refused] = {
    "clock": Refused(lambda day, c: which_clock.decide(day.site.venue, OFFICE, c, "machine", hours_follow=True)),
    "scan, at a kiosk": Refused(lambda day, c: check_in(day.site.venue, day.site.kiosk, c, UNKNOWN), None, noted=True),
    "walk-in": Refused(
        lambda day, c: walk_in(day.site.venue, DESK, c, replace(STRANGER, name_la="A", category="guest"), "no_card"),
        None,
        noted=True,
    ),
    "walk-in, without a name": Refused(
        lambda day, c: walk_in(day.site.venue, DESK, c, STRANGER, "no_card"), "unseen_text"
    ),
    "choose": Refused(lambda day, c: day.site.choose(day.headed, "health", "telecom", command=c), "services_refused"),
    "hold": Refused(lambda day, c: day.site.visit_does("hold", day.here, command=c)),
    "resume": Refused(lambda day, c: resume(day.site.venue, day.site.kiosk, day.headed, c, ("no step",))),
    "leave": Refused(lambda day, c: day.site.visit_does("leave", day.served, command=c)),
    "reopen": Refused(lambda day, c: reopen(day.site.venue, day.site.kiosk, day.here, c), "wrong_state"),
    "reprint": Refused(lambda day, c: day.site.visit_does("reprint", day.choosing, command=c)),
    "feedback": Refused(
        lambda day, c: give_feedback(day.site.venue, day.site.kiosk, day.here, c, NO_STAND), "services_refused"
    ),
    "remember": Refused(lambda day, c: remember(day.site.venue, DESK, "V0", c, Remembered(5, None)), "unknown_visit"),
    "priority": Refused(lambda day, c: give_priority(day.site.venue, DESK, "V0", c, "elderly"), "unknown_visit"),
    "hand-over": Refused(lambda day, c: give_without_paper(day.site.venue, DESK, day.here, c)),
    "card": Refused(lambda day, c: issue_at_desk(day.site.venue, DESK, "M0", c, "lost"), "unknown_member"),
    "last_tickets": Refused(
        lambda day, c: last_tickets.decide(
            day.site.venue, OFFICE, "bank", c, last_tickets.Wish("more", "a long queue", until=1)
        ),
        "wrong_time",
    ),
    "day open": Refused(
        lambda day, c: by_organisers.open_day(day.site.venue, OFFICE, c, "2019-12-28", by_organisers.planned_hours)
    ),
    "day open, unplanned": Refused(
        lambda day, c: by_organisers.open_day(day.site.venue, OFFICE, c, "2019-12-29", by_organisers.planned_hours),
        "unknown_day",
    ),
    "day close": Refused(_close_once_more),
    "pause": Refused(at("bank-1", "pause")),
    "close": Refused(at("bank-1", "close")),
    "call-next": Refused(at("bank-1", "call-next")),
    "call-next, never opened": Refused(at("school-1", "call-next")),
    "recall": Refused(at("bank-1", "recall"), "recall_too_soon"),
    "start": Refused(at("health-1", "start")),
    "finish": Refused(at("health-1", "finish", outcome="referred", office="nowhere"), "unknown_office"),
    "no-show": Refused(at("health-1", "no-show")),
    "park": Refused(at("bank-2", "park")),
    "transfer": Refused(at("bank-1", "transfer", service="telecom"), "services_refused"),
    "add-service": Refused(at("bank-1", "add-service", services=["health"]), "services_refused"),
    "note": Refused(at("bank-2", "note", text="A paper is missing.")),
    "resume, at a counter": Refused(at("bank-1", "resume", step="no step"), "unknown_step"),
    "scan": Refused(at("bank-2", "scan", number=999), "scan_refused", noted=True),
    "scan, of somebody known": Refused(at("health-1", "scan", number=1)),
    "undo": Refused(at("bank-2", "undo")),
    "judge_test": Refused(
        lambda day, c: judge_test(day.site.venue, day.agents.doubts, OFFICE, "P1", day.job, True, c),
        "unknown_print_job",
    ),
    "erase": Refused(
        lambda day, c: erase_found(day.site.venue, Files(), DESK, FAMILY[0].id, c, "asked"), "search_first"
    ),
    "print-job sending": Refused(lambda day, c: day.agents.sending(AGENT, day.job, c)),
    "print-job failed": Refused(lambda day, c: day.agents.ended(AGENT, day.job, "failed", c)),
    "print-job retry": Refused(lambda day, c: day.agents.retry(AGENT, day.job, c, "no paper", 1.0)),
}

NEVER_REFUSED = {"open", "test_print", "recover"}
"""Commands that are refused, if at all, before they come to the database."""


def scribble(day: Day, tx: Tx) -> None:
    """Write what a command writes, all over the day, and let the router see it."""
    now = day.site.clock.now()
    tx.run(text("UPDATE member SET locale = 'zgh'"))
    tx.run(text("UPDATE step SET misses = misses + 1"))
    tx.run(text("UPDATE counter SET reason = 'scribbled'"))
    tx.run(text("UPDATE print_job SET error = 'scribbled'"))
    visit = visits.lock(tx, day.headed)
    assert visit is not None and sending.release(tx, visit, "held", now)
    finished = steps.of_visit(tx, day.elsewhere)[0]
    steps.finish(tx, finished["id"], "served", None, now + 60_000)
    visits.release(tx, day.elsewhere, finished["id"], now)
    tx.emit("service_finished", now, {}, service_day=visit["service_day"], visit=day.elsewhere, step=finished["id"])
    mirror = day.site.venue.router.mirror
    with mirror.lock:
        floor = mirror.sync(tx, now)
        assert floor is not None and floor.visits[day.headed].placed is None, "the router has seen it"


def differing(day: Day) -> int:
    """How many visits stand otherwise on the router's floor than in the database."""
    now = day.site.clock.now()
    return day.site.db.write(lambda tx: day.site.venue.router.mirror.differing(tx, now))


def before_anything(monkeypatch: pytest.MonkeyPatch, command_id: str, write: Callable[[Tx], None]) -> None:
    """Have a command write something as soon as it is known that it was not done yet."""
    find = commands.find

    def found(tx: Tx, wanted: str) -> Row | None:
        row = find(tx, wanted)
        if wanted == command_id and row is None:
            write(tx)
        return row

    monkeypatch.setattr(commands, "find", found)


def trace_of(day: Day, name: str) -> list[str]:
    """Refuse a command that has scribbled first; return what is not as it should be afterwards."""
    case, command_id = REFUSALS[name], new_id()
    rows, log = day.rows(), day.site.rows("SELECT * FROM event ORDER BY seq")
    told: list[str] = []
    day.site.db.feed.follow(lambda events: told.extend(event.kind for event in events))
    with pytest.MonkeyPatch.context() as patch:
        before_anything(patch, command_id, lambda tx: scribble(day, tx))
        answer = case.send(day, command_id)
    if case.code is None:
        assert accepted(answer)["outcome"] == "refused", name
    else:
        assert refused(answer).code == case.code, name
    after = day.site.rows("SELECT * FROM event ORDER BY seq")
    wrong = [table for table, was in rows.items() if day.rows()[table] != was]
    wrong += ["event"] * ([row["kind"] for row in after[len(log) :]] != ["scan_refused"] * case.noted)
    wrong += ["what listeners hear"] * (told != ["scan_refused"] * case.noted)
    wrong += ["event, before"] * (after[: len(log)] != log)
    wrong += ["command"] * (day.site.one("SELECT count(*) FROM command WHERE id = :id", id=command_id) != 1)
    return wrong + ["the router's floor"] * differing(day)


def test_a_refused_command_leaves_nothing_of_what_it_wrote(day: Day) -> None:
    """No row is another one, the log has grown by the refusal's own event at most, the floor is the database's."""
    assert differing(day) == 0
    assert {name: wrong for name in REFUSALS if (wrong := trace_of(day, name))} == {}
    assert day.site.problems() == []


def test_what_a_command_writes_before_it_is_done_stays(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would see nothing."""
    command_id = new_id()
    before_anything(monkeypatch, command_id, lambda tx: scribble(day, tx))
    accepted(try_printer(day.site.venue, OFFICE, "P2", command_id))
    assert day.site.one("SELECT count(DISTINCT reason) FROM counter WHERE reason = 'scribbled'") == 1
    assert day.site.one("SELECT state FROM step WHERE visit = :v", v=day.headed) != "headed"
    assert day.site.events().count("service_finished") == 1
    assert differing(day) == 0


def test_every_command_that_can_be_refused_is_tried_here() -> None:
    """Their kinds are found in the source."""
    kinds = {"open", "pause", "close"}
    for path in (ROOT / "checkin_server/services").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or ast.unparse(call.func) not in ("Command", "self._command"):
                continue
            kind = call.args[0]
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                prefix = "print-job " if ast.unparse(call.func) == "self._command" else ""
                kinds.add(f"{prefix}{kind.value}")
            else:
                assert ast.unparse(kind) in ("action", "state", "f'print-job {action}'"), f"{path}: {ast.unparse(kind)}"
    tried = {name.partition(",")[0] for name in REFUSALS}
    assert kinds - tried == NEVER_REFUSED


def test_the_same_id_with_another_content_is_refused(day: Day) -> None:
    """Also when what was done first was refused; and the first answer is still the one that is kept."""
    for case in REFUSALS.values():
        command_id = new_id()
        first = case.send(day, command_id)
        assert day.site.visit_does("hold", day.headed, command=command_id) == Refusal("id_reused")
        assert day.site.at("bank-1", "start", command=command_id) == Refusal("id_reused")
        assert case.send(day, command_id) == first
    held = new_id()
    assert refused(day.site.visit_does("hold", day.here, command=held, minutes=10)).code == "wrong_state"
    assert refused(day.site.visit_does("hold", day.here, command=held, minutes=20)).code == "id_reused"


def test_a_refusal_is_kept_under_its_id_whatever_changes(day: Day) -> None:
    """The world is another by then: what was refused would be done now. Under a new id it is."""
    site, held, scanned = day.site, new_id(), new_id()
    card = site.newcomer().code
    too_soon = refused(site.at("bank-1", "recall", command=held))
    site.venue.db.write(lambda tx: tx.run(text("UPDATE service_day SET capacity = admitted")))
    full = site.scan(card, scanned)
    assert (too_soon.code, full["reason"]) == ("recall_too_soon", "day_full")
    site.wait(5)
    site.venue.db.write(lambda tx: tx.run(text("UPDATE service_day SET capacity = admitted + 5")))
    for _ in range(2):
        assert refused(site.at("bank-1", "recall", command=held)) == too_soon
        assert site.scan(card, scanned) == full
    assert "visitor_recalled" not in site.events()
    accepted(site.at("bank-1", "recall"))
    assert site.scan(card)["outcome"] == "admitted"


def test_a_relative_whose_part_is_refused_stands_as_before(new_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a family that keeps its place together: the others' places are kept all the same."""
    from checkin_server.services.visits.apart import Group

    with new_site() as site:
        site.press("bank-1", "open")
        visit = site.scan(FAMILY[0].code)["visit"]["id"]
        group = Group((FAMILY[1].id,), ("bank",))
        family = accepted(site.choose(visit, "health", apart=(group,)))["family"]
        (other,) = (one["id"] for one in family)
        assert site.one("SELECT state FROM step WHERE visit = :v", v=other) == "headed"
        before = (
            site.rows("SELECT * FROM visit WHERE id = :v", v=other),
            site.rows("SELECT * FROM step WHERE visit = :v", v=other),
        )
        hold = visits.hold
        monkeypatch.setattr(visits, "hold", lambda tx, one, until: one != other and hold(tx, one, until))
        accepted(site.visit_does("hold", visit, family=True))
        assert site.one("SELECT hold_until FROM visit WHERE id = :v", v=visit) is not None
        assert before == (
            site.rows("SELECT * FROM visit WHERE id = :v", v=other),
            site.rows("SELECT * FROM step WHERE visit = :v", v=other),
        )
        assert "visitor_released" not in site.events()
        now = site.clock.now()
        assert site.db.write(lambda tx: site.venue.router.mirror.differing(tx, now)) == 0
