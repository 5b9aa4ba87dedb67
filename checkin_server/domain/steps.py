"""The life of a step: which action fits which state, and what it becomes."""

from __future__ import annotations

from typing import Final, Literal, get_args

State = Literal["waiting", "headed", "called", "serving", "served", "no_show", "parked", "transferred", "cancelled"]
STATES: Final[tuple[str, ...]] = get_args(State)
# In an order, because the indexes of the database are written with it (`checkin_server/db/schema.py`).
OPEN: Final = ("waiting", "headed", "called", "serving", "parked")
"""The step may still lead to service."""
PLACED: Final = ("headed", "called", "serving")
"""The visitor is spoken for: a visit has at most one step in these states."""
AT_COUNTER: Final = ("called", "serving")
"""A counter has at most one step in these states."""
AWAITING: Final = ("waiting", "headed")
"""The step has a wait before it, on the way or not."""
TO_COME: Final = ("waiting", "headed", "called")
"""The visitor has still to come to the counter."""
NOT_AT_COUNTER: Final = ("waiting", "headed", "parked")
"""The step may still lead to service, and no counter has it now."""

_TRANSITIONS: Final[dict[str, dict[str, str]]] = {
    "call": {"waiting": "called", "headed": "called"},
    "recall": {"called": "called"},
    "start": {"called": "serving"},
    "finish": {"serving": "served"},
    "quick-finish": {"called": "served", "serving": "served"},
    "no-show": {"called": "no_show"},
    "park": {"called": "parked", "serving": "parked"},
    "transfer": {"called": "transferred", "serving": "transferred"},
    "hand-over": {"called": "waiting", "serving": "waiting"},
    "resume": {"parked": "waiting", "no_show": "waiting"},
    "cancel": {"waiting": "cancelled", "headed": "cancelled", "parked": "cancelled", "no_show": "cancelled"},
}


def after(action: str, state: str) -> str | None:
    """Return the state that `action` leads to from `state`, or None when it does not fit (``wrong_state``)."""
    return _TRANSITIONS[action].get(state)


UNDO_MS: Final = 10_000
"""For so long the last action at a counter can be taken back: a slip of the finger is noticed at once, and after that
the visitor may already be on the way to another stand."""


def after_miss(misses: int, limit: int) -> str:
    """Return the state after a missed call: back to waiting until `limit` calls were missed, then ``no_show``.

    A missed call must not cost the visit its place: people pray, queue for the toilet, do not hear
    (docs/routing.md).
    """
    return "no_show" if misses >= limit else "waiting"
