"""How much one visit may ask for in an hour, and how long a day that is over still listens."""

from __future__ import annotations

from collections.abc import Sequence

from checkin_server.domain.refusal import Refusal

HOUR_MS = 3_600_000


def within_an_hour(code: str, times: Sequence[int], now: int, most: int) -> Refusal | None:
    """Refuse, with `code`, what was done `most` times within the last hour; `times` is when, oldest first.

    The refusal says the limit and in how many seconds the oldest of them is an hour ago.
    """
    young = [at for at in times if at > now - HOUR_MS]
    if len(young) < most:
        return None
    left_ms = young[len(young) - most] + HOUR_MS - now if most else HOUR_MS
    return Refusal(code, {"limit": most, "retry_after": max(1, -(-left_ms // 1000))})


def day_listens(closed_at: int | None, ended_at: int | None, now: int, minutes: int) -> Refusal | None:
    """Refuse opinions about a day that was closed more than `minutes` ago; while it runs they are taken at any hour."""
    over = ended_at if closed_at is None else closed_at
    if over is not None and now > over + minutes * 60_000:
        return Refusal("opinions_over", {"minutes": minutes})
    return None
