"""`python -m tests.bench.looking`: how long everybody else waits while the router looks ahead in a full hall.

Under gevent, as the server runs. A heart beats every millisecond beside the look; the longest time between two beats is
what a request may have to wait. The reference in the same run is a look without pauses.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import itertools  # noqa: E402
import json  # noqa: E402
import math  # noqa: E402
import random  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from tests.bench.calling import demo_plan, may  # noqa: E402
from tests.support.venue import Site, sqlcipher_site  # noqa: E402


def _look(site: Site, share: float) -> tuple[float, float]:
    """Look ahead once; return how long it took and the longest time without a beat, in ms."""
    foretelling = site.venue.router.foretelling
    foretelling.share = share
    beats = [time.perf_counter()]
    looking = True

    def heart() -> None:
        while looking:
            beats.append(time.perf_counter())
            gevent.sleep(0.001)
        beats.append(time.perf_counter())

    beating = gevent.spawn(heart)
    gevent.sleep(0.02)
    began = time.perf_counter()
    foretelling.renew(site.clock.now())
    took = time.perf_counter() - began
    looking = False
    beating.join()
    return 1000 * took, 1000 * max(after - before for before, after in itertools.pairwise(beats))


def run(visits: int, looks: int) -> dict[str, Any]:
    """Fill the hall over three hours, serving as it goes, and look ahead both ways in turns; return the figures."""
    chance = random.Random(7)
    with (
        tempfile.TemporaryDirectory(prefix="riwaq-looking-") as folder,
        sqlcipher_site(Path(folder), plan=demo_plan(), crowd=visits) as site,
    ):
        site.venue.router.foretelling.share = 1e-9
        services = [name for name, service in site.plan.services.items() if not service.closed]
        for counter in site.plan.counters:
            site.press(counter, "open")
        for _ in range(visits):
            visit = site.scan(site.newcomer().code)["visit"]["id"]
            wanted = [s for s in chance.sample(services, chance.choice((1, 2, 3, 3))) if may(site, s)]
            site.choose(visit, *(wanted or services[:1]))
            site.wait(180 / visits)
        floor = site.venue.router.mirror.floor
        assert floor is not None
        at_once, paused = [], []
        _look(site, math.inf)
        for _ in range(looks):
            at_once.append(_look(site, math.inf))
            paused.append(_look(site, 1e-9))
        figures: dict[str, Any] = {"inside": len(floor.visits)}
        for name, found in (("at once", at_once), ("with pauses", paused)):
            figures[name] = {
                "took_ms_p50": round(statistics.median(took for took, _ in found), 1),
                "longest_wait_ms_p50": round(statistics.median(wait for _, wait in found), 1),
                "longest_wait_ms_max": round(max(wait for _, wait in found), 1),
            }
        return figures


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.looking", description=__doc__)
    parser.add_argument("--visits", type=int, default=1500)
    parser.add_argument("--looks", type=int, default=20)
    chosen = parser.parse_args(arguments)
    json.dump(run(chosen.visits, chosen.looks), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
