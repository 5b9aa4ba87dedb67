from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from checkin_server.db import clock, hall
from checkin_server.domain.figures.period import Row, Rows
from checkin_server.domain.figures.report import rows_of
from checkin_server.services.day import open_and_close
from checkin_server.services.plans import in_force
from checkin_server.services.reports import figures
from checkin_server.services.visits.apart import Group
from tests.services.reports import simulated
from tests.support.people import FAMILY
from tests.support.venue import MINUTE, Site, accepted, restarted

FIRST, SECOND = "2019-12-27", "2019-12-28"


def dataset(site: Site, name: str, day: str = FIRST) -> Rows:
    """A day's dataset."""
    return rows_of(name, figures.period(site.venue, [day]))


def glance(site: Site) -> Row:
    """The day at a glance."""
    (row,) = dataset(site, "glance")
    return row


def ended(site: Site) -> None:
    """The day is over."""
    open_and_close.close_day(site.venue, anyway=True, now=True)


def test_a_simulated_days_figures_add_up_and_are_those_of_the_rows(site: Site) -> None:
    """What the log says is what the tables say, while the day runs and when it has ended."""
    simulated.play(site, seed=3)
    agrees(site)
    adds_up(site)
    ended(site)
    agrees(site)
    adds_up(site)


def agrees(site: Site) -> None:
    """The log's figures are the counts that the dashboard takes from the rows."""
    told = figures.period(site.venue, [FIRST])
    (shown,) = rows_of("glance", told)
    counts = site.db.read(lambda tx: hall.visit_counts(tx, FIRST))
    assert shown["arrivals"] == counts["numbered"]
    assert shown["admitted"] + site.one("SELECT COUNT(*) FROM event WHERE kind = 'family_parted'") == counts["arrivals"]
    by_state: dict[str, dict[str, int]] = {}
    for row in site.db.read(lambda tx: hall.step_counts(tx, FIRST)):
        by_state.setdefault(row["service"], {})[row["state"]] = row["steps"]
    called = {row["service"]: row["called"] for row in site.db.read(lambda tx: hall.waiting_times(tx, FIRST, 1))}
    first_calls = {row["service"]: row["first_calls"] for row in rows_of("waits", told)}
    for row in rows_of("services", told):
        states = by_state.get(row["service"], {})
        assert row["served"] == states.get("served", 0), row
        assert row["missed_for_good"] == states.get("no_show", 0), row
        assert row["transferred"] == states.get("transferred", 0), row
        assert row["given_back"] + row["abandoned"] == states.get("cancelled", 0), row
        assert first_calls[row["service"]] == called.get(row["service"], 0), row
    parties = site.one("SELECT COALESCE(SUM(party_size), 0) FROM visit WHERE number IS NOT NULL")
    assert shown["people"] == parties


def adds_up(site: Site) -> None:
    """Parts are wholes: visits, people, services, counters' seconds."""
    told = figures.period(site.venue, [FIRST])
    (shown,) = rows_of("glance", told)
    for name in ("arrivals", "people_by_category", "people_by_unit", "people_by_language"):
        rows = rows_of(name, told)
        assert sum(row["arrivals"] for row in rows) == shown["arrivals"], name
        assert sum(row["people"] for row in rows) == shown["people"], name
    services = rows_of("services", told)
    parts = ("served", "transferred", "given_back", "missed_for_good", "abandoned", "still_open")
    for row in [*services, shown]:
        assert sum(row[part] for part in parts) == row["asked"], row
        assert row["unserved"] == row["abandoned"] + row["missed_for_good"]
    for name in ("asked", *parts):
        assert sum(row[name] for row in services) == shown[name], name
    counters, capacity = rows_of("counters", told), rows_of("capacity", told)
    for row in counters:
        assert row["open_s"] == row["walking_s"] + row["serving_s"] + row["idle_s"] + row["paused_s"]
        assert 0 <= row["idle_while_waiting_s"] <= row["idle_s"]
    for name in ("open_s", "serving_s"):
        assert sum(row[name] for row in counters) == sum(row[name] for row in capacity)
    assert sum(row["served"] for row in counters) == shown["served"]
    assert sum(row["calls"] for row in rows_of("calls", told)) == shown["calls"]
    times = rows_of("service_times", told)
    assert sum(row["service_times"] for row in times) == shown["served"]


def parties(site: Site) -> list[Any]:
    """What the log says of parties."""
    rows = site.rows("SELECT data FROM event WHERE kind = 'services_chosen' ORDER BY seq")
    return [json.loads(row["data"])["party"] for row in rows]


def test_the_log_counts_a_party_by_category_unit_and_language_and_names_nobody(site: Site) -> None:
    """Whose visit it is speaks the language chosen at the kiosk; a family that splits up is counted in its parts."""
    site.visitor("bank")
    (alone,) = parties(site)
    assert [sum(of.values()) for of in alone.values()] == [1, 1, 1]
    visit = site.scan(FAMILY[0].code)["visit"]["id"]
    party = [person.id for person in FAMILY]
    accepted(site.choose(visit, "bank", party=party, locale="zgh"))
    accepted(site.choose(visit, "bank", "health"))
    *_, whole, again = parties(site)
    assert whole == again
    assert {name: sum(of.values()) for name, of in whole.items()} == dict.fromkeys(
        ("category", "unit", "language"), len(FAMILY)
    )
    assert whole["language"]["zgh"] >= 1 and whole["category"][FAMILY[0].category] >= 1
    accepted(site.choose(visit, "bank", "health", party=party[:-1], apart=[Group((party[-1],), ("advice",))]))
    *_, gone, stayed = parties(site)
    assert sum(gone["category"].values()) == 1 and sum(stayed["category"].values()) == len(FAMILY) - 1
    text = json.dumps(parties(site))
    assert not any(person.id in text or person.name_la in text for person in FAMILY)


def test_a_corrected_clock_corrects_the_figures(site: Site) -> None:
    """Called five minutes after asking, by a clock that had been set an hour ahead meanwhile."""
    site.press("bank-1", "open")
    site.visitor("bank")
    before = site.one("SELECT MAX(seq) FROM event")
    site.wait(65)
    site.press("bank-1", "call-next", "start", "finish")
    assert glance(site)["wait_median"] == 65 * 60
    last = site.one("SELECT MAX(seq) FROM event")
    site.db.write(lambda tx: clock.correct(tx, before + 1, last, -60 * MINUTE))
    assert glance(site)["wait_median"] == 5 * 60
    assert [row["open_s"] for row in dataset(site, "counters") if row["served"]] == [5 * 60]


def test_a_refused_scan_belongs_to_the_day_that_was_open(site: Site) -> None:
    """It has no day of its own; what is refused after the day's end is none of its."""
    site.scan("nonsense")
    assert [(row["reason"], row["refused"]) for row in dataset(site, "refused")] == [("malformed_code", 1)]
    site.visitor("bank")
    ended(site)
    site.scan("nonsense")
    assert glance(site)["refused"] == 1
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    site.scan("nonsense")
    assert [(row["reason"], row["refused"]) for row in dataset(site, "refused", SECOND)] == [("malformed_code", 1)]
    assert glance(site)["refused"] == 1


def test_a_service_taken_out_of_the_plan_keeps_its_figures(site: Site) -> None:
    """Served in the morning at a booth that a start at noon knows no more: the plan that held says whose it was."""
    in_force.begin(site.venue)
    site.press("health-1", "open")
    site.visitor("health")
    site.press("health-1", "call-next", "start")
    site.wait(6)
    site.press("health-1", "finish")
    plan = site.plan
    without = replace(
        plan,
        services={name: service for name, service in plan.services.items() if name != "health"},
        counters={name: counter for name, counter in plan.counters.items() if name != "health-1"},
        booths={name: booth for name, booth in plan.booths.items() if name != "health"},
    )
    site.wait(10)
    again, _ = restarted(site, without)
    again.visitor("bank")
    last = dataset(again, "services")[-1]
    assert (last["service"], last["asked"], last["served"]) == ("health", 1, 1)
    assert [row["serving_s"] for row in dataset(again, "capacity") if row["booth"] == "health"] == [360]
    assert [row["open_s"] for row in dataset(again, "counters") if row["counter"] == "health-1"] == [16 * 60]


def test_a_day_that_was_opened_again_the_next_morning_keeps_to_its_own_time(site: Site) -> None:
    """What lies between is no day's: counters' time is that of the two stretches."""
    site.press("bank-1", "open")
    site.visitor("bank")
    site.wait(10)
    ended(site)
    site.wait(600)
    site.open_day()
    site.press("bank-1", "open")
    site.wait(5)
    site.press("bank-1", "call-next", "start", "finish")
    assert glance(site)["wait_median"] == 15 * 60
    assert [row["open_s"] for row in dataset(site, "counters") if row["served"]] == [15 * 60]
    agrees(site)
    adds_up(site)
