"""Checks people in and gives them numbers until somebody kills it; run by `test_sigkill`.

Arguments: the database's file; its key comes from the environment. Each number is printed after it was answered.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

from checkin_server.common.clock import VirtualClock
from checkin_server.db.database import SqlcipherDatabase
from checkin_server.db.engine import sqlcipher_engine
from checkin_server.services.hall import HallWatch
from checkin_server.services.venue import Venue
from checkin_server.translations import Catalogues
from tests.support.venue import OPENS, Site, accepted, singles, small_plan

_KIOSKS = 4


def main() -> None:
    """Serve whoever has not been here yet, from several kiosks at once."""
    plan, clock = small_plan(), VirtualClock(OPENS)
    database = SqlcipherDatabase(sqlcipher_engine(Path(sys.argv[1]), os.environ["RUSH_KEY"]))
    venue = Venue(plan, database, clock, HallWatch(plan, database), Catalogues().words)
    site = Site(venue, clock, singles(int(sys.argv[2])))
    seen = {row["member"] for row in site.rows("SELECT member FROM visit_member")}
    people = [person for person in site.crowd if person.id not in seen]

    def kiosk(mine: int) -> None:
        for person in people[mine::_KIOSKS]:
            visit = site.scan(person.code)["visit"]["id"]
            number = accepted(site.choose(visit, "bank", "health"))["number"]
            os.write(1, f"{number}\n".encode())

    threads = [threading.Thread(target=kiosk, args=(k,)) for k in range(_KIOSKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
