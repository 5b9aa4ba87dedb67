"""How often, and how soon, a visitor who was called may be called once more."""

from __future__ import annotations

from checkin_server.domain.refusal import Refusal


def may_recall(recalls: int, since_ms: int, limit: int, pause_s: float) -> Refusal | None:
    """Refuse another recall after `limit` of them, or less than `pause_s` seconds after the last call or recall.

    A number that is called again and again wears everybody out; whoever has not come by then gets a second chance after
    a *no-show*. `since_ms` is the time since that call.
    """
    if recalls >= limit:
        return Refusal("recall_limit", {"limit": limit})
    left_ms = round(pause_s * 1000) - since_ms
    if left_ms > 0:
        return Refusal("recall_too_soon", {"retry_after": -(-left_ms // 1000)})
    return None
