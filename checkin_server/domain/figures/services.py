"""Services: where each ended, how long people waited, walked and were served, calls, and what they had been told."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable, Sequence

from checkin_server.domain.figures.facts import Step
from checkin_server.domain.figures.period import MINUTE, Period, Played, Row, Rows, seconds, share, share_at, spread

Steps = Sequence[tuple[Played, Step]]


def by_service(period: Period) -> dict[str, list[tuple[Played, Step]]]:
    """Return the steps of each service, in the plan's order; those that the plan has no more come last."""
    found: dict[str, list[tuple[Played, Step]]] = {}
    for one, step in period.steps:
        found.setdefault(step.service, []).append((one, step))
    return {service: found.get(service, []) for service in period.in_order("services", found)}


def ends(steps: Steps) -> Row:
    """Return where steps ended; the parts add up to `asked`."""
    end = Count(step.end for _, step in steps)
    abandoned = end["left"] + end["day_end"]
    return {
        "asked": len(steps),
        "served": end["served"],
        "transferred": end["transferred"],
        "given_back": end["given_back"],
        "missed_for_good": end["missed"],
        "abandoned": abandoned,
        "still_open": end["open"],
        "unserved": abandoned + end["missed"],
    }


def wait(steps: Steps) -> Row:
    """Return the spread of the waiting times of steps that were started."""
    return spread("wait", "waits", (step.wait for _, step in steps))


def level(steps: Steps) -> Row:
    """Return the service level: of the steps that can be judged, the share first called within the target."""
    within = judged = 0
    for one, step in steps:
        target = one.plan.target_minutes * MINUTE
        first = step.first_call
        if first is not None:
            judged += 1
            within += first <= target
        else:
            over = step.ended_at if step.ended_at is not None else one.day.until
            judged += step.waited(over) > target
    targets = {one.plan.target_minutes for one, _ in steps}
    return {
        "target": targets.pop() if len(targets) == 1 else None,
        "in_target": within,
        "of_target": judged,
        "service_level": share(within, judged),
    }


def services(period: Period) -> Rows:
    """Where each service that was asked for ended."""
    rows = []
    for service, steps in by_service(period).items():
        outcomes = Count(step.outcome for _, step in steps if step.end == "served")
        rows.append(
            {
                "service": service,
                **ends(steps),
                "referred": outcomes["referred"],
                "incomplete": outcomes["incomplete"],
            }
        )
    return rows


def waits(period: Period) -> Rows:
    """Waiting times, first calls and service level by service."""
    return [
        {
            "service": service,
            **wait(steps),
            **spread("first_call", "first_calls", (step.first_call for _, step in steps)),
            **level(steps),
        }
        for service, steps in by_service(period).items()
    ]


def service_times(period: Period) -> Rows:
    """Walking and service times by service."""
    return [
        {
            "service": service,
            **spread("walking", "walks", (step.walking for _, step in steps)),
            **spread("service", "service_times", (step.service_time for _, step in steps)),
            "without_start": sum(step.quick for _, step in steps if step.service_time is not None),
        }
        for service, steps in by_service(period).items()
    ]


def abandoned(period: Period) -> Rows:
    """How long those services had waited that nobody gave before the visit left or its day ended."""
    return [
        {"service": service, **spread("given_up", "abandoned", _in_vain(step for _, step in steps))}
        for service, steps in by_service(period).items()
    ]


def _in_vain(steps: Iterable[Step]) -> Iterable[int]:
    return (step.waited(step.ended_at) for step in steps if step.end in ("left", "day_end") and step.ended_at)


def calls(period: Period) -> Rows:
    """Calls, calls once more and missed calls by service."""
    return [
        {
            "service": service,
            "calls": sum(step.calls for _, step in steps),
            "recalls": sum(step.recalls for _, step in steps),
            "missed_calls": sum(step.misses for _, step in steps),
            "missed_for_good": sum(step.end == "missed" for _, step in steps),
        }
        for service, steps in by_service(period).items()
    ]


def quoted(period: Period) -> Rows:
    """What visitors were told first, against what came."""
    rows = []
    for service, steps in by_service(period).items():
        told, came = [], []
        for one, step in steps:
            range_ = one.day.around.quoted.get((step.visit.number or 0, service))
            # What was told after the first call, or for an earlier step of the same service, is of another wait.
            if range_ is not None and step.first_called_at is not None and step.asked_at <= range_.at:
                wait_ms = step.first_called_at - range_.at
                if wait_ms >= 0:
                    told.append(range_)
                    came.append(wait_ms)
        within = sum(ms <= one.p90 * 1000 for one, ms in zip(told, came, strict=True))
        rows.append(
            {
                "service": service,
                "quoted": len(told),
                "quoted_p50_median": _median(one.p50 for one in told),
                "quoted_p90_median": _median(one.p90 for one in told),
                "came_median": seconds(share_at(sorted(came), 0.5)),
                "within": within,
                "within_share": share(within, len(told)),
            }
        )
    return rows


def _median(values: Iterable[int]) -> float | None:
    found = share_at(sorted(values), 0.5)
    return None if found is None else round(found)
