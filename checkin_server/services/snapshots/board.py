"""What a public board shows: numbers only, no personal data ever."""

from __future__ import annotations

from typing import Any

from checkin_server.db import hall as aggregates
from checkin_server.db.tx import Tx
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue

_SHOWN_FOR_MS = 10 * 60_000
_MOST = 12


def snapshot(venue: Venue, board_id: str) -> dict[str, Any]:
    """Return one board's topic: calls to its zones (newest first), who is headed where, waits."""
    plan = venue.plan
    zones = set(plan.boards[board_id].zones)
    hall = venue.hall.fresh()
    now = venue.now()

    def read(tx: Tx) -> tuple[list[dict[str, Any]], dict[str, list[int]]]:
        if hall.day is None:
            return [], {}
        calls: list[dict[str, Any]] = []
        for row in aggregates.calls(tx, hall.day["id"], now - _SHOWN_FOR_MS, _MOST * 4):
            counter = plan.counters.get(row["counter"])
            if counter is None:  # taken out of the plan in the middle of the day
                continue
            booth = plan.booths[counter.booth]
            if booth.zone in zones and len(calls) < _MOST:
                calls.append(
                    {
                        "call": f"{row['id']}.{row['called_at']}",
                        "number": row["number"],
                        "booth": booth.id,
                        "zone": booth.zone,
                        "counter": counter.id,
                        "counter_label": counter.label,
                        "service": row["service"],
                        "locale": row["locale"],
                        "state": row["state"],
                        "at": rfc3339(row["called_at"]),
                        "recall": row["recalls"],
                    }
                )
        headed: dict[str, list[int]] = {}
        for row in aggregates.headed(tx, hall.day["id"]):
            headed.setdefault(plan.zone_of(row["service"]), []).append(row["number"])
        return calls, headed

    calls, headed = venue.db.read(read)
    return {
        "now": rfc3339(now),
        "calls": calls,
        "headed": [{"zone": zone, "numbers": headed[zone]} for zone in sorted(headed) if zone in zones],
        "waits": [
            {
                "zone": plan.zone_of(service.id),
                "booth": service.booth,
                "service": service.id,
                "waiting": queue.waiting,
                "counters_open": queue.counters_open,
                "expected_wait": wait.as_dict() if (wait := queue.wait()) and not service.closed else None,
            }
            for service in plan.services.values()
            if plan.zone_of(service.id) in zones and (queue := hall.queues[service.id])
        ],
        "served": sum(queue.served for queue in hall.queues.values()),
    }
