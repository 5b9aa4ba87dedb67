"""What a topic's snapshot shows, whoever makes it at that moment."""

from __future__ import annotations

import copy
import queue
import threading
from functools import partial
from typing import Any

from checkin_server.db.tx import Event
from checkin_server.web.live import Live
from tests.support.venue import small_plan


def test_whoever_asks_while_a_snapshot_is_made_gets_that_one() -> None:
    """It may show what was committed just before; the one from before that does not."""
    going_on, begun = threading.Event(), threading.Event()
    truth = {"number": 1}

    def build() -> dict[str, Any]:
        seen = dict(truth)
        if seen["number"] == 2:
            begun.set()
            assert going_on.wait(30)
        return seen

    live = Live(small_plan(), lambda name, shot: None)
    live.topic("board:hall", build)
    assert live.snapshot("board:hall")["data"] == {"number": 1}
    truth["number"] = 2
    live.changed()
    shots: list[dict[str, Any]] = []
    asking = [threading.Thread(target=lambda: shots.append(live.snapshot("board:hall"))) for _ in range(2)]
    asking[0].start()
    assert begun.wait(30)
    asking[1].start()
    asking[1].join(0.3)
    assert shots == [], "what is there is old by now"
    going_on.set()
    for one in asking:
        one.join(30)
    assert [shot["data"] for shot in shots] == [{"number": 2}] * 2


def test_a_version_rises_when_something_changed_and_only_then() -> None:
    """Equal data built again, at a later moment, is the same version; any other data is the next one."""
    truth: dict[str, Any] = {"now": "2019-12-27T08:00:00Z", "calls": [{"number": 1, "recall": 0}]}
    live = Live(small_plan(), lambda name, shot: None)
    live.topic("board:hall", lambda: copy.deepcopy(truth))

    def version() -> int:
        live.changed()
        shown = live.snapshot("board:hall")
        assert shown["data"]["calls"] == truth["calls"]
        return int(shown["version"])

    first = version()
    truth["now"] = "2019-12-27T08:00:05Z"
    assert [version(), version()] == [first, first], "that time passes is no news"
    truth["calls"][0]["recall"] = 1
    assert version() == first + 1
    assert version() == first + 1
    truth["calls"].append({"number": 2, "recall": 0})
    assert version() == first + 2
    truth["calls"].pop()
    assert version() == first + 3, "what is again as it was before is new all the same"


def test_what_did_not_change_is_not_pushed_again() -> None:
    """A screen that is told the same once more would draw for nothing; one change is one push, of the next version."""
    truth, built, pushed = {"number": 1}, threading.Event(), queue.SimpleQueue[dict[str, Any]]()

    def build() -> dict[str, Any]:
        built.set()
        return dict(truth)

    live = Live(small_plan(), lambda name, shot: pushed.put(shot))
    live.topic("board:hall", build)
    live.watch("board:hall")
    live.start()
    try:
        first = pushed.get(timeout=30)
        for _ in range(3):
            built.clear()
            live.changed()
            assert built.wait(30)
        truth["number"] = 2
        live.changed()
        second = pushed.get(timeout=30)
    finally:
        live.stop()
    assert (first["version"], first["data"]) == (1, {"number": 1})
    assert (second["version"], second["data"]) == (2, {"number": 2})
    assert pushed.empty()


def test_what_happens_at_a_counter_is_on_its_tablet_first_and_nothing_is_built_that_nobody_watches() -> None:
    """A second later on the others; the figures that nobody looks at cost nothing."""
    pushed: queue.Queue[str] = queue.Queue()
    built: list[str] = []
    live = Live(small_plan(), lambda name, shot: pushed.put(name))
    names = ("counter:bank-2", "counter:bank-1", "dashboard")  # in this order topics that are due are built

    def build(name: str) -> dict[str, Any]:
        built.append(name)
        return {"builds": len(built)}

    for name in names:
        live.topic(name, partial(build, name))
    for name in names[:2]:
        live.snapshot(name)
        live.watch(name)
    live.start()
    try:
        assert {pushed.get(timeout=30), pushed.get(timeout=30)} == set(names[:2]), "what is there, at the beginning"
        order: list[str] = []
        for _ in range(5):  # where the machine stands still for that second both are due, in their usual order
            live.hear([Event("note_written", 0, {"counter": "bank-1"})])
            order = [pushed.get(timeout=30), pushed.get(timeout=30)]
            if order[0] == "counter:bank-1":
                break
        assert order == ["counter:bank-1", "counter:bank-2"]
    finally:
        live.stop()
    assert "dashboard" not in built
