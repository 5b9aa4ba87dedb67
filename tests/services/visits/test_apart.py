"""Families that split up: linked visits, each with its number, its ticket, its party and its services."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from checkin_server.services.reports import fairness
from checkin_server.services.routing.router import HallRouter
from checkin_server.services.visits.apart import Group
from tests.support.shown import counter as counter_snapshot
from tests.support.venue import FAMILY, GUEST, Site, accepted, new_id, refused

MOTHER, FATHER, CHILD = FAMILY


def split(site: Site, *, command: str | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let the family in: the mother wants the bank and advice, father and child want health; return both visits."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    mine = accepted(
        site.choose(
            visit,
            "bank",
            "advice",
            party=[MOTHER.id],
            keep_together=False,
            apart=[Group((FATHER.id, CHILD.id), ("health",))],
            command=command,
        )
    )
    (other,) = mine["family"]
    return mine, site.look(other["id"])


def links(router: HallRouter, site: Site) -> dict[str, str]:
    """Return the router's links by visit, as it has them after reading what is new."""
    site.db.write(lambda tx: router.mirror.sync(tx, site.clock.now()) and None)
    assert router.mirror.floor is not None
    return {visit.id: visit.link for visit in router.mirror.floor.visits.values()}


def wanted(visit: dict[str, Any]) -> list[str]:
    """Return the services of a visit."""
    return [step["service"] for step in visit["steps"]]


def test_each_group_has_its_number_its_ticket_its_people_and_its_services(site: Site) -> None:
    """And each knows of the other; nobody is admitted twice."""
    mine, theirs = split(site)
    assert (mine["number"], theirs["number"]) == (1, 2) and site.one("SELECT last_number FROM service_day") == 2
    assert (mine["party"], theirs["party"]) == ([MOTHER.id], [FATHER.id, CHILD.id])
    assert (wanted(mine), wanted(theirs)) == (["bank", "advice"], ["health"])
    assert mine["keep_together"] is theirs["keep_together"] is False
    assert [one["number"] for one in theirs["family"]] == [1] and theirs["family"][0]["party"] == [MOTHER.id]
    assert theirs["category"] == FATHER.category, "the first of those who may have it all"
    assert site.one("SELECT admitted FROM service_day") == 1
    jobs = site.rows("SELECT visit, kind, spec FROM print_job ORDER BY created_at")
    assert [(job["visit"], job["kind"]) for job in jobs] == [(mine["id"], "ticket"), (theirs["id"], "ticket")]
    mine_says, theirs_says = (json.loads(job["spec"]) for job in jobs)
    assert (mine_says["number"], re.findall(r"\d+", mine_says["foot"])) == (1, ["2"]), "the other number, not its own"
    assert (theirs_says["number"], re.findall(r"\d+", theirs_says["foot"])) == (2, ["1"])


def test_each_ones_card_and_each_ticket_leads_to_the_own_part(site: Site) -> None:
    """The child has gone with the father."""
    mine, theirs = split(site)
    assert site.scan(MOTHER.code)["visit"]["id"] == mine["id"]
    assert {site.scan(one.code)["visit"]["id"] for one in (FATHER, CHILD)} == {theirs["id"]}
    assert site.scan(theirs["id"])["visit"]["id"] == theirs["id"]
    assert site.look(theirs["id"])["family"][0]["id"] == mine["id"]


def test_who_goes_apart_has_been_here_since_the_family_came(site: Site) -> None:
    """They chose a while after the scan: that is when the number was given, not when they came in."""
    came = site.scan(MOTHER.code)["first_seen"]
    site.wait(3)
    split(site)
    assert site.scan(CHILD.code)["first_seen"] == came


def test_those_who_stay_when_a_family_splits_up_come_to_a_counter_together(site: Site) -> None:
    """Whatever was said of staying together, a service of two takes longer than one of one."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    apart = [Group((FATHER.id,), ("health",))]
    accepted(site.choose(visit, "bank", party=[MOTHER.id, CHILD.id], keep_together=False, apart=apart))
    links(site.venue.router, site)
    floor = site.venue.router.mirror.floor
    assert floor is not None
    assert floor.visits[visit].factor == floor.learner.party_factor(2) > 1


def test_a_group_that_goes_apart_counts_its_people(site: Site) -> None:
    """The tablet says how many come, and a service of two is expected to take longer."""
    split(site)
    site.press("health-1", "open")
    assert site.press("health-1", "call-next")["visit"]["party_size"] == 2


def test_the_same_command_again_gives_the_same_visits(site: Site) -> None:
    """Also after the network lost the answer: no third number."""
    command = new_id()
    mine, _ = split(site, command=command)
    again = accepted(
        site.choose(
            mine["id"],
            "bank",
            "advice",
            party=[MOTHER.id],
            keep_together=False,
            apart=[Group((FATHER.id, CHILD.id), ("health",))],
            command=command,
        )
    )
    assert again == mine and site.numbers() == [1, 2]


def test_all_or_nothing(site: Site) -> None:
    """A group that can't go refuses the whole choice, names itself, and leaves no number, no visit, no party."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    site.visitor("bank", person=FATHER)

    def ask(*groups: Group, party: tuple[str, ...] = (MOTHER.id,)) -> Any:
        return site.choose(visit, "bank", party=party, apart=groups)

    def why(*groups: Group, party: tuple[str, ...] = (MOTHER.id,)) -> list[tuple[str, str]]:
        told = refused(ask(*groups, party=party))
        assert told.code == "party_refused"
        return [(one["member"], one["reason"]) for one in told.params["refused"]]

    assert why(Group((GUEST.id,), ("bank",))) == [(GUEST.id, "not_family")]
    assert why(Group((FATHER.id,), ("bank",))) == [(FATHER.id, "has_own_visit")]
    assert why(Group((MOTHER.id,), ("bank",))) == [(MOTHER.id, "in_two_groups")]
    assert why(Group((CHILD.id,), ("bank",)), party=(MOTHER.id, CHILD.id)) == [(CHILD.id, "in_two_groups")]
    told = refused(ask(Group((CHILD.id,), ("nonsense",))))
    assert (told.code, told.params["group"]) == ("services_refused", 1)
    assert told.params["refused"][0]["reason"] == "unknown_service"
    assert site.numbers() == [1] and site.one("SELECT count(*) FROM visit") == 2
    assert site.look(visit)["party"] == [MOTHER.id] and site.look(visit)["family"] == []


def test_a_family_may_split_up_later(site: Site) -> None:
    """Whoever goes leaves the first visit's party and takes a number of their own; the first keeps its place."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    accepted(site.choose(visit, "bank", "health", party=[MOTHER.id, FATHER.id, CHILD.id]))
    site.wait(5)
    mine = accepted(site.choose(visit, "bank", apart=[Group((FATHER.id,), ("health",))]))
    assert mine["party"] == sorted([MOTHER.id, CHILD.id]) and mine["number"] == 1
    assert mine["steps"][0]["since"] == "2019-12-27T08:00:00Z"
    assert site.one("SELECT party_size FROM visit WHERE id = :v", v=visit) == 2
    assert site.look(mine["family"][0]["id"])["steps"][0]["since"] == "2019-12-27T08:05:00Z"
    assert set(links(site.venue.router, site).values()) == {site.one("SELECT link FROM visit WHERE id = :v", v=visit)}


def test_one_part_may_hold_and_leave_and_the_other_goes_on(site: Site) -> None:
    """Or both at once, when they say so; a second time is the same command."""
    mine, theirs = split(site)
    assert accepted(site.visit_does("hold", mine["id"]))["family"][0]["state"] == "open"
    both = new_id()
    assert accepted(site.visit_does("hold", mine["id"], family=True, command=both))["family"][0]["state"] == "held"
    assert accepted(site.visit_does("resume", mine["id"]))["family"][0]["state"] == "held"
    assert accepted(site.visit_does("resume", mine["id"], family=True))["family"][0]["state"] == "open"
    assert accepted(site.visit_does("hold", mine["id"], family=True, command=both))["state"] == "held", "kept answer"
    assert site.look(mine["id"])["state"] == "open"
    assert refused(site.visit_does("hold", mine["id"], command=both)).code == "id_reused"
    assert accepted(site.visit_does("leave", theirs["id"]))["family"][0]["state"] == "open"
    assert site.look(mine["id"])["family"][0]["state"] == "left"


def test_resuming_together_ends_only_holds_that_are(site: Site) -> None:
    """Who rests after a missed call rests on, although the family's other part is back from its prayer."""
    mine, theirs = split(site)
    site.press("health-1", "open", "call-next", "no-show")
    rests = site.one("SELECT not_before FROM visit WHERE id = :v", v=theirs["id"])
    assert rests > site.clock.now()
    accepted(site.visit_does("hold", mine["id"]))
    accepted(site.visit_does("resume", mine["id"], family=True))
    assert site.look(mine["id"])["state"] == "open"
    assert site.one("SELECT not_before FROM visit WHERE id = :v", v=theirs["id"]) == rests


def test_leaving_together_waits_for_no_counter(site: Site) -> None:
    """Whom a counter serves is not sent away: the others leave, and the answer says who is still there."""
    mine, theirs = split(site)
    site.press("health-1", "open", "call-next", "start")
    gone = accepted(site.visit_does("leave", mine["id"], family=True))
    assert gone["state"] == "left" and gone["family"][0]["next"]["kind"] == "serving"
    site.press("health-1", "finish")
    assert site.look(theirs["id"])["state"] == "done"


def test_both_are_called_each_to_its_own_and_the_tablet_says_who_belongs_together(site: Site) -> None:
    """Numbers and places only: no name, no member, no reference."""
    mine, theirs = split(site)
    site.press("bank-1", "open", "call-next")
    site.press("health-1", "open", "call-next")
    assert site.look(mine["id"])["next"]["service"] == "bank"
    assert site.look(mine["id"])["family"][0]["next"]["service"] == "health"
    shown = counter_snapshot.snapshot(site.venue, "bank-1")["current"]
    assert shown["family"] == [{"number": theirs["number"], "state": "called", "service": "health"}]
    site.press("bank-1", "start", "finish")
    accepted(site.at("bank-1", "undo"))
    assert counter_snapshot.snapshot(site.venue, "bank-1")["current"]["number"] == mine["number"]
    assert [one["number"] for one in site.look(mine["id"])["family"]] == [theirs["number"]], "undoing parts nobody"


def test_the_router_knows_the_link_and_knows_it_again_after_a_restart(site: Site) -> None:
    """Its picture is the database's; a new process reads the same."""
    mine, theirs = split(site)
    site.visitor("bank")
    known = links(site.venue.router, site)
    assert known[mine["id"]] == known[theirs["id"]] != "" and sorted(known.values())[0] == ""
    assert site.db.read(lambda tx: site.venue.router.mirror.differing(tx, site.clock.now())) == 0
    assert links(HallRouter(site.plan, site.db), site) == known


def test_who_belongs_to_somebody_with_much_left_is_not_called_early(site: Site) -> None:
    """They leave together: the part that is nearly done is put back by what the other still has to do."""
    site.visitor("bank", "health", "advice")
    mine, theirs = split(site)

    def key() -> float:
        links(site.venue.router, site)
        floor = site.venue.router.mirror.floor
        assert floor is not None
        return floor.visits[theirs["id"]].steps["health"].key

    before = key()
    accepted(site.visit_does("leave", mine["id"]))
    assert key() < before, "nobody is put back for who has left"


def test_the_day_is_fair_for_a_part_too(site: Site) -> None:
    """The report counts each part as a visit, and its own calls."""
    split(site)
    site.press("health-1", "open", "call-next", "start", "finish")
    told = accepted(fairness.of_day(site.venue, "2019-12-27"))
    assert told["held"] and sum(row["visits"] for row in told["categories"]) == 2


@pytest.mark.parametrize("together", [True, None])
def test_families_that_stay_together_are_one_visit_as_ever(site: Site, together: bool | None) -> None:
    """One number, one ticket, no link."""
    visit = site.scan(MOTHER.code)["visit"]["id"]
    chosen = accepted(site.choose(visit, "bank", party=[MOTHER.id, FATHER.id], keep_together=together))
    assert chosen["family"] == [] and chosen["keep_together"] is True
    assert site.one("SELECT count(*) FROM visit WHERE link IS NOT NULL") == 0
    assert site.one("SELECT count(*) FROM print_job") == 1
