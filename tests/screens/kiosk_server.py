"""A demo venue in a process of its own, for the kiosk's browser tests; it can be killed and started again.

Run as `python -m tests.screens.kiosk_server FOLDER PORT MEMBERS`: prints one line of JSON when it listens.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import warm

ROOT = Path(__file__).resolve().parents[2]
MEMBERS = 800


@dataclass
class KioskServer:
    """The server's process and what a test needs to know of it."""

    folder: Path
    port: int
    members: int = MEMBERS
    link: str = ""
    cases: dict[str, str] = field(default_factory=dict)
    """Codes of the cards that are refused, by reason."""
    python: str = sys.executable
    _process: warm.Program | subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again on the same folder and port, and wait until it listens."""
        self._process = warm.popen(
            [self.python, "-m", "tests.screens.kiosk_server", str(self.folder), str(self.port), str(self.members)],
            cwd=ROOT,
            env={**os.environ, "RIWAQ_KEY_FILE": str(self.folder.parent / "kiosk.key")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                told = json.loads(line)
                self.link, self.cases = told["link"], told["cases"]
                return
        raise AssertionError(f"the server ended with {self._process.wait()} before it listened")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def cards(self) -> list[dict[str, str]]:
        """Return the rows of demo-cards.csv."""
        with (self.folder / "demo-cards.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


class People:
    """Hands out cards that no other test uses."""

    def __init__(self, server: KioskServer) -> None:
        families: dict[str, list[dict[str, str]]] = defaultdict(list)
        refused = set(server.cases.values())
        for row in server.cards():
            if row["code"] not in refused:
                families[row["family"]].append(row)
        self._alone = [rows[0] for rows in families.values() if len(rows) == 1]
        self._families = iter([rows for rows in families.values() if len(rows) > 2])

    def alone(self, locale: str = "ar") -> str:
        """Return the card of a member without family whose language is `locale`."""
        found = next(row for row in self._alone if row["locale"] == locale)
        self._alone.remove(found)
        return found["code"]

    def family(self) -> str:
        """Return the card of a member with two relatives or more."""
        return next(self._families)[0]["code"]


def main(folder: Path, port: int, members: int) -> None:
    """Serve until killed."""
    from gevent import monkey

    monkey.patch_all()

    from checkin_server.running import listening
    from checkin_server.venues import demo

    venue = demo.set_up(folder, members)
    application = venue.application()
    listener = listening.listen("127.0.0.1", port)
    application.start()
    told: dict[str, Any] = {"link": venue.link("kiosk", "K1"), "cases": dict(venue.cases)}
    print(json.dumps(told), flush=True)
    listening.server_for(application, listener).serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
