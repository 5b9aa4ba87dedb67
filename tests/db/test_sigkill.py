from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import sqlcipher_engine
from tests.support.faults import Faults
from tests.support.venue import Site, make_site, new_sqlcipher, singles

_CROWD = 600
"""How many may come in a round: more than half a second's rush gives numbers to."""


def rush_and_kill(path: Path, key: str, crowd: int, seconds: float) -> list[int]:
    """Let a process give numbers for a while, kill it, and return the numbers that it had answered."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.db.rush", str(path), str(crowd)],
        stdout=subprocess.PIPE,
        env={**os.environ, "RUSH_KEY": key},
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        time.sleep(seconds)
        assert process.poll() is None, "it must still be at work when it is killed"
    finally:
        process.kill()
    rest = process.stdout.read()
    process.wait(30)
    process.stdout.close()
    # A last line without its end was cut off by the kill: it was not answered.
    return [int(line) for line in (first + rest).split(b"\n")[:-1]]


def test_every_number_that_was_answered_survives_being_killed_and_none_is_missing(
    tmp_path: Path, faults: Faults
) -> None:
    """SIGKILL at random moments under load, again and again on the same file."""
    path = tmp_path / "riwaq.db"
    rounds = faults.times(3, 40)
    crowd = _CROWD * rounds
    engine, key = new_sqlcipher(path)
    database = SqlcipherDatabase(engine)
    site = make_site(database, crowd=crowd)
    database.close()
    answered: list[int] = []
    chance = random.Random(faults.seed)
    for _ in range(rounds):
        numbers = rush_and_kill(path, key, crowd, chance.uniform(0.05, 0.5))
        assert numbers, "the rush had begun"
        answered += numbers
        reopened = SqlcipherDatabase(sqlcipher_engine(path, key))
        venue = replace(site.venue, db=reopened)
        after = Site(venue, site.clock, singles(crowd))
        kept = after.numbers()
        assert len(answered) == len(set(answered)), "no number was answered twice"
        assert set(answered) <= set(kept), "every answered number is there"
        assert kept == list(range(1, len(kept) + 1)), "without a gap"
        assert after.problems() == []
        tickets = after.one("SELECT count(*) FROM print_job WHERE kind = 'ticket'")
        assert tickets == len(kept), "each with its ticket, still to be printed"
        reopened.close()
    assert len(answered) > 5 * rounds
