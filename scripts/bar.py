"""Runs a command that takes a while and shows how far it is: `bar.py LABEL COMMAND…`, standard library only.

On a terminal one line with a bar is drawn anew; elsewhere a line comes every few seconds, so that nobody wonders. What
the command printed is shown when it fails. With `--of FILE` the bar counts the pins of a lock file (lines with ``==``)
against the packages that pip names.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

_EVERY_S = 3.0
_WIDTH = 24
_UNPACKING = b"Installing collected packages"
_NAMED = re.compile(rb"^\s*(?:Collecting|Requirement already satisfied:|Processing) ")


class Bar:
    """One line that says what is done and for how long."""

    def __init__(self, label: str, total: int, tty: bool) -> None:
        self._label, self._total, self._tty = label, total, tty
        self._began = time.monotonic()
        self.count = 0
        self.now = ""
        """What goes on when all is counted."""

    def line(self) -> str:
        """Return the line as it stands now."""
        seconds = f"{time.monotonic() - self._began:.0f} s"
        if not self._total:
            return f"{self._label} … {seconds}"
        done = min(self.count, self._total)
        filled = round(_WIDTH * done / self._total)
        return f"{self._label} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{self._total}{self.now} … {seconds}"

    def show(self) -> None:
        """Draw it."""
        print(f"\r\033[K{self.line()}" if self._tty else self.line(), end="" if self._tty else "\n", flush=True)

    def end(self, well: bool) -> None:
        """Draw it for the last time."""
        if well:
            self.count, self.now = self._total, ""
        self.show()
        if self._tty:
            print(flush=True)


def run(label: str, command: Sequence[str], total: int = 0) -> int:
    """Run `command` under a bar; return its exit code. Its output is shown when that is not 0."""
    bar = Bar(label, total, sys.stdout.isatty())
    ended = threading.Event()

    def keep_showing() -> None:
        bar.show()
        while not ended.wait(0.5 if sys.stdout.isatty() else _EVERY_S):
            bar.show()

    output: list[bytes] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        shower = threading.Thread(target=keep_showing, daemon=True)
        shower.start()
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            bar.count += bool(_NAMED.match(line))
            if line.startswith(_UNPACKING):
                # As long again as fetching, and pip says nothing more: a full bar alone would look as if it hung.
                bar.now = ", being unpacked"
        code = process.wait()
    ended.set()
    shower.join()
    bar.end(code == 0)
    if code:
        sys.stdout.flush()
        sys.stderr.buffer.write(b"".join(output))
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="bar.py", description=__doc__)
    parser.add_argument("--of", type=Path, help="a lock file whose pins are counted")
    parser.add_argument("label")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    total = 0
    if chosen.of is not None:
        total = sum(
            "==" in line and not line.startswith((" ", "#")) for line in chosen.of.read_text("utf-8").splitlines()
        )
    return run(chosen.label, chosen.command, total)


if __name__ == "__main__":
    sys.exit(main())
