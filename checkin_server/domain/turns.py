"""Who comes to a counter by themselves, with a ticket or a card: which stop is meant, and whether it is their turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

POLICIES: Final = ("never", "reason", "free")
"""Setting `rules.out_of_turn`: a counter may serve out of turn never, with a reason, or as it likes."""
_ORDER: Final = ("called", "headed", "waiting", "parked", "no_show")


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of the visitor's: one service, its state, and since when it waits (ms)."""

    id: str
    service: str
    state: str
    since: int
    called_before: bool
    """Whether it was called once: its turn has come already."""


def meant(stops: Sequence[Stop], services: Sequence[str], service: str | None = None) -> Stop | None:
    """Return the stop that a counter giving `services` would serve, or None when the visit has none of them open.

    Who was called or sent here first, then what waits longest, then what was set aside or missed.
    """
    fitting = [
        s for s in stops if s.state in _ORDER and s.service in services and (service is None or s.service == service)
    ]
    return min(fitting, key=lambda s: (_ORDER.index(s.state), s.since), default=None)


def why_here(stop: Stop, ahead: int, policy: str, reason: str | None) -> tuple[str | None, str]:
    """Decide about a visitor who comes to a counter without having been called there: ``(refusal, why)``.

    `ahead` counts the free visitors who have waited longer for what the counter gives. Whose turn has come before (set
    aside, missed, sent back) is served; so is who is next anyway. The refusal is ``needs_reason``, ``out_of_turn`` (the
    venue allows none) or None, and then `why` is the code that explains the call.
    """
    if stop.state in ("parked", "no_show") or stop.called_before:
        return None, "came_back"
    if ahead == 0:
        return None, "came_in_turn"
    if policy == "never":
        return "out_of_turn", ""
    if policy == "reason" and not reason:
        return "needs_reason", ""
    return None, "out_of_turn"
