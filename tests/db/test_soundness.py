from __future__ import annotations

import pytest
from sqlalchemy import text

from checkin_server.db.tx import Tx
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
