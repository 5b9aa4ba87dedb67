"""The order of a visit's stops, everywhere the same."""

from __future__ import annotations

from checkin_server.domain.forecasts.route import in_order
from checkin_server.domain.guidance import Stop
from checkin_server.domain.waits import Wait

SHORT, LONG = Wait(60, 120), Wait(1800, 2400)


def order(*stops: Stop, **after: tuple[str, ...]) -> list[str]:
    """Return the services in the order of the route."""
    return [stop.service for stop in in_order(stops, after)]


def stop(service: str, state: str = "waiting", wait: Wait | None = None, **more: int | float) -> Stop:
    """Return one stop."""
    return Stop(
        f"s-{service}",
        service,
        state,
        wait,
        at=more.get("at"),
        ended_at=None if "ended" not in more else int(more["ended"]),
    )


def test_what_is_over_stands_as_it_ended_then_where_to_be_now_then_what_is_to_come() -> None:
    """As a line through the hall: behind me, here, before me; what was set aside comes when the visitor says so."""
    stops = (
        stop("aside", "parked"),
        stop("later", wait=LONG),
        stop("second", "served", ended=20),
        stop("here", "called"),
        stop("sooner", wait=SHORT),
        stop("first", "no_show", ended=10),
    )
    assert order(*stops) == ["first", "second", "here", "sooner", "later", "aside"]


def test_the_moments_of_the_calls_go_before_the_waits_and_the_plans_order_before_both() -> None:
    """Rounded waits may be equal where the calls are not; and what needs another stop comes behind it."""
    assert order(stop("b", wait=SHORT, at=300), stop("a", wait=SHORT, at=200)) == ["a", "b"]
    assert order(stop("bank", wait=SHORT), stop("enrolment", wait=LONG), bank=("enrolment",)) == ["enrolment", "bank"]


def test_a_stop_whose_wait_nobody_knows_comes_behind_those_that_are_known() -> None:
    """Its counter may open any moment."""
    assert order(stop("unknown"), stop("known", wait=LONG)) == ["known", "unknown"]
