"""When a clock was wrong: how a start fits to what was written before, and since when moments are wrong together.

A *run* is one server process. Its moments come from one steady clock, so they are right or wrong together, by the same
amount. Times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Run:
    """One server process, as its moments are read now."""

    first: int
    """The number of the first event that may be its own."""
    began_at: int
    last_at: int
    """Its newest moment."""
    joins: bool
    """Whether its time went on from the run before it: the machine was not started anew, and its clock not set."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a server goes by from its start on."""

    at: int
    """What time it is."""
    question: Literal["", "stepped", "behind"] = ""
    """``stepped``: the machine's clock was set while people were inside, and is not followed. ``behind``: it is behind
    what was written last; the server goes by it meanwhile. In both, somebody says which is right."""
    kept: int = 0
    """How far the machine's clock is ahead, and known to be wrong."""
    offset: int = 0
    """How far the machine's clock is ahead of what was believed before (negative: behind it); 0 without a question."""
    joins: bool = False
    alone: bool = False
    """Only what lies in the future was written by a wrong clock: the machine's agrees with what the run before went by,
    or nothing is known of a run before."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known at a start of the time before it."""

    last_at: int
    """The last moment that was written; 0 when nothing was."""
    expected: int | None
    """What time it would be by the clock of the run before, where the machine was not started anew since."""
    kept: int = 0
    """How far the machine's clock was ahead when somebody said that it is wrong; 0 when nobody did."""
    open_day: bool = False
    runs: bool = True
    """Whether any run is known."""


def start(machine: int, before: Before, tolerated: int) -> Start:
    """Decide what a server goes by that starts when the machine's clock shows `machine`.

    A clock that differs by no more than `tolerated` ms is believed, yet no moment comes before one that was written.
    """
    ahead = None if before.expected is None else machine - before.expected
    if ahead is not None and before.expected is not None and abs(ahead) > tolerated:
        if before.kept and abs(ahead - before.kept) <= tolerated:
            return Start(before.expected, kept=ahead, joins=True)
        if before.open_day and machine >= before.last_at - tolerated:
            return Start(before.expected, "stepped", offset=ahead, joins=True)
    if machine < before.last_at - tolerated:
        # What was before lies before this moment, so that the two can be told apart.
        offset = machine - before.last_at - 1
        if not before.runs or (ahead is not None and abs(ahead) <= tolerated):
            return Start(machine, "behind", offset=offset, alone=True)
        # Known to the moment where the machine was not started anew.
        return Start(machine, "behind", offset=offset if ahead is None else min(offset, ahead))
    return Start(max(machine, before.last_at), joins=ahead is not None and abs(ahead) <= tolerated)


def stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return which numbers follow each other, as first and last of each stretch; `numbers` are in their order."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def wrong_since(newest_first: Iterable[Run], offset: int) -> Run | None:
    """Return the first of the runs that are wrong together, when moments of the newest are corrected by `offset`.

    A run belongs to the next one where its time went on into it, and where that one, corrected, would begin before it
    ended: then both had the same wrong clock.
    """
    found: Run | None = None
    for run in newest_first:
        if found is not None and not found.joins and found.began_at + offset >= run.last_at:
            break
        found = run
    return found
