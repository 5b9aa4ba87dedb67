"""Snapshots as screens get them, each held against its type: no field more, none less, none of another kind.

``board.snapshot(venue, "hall")`` and so on, for tests without a server; those with one use `tests.support.checked`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from checkin_server.services.snapshots import board as boards
from checkin_server.services.snapshots import counter as counters
from checkin_server.services.snapshots import dashboard as dashboards
from checkin_server.services.snapshots import kiosk as kiosks
from checkin_server.services.snapshots import welcome as desks
from checkin_server.web.models import SNAPSHOTS


def fits(topic: str, data: Mapping[str, object]) -> dict[str, Any]:
    """Return a topic's data; fails when it is not of the topic's type."""
    document = {"topic": topic, "epoch": "e", "version": 1, "data": data}
    SNAPSHOTS[topic.partition(":")[0]].model_validate(document, strict=True)
    return dict(data)


def _checked(topic: str, build: Callable[..., Mapping[str, object]]) -> Any:
    return SimpleNamespace(snapshot=lambda *args, **more: fits(topic, build(*args, **more)))


board = _checked("board", boards.snapshot)
counter = _checked("counter", counters.snapshot)
dashboard = _checked("dashboard", dashboards.snapshot)
kiosk = _checked("kiosk", kiosks.snapshot)
welcome = _checked("welcome", desks.snapshot)
