"""Another number of counters at a booth: what `--what-if "bank=3"` and the advice try."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from checkin_server.common.faults import WrongUse
from checkin_server.domain.plan import Counter, Plan
from checkin_server.settings.errors import suggest

_FORM = re.compile(r"^\s*([^\s=+]+)\s*(=|\+)\s*(\d+)\s*$")
SLOTS = "arrivals=slots"
"""The wish for the same visitors, invited by time slot."""
MOST = 99
"""More counters than this in one booth is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Wish:
    """So many counters at a booth."""

    booth: str
    counters: int

    def __str__(self) -> str:
        """Write it as an argument."""
        return f"{self.booth}={self.counters}"


def arrivals(texts: Iterable[str]) -> tuple[bool, list[str]]:
    """Return whether ``arrivals=slots`` is among the wishes, and the others. Raises `WrongUse` with the remedy."""
    parts = [part for each in texts for part in each.split(",") if part.strip()]
    about = [part.replace(" ", "") for part in parts if part.strip().startswith("arrivals")]
    if wrong := [part for part in about if part != SLOTS]:
        raise WrongUse(f'--what-if "{wrong[0]}": write {SLOTS}, for the same visitors invited by time slot')
    return bool(about), [part for part in parts if not part.strip().startswith("arrivals")]


def read(plan: Plan, texts: Iterable[str]) -> list[Wish]:
    """Read ``bank=3`` or ``bank+1``, several parted by commas; a service stands for its booth.

    Raises `WrongUse` with the remedy.
    """
    wishes: dict[str, Wish] = {}
    for text in (part for each in texts for part in each.split(",") if part.strip()):
        match = _FORM.match(text)
        if match is None:
            raise WrongUse(f'--what-if "{text.strip()}": write a booth and a number of counters, for example "bank=3"')
        booth = _booth(plan, match[1])
        now = counters_of(plan, booth)
        wanted = int(match[3]) + (len(now) if match[2] == "+" else 0)
        if not 1 <= wanted <= MOST:
            raise WrongUse(
                f'--what-if "{text.strip()}": a booth has 1 to {MOST} counters. To leave a service out, set '
                "closed = true for it in the venue's file"
            )
        if not now:
            raise WrongUse(
                f'--what-if "{text.strip()}": {booth} has no counter in the plan that could be doubled; add a '
                "[[counter]] to the venue's file"
            )
        wishes[booth] = Wish(booth, wanted)
    return list(wishes.values())


def apply(plan: Plan, wishes: Iterable[Wish]) -> Plan:
    """Return the plan with so many counters. A new counter gives what the booth's last one does."""
    counters = dict(plan.counters)
    for wish in wishes:
        now = counters_of(plan, wish.booth)
        for gone in now[wish.counters :]:
            del counters[gone.id]
        for extra in range(len(now) + 1, wish.counters + 1):
            new = replace(now[-1], id=_free_id(counters, wish.booth, extra), label=str(extra))
            counters[new.id] = new
    return replace(plan, counters=counters)


def one_more(plan: Plan, booth: str) -> Wish:
    """Return the wish for one more counter at a booth."""
    return Wish(booth, len(counters_of(plan, booth)) + 1)


def in_words(plan: Plan, wish: Wish) -> str:
    """Say what a wish means: ``open a third bank counter``."""
    now = len(counters_of(plan, wish.booth))
    name = noun(plan, wish.booth)
    if wish.counters == now + 1:
        nth = _NTH[wish.counters] if wish.counters < len(_NTH) else f"{wish.counters}th"
        return f"open a {nth} {name} counter"
    return f"{wish.counters} instead of {now} {name} counters"


_NTH = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def noun(plan: Plan, booth: str) -> str:
    """Return what people call a booth's counters: its one service's name, or the booth's."""
    given = {service for counter in counters_of(plan, booth) for service in counter.services}
    if len(given) == 1:
        return plan.services[given.pop()].name["en"].lower()
    return plan.booths[booth].name["en"].lower()


def counters_of(plan: Plan, booth: str) -> list[Counter]:
    """Return a booth's counters in the plan's order."""
    return [counter for counter in plan.counters.values() if counter.booth == booth]


def _booth(plan: Plan, name: str) -> str:
    if name in plan.booths:
        return name
    if name in plan.services:
        return plan.services[name].booth
    known = {*plan.booths, *plan.services}
    raise WrongUse(f'--what-if: there is no booth or service "{name}" in this venue. {suggest(name, known)}')


def _free_id(counters: dict[str, Counter], booth: str, number: int) -> str:
    name = f"{booth}-{number}"
    while name in counters:
        name += "x"
    return name
