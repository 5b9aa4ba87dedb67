"""Playing days from what was read of them: plain data in, a period out. Knows no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from checkin_server.common.zones import local
from checkin_server.domain.fairness.log import Fairness
from checkin_server.domain.figures.day import Day
from checkin_server.domain.figures.facts import Event
from checkin_server.domain.figures.period import Beside, Held, Period, Played

Head = dict[str, Any]
"""What figures need beside the events, as JSON has it."""
Line = list[Any]
"""A day, one of its events (`COLUMNS`), and that one's data as JSON text."""
COLUMNS = ("at", "kind", "visit", "step", "service", "counter", "number", "device", "plan", "seq")


def played(head: Head, lines: Iterable[Line]) -> Period:
    """Play days from what was read of them."""
    found = {day: Day(day, head["rest_minutes"]) for day in head["days"]}
    fair = {day: Fairness(head["cap_minutes"], head["after"], head["rest_minutes"]) for day in head["days"]}
    for day, at, kind, visit, step, service, counter, number, device, plan, seq, data in lines:
        event = Event(at, kind, visit, step, service, counter, number, device, plan, json.loads(data), seq)
        found[day].see(event)
        fair[day].see(seq, at, kind, visit, step, service, number, event.data)
    zone = head["timezone"]

    def at_venue(at: int) -> datetime:
        return local(at, zone)

    return Period(
        [Played(found[day], _held(found[day], head), fair[day]) for day in head["days"]],
        at_venue,
        Beside(
            head["stations"],
            [(kind, language, text) for kind, language, text in head["words"]],
            [(str(case["office"]), str(case["subject"]) or "not_kept") for case in head["cases"]],
        ),
    )


def _held(day: Day, head: Mapping[str, Any]) -> Held:
    """Return the plans that held that day; a log from before plans were kept has the present one."""
    known = head["plans"]
    held = [(since, known[name]) for since, name in day.plans if name is not None and name in known]
    return Held(held or [(0, head["now"])], [*known.values(), head["now"]])
