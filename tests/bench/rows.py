"""What is measured: each function is one repetition of one row and returns plain figures by name."""

from __future__ import annotations

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.bench import hostile, routing
from tests.bench.paper import measure
from tests.bench.process import cpu_seconds, part
from tests.bench.venue import LIMIT_S, load, loaded
from tests.bench.wire import Caller

Figures = dict[str, float]
_PUSH_EVERY_S = 0.1
_PUBLIC_BOARDS = 40
_SEED = 20191227
_BOARD = "hall"
_SETTLED_S = 1.0
"""After this long every push has arrived or never will."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done; a quick run shows that all works, its figures say little."""

    kiosks: tuple[int, ...] = (1, 8, 32)
    visitors: tuple[int, ...] = (250, 1000, 1500)
    """How many check in, for each number of kiosks."""
    warm_up: int = 50
    commits: int = 4000
    boards: int = 200
    rush: int = 120
    """Visitors that arrive at a steady rate while screens watch."""
    rush_per_s: float = 15.0
    calls_per_s: float = 5.0
    pushes: int = 100
    """Snapshots that each way of the fan-out sends."""
    calling_s: float = 30.0
    """How long counters call while pages in a browser note when they painted."""
    pages: int = 3
    board_calls_per_s: float = 1.0
    other_kiosks: int = 20
    """Kiosks that scan while one is watched in a browser."""
    other_rates: tuple[float, ...] = (2.0, 15.0)
    """Visitors a second at all the others together."""
    scans: int = 40
    starts: int = 10
    repetitions: int = 3
    visits: int = 3000
    """Of the simulated days of the router."""
    reconnects: int = 10
    tickets: int = 200
    hostile_s: float = 20.0
    """How long each attack goes on beside the steady arrivals."""


QUICK = Scale((1, 4), (10, 20), 4, 100, 10, 10, 10.0, 5.0, 4, 3.0, 1, 2.0, 4, (2.0, 4.0), 3, 2, 1, 100, 2, 5, 1.0)


def percentile(values: list[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def commits(scale: Scale) -> Figures:
    """Commit on one connection, nothing around it."""
    with (
        tempfile.TemporaryDirectory(prefix="riwaq-bench-") as folder,
        part("commits", folder, str(scale.commits), str(LIMIT_S)) as running,
    ):
        outcome = running.outcome(LIMIT_S + 30)
    if outcome["stored"] != outcome["commits"]:
        raise RuntimeError(f"{outcome['commits']} were committed, {outcome['stored']} are stored")
    return {
        "commits_per_s": outcome["commits"] / outcome["seconds"],
        "cpu_ms_per_commit": outcome["cpu_s"] * 1000 / outcome["commits"],
    }


def bare(scale: Scale) -> Figures:
    """Send the requests of check-ins to a Flask route that does nothing."""
    figures: Figures = {}
    with part("bare") as server:
        port = int(server.line())
        for kiosks, visitors in zip(scale.kiosks, scale.visitors, strict=True):
            visitor = ("C" + "B" * 32, ["reception", "bank"])
            stand_in = {
                "port": port,
                "bare": True,
                "limit_s": LIMIT_S,
                "kiosks": [
                    {"token": "t" * 43, "visitors": [visitor] * len(range(i, visitors, kiosks))} for i in range(kiosks)
                ],
            }
            figures |= _figures(f"{kiosks}", load(stand_in, server.process.pid), visitors)
    return figures


def check_in(scale: Scale) -> Figures:
    """Check visitors in at a demo server that prints their tickets; nobody calls, no screen is connected.

    ``cpu_ms_to_the_last_ticket``, by the request, is what two servers are compared by: how much of the printing falls
    into the load itself hangs on how fast each of them happens to be.
    """
    figures: Figures = {}
    with loaded(sum(scale.visitors) + scale.warm_up, _SEED) as venue:
        venue.check_in(1, scale.warm_up)
        venue.until_printed()
        for kiosks, visitors in zip(scale.kiosks, scale.visitors, strict=True):
            before = cpu_seconds(venue.pid)
            figures |= _figures(f"{kiosks}", venue.check_in(kiosks, visitors), visitors)
            venue.until_printed()
            whole = (cpu_seconds(venue.pid) - before) * 1000
            figures[f"{kiosks}.cpu_ms_to_the_last_ticket"] = whole / (2 * visitors)
        venue.verify()
    return figures


def _figures(name: str, outcome: dict[str, Any], visitors: int) -> Figures:
    requests = outcome["scan_ms"] + outcome["choose_ms"]
    if len(requests) != 2 * visitors:
        raise RuntimeError(f"{visitors} visitors were to be checked in, {len(requests)} requests were answered")
    return {
        f"{name}.requests_per_s": len(requests) / outcome["seconds"],
        f"{name}.check_ins_per_s": visitors / outcome["seconds"],
        f"{name}.p50_ms": percentile(requests, 0.5),
        f"{name}.p99_ms": percentile(requests, 0.99),
        f"{name}.scan_p50_ms": percentile(outcome["scan_ms"], 0.5),
        f"{name}.choose_p50_ms": percentile(outcome["choose_ms"], 0.5),
        f"{name}.cpu_ms_per_request": outcome["server_cpu_s"] * 1000 / len(requests),
        f"{name}.server_busy": outcome["server_cpu_s"] / outcome["seconds"],
        f"{name}.printing_busy": outcome["printing_cpu_s"] / outcome["seconds"],
        f"{name}.client_busy": outcome["cpu_s"] / outcome["seconds"],
    }


def push(scale: Scale) -> Figures:
    """Call visitors while others check in, with and without screens: how late is the last screen, what does it cost?"""
    kiosks, flat_out = scale.kiosks[-1], scale.visitors[-1]
    figures: Figures = {}
    with loaded(2 * flat_out + scale.rush + scale.warm_up, _SEED + 1) as venue:
        venue.check_in(1, scale.warm_up)
        desks = venue.open_counters()
        venue.tokens("board", [_BOARD], scale.boards)
        with venue.calling(desks, scale.calls_per_s) as calling:
            figures |= _figures("alone", venue.check_in(kiosks, flat_out), flat_out)
            calling.outcome(LIMIT_S)
        with venue.watching(_BOARD, scale.boards) as watchers:
            with venue.calling(desks, scale.calls_per_s) as calling:
                rush = venue.check_in(kiosks, scale.rush, scale.rush_per_s)
                steady = calling.outcome(LIMIT_S)["calls"]
            with venue.calling(desks, scale.calls_per_s) as calling:
                outcome = venue.check_in(kiosks, flat_out)
                hurried = calling.outcome(LIMIT_S)["calls"]
            time.sleep(_SETTLED_S)
            seen = watchers.outcome(LIMIT_S)
        figures |= _figures("rush", rush, scale.rush) | _figures("watched", outcome, flat_out)
        figures |= _lateness("rush", seen, steady) | _lateness("watched", seen, hurried)
        venue.verify()
    return figures


def _lateness(name: str, seen: dict[str, Any], calls: list[tuple[str, float]]) -> Figures:
    """Measure from the answer to `call-next` until the last screen has a version that shows the call."""
    late: list[float] = []
    for step, answered in calls:
        version = seen["first_with"].get(step)
        if version is None:
            raise RuntimeError(f"the call of {step} was shown on no screen")
        last = max(next(at for v, at in screen if v >= version) for screen in seen["versions"])
        late.append((last - answered) * 1000)
    if not late:
        raise RuntimeError("nobody was called")
    return {
        f"{name}.calls": float(len(late)),
        f"{name}.last_screen_p50_ms": percentile(late, 0.5),
        f"{name}.last_screen_p95_ms": percentile(late, 0.95),
        f"{name}.last_screen_max_ms": max(late),
    }


def fan_out(scale: Scale) -> Figures:
    """Push snapshots to so many screens in the library's way and as one frame for all, by turns in one server."""
    figures: Figures = {}
    for way in ("library", "one"):
        with part("fanout") as server, part("screens") as watchers:
            port = int(server.line())
            server.tell({"sockets": way})
            server.line()
            watchers.tell({"port": port, "boards": ["none"] * scale.boards, "others": [], "limit_s": LIMIT_S})
            if watchers.line() != "ready":
                raise RuntimeError("the screens could not connect")
            server.tell({"way": way, "pushes": scale.pushes, "pause_s": _PUSH_EVERY_S})
            outcome = json.loads(server.line())
            time.sleep(_SETTLED_S)
            seen = watchers.outcome(LIMIT_S)
        late = [
            (max(next(at for v, at in screen if v >= int(version)) for screen in seen["versions"]) - began) * 1000
            for version, began in outcome["began"].items()
        ]
        figures |= {
            f"{way}.cpu_us_per_screen": outcome["cpu_s"] * 1e6 / scale.pushes / scale.boards,
            f"{way}.last_screen_p50_ms": percentile(late, 0.5),
            f"{way}.last_screen_p95_ms": percentile(late, 0.95),
        }
    return figures


def reconnect(scale: Scale) -> Figures:
    """Cut a board off, call somebody, mend the line: how soon does it show the call, with every screen connected?"""
    back, whole = [], []
    visitors = 20 * scale.reconnects  # so that enough of them come for the one counter's services
    with loaded(visitors, _SEED + 3) as venue:
        venue.check_in(1, visitors)
        desk = venue.open_counters()[0]
        counter = Caller(venue.demo.port, desk["token"])
        counter.headers["X-Session"] = desk["session"]
        with venue.watching(_BOARD, scale.boards), part("reconnect") as screen:
            screen.tell({"port": venue.demo.port, "link": venue.demo.link("board", _BOARD)})
            screen.line()
            for _ in range(scale.reconnects):
                screen.tell("cut")
                screen.line()
                answers = [
                    counter.call("POST", f"/counters/{desk['id']}/{action}", {"command_id": str(uuid.uuid4())})
                    for action in ("call-next", "start", "finish")
                ]
                screen.tell(answers[0]["step"]["id"])
                since_connection, since_mending = json.loads(screen.line())
                back.append(since_connection * 1000)
                whole.append(since_mending * 1000)
    return {
        "from_connection_p50_ms": percentile(back, 0.5),
        "from_connection_max_ms": max(back),
        "from_mending_p50_ms": percentile(whole, 0.5),
        "from_mending_max_ms": max(whole),
    }


def boards(scale: Scale) -> Figures:
    """From pressing *Next* until the number is painted, with every screen connected and real boards in a browser."""
    with loaded(scale.rush * 3 + scale.warm_up, _SEED + 2) as venue:
        venue.check_in(scale.kiosks[-1], scale.rush * 3)
        desks = venue.open_counters()
        links = [venue.demo.link("board", _BOARD) for _ in range(scale.pages)]
        with (
            venue.watching(
                _BOARD, min(_PUBLIC_BOARDS, scale.boards), max(0, scale.boards - _PUBLIC_BOARDS)
            ) as watchers,
            part("pages") as pages,
        ):
            pages.tell({"links": links})
            if pages.line() != "ready":
                raise RuntimeError("the boards did not open")
            with venue.calling(desks, scale.board_calls_per_s) as calling:
                time.sleep(scale.calling_s)
                called = calling.outcome(LIMIT_S)["pressed"]
            time.sleep(_SETTLED_S)
            painted = pages.outcome(LIMIT_S)["painted"]
            seen = watchers.outcome(LIMIT_S)
        venue.verify()
    received, drawn, shown = [], [], []
    for step, pressed in called:
        version = seen["first_with"][step]
        received.append((max(next(at for v, at in s if v >= version) for s in seen["versions"]) - pressed) * 1000)
        drawn.append((max(page[step][0] for page in painted) - pressed) * 1000)
        shown.append((max(page[step][1] for page in painted) - pressed) * 1000)
    return {
        "calls": float(len(called)),
        "last_received_p50_ms": percentile(received, 0.5),
        "last_received_p95_ms": percentile(received, 0.95),
        "last_drawn_p50_ms": percentile(drawn, 0.5),
        "last_drawn_p95_ms": percentile(drawn, 0.95),
        "last_painted_p50_ms": percentile(shown, 0.5),
        "last_painted_p95_ms": percentile(shown, 0.95),
        "last_painted_max_ms": max(shown),
    }


def route(scale: Scale) -> Figures:
    """Play a busy and a rush day under the router and what it is compared with; `tests.bench.routing` does more."""
    found: Figures = {}
    for name in ("busy", "rush"):
        rows = routing.measure_day(name, scale.visits, (1,))
        found |= {f"{name}: {what}": value for what, value in rows["ratio"].items()}
        found[f"{name}: us a decision"] = rows["riwaq"]["us_per_decision"]
        found[f"{name}: ms a forecast"] = rows["riwaq"]["ms_per_forecast"]
    return found


def kiosk(scale: Scale) -> Figures:
    """From a scan's last key to the greeting painted, in a browser, while other kiosks check visitors in."""
    figures: Figures = {}
    lasting_s = scale.scans * 0.8
    others = [max(scale.other_kiosks, round(rate * lasting_s)) for rate in scale.other_rates]
    with loaded(sum(others) + len(others) * (scale.scans + 1) + scale.warm_up, _SEED + 3) as venue:
        venue.check_in(1, scale.warm_up)
        for rate, visitors in zip(scale.other_rates, others, strict=True):
            codes = [code for code, _ in venue.visitors[: scale.scans + 1]]
            venue.visitors = venue.visitors[scale.scans + 1 :]
            with part("kiosk_page") as page:
                page.tell({"link": venue.demo.link("kiosk", "K1"), "codes": codes, "starts": scale.starts})
                if page.line() != "ready":
                    raise RuntimeError("the kiosk did not open")
                page.tell("go")
                venue.check_in(scale.other_kiosks, visitors, rate)
                outcome = page.outcome(2 * LIMIT_S)
            if len(outcome["scan_ms"]) < 0.9 * scale.scans:
                raise RuntimeError(f"of {scale.scans} scans {len(outcome['scan_ms'])} were greeted")
            figures |= {
                f"{rate:g}.greeting_p50_ms": percentile(outcome["scan_ms"], 0.5),
                f"{rate:g}.greeting_p95_ms": percentile(outcome["scan_ms"], 0.95),
                f"{rate:g}.greeting_max_ms": max(outcome["scan_ms"]),
                f"{rate:g}.start_p50_ms": percentile(outcome["start_ms"], 0.5),
                f"{rate:g}.start_max_ms": max(outcome["start_ms"]),
            }
    return figures


def paper(scale: Scale) -> Figures:
    """From the commit of a choice to the last byte on a virtual printer, one visitor after the other."""
    own, drawing, cpu_ms = measure(scale.tickets)
    return {
        "spool_p50_ms": percentile(own, 0.5),
        "spool_p99_ms": percentile(own, 0.99),
        "drawing_p50_ms": percentile(drawing, 0.5),
        "drawing_p99_ms": percentile(drawing, 0.99),
        "drawing_cpu_ms": cpu_ms,
    }


def hostile_phone(scale: Scale) -> Figures:
    """Attack from one address without a token while visitors arrive and every screen watches: who notices?"""
    visitors = max(4, round(scale.hostile_s * scale.rush_per_s))
    attacks = hostile.names(scale.hostile_s)
    screens = (min(_PUBLIC_BOARDS, scale.boards), max(1, scale.boards - 15))
    figures: Figures = {}
    with loaded(visitors * (len(attacks) + 1) + scale.warm_up, _SEED + 4, over_tls=True) as venue:
        venue.check_in(1, scale.warm_up)
        with hostile.apart(venue.pid):
            for name in ("", *attacks):
                found = hostile.measure(venue, _BOARD, screens, (visitors, scale.rush_per_s), name)
                figures |= {f"{name or 'none'}.{figure}": value for figure, value in found.items()}
                shown = ", ".join(f"{figure} {value:.1f}" for figure, value in found.items())
                print(f"  {name or 'nobody attacks'}: {shown}", file=sys.stderr, flush=True)
        venue.verify()
    return figures


ROWS: dict[str, Callable[[Scale], Figures]] = {
    "commits": commits,
    "bare": bare,
    "check-in": check_in,
    "push": push,
    "fan-out": fan_out,
    "boards": boards,
    "reconnect": reconnect,
    "routing": route,
    "kiosk": kiosk,
    "paper": paper,
    "hostile phone": hostile_phone,
}
"""By name, in the order in which one repetition runs them: references and what is held against them side by side."""
