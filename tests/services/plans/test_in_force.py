"""A start puts its plan in force, and lets go of what was claimed for what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from checkin_server.domain.plan import Counter, Plan, Service
from checkin_server.domain.plan_documents import hash_of, text_of
from checkin_server.services.paper.print_queue import PrintQueue
from checkin_server.services.plans import in_force, outside
from tests.services.conftest import MakeSite
from tests.support.small_plan import say
from tests.support.venue import Site, accepted, refused, restarted, small_plan


def without(plan: Plan, **gone: str) -> Plan:
    """Return a plan without one thing of each kind that is named."""
    kept: dict[str, Any] = {
        kind: {k: v for k, v in getattr(plan, kind).items() if k != name} for kind, name in gone.items()
    }
    return replace(plan, **kept)


@pytest.fixture
def busy(new_site: MakeSite) -> Iterator[Site]:
    """A day under the small plan: somebody served, called, sent and waiting."""
    with new_site() as site:
        in_force.begin(site.venue)
        site.open_day()
        site.press("bank-1", "open")
        for _ in range(6):
            site.visitor("bank")
        site.press("bank-1", "call-next", "start")
        site.press("bank-2", "open", "call-next")
        yield site


def states(site: Site) -> list[str]:
    """Return the states of all steps, in the order of numbers."""
    return [
        row["state"] for row in site.rows("SELECT s.state FROM step s JOIN visit v ON v.id = s.visit ORDER BY number")
    ]


def test_the_plan_is_kept_by_its_hash_and_events_and_days_name_it(busy: Site) -> None:
    """The same plan started again is the same row; another one is a second row, and the first stays."""
    first = hash_of(text_of(small_plan()))
    kept = busy.rows('SELECT * FROM "plan"')
    assert [(row["hash"], row["turn"]) for row in kept] == [(first, 1)]
    assert json.loads(kept[0]["document"])["services"][0]["id"] == "bank"
    assert busy.one("SELECT plan FROM service_day") == first
    assert {row["plan"] for row in busy.rows("SELECT plan FROM event WHERE kind = 'visitor_called'")} == {first}
    again, begun = restarted(busy, small_plan())
    assert not begun.changed and busy.one("SELECT count(*) FROM event WHERE kind = 'plan_in_force'") == 1
    other = small_plan(missed_limit=3)
    again, begun = restarted(busy, other)
    assert begun.changed and begun.plan == hash_of(text_of(other))
    again.visitor("bank")
    assert again.one("SELECT plan FROM service_day") == begun.plan
    assert again.one("SELECT plan FROM event ORDER BY seq DESC LIMIT 1") == begun.plan
    assert json.loads(again.one("SELECT data FROM event WHERE kind = 'plan_in_force' ORDER BY seq DESC LIMIT 1")) == {
        "plan": begun.plan, "before": first, "released": 0, "closed": [],
    }  # fmt: skip
    back, begun = restarted(again, small_plan())
    assert begun.changed and [row["turn"] for row in back.rows('SELECT turn FROM "plan" ORDER BY first_at, turn')] == [
        2,
        3,
    ]


def test_a_command_beside_the_server_names_the_servers_plan(busy: Site) -> None:
    """Whatever the settings file says by then."""
    in_force.with_past(busy.db, small_plan(missed_limit=9))
    busy.visitor("health")
    assert len({row["plan"] for row in busy.rows("SELECT plan FROM event WHERE plan IS NOT NULL")}) == 1


def test_who_is_at_a_counter_that_is_gone_is_free_at_the_old_place(busy: Site) -> None:
    """Called and served alike; the other counter calls them next, and what a screen shows of them says so."""
    assert states(busy)[:2] == ["serving", "called"]
    gone = without(small_plan(), counters="bank-1")
    site, begun = restarted(busy, gone)
    assert begun.released == 1 and begun.closed == ("bank-1",)
    assert states(site)[:2] == ["waiting", "called"] and site.problems() == []
    released = site.rows("SELECT * FROM event WHERE kind = 'visitor_released' AND counter = 'bank-1'")
    assert json.loads(released[0]["data"]) == {"reason": "plan_changed"}
    site.press("bank-2", "start", "finish")
    site.wait(1)
    assert accepted(site.at("bank-2", "call-next"))["visit"]["number"] == 1


def test_who_is_sent_to_a_service_that_is_gone_is_free_for_the_others(new_site: MakeSite) -> None:
    """And those who only waited for it wait on: a person decides what becomes of them."""
    with new_site() as site:
        in_force.begin(site.venue)
        site.press("health-1", "open")
        visit = site.visitor("health", "bank")
        assert visit["next"]["service"] == "health" and visit["next"]["kind"] == "go"
        gone = without(small_plan(), services="health", counters="health-1", booths="health")
        site, begun = restarted(site, gone)
        assert begun.released == 1
        site.press("bank-1", "open")
        now = {step["service"]: step for step in site.look(visit["id"])["steps"]}
        assert (now["health"]["state"], now["bank"]["state"]) == ("waiting", "headed")
        assert (now["health"]["booth"], now["health"]["zone"]) == ("health", "C")
        site.press("bank-1", "call-next", "start", "finish")
        left = site.look(visit["id"])
        assert left["state"] == "open" and left["next"]["why"] == {"code": "not_given"}
        assert accepted(site.choose(visit["id"], "bank"))["state"] == "done"


def test_who_was_meant_for_a_counter_that_is_gone_is_everybodys_again(busy: Site) -> None:
    """Handed over by a colleague to a counter that the plan has no more."""
    busy.press("bank-2", "start")
    accepted(busy.at("bank-2", "transfer", to="bank-1", service="bank"))
    site, _ = restarted(busy, without(small_plan(), counters="bank-1"))
    assert site.rows("SELECT id FROM step WHERE for_counter IS NOT NULL") == []


def test_what_is_still_wanted_of_what_is_gone_can_be_kept_dropped_or_rated(new_site: MakeSite) -> None:
    """A choice that names it again is no refusal; nobody new can choose it."""
    with new_site() as site:
        in_force.begin(site.venue)
        visit = site.visitor("advice", "bank")
        site, _ = restarted(site, without(small_plan(), services="advice"))
        assert not isinstance(site.choose(visit["id"], "advice", "bank", "health"), type(None))
        assert [step["service"] for step in site.look(visit["id"])["steps"]] == ["advice", "bank", "health"]
        new = site.scan(site.newcomer().code)["visit"]["id"]
        assert refused(site.choose(new, "advice")).params["refused"] == [
            {"service": "advice", "reason": "unknown_service"}
        ]


def test_a_plan_put_right_again_finds_everything_as_it_was(busy: Site) -> None:
    """Nothing was cancelled while the service was missing."""
    without_bank = without(small_plan(), services="bank")
    site, begun = restarted(busy, without_bank)
    assert [one.id for one in begun.outside] == ["bank"]
    site, begun = restarted(site, small_plan())
    assert begun.outside == ()
    site.press("bank-2", "start", "finish")
    assert accepted(site.at("bank-2", "call-next"))["outcome"] == "called"


def test_a_thing_that_is_renamed_is_told_by_the_name_it_had(busy: Site) -> None:
    """The newest name that any earlier plan gave it, also after several changes."""
    plan = small_plan()
    renamed = replace(
        plan,
        services={
            **without(plan, services="bank").services,
            "money": Service("money", say("Money"), "bank", "bank", 9.0),
        },
        counters={**without(plan, counters="bank-1").counters, "m-1": Counter("m-1", "bank", "1", ("money",))},
    )
    restarted(
        busy, replace(plan, services={**plan.services, "bank": replace(plan.services["bank"], name=say("Bank X"))})
    )
    site, _ = restarted(busy, renamed)
    site, _ = restarted(site, replace(renamed, missed_limit=4))
    assert site.plan.service("bank").name["en"] == "Bank X" and site.plan.service("bank").closed
    assert site.plan.counter("bank-1").label == "1" and site.plan.counter("bank-1").services == ()
    assert site.plan.service("never").name["fr"] == "never" and site.plan.booth_of("never").zone == ""


def test_tickets_that_wait_on_a_printer_that_is_gone_come_out_of_the_next(busy: Site) -> None:
    """What has no printer left has failed, so that the welcome desk shows it; what was under way is uncertain."""
    jobs = [row["id"] for row in busy.rows("SELECT id FROM print_job ORDER BY created_at, id")]
    assert PrintQueue(busy.venue).sending(jobs[0], "P1")
    gone = without(small_plan(), printers="P1")
    gone = replace(gone, kiosks={"K2": replace(gone.kiosks["K2"], neighbours=())})
    site, begun = restarted(busy, gone)
    assert [one.id for one in begun.outside if one.kind == "printer"] == ["P1"]
    assert PrintQueue(site.venue).leave_gone() == len(jobs)
    assert {row["printer"] for row in site.rows("SELECT printer FROM print_job WHERE state = 'queued'")} == {"P2"}
    assert site.one("SELECT state FROM print_job WHERE id = :id", id=jobs[0]) == "uncertain"
    site, _ = restarted(site, without(gone, printers="P2"))
    PrintQueue(site.venue).leave_gone()
    assert {row["error"] for row in site.rows("SELECT error FROM print_job WHERE state = 'failed'")} == {"printer_gone"}


def test_each_row_outside_the_plan_is_named(busy: Site) -> None:
    """Services that are wanted, members' categories and units, the open day."""
    plan = without(small_plan(), services="bank", categories="active", units="rabat-prefecture")
    site, begun = restarted(busy, replace(plan, days=plan.days[1:]))
    named = [(one.kind, one.id) for one in begun.outside]
    assert named[:2] == [("day", "2019-12-27"), ("service", "bank")]
    assert ("category", "active") in named and ("unit", "rabat-prefecture") in named
    assert all(one.id in str(begun) for one in begun.outside)
    assert not site.db.read(lambda tx: outside.rows(tx, small_plan()))
