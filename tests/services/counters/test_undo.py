from __future__ import annotations

from typing import Any

import pytest

from checkin_server.services.day import open_and_close
from tests.support.shown import board, counter
from tests.support.venue import Site, accepted, refused

UNDOABLE = ["recall", "start", "no-show", "park"]


def without_log(site: Site) -> dict[str, list[dict[str, Any]]]:
    """All rows but the log of events."""
    return {table: rows for table, rows in site.everything().items() if table != "event"}


def undo(site: Site, at: str = "bank-1", **more: Any) -> dict[str, Any]:
    """Take the last action back."""
    return accepted(site.at(at, "undo", **more))


@pytest.mark.parametrize("action", UNDOABLE)
def test_undo_restores_exactly_what_an_action_on_a_called_visitor_changed(site: Site, action: str) -> None:
    """Every row of every table is as before, and the log tells both."""
    site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next")
    site.wait(1)
    before = without_log(site)
    site.press("bank-1", action)
    assert without_log(site) != before
    site.wait(0.1)
    answer = undo(site)
    assert without_log(site) == before
    assert (answer["outcome"], answer["action"], answer["step"]["state"]) == ("undone", action, "called")
    assert site.events()[-1] == "action_undone"


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("finish", {}),
        ("finish", {"outcome": "referred", "office": "mutual", "subject": "housing"}),
        ("finish", {"outcome": "incomplete", "note": "a certificate"}),
        ("park", {}),
        ("transfer", {"service": "health"}),
        ("transfer", {"service": "advice"}),
        ("transfer", {"to": "bank-2"}),
        ("add-service", {"services": ["advice", "enrolment"]}),
        ("note", {"text": "speaks softly"}),
    ],
)
def test_undo_restores_exactly_what_an_action_in_service_changed(site: Site, action: str, more: dict[str, Any]) -> None:
    """Visit, steps, counter, referral and note: nothing of it is left."""
    site.visitor("bank", "health")
    site.press("bank-2", "open")
    site.press("bank-1", "open", "call-next", "start")
    site.wait(2)
    before = without_log(site)
    accepted(site.at("bank-1", action, **more))
    assert without_log(site) != before
    undo(site)
    assert without_log(site) == before
    assert site.problems() == []


def test_undo_gives_a_called_visitor_back_to_the_queue_and_to_every_screen(site: Site) -> None:
    """Board, queue and tablet show what they showed before the call."""
    site.visitor("bank", "health")
    site.press("bank-1", "open")
    shown = [board.snapshot(site.venue, "hall"), {**counter.snapshot(site.venue, "bank-1"), "undo": None}]
    before = without_log(site)
    site.press("bank-1", "call-next")
    assert board.snapshot(site.venue, "hall")["calls"]
    answer = undo(site)
    assert (answer["action"], answer["step"], answer["visit"]) == ("call-next", None, None)
    assert without_log(site) == before
    assert [board.snapshot(site.venue, "hall"), counter.snapshot(site.venue, "bank-1")] == shown
    assert site.press("bank-1", "call-next")["visit"]["number"] == 1


@pytest.mark.parametrize("action", ["pause", "close", "open"])
def test_undo_takes_back_what_was_done_to_the_counter_itself(site: Site, action: str) -> None:
    """Closed by a slip of the finger: open again, by whom and since when it was."""
    if action != "open":
        site.press("bank-1", "open")
    before = site.rows("SELECT * FROM counter WHERE id = 'bank-1'")
    site.wait(0.1)
    site.press("bank-1", action)
    undo(site)
    assert action == "open" or site.rows("SELECT * FROM counter WHERE id = 'bank-1'") == before
    assert site.one("SELECT state FROM counter WHERE id = 'bank-1'") == ("closed" if action == "open" else "open")


def test_an_action_can_be_undone_for_ten_seconds(site: Site) -> None:
    """After that the visitor may be on the way elsewhere."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start", "finish")
    assert counter.snapshot(site.venue, "bank-1")["undo"]["action"] == "finish"
    site.wait(10 / 60)
    assert counter.snapshot(site.venue, "bank-1")["undo"] is not None
    site.wait(0.001)
    assert counter.snapshot(site.venue, "bank-1")["undo"] is None
    answer = refused(site.at("bank-1", "undo"))
    assert (answer.code, answer.params["reason"], answer.params["state"]) == ("wrong_state", "too_late", "idle")


def test_only_the_last_action_can_be_undone_and_only_once(site: Site) -> None:
    """Two slips in a row are one undo; what is meant is said by its command."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    started = "5b0d7d9c-8a3c-4b6e-9d3e-0a2b8a8e7c11"
    accepted(site.at("bank-1", "start", command=started))
    assert refused(site.at("bank-1", "undo", action_id="other")).params["reason"] == "nothing_to_undo"
    undo(site, action_id=started)
    answer = refused(site.at("bank-1", "undo"))
    assert (answer.params["reason"], answer.params["state"]) == ("nothing_to_undo", "called")


def test_what_another_counter_has_called_since_is_not_torn_away(site: Site) -> None:
    """The visitor walks to the health stand already: the refusal says so and nothing changes."""
    site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next", "start", "finish")
    site.press("health-1", "open", "call-next")
    before = site.everything()
    answer = refused(site.at("bank-1", "undo"))
    assert answer.params == {
        "state": "called",
        "reason": "changed_since",
        "number": 1,
        "counter": "health-1",
        "service": "health",
    }
    assert site.everything() == before


def test_who_left_or_holds_their_place_since_is_left_alone(site: Site) -> None:
    """What people decided at a kiosk counts more than a slip of the finger."""
    visit = site.visitor("bank", "health")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    accepted(site.visit_does("hold", visit))
    assert refused(site.at("bank-1", "undo")).params["reason"] == "changed_since"
    accepted(site.visit_does("leave", visit))
    answer = refused(site.at("bank-1", "undo"))
    assert (answer.params["reason"], answer.params["state"]) == ("changed_since", "left")


def test_what_was_chosen_elsewhere_since_survives_an_undo(site: Site) -> None:
    """A service added at a kiosk in those seconds has nothing to do with the slip."""
    visit = site.visitor("bank")["id"]
    site.press("bank-1", "open", "call-next", "start", "finish")
    accepted(site.choose(visit, "health"))
    undo(site)
    states = {row["service"]: row["state"] for row in site.rows("SELECT service, state FROM step")}
    assert states == {"bank": "serving", "health": "waiting"}


def test_the_same_undo_sent_twice_is_done_once(site: Site) -> None:
    """A lost answer: the second time gives the first answer."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start")
    command = "0f6b1cf0-1df6-4d0c-8a52-3e0c0a4f3a77"
    first = undo(site, command=command)
    site.press("bank-1", "start")
    assert undo(site, command=command) == first
    assert site.one("SELECT state FROM step") == "serving"


def test_nothing_can_be_undone_after_the_day_was_closed(site: Site) -> None:
    """Its figures are final."""
    site.visitor("bank")
    site.press("bank-1", "open", "call-next", "start", "finish")
    open_and_close.close_day(site.venue)
    assert refused(site.at("bank-1", "undo")).params["state"] == "day_closed"
