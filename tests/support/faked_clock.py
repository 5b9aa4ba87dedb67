"""A machine's clock that a test sets while a server of ours runs: libfaketime, for the one process.

Only the clock that can be set is faked. What counts the time since the machine was started is the machine's own, as it
is where somebody sets a real clock.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.support.server import DemoServer

_PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1")


def library() -> str:
    """Return libfaketime. Fails with the remedy where there is none."""
    found = [str(file) for place in _PLACES for file in Path("/").glob(place.lstrip("/"))]
    assert found, "the test needs libfaketime: `make system` installs it (Debian: apt-get install faketime)"
    return found[0]


@dataclass
class ServerOnAFakedClock(DemoServer):
    """A demo server whose machine's clock `set_clock` sets."""

    def set_clock(self, by: str) -> None:
        """Set it against the real one, for example ``-40m`` or ``+1d``."""
        file = self.home / "faketime"
        new = file.with_suffix(".new")
        new.write_text(by + "\n", "ascii")
        new.replace(file)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the server and of commands on its machine."""
        return {
            **super().environment,
            "LD_PRELOAD": library(),
            "FAKETIME_TIMESTAMP_FILE": str(self.home / "faketime"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def riwaq(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command on this machine; again where it had to wait a moment, which libfaketime refuses (EINVAL)."""
        for _ in range(5):
            done = super().riwaq(*arguments, stdin=stdin)
            if not (done.returncode and "Invalid argument" in done.stderr):
                break
        return done
