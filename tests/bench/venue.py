"""A demo server under load: its tokens, its visitors, and whether what was measured is what is stored."""

from __future__ import annotations

import contextlib
import os
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checkin_server.domain.plan import Plan
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG
from tests.bench.process import Part, children, cpu_seconds, part
from tests.bench.wire import Caller
from tests.support.server import ROOT, DemoServer

LIMIT_S = 60.0
"""No single load runs longer."""
SERVER_OF = "RIWAQ_BENCH_SERVER"
"""Names a set-up checkout whose server is loaded instead of this one's: the same load, the same way of measuring."""
_PRINTED_WITHIN_S = 300.0
_OPEN_COUNTERS = 5
Visitor = tuple[str, list[str]]


@dataclass
class Loaded:
    """One demo server and who has not yet come."""

    demo: DemoServer
    plan: Plan
    chance: random.Random
    visitors: list[Visitor] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        organizer = self.demo.token("organizer", "bench")
        self.organizer = Caller(self.demo.port, organizer)
        self._sign_in()
        self.anyone = Caller(self.demo.port)
        self.visitors = [(card["code"], self._choice(card["category"])) for card in self.demo.cards()]
        self._tokens: dict[str, list[str]] = {}

    def _sign_in(self) -> None:
        """Sign the organiser in; earlier releases have none, and let a device pair by itself."""
        with contextlib.suppress(RuntimeError):
            answer = self.organizer.call("POST", "/session", {"staff": "Yasmine", "pin": "5826"})
            self.organizer.headers["X-Session"] = answer["session_token"]

    def _choice(self, category: str) -> list[str]:
        """Choose two services that a member of this category may have."""
        services = self.plan.services.values()
        return self.chance.sample(
            sorted(s.id for s in services if not s.closed and (not s.categories or category in s.categories)), 2
        )

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self.demo.process is not None
        return self.demo.process.pid

    def tokens(self, role: str, stations: list[str], count: int) -> list[str]:
        """Return tokens of `count` devices of their own, paired as screens are, spread over `stations`."""
        known = self._tokens.setdefault(role, [])
        while len(known) < count:
            asked = self.anyone.call("POST", "/pairings")
            station = stations[len(known) % len(stations)]
            self.organizer.call("POST", "/pairings/approve", {"code": asked["code"], "role": role, "station": station})
            claimed = self.anyone.call("POST", f"/pairings/{asked['pairing_id']}/claim", {"secret": asked["secret"]})
            known.append(claimed["token"])
        return known[:count]

    def check_in(self, kiosks: int, visitors: int, rate: float | None = None) -> dict[str, Any]:
        """Check `visitors` in at `kiosks` kiosks; return the load's outcome with the server's CPU time."""
        tokens = self.tokens("kiosk", list(self.plan.kiosks), kiosks)
        now, self.visitors = self.visitors[:visitors], self.visitors[visitors:]
        if len(now) < visitors:
            raise RuntimeError(f"too few members: {visitors} are to check in, {len(now)} are left")
        job = {
            "port": self.demo.port,
            "rate": rate,
            "limit_s": LIMIT_S,
            "kiosks": [{"token": token, "visitors": now[i::kiosks]} for i, token in enumerate(tokens)],
        }
        outcome = load(job, self.pid)
        self.numbers += outcome["numbers"]
        return outcome

    def until_printed(self) -> None:
        """Wait until no ticket is queued any more."""
        give_up = time.monotonic() + _PRINTED_WITHIN_S
        while any(one["queued"] for one in self.organizer.call("GET", "/dashboard/snapshot")["data"]["printers"]):
            if time.monotonic() > give_up:
                raise RuntimeError(f"tickets are still queued {_PRINTED_WITHIN_S:.0f} s after the last visitor came")
            time.sleep(0.1)

    def open_counters(self) -> list[dict[str, str]]:
        """Open some counters and return what calling at them needs."""
        opened = []
        stations = list(self.plan.counters)
        tokens = self.tokens("counter", stations, len(stations))
        for counter, token in list(zip(stations, tokens, strict=True))[:: len(stations) // _OPEN_COUNTERS]:
            caller = Caller(self.demo.port, token)
            session = caller.call("POST", "/session", {"staff": "Nadia", "pin": "2580"})["session_token"]
            caller.headers["X-Session"] = session
            caller.call("POST", f"/counters/{counter}/open", {"command_id": f"{self.chance.getrandbits(128):032x}"})
            opened.append({"id": counter, "token": token, "session": session})
            caller.close()
        return opened

    @contextmanager
    def calling(self, desks: list[dict[str, str]], calls_per_s: float) -> Iterator[Part]:
        """Call, serve and finish at open counters meanwhile."""
        with part("counters") as counters:
            counters.line()
            counters.tell({"port": self.demo.port, "counters": desks, "calls_per_s": calls_per_s, "limit_s": LIMIT_S})
            yield counters

    @contextmanager
    def watching(self, board: str, boards: int, others: int = 0) -> Iterator[Part]:
        """Hold sockets meanwhile: so many screens of one board, and each tablet, kiosk and a dashboard beside them.

        With `others` the tablets, kiosks and dashboards are so many.
        """
        shares = [max(1, others * share // 100) for share in (70, 25, 5)] if others else None
        tablets, kiosks, dashboards = shares or [len(self.plan.counters), len(self.plan.kiosks), 1]
        job = {
            "port": self.demo.port,
            "limit_s": 2 * LIMIT_S,
            "boards": self.tokens("board", [board], boards),
            "others": [
                *self.tokens("counter", list(self.plan.counters), tablets),
                *self.tokens("kiosk", list(self.plan.kiosks), kiosks),
                *self.tokens("organizer", ["bench"], dashboards),
            ],
        }
        with part("screens") as watchers:
            watchers.tell(job)
            if watchers.line() != "ready":
                raise RuntimeError("the screens could not connect")
            yield watchers

    def verify(self) -> None:
        """See that the database holds what the clients counted: every check-in, each number once, without a gap.

        Raises RuntimeError when it does not: then there is nothing to be measured.
        """
        if sorted(self.numbers) != list(range(1, len(self.numbers) + 1)):
            raise RuntimeError(f"{len(self.numbers)} check-ins did not get the numbers 1 to {len(self.numbers)}")
        arrivals = self.organizer.call("GET", "/dashboard/snapshot")["data"]["arrivals"]
        if arrivals != len(self.numbers):
            raise RuntimeError(f"{len(self.numbers)} were checked in, the database holds {arrivals}")
        sound = self.demo.riwaq("db", "check")
        if sound.returncode != 0:
            raise RuntimeError(f"the database is not sound: {sound.stderr}")


def load(job: dict[str, Any], server: int) -> dict[str, Any]:
    """Run the kiosks against a server; add its CPU time (and its children's) to the outcome."""
    with part("kiosks") as kiosks:
        kiosks.line()
        before, helpers = cpu_seconds(server), children(server)
        helped = sum(map(cpu_seconds, helpers))
        kiosks.tell(job)
        outcome = kiosks.outcome(job["limit_s"] + 30)
        outcome["server_cpu_s"] = cpu_seconds(server) - before
        outcome["printing_cpu_s"] = sum(map(cpu_seconds, children(server))) - helped
    if outcome["errors"]:
        raise RuntimeError(f"a load failed: {outcome['errors'][0]}")
    return outcome


@contextmanager
def loaded(members: int, seed: int, over_tls: bool = False) -> Iterator[Loaded]:
    """Run a demo server with `members` members in a folder of its own, and stop it afterwards.

    `over_tls`: it speaks HTTPS too.
    """
    with tempfile.TemporaryDirectory(prefix="riwaq-bench-") as folder:
        # As venues run it: the servers of other tests hold each answer against its type, which costs.
        demo = DemoServer(
            Path(folder) / "venue",
            Path(folder) / "config",
            arguments=("--members", str(members)),
            module="tests.bench.over_tls" if over_tls else "checkin_server.cli",
            checkout=Path(os.environ.get(SERVER_OF, ROOT)),
        )
        try:
            demo.start()
            yield Loaded(demo, load_venue(CONFIG), random.Random(seed))
        finally:
            if demo.process is not None:
                demo.stop()
