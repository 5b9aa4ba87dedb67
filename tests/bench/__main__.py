"""`python -m tests.bench`: run the rows, print a table, write the figures as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

from tests.bench.report import medians, ratios, table
from tests.bench.rows import QUICK, ROWS, Figures, Scale


def measure(names: list[str], scale: Scale) -> dict[str, list[Figures]]:
    """Run the rows, all of them once, then all of them again: noise of the machine hits what is compared alike."""
    measured: dict[str, list[Figures]] = {name: [] for name in names}
    for repetition in range(1, scale.repetitions + 1):
        for name in names:
            print(f"{repetition}/{scale.repetitions} {name}", file=sys.stderr, flush=True)
            measured[name].append(ROWS[name](scale))
    return measured


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny counts, once: shows that it works, measures little")
    parser.add_argument("--only", nargs="+", choices=ROWS, metavar="ROW", help=f"some rows: {', '.join(ROWS)}")
    parser.add_argument("--repetitions", type=int, help="how often everything is measured; medians are shown")
    parser.add_argument(
        "--json", type=Path, default=Path("build/bench.json"), help="where the figures go (%(default)s)"
    )
    chosen = parser.parse_args(arguments)
    scale = QUICK if chosen.quick else Scale()
    if chosen.repetitions:
        scale = Scale(**{**{name: getattr(scale, name) for name in scale.__slots__}, "repetitions": chosen.repetitions})
    names = [name for name in ROWS if not chosen.only or name in chosen.only]
    busy_before = os.getloadavg()[0]
    began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    measured = measure(names, scale)
    conditions = {
        "began": began,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_before": busy_before,
        "quick": chosen.quick,
        "repetitions": scale.repetitions,
    }
    middle = medians(measured)
    print(table(conditions, middle, ratios(measured)))
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    document = {"conditions": conditions, "medians": middle, "ratios": ratios(measured), "repetitions": measured}
    chosen.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"\nAll figures of each repetition: {chosen.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
