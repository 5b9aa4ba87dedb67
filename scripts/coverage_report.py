"""Say how much of the Python and of the screens' scripts the tests have run, and hold it against the floor.

    python -m scripts.coverage_report FOLDER

`make coverage` leaves in FOLDER what was counted: `python.*` by coverage, `scripts/*.json` by Chromium and by node.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
FLOOR = ROOT / "tests" / "coverage_floor.json"
_WELL_ABOVE = 2.0
"""So many per cent above the floor, it is time to raise it."""
_PLACES = {
    "shared": "checkin_server/shared/static",
    "kiosk": "kiosk/static",
    "board": "booth_display/board/static",
    "tablet": "booth_display/tablet/static",
    "dashboard": "checkin_server/pages/dashboard/static",
    "demo_pages": "checkin_server/pages/demo/static",
    "welcome": "checkin_server/pages/welcome/static",
    "privacy": "checkin_server/pages/privacy/static",
}
"""By the address's first part after `/static/`: the folder that is served there."""
_NO_CODE = re.compile(r"\s*(//.*|/\*.*|\*.*|[\]\[{}();,]*|\} else \{)\s*")


def place_of(url: str) -> str | None:
    """Return the path of a script of ours, from the sources' root, by its address; None for anything else."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme == "file":
        try:
            path = Path(path).relative_to(ROOT).as_posix()
        except ValueError:
            return None
        return (
            path if any(path.startswith(f"{place}/") for place in _PLACES.values()) and "vendor" not in path else None
        )
    found = re.fullmatch(r"/static/(\w+)/(.+\.js)", path)
    return f"{_PLACES[found[1]]}/{found[2]}" if found and found[1] in _PLACES else None


def scripts() -> Iterator[str]:
    """Give the path of every script of ours."""
    for place in _PLACES.values():
        for path in sorted((ROOT / place).rglob("*.js")):
            if "vendor" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


def ran(length: int, functions: Iterable[Mapping[str, Any]]) -> bytearray:
    """Return a byte a letter of the script, 1 where it has run: inner ranges say it better than those around them."""
    marks = bytearray(length)
    ranges = [r for function in functions for r in function["ranges"]]
    for one in sorted(ranges, key=lambda r: (r["startOffset"], -r["endOffset"])):
        start, end = min(one["startOffset"], length), min(one["endOffset"], length)
        marks[start:end] = (b"\1" if one["count"] else b"\0") * (end - start)
    return marks


def lines(text: str, marks: bytes) -> tuple[int, int]:
    """Return how many lines have code, and how many of them have run whole."""
    at = code = done = 0
    for line in text.split("\n"):
        if not _NO_CODE.fullmatch(line):
            code += 1
            first = at + len(line) - len(line.lstrip())
            done += all(marks[first : at + len(line.rstrip())])
        at += len(line) + 1
    return code, done


def of_scripts(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the lines with code and those that ran of every script; one that no page loaded has not run at all."""
    texts = {path: (ROOT / path).read_text("utf-8") for path in scripts()}
    marks = dict.fromkeys(texts, 0)
    for file in folder.glob("*.json"):
        for script in json.loads(file.read_text("utf-8"))["result"]:
            path = place_of(script["url"])
            if path in texts:
                marks[path] |= int.from_bytes(ran(len(texts[path]), script["functions"]), "big")
    return {path: lines(text, marks[path].to_bytes(len(text), "big")) for path, text in texts.items()}


def of_python(folder: Path) -> float:
    """Put together what each process has counted, print it by file, and return the share that ran, in per cent."""
    environment = {**os.environ, "COVERAGE_FILE": str(folder / "python")}

    def coverage(*words: str) -> str:
        command = [sys.executable, "-m", "coverage", *words]
        return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    coverage("combine", "--quiet")
    print(coverage("report"))
    return float(coverage("report", "--format=total", "--precision=1"))


def main(folder: Path) -> int:
    """Print both shares; return 1 when one is below its floor."""
    python = of_python(folder)
    counted = of_scripts(folder / "scripts")
    for path, (code, done) in sorted(counted.items(), key=lambda item: item[1][1] - item[1][0]):
        if done < code:
            print(f"{path:70} {done:5} of {code:5} lines")
    scripts_share = 100 * sum(d for _, d in counted.values()) / max(1, sum(c for c, _ in counted.values()))
    floor: dict[str, float] = json.loads(FLOOR.read_text("utf-8"))
    below = False
    for name, share in (("python", python), ("scripts", scripts_share)):
        print(f"{name}: {share:.1f} % run by the tests; the floor is {floor[name]:.1f} %")
        below |= share < floor[name]
        if share > floor[name] + _WELL_ABOVE:
            print(f"  well above: raise it to {share - 0.5:.1f} in {FLOOR.relative_to(ROOT)}")
    return 1 if below else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
