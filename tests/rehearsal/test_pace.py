"""How the day's time passes while it is played live."""

from __future__ import annotations

from checkin_server.rehearsal.pace import RealPace, VirtualPace

START = 1_577_433_600_000
MINUTE = 60_000


class _Wall:
    """A wall clock that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.at = 0.0

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def now(self) -> float:
        return self.at


def test_a_virtual_clock_is_set_without_waiting() -> None:
    """Once a moment, forwards only."""
    wall, said = _Wall(), list[str]()
    pace = VirtualPace(said.append, START, sleep=wall.sleep, monotonic=wall.now)
    for minutes in (0, 1, 1, 90):
        pace.reach(START + minutes * MINUTE)
    assert said == ["2019-12-27T08:01:00Z", "2019-12-27T09:30:00Z"]
    assert wall.at == 0


def test_a_virtual_clock_may_be_slowed_down_to_be_watched() -> None:
    """Sixty simulated minutes a minute."""
    wall, said = _Wall(), list[str]()
    pace = VirtualPace(said.append, START, 60, sleep=wall.sleep, monotonic=wall.now)
    pace.reach(START + 30 * MINUTE)
    assert wall.at == 30 and said == ["2019-12-27T08:30:00Z"]


def test_the_real_clock_is_waited_for() -> None:
    """And who is behind does not wait."""
    wall = _Wall()
    pace = RealPace(START, 10, sleep=wall.sleep, monotonic=wall.now)
    pace.reach(START + 10 * MINUTE)
    assert wall.at == 60
    wall.at = 200
    pace.reach(START + 20 * MINUTE)
    assert wall.at == 200
