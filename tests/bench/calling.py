"""`python -m tests.bench.calling`: what a call costs in a full hall, against a commit that changes one row.

A real SQLCipher database with the demo venue's plan; everybody who will come is inside at once, which is the worst that
can be. Calls and bare updates take turns in one process, so that the machine's noise hits both alike.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from checkin_server.db.tx import Tx
from checkin_server.domain.forecasts import look_ahead
from checkin_server.domain.plan import Plan
from checkin_server.domain.routing import Router
from checkin_server.settings import load_venue
from tests.support.venue import EVENT, Site, new_id, sqlcipher_site

_PLAN = Path(__file__).parents[2] / "config" / "demo" / "rabat.toml"
_UPDATE = text("UPDATE counter SET since = since + 1 WHERE id = 'bank-1'")


def _quantiles(times: list[float]) -> dict[str, float]:
    """Milliseconds at the median, the 99th percentile and the end."""
    ordered = sorted(times)
    at = [statistics.median(ordered), ordered[math.ceil(len(ordered) * 0.99) - 1], ordered[-1]]
    return dict(zip(("p50_ms", "p99_ms", "max_ms"), (round(value * 1000, 3) for value in at), strict=True))


def _timed(times: list[float], do: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = do()
    times.append(time.perf_counter() - began)
    return result


def run(visits: int, calls: int) -> dict[str, Any]:
    """Fill the hall, then let every counter work; return the figures."""
    chance = random.Random(7)
    with (
        tempfile.TemporaryDirectory(prefix="riwaq-calling-") as folder,
        sqlcipher_site(Path(folder), plan=demo_plan(), crowd=visits) as site,
    ):
        # As in the server: looking ahead has its small share of the time, and here nobody looks.
        site.venue.router.foretelling.share = 1e-9
        services = [name for name, service in site.plan.services.items() if not service.closed]
        choose: list[float] = []
        call: list[float] = []
        finish: list[float] = []
        bare: list[float] = []
        decide: list[float] = []
        for counter in site.plan.counters:
            site.press(counter, "open")
        for _ in range(visits):
            visit = site.scan(site.newcomer().code)["visit"]["id"]
            wanted = [s for s in chance.sample(services, chance.choice((1, 2, 3, 3))) if may(site, s)]
            _timed(choose, lambda: site.choose(visit, *(wanted or services[:1])))  # noqa: B023
        counters = list(site.plan.counters)
        while len(call) < calls:
            for counter in counters:
                _timed(bare, lambda: site.db.write(lambda tx: tx.run(_UPDATE)))
                decide.append(_decision(site, counter))
                answer = _timed(call, lambda: site.at(counter, "call-next", command=new_id()))  # noqa: B023
                if isinstance(answer, dict) and answer["outcome"] == "called":
                    site.at(counter, "start")
                    _timed(finish, lambda: site.at(counter, "finish"))  # noqa: B023
            site.wait(0.5)
        floor = site.venue.router.mirror.floor
        assert floor is not None
        ahead: list[float] = []
        for _ in range(5):
            _timed(ahead, lambda: look_ahead(floor, site.clock.now()))
        figures: dict[str, Any] = {
            "visits": visits,
            "inside_at_the_end": len(floor.visits),
            "bare update": _quantiles(bare),
            "call-next": _quantiles(call),
            "finish": _quantiles(finish),
            "choose": _quantiles(choose),
            "decision in the domain": _quantiles(decide),
            "look-ahead": _quantiles(ahead),
        }
        figures["call-next minus bare update, p50 ms"] = round(
            figures["call-next"]["p50_ms"] - figures["bare update"]["p50_ms"], 3
        )
        figures["call-next / bare update, p50"] = round(
            figures["call-next"]["p50_ms"] / figures["bare update"]["p50_ms"], 2
        )
        return figures


def demo_plan() -> Plan:
    """The demo venue's plan, for the cards of the tests' members."""
    plan = load_venue(_PLAN)
    return replace(plan, event=replace(plan.event, id=EVENT))


def may(site: Site, service: str) -> bool:
    """Whether anybody may have a service."""
    return not site.plan.services[service].categories


def _decision(site: Site, counter: str) -> float:
    """Seconds of the decision alone: whom this counter calls."""
    mirror = site.venue.router.mirror

    def look(tx: Tx) -> float:
        with mirror.lock:
            floor = mirror.sync(tx, site.clock.now())
            assert floor is not None
            began = time.perf_counter()
            Router(floor).call(counter, site.clock.now())
            return time.perf_counter() - began

    return site.db.write(look)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.calling", description=__doc__)
    parser.add_argument("--visits", type=int, default=3000)
    parser.add_argument("--calls", type=int, default=1000)
    chosen = parser.parse_args(arguments)
    json.dump(run(chosen.visits, chosen.calls), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
