"""When somebody who comes now would be called, from what was played forward anyway."""

from __future__ import annotations

from checkin_server.domain.forecasts.newcomer import Line, Newcomer, expected_calls

MIN = 60_000.0


def line(*calls: tuple[float, float], free: float = 0.0, takes: float = 5.0, backlog: float = 0.0) -> Line:
    """Build a line from minutes."""
    return Line(tuple((at * MIN, key * MIN) for at, key in calls), free * MIN, takes * MIN, backlog * MIN)


def calls(lines: dict[str, Line], head_start: float = 0.0, **after: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return the services with the minutes until their calls, at minute 0, a minute's walk apart."""
    found = expected_calls(
        lines, after, Newcomer(0.0, head_start * MIN), cap=90 * MIN, share=0.5, walk=lambda here, there: MIN
    )
    return [(service, at / MIN) for service, at in found.items()]


def test_the_moment_is_that_of_the_first_who_comes_behind_by_key() -> None:
    """Who asked long ago stays before; who has much left to do makes room; behind everybody it is when all are gone."""
    assert calls({"bank": line((3, -30), (9, 40), free=20)}) == [("bank", 9)]
    assert calls({"bank": line((3, -30), (9, -5), free=20)}) == [("bank", 20)]


def test_wanting_more_puts_back_and_priority_brings_forward() -> None:
    """The same keys as the router's: half of all work still to do, less the head start."""
    queue = line((4, 20), (9, 60), free=20)
    assert calls({"bank": queue})[0] == ("bank", 4)
    many = {"bank": queue, "health": line(free=50, takes=40, backlog=30)}
    assert calls(many)[0] == ("bank", 9)
    assert calls(many, head_start=30)[0] == ("bank", 4)


def test_after_each_service_the_next_call_is_looked_for_from_its_end() -> None:
    """Nobody is called while they are being served or walk."""
    assert calls({"bank": line(free=0, takes=10), "health": line(free=2, takes=10)}) == [("bank", 0), ("health", 11)]


def test_equally_soon_the_longest_backlog_comes_first_and_precedence_before_all() -> None:
    """As the router takes them."""
    both = {"bank": line(backlog=1), "health": line(backlog=9)}
    assert [service for service, _ in calls(both)] == ["health", "bank"]
    assert [service for service, _ in calls(both, health=("bank",))] == ["bank", "health"]
    assert len(calls(both, health=("bank",), bank=("health",))) == 2, "a circle stops nobody"
