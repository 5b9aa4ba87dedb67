"""A venue of four services for live rehearsals: a file of its own, as an organiser would write it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from checkin_server.venues.demo import CONFIG

SERVICES = ("enrolment", "bank", "insurance", "health")
_TABLE = re.compile(r"^\[\[(\w+)\]\]$", re.MULTILINE)


def write(folder: Path, counters: int = 1, closes: str = "18:00") -> Path:
    """Write the Rabat edition with four services, each with at most so many counters, one kiosk and one printer."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(CONFIG.with_name("tour.toml"), folder / "tour.toml")
    parts = _TABLE.split(CONFIG.read_text(encoding="utf-8"))
    kept = [parts[0]]
    given: dict[str, int] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        booth = re.search(r'^booth = "(.+)"$', body, re.MULTILINE)
        own = re.search(r'^id = "(.+)"$', body, re.MULTILINE)
        service = re.search(r'^service = "(.+)"$', body, re.MULTILINE)
        if name == "counter":
            assert booth is not None
            given[booth[1]] = given.get(booth[1], 0) + 1
            wanted = booth[1] in SERVICES and given[booth[1]] <= counters
        elif name in ("booth", "service"):
            assert own is not None
            wanted = own[1] in SERVICES
        elif name == "offer":
            assert service is not None
            wanted = service[1] in SERVICES
        elif name in ("kiosk", "printer"):
            assert own is not None
            wanted = own[1] in ("K1", "P1")
            body = body.replace('neighbours = ["P2", "P3"]', "")
        else:
            wanted = name != "desk"
        if name == "day":
            body = body.replace('closes = "18:00"', f'closes = "{closes}"')
        if wanted:
            kept.append(f"[[{name}]]{body}")
    path = folder / "small.toml"
    path.write_text("".join(kept), encoding="utf-8")
    return path
