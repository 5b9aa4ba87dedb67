"""What a topic's snapshot shows, whoever makes it at that moment."""

from __future__ import annotations

import threading
from typing import Any

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
