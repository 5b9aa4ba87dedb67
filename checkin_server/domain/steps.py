"""The life of a step: which action fits which state, and what it becomes."""

from __future__ import annotations

from typing import Final

STATES: Final = (
    "waiting",
    "headed",
    "called",
    "serving",
    "served",
    "no_show",
    "parked",
    "transferred",
    "cancelled",
)
PLACED: Final = frozenset({"headed", "called", "serving"})
"""The visitor is spoken for: a visit has at most one step in these states."""
AT_COUNTER: Final = frozenset({"called", "serving"})
"""A counter has at most one step in these states."""
OPEN: Final = frozenset({"waiting", "headed", "called", "serving", "parked"})
"""The step may still lead to service."""

_TRANSITIONS: Final[dict[str, dict[str, str]]] = {
    "call": {"waiting": "called", "headed": "called"},
    "recall": {"called": "called"},
    "start": {"called": "serving"},
    "finish": {"serving": "served"},
    "no-show": {"called": "no_show"},
    "park": {"called": "parked", "serving": "parked"},
    "resume": {"parked": "waiting", "no_show": "waiting"},
    "cancel": {"waiting": "cancelled", "headed": "cancelled", "parked": "cancelled", "no_show": "cancelled"},
}


def after(action: str, state: str) -> str | None:
    """Return the state that `action` leads to from `state`, or None when it does not fit (``wrong_state``)."""
    return _TRANSITIONS[action].get(state)


def after_miss(misses: int, limit: int) -> str:
    """Return the state after a missed call: back to waiting until `limit` calls were missed, then ``no_show``.

    A missed call must not cost the visit its place: people pray, queue for the toilet, do not hear
    (`design/routing.md`, "A missed call").
    """
    return "no_show" if misses >= limit else "waiting"
