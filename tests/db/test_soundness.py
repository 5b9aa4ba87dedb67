from __future__ import annotations

import pytest
from sqlalchemy import text

from checkin_server.db.tx import Tx
from checkin_server.services.day import open_and_close
from tests.support.venue import Site


def damage(site: Site, *statements: str) -> None:
    """Change the database behind the services' back."""

    def do(tx: Tx) -> None:
        for statement in statements:
            tx.run(text(statement))

    site.db.write(do)


def test_a_day_in_full_swing_is_sound(site: Site) -> None:
    """Called, served, parked, missed, left, choosing: all as it should be."""
    site.scan(site.newcomer().code)
    for _ in range(4):
        site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next", "start")
    site.press("bank-2", "open", "call-next", "no-show", "call-next", "park", "call-next")
    site.visit_does("leave", site.visitor("advice")["id"])
    assert site.problems() == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE service_day SET last_number = last_number + 1", "numbers"),
        ("UPDATE visit SET number = 7 WHERE number = 2", "highest 7"),
        ("UPDATE visit SET number = NULL WHERE number = 2", "open without a number"),
        ("UPDATE visit SET active_step = 's_nothing' WHERE number = 2", "claimed for a step"),
        ("UPDATE visit SET active_step = NULL", "without a claim"),
        ("UPDATE step SET state = 'served' WHERE state = 'called'", "claimed for a step"),
    ],
)
def test_what_breaks_a_promise_is_found_and_said_in_words(site: Site, statement: str, finding: str) -> None:
    """After a restore, a crash or somebody's own SQL."""
    for _ in range(2):
        site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    assert site.problems() == []
    damage(site, statement)
    assert any(finding in problem for problem in site.problems()), site.problems()


@pytest.mark.parametrize(
    ("statements", "finding"),
    [
        (("UPDATE visit SET number = 0 WHERE number = 1",), "3 numbers given, lowest 0, highest 3, counter row 3"),
        (("UPDATE visit SET number = -1 WHERE number = 1",), "3 numbers given, lowest -1, highest 3, counter row 3"),
        (
            ("UPDATE visit SET number = number + 1 WHERE number = 3", "UPDATE service_day SET last_number = 4"),
            "3 numbers given, lowest 1, highest 4, counter row 4",
        ),
        (
            ("UPDATE visit SET number = 4 WHERE number = 1", "UPDATE service_day SET last_number = 4"),
            "3 numbers given, lowest 2, highest 4, counter row 4",
        ),
        (
            ("UPDATE visit SET number = 4 WHERE number = 2",),
            "3 numbers given, lowest 1, highest 4, counter row 3",
        ),
        (("UPDATE service_day SET last_number = 2",), "3 numbers given, lowest 1, highest 3, counter row 2"),
        (("UPDATE service_day SET last_number = 4",), "3 numbers given, lowest 1, highest 3, counter row 4"),
        (
            ("UPDATE visit SET number = NULL, state = 'left' WHERE number = 3",),
            "2 numbers given, lowest 1, highest 2, counter row 3",
        ),
    ],
    ids=[
        "number 1 is missing and 0 stands there",
        "number 1 is missing and -1 stands there",
        "a gap before the last",
        "number 1 is missing and the last is one too high",
        "a gap that the counter row has not seen",
        "the counter row is behind the numbers",
        "the counter row is ahead of the numbers",
        "the last number is gone",
    ],
)
def test_numbers_that_do_not_go_from_one_to_the_last_are_found(
    site: Site, statements: tuple[str, ...], finding: str
) -> None:
    """Whatever is missing, at whichever end: the next visitor would get a number twice, or one would be sought."""
    for _ in range(3):
        site.visitor("bank")
    assert site.problems() == []
    damage(site, *statements)
    (problem,) = site.problems()
    assert finding in problem


def test_a_day_on_which_nobody_has_a_number_yet_is_sound(site: Site) -> None:
    """Opened, and somebody still choosing."""
    assert site.problems() == []
    site.scan(site.newcomer().code)
    assert site.problems() == []
    damage(site, "UPDATE service_day SET last_number = 1")
    assert len(site.problems()) == 1, "a number was given to nobody"


def test_each_day_has_numbers_of_its_own(site: Site) -> None:
    """A gap on an earlier day is found although today's numbers are whole."""
    site.visitor("bank")
    open_and_close.close_day(site.venue, anyway=True)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    for _ in range(2):
        site.visitor("bank")
    assert site.problems() == []
    damage(site, "UPDATE visit SET number = 2 WHERE service_day = '2019-12-27'")
    (problem,) = site.problems()
    assert problem.startswith("day 2019-12-27: 1 numbers given, lowest 2")


def test_a_step_of_another_visit_is_no_claim(site: Site) -> None:
    """A pointer that leads to somebody else's call is found."""
    first, second = site.visitor("bank"), site.visitor("advice")
    site.press("bank-1", "open", "call-next")
    damage(site, f"UPDATE visit SET active_step = '{first['steps'][0]['id']}' WHERE id = '{second['id']}'")
    assert site.problems() == ["1 visits are claimed for a step that is at no counter"]
