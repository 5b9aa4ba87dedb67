"""The reference for the database: raw commits, one connection, nothing around them.

Same file format, same settings (SQLCipher, WAL, `synchronous=FULL`), same schema. One transaction takes a number, adds
a visit and a step, and appends an event: four statements. Writes the outcome as JSON to standard output.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from pathlib import Path

from checkin_server.db import migrate
from checkin_server.db.engine import sqlcipher_engine

_STATEMENTS = (
    "UPDATE service_day SET last_number = last_number + 1 WHERE id = 'day'",
    "INSERT INTO visit (id, service_day, number, state, member, category, unit, locale, needs, party_size, "
    "keep_together, not_before, created_at) VALUES (:visit, 'day', :number, 'open', 'm', 'active', 'u', 'ar', '[]', "
    "1, 1, 0, :now)",
    "INSERT INTO step (id, visit, service_day, service, state, since, position, recalls, misses) "
    "VALUES (:step, :visit, 'day', 'bank', 'waiting', :now, 0, 0, 0)",
    "INSERT INTO event (at, kind, service_day, visit, number, data) "
    "VALUES (:now, 'services_chosen', 'day', :visit, :number, '{}')",
)


def run(folder: Path, count: int, limit_s: float) -> dict[str, float]:
    """Commit up to `count` transactions within `limit_s` seconds, in a new database below `folder`."""
    engine = sqlcipher_engine(folder / f"commits-{secrets.token_hex(4)}.db", secrets.token_hex(32))
    migrate.upgrade(engine)
    pooled = engine.raw_connection()
    cursor = pooled.cursor()
    cursor.execute(
        "INSERT INTO service_day (id, state, opens_at, closes_at, admitted, last_number, opened_at) "
        "VALUES ('day', 'open', 0, 1, 0, 0, 0)"
    )
    cursor.execute(
        "INSERT INTO member (id, family, name_ar, name_la, category, unit, locale, needs) "
        "VALUES ('m', 'f', 'm', 'm', 'active', 'u', 'ar', '[]')"
    )
    done = 0
    cpu, started = time.process_time(), time.monotonic()
    while done < count and time.monotonic() - started < limit_s:
        done += 1
        values = {"visit": f"V{done:032}", "step": f"s_{done:024}", "number": done, "now": 1_577_433_600_000 + done}
        cursor.execute("BEGIN IMMEDIATE")
        for statement in _STATEMENTS:
            cursor.execute(statement, values)
        cursor.execute("COMMIT")
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    cursor.execute("SELECT last_number FROM service_day")
    row = cursor.fetchone()
    assert row is not None
    stored = int(row[0])
    pooled.close()
    engine.dispose()
    return {"commits": done, "stored": stored, "seconds": seconds, "cpu_s": cpu}


if __name__ == "__main__":
    json.dump(run(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])), sys.stdout)
