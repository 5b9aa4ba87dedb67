"""How long a card that was shown at a kiosk stands for the person who showed it."""

from __future__ import annotations

FRESH_MS = 3 * 60_000
"""Long enough to tick services in large letters; who walks away is forgotten by the screen sooner."""


def is_fresh(shown_at: int | None, now: int) -> bool:
    """Whether a card shown at a moment still counts (milliseconds since 1970 UTC).

    A moment to come, which a wrong clock has left, does not count.
    """
    return shown_at is not None and 0 <= now - shown_at <= FRESH_MS
