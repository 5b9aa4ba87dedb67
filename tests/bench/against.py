"""`python -m tests.bench.against REV`: another commit and this tree in turns, on one machine; `make bench AGAINST=rev`.

The other commit runs in a checkout of its own (below `build/against/`, set up from its own lock files), one repetition
at a time: other, this, other, this … What the machine does meanwhile hits both alike. Rows with a server load both with
this tree's bench; of the rest each has its own. The CPU by the request, printing and all, decides: it hangs least on
what else runs. A row that one of the two does not have, or can't run, is named.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from tests.bench.venue import SERVER_OF

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "against"
ROWS = ("bare", "check-in", "paper")
"""What is compared unless `--only` says otherwise: the server's own cost, its reference, and a ticket's."""
SERVED = ("check-in", "push", "boards", "reconnect")
"""Rows that load a server from outside: the other commit's is measured by this tree's bench too."""
DECIDES = ("cpu_ms_to_the_last_ticket", "drawing_cpu_ms")
"""Figures by which a change is judged."""

Repetitions = list[dict[str, dict[str, float]]]


def checkout(rev: str) -> Path:
    """Return a set-up checkout of a commit; made the first time.

    Raises:
        SystemExit: there is no such commit.
    """
    asked = ["git", "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}"]
    found = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        sys.exit(f"riwaq: there is no commit {rev!r} here; name one that `git log` shows")
    place = FOLDER / found.stdout.strip()
    if not place.is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", str(ROOT), str(place)], check=True)
        subprocess.run(["git", "checkout", "--quiet", "--detach", place.name], cwd=place, check=True)
    subprocess.run(["make", "--no-print-directory", "setup", ".venv/.stamp-dev"], cwd=place, check=True)
    return place


def once(place: Path, rows: Sequence[str], out: Path) -> dict[str, dict[str, float]]:
    """Run one repetition of some rows in a checkout; return the figures by row. A row that fails is left out."""
    figures: dict[str, dict[str, float]] = {}
    for row in rows:
        bench = ROOT if row in SERVED else place
        command = [str(bench / ".venv/bin/python"), "-m", "tests.bench", "--only", row, "--repetitions", "1"]
        ran = subprocess.run(
            [*command, "--json", str(out)],
            cwd=bench,
            env={**os.environ, SERVER_OF: str(place)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if ran.returncode:
            print(f"  {row} could not be measured in {place.name[:12]}: {_last_line(ran.stderr)}", file=sys.stderr)
            continue
        figures |= json.loads(out.read_text("utf-8"))["medians"]
    return figures


def _last_line(output: bytes) -> str:
    return (output.decode(errors="replace").strip().splitlines() or ["no word"])[-1]


def compare(other: Repetitions, this: Repetitions) -> list[tuple[str, str, float, float, float]]:
    """Return ``row, figure, the other's median, this one's, their ratio`` of every figure that both have."""
    found = []
    for row in this[0]:
        for figure in this[0][row]:
            before = [one[row][figure] for one in other if figure in one.get(row, {})]
            after = [one[row][figure] for one in this if figure in one.get(row, {})]
            if before and after and median(before):
                found.append((row, figure, median(before), median(after), median(after) / median(before)))
    return found


def table(conditions: Mapping[str, object], compared: Sequence[tuple[str, str, float, float, float]]) -> str:
    """Draw the table; what decides is marked."""
    lines = [", ".join(f"{name} {value}" for name, value in conditions.items()), ""]
    lines.append(f"{'row':10} {'figure':28} {'other':>10} {'this':>10} {'ratio':>7}")
    for row, figure, before, after, ratio in compared:
        mark = "  <- decides" if figure.rpartition(".")[2] in DECIDES else ""
        lines.append(f"{row:10} {figure:28} {before:10.3f} {after:10.3f} {ratio:7.3f}{mark}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="make bench AGAINST=REV", description=__doc__)
    parser.add_argument("rev", help="the commit to compare with")
    parser.add_argument("--only", nargs="+", default=ROWS, metavar="ROW", help=f"some rows ({', '.join(ROWS)})")
    parser.add_argument("--repetitions", type=int, default=5, help="how often each is measured (%(default)s)")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "against.json", help="where the figures go")
    chosen = parser.parse_args(arguments)
    place = checkout(chosen.rev)
    busy = os.getloadavg()[0]
    other: Repetitions = []
    this: Repetitions = []
    for repetition in range(1, chosen.repetitions + 1):
        for measured, where in ((other, place), (this, ROOT)):
            name = "other" if where is place else "this"
            print(f"{repetition}/{chosen.repetitions} {name}", file=sys.stderr, flush=True)
            measured.append(once(where, chosen.only, FOLDER / f"{name}.json"))
    compared = compare(other, this)
    if not compared:
        print("riwaq: no figure could be compared; see above", file=sys.stderr)
        return 1
    conditions = {"against": chosen.rev, "cores": os.cpu_count(), "load before": f"{busy:.1f}",
                  "medians of": chosen.repetitions}  # fmt: skip
    print(table(conditions, compared))
    chosen.json.write_text(
        json.dumps({"conditions": conditions, "other": other, "this": this}, indent=1) + "\n", "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
