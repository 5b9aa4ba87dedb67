"""Everything a screen shows, whole: one type a topic. The socket's `snapshot` has the same types."""

from __future__ import annotations

from checkin_server.services.snapshots.board import BoardData
from checkin_server.services.snapshots.counter import CounterData
from checkin_server.services.snapshots.dashboard_shapes import DashboardData
from checkin_server.services.snapshots.kiosk import KioskData
from checkin_server.services.snapshots.welcome import WelcomeData
from checkin_server.web.models.common import Answer


class Snapshot(Answer):
    """Everything a screen shows, whole. A higher `version` of the same `epoch` replaces a lower one."""

    topic: str
    epoch: str
    """The server's run."""
    version: int


class BoardSnapshot(Snapshot):
    """A public board, topic ``board:<id>``."""

    data: BoardData


class CounterSnapshot(Snapshot):
    """A counter's tablet, topic ``counter:<id>``."""

    data: CounterData


class KioskSnapshot(Snapshot):
    """Every kiosk, topic ``kiosk``."""

    data: KioskData


class WelcomeSnapshot(Snapshot):
    """The welcome desk, topic ``welcome``."""

    data: WelcomeData


class DashboardSnapshot(Snapshot):
    """The organisers' dashboard, topic ``dashboard``."""

    data: DashboardData


SNAPSHOTS: dict[str, type[Snapshot]] = {
    "board": BoardSnapshot,
    "counter": CounterSnapshot,
    "kiosk": KioskSnapshot,
    "welcome": WelcomeSnapshot,
    "dashboard": DashboardSnapshot,
}
"""By a topic's name up to its colon."""
