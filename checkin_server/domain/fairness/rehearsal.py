"""Was anybody overtaken further than promised? What a rehearsal saw, told to the judge of `domain/fairness/log.py`.

The same judge reads a venue's event log. It is told what happened, not what the router believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checkin_server.domain.fairness.log import MINUTE, Beyond, Lines, Overtaken

ASKED, FREE, BUSY, CHOSEN, ENDED = "asked", "free", "busy", "chosen", "ended"
"""What a `Moment` tells of a visit: a service was asked for; the visit can be called (arrival, end of a service, of a
hold, of a rest); it can't; it was sent to or called for a service (a call of somebody who was sent is no new choice);
a step ended in any way."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the log. `service` for asked, chosen and ended; the others are about the whole visit."""

    at: int
    what: str
    visit: str
    service: str = ""
    category: str = ""
    head_start_ms: int = 0
    open: bool = True
    """For asked: whether it may be called at once; False while a service that must come before it is open."""


@dataclass(frozen=True, slots=True)
class Fairness:
    """The report of a day."""

    by_category: Mapping[str, Overtaken]
    """Of those categories that anybody was overtaken in."""
    beyond: list[Beyond] = field(default_factory=list)
    """Choices that broke the bound; empty when it held."""
    choices: int = 0

    @property
    def held(self) -> bool:
        """Whether nobody was overtaken beyond the bound."""
        return not self.beyond


def report(moments: Iterable[Moment], cap_ms: float) -> Fairness:
    """Go through a day's moments, in order, and say how far anybody was overtaken."""
    lines = Lines(cap_ms / MINUTE)
    head_starts: dict[str, float] = {}
    for seq, moment in enumerate(moments):
        visit = moment.visit
        if moment.what == ASKED:
            if visit not in head_starts:
                lines.come(visit, moment.category)
                lines.busy(visit)  # until it is told that they are free
            head_starts[visit] = moment.head_start_ms / MINUTE
            if moment.open:
                lines.join(visit, moment.service, moment.at)
        elif moment.what == FREE:
            lines.free(visit)
        elif moment.what == BUSY:
            lines.busy(visit)
        elif moment.what == ENDED:
            lines.quit(visit, moment.service)
        elif moment.what == CHOSEN:
            lines.choose(seq, visit, moment.service, moment.at, head_starts[visit])
            lines.busy(visit)
    overtaken = {category: worst for category, worst in lines.by_category().items() if worst.overtaken}
    return Fairness(overtaken, lines.beyond, lines.choices)
