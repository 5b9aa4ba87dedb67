"""Copies of the tree in which mutants are run, one after another in each, and all at the same time.

A mutant is a fork of this process: pytest and the libraries are imported already, the product is not, so that a run
costs what the product's own imports and the tests cost. The working tree is never touched.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutations import plugin
from tests.mutations.places import ROOT

WARM = (
    *(
        "alembic",
        "alembic.command",
        "click",
        "flask",
        "flask_socketio",
        "gevent",
        "hypothesis",
        "openpyxl",
        "PIL.Image",
    ),
    *("playwright.sync_api", "psycopg", "pydantic", "pypdfium2", "requests", "serial", "socketio", "sqlalchemy"),
    *("sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "sqlcipher3", "usb.core", "zxingcpp"),
)
"""Libraries that the tests or the product use: imported once, here."""
OURS = ("booth_display", "checkin_server", "kiosk", "printers", "scripts", "tests")
_LINKED = ("node_modules", "checkin_server/shared/static/vendor")
"""What was installed or built: looked at from the copies, too large to copy."""


@dataclass(frozen=True, slots=True)
class Run:
    """What to run on one state of the tree."""

    name: str
    tests: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)
    """Files with the text that they have meanwhile, by their paths from the root."""
    seconds: float = 120.0
    """When it is given up; a mutant that hangs has been noticed."""
    first_failure: bool = True
    marks: str = "not postgres"
    """Which of the tests, as `pytest -m` says it. A PostgreSQL of its own would cost more than most mutations."""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended."""

    run: Run
    code: int | None
    """Exit code: 0 all passed, 1 a test failed, more: no test could be run. None: given up."""
    seconds: float
    output: str
    tests: dict[str, tuple[str, float]]
    """Outcome and seconds of each test that was run; empty for node's."""

    @property
    def failed(self) -> list[str]:
        """The tests that failed."""
        return [name for name, (outcome, _) in self.tests.items() if outcome == "failed"]


class Bench:
    """A copy of the tree, and the run that is under way in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self._written = 0
        self._stat: dict[Path, os.stat_result] = {}
        self._texts: dict[Path, bytes] = {}
        self._begun = 0.0
        self._pid = 0
        self.run: Run | None = None

    def begin(self, run: Run) -> None:
        """Change the files and start the tests in a process of their own."""
        self.run = run
        for name, text in run.files.items():
            self._change(self.tree / name, text)
        self._begun = time.monotonic()
        for name in ("record.json", "output"):
            (self.folder / name).unlink(missing_ok=True)
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            code = 70
            try:
                code = self._child(run)
            finally:
                os._exit(code)

    def poll(self) -> Ended | None:
        """Return how the run ended, or None while it goes on; the tree is then as it was."""
        assert self.run is not None
        pid, status = os.waitpid(self._pid, os.WNOHANG)
        taken = time.monotonic() - self._begun
        code: int | None = None
        if pid:
            code = os.waitstatus_to_exitcode(status)
        elif taken < self.run.seconds:
            return None
        # Also after an orderly end: what a test has started and not stopped would go on in the next mutant's time.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        if not pid:
            os.waitpid(self._pid, 0)
        run, self.run = self.run, None
        for path in list(self._texts):
            self._restore(path)
        record, output = self.folder / "record.json", self.folder / "output"
        tests = json.loads(record.read_text("utf-8")) if record.exists() else {}
        said = output.read_text("utf-8", errors="replace") if output.exists() else ""
        return Ended(run, code, taken, said, {name: (became[0], became[1]) for name, became in tests.items()})

    def stop(self) -> None:
        """End the run that is under way."""
        if self.run is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self.run = None

    def _change(self, path: Path, text: str) -> None:
        """Write a file, with a time of its own: Python compiles anew only what differs in time or size."""
        self._stat[path], self._texts[path] = path.stat(), path.read_bytes()
        path.write_text(text, "utf-8")
        self._written += 1
        os.utime(path, (1_000_000_000 + self._written,) * 2)

    def _restore(self, path: Path) -> None:
        path.write_bytes(self._texts.pop(path))
        before = self._stat.pop(path)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _child(self, run: Run) -> int:
        """Run the tests in the forked process; return the exit code."""
        os.setsid()
        os.chdir(self.tree)
        with (self.folder / "output").open("wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        # pytest's own temporary folders, below this bench's.
        os.environ.update({"PYTHONPATH": str(self.tree), "PYTEST_DEBUG_TEMPROOT": str(self.folder), **run.environment})
        if run.tests[0].endswith(".js"):
            return self._node(run)
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        # The copy goes before the installed package, which leads to the working tree.
        sys.path[:] = [str(self.tree), *(entry for entry in sys.path if Path(entry or ".").resolve() != ROOT)]
        importlib.invalidate_caches()
        record = self.folder / "record.json"
        return plugin.run(list(run.tests), record, first_failure=run.first_failure, marks=run.marks)

    def _node(self, run: Run) -> int:
        node = subprocess.run([ROOT / "scripts/find_node.sh"], capture_output=True, text=True, check=True).stdout
        program = str(ROOT / node.strip()) if "/" in node else node.strip()
        command = [program, "--import", "./tests/js/by_address.js", "--test", *run.tests]
        return subprocess.run(command, check=False).returncode


@contextmanager
def benches(count: int) -> Iterator[list[Bench]]:
    """Make copies of the tree, with what is not committed yet, and take them away at the end."""
    for name in WARM:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    with tempfile.TemporaryDirectory(prefix="riwaq-mutants-") as folder:
        made = [Bench(Path(folder) / str(number)) for number in range(1, count + 1)]
        for bench in made:
            for name in filter(None, names):
                if (ROOT / name).is_file():
                    (bench.tree / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / name, bench.tree / name)
            for name in _LINKED:
                (bench.tree / name).symlink_to(ROOT / name)
        try:
            yield made
        finally:
            for bench in made:
                bench.stop()


def work(made: Sequence[Bench], runs: Iterable[Run], tell: Callable[[Ended], None] | None = None) -> list[Ended]:
    """Do the runs, as many at once as there are benches; `tell` hears of each as it ends."""
    left, ended = deque(runs), []
    while left or any(bench.run for bench in made):
        for bench in made:
            if bench.run is None and left:
                bench.begin(left.popleft())
            if bench.run is not None and (end := bench.poll()) is not None:
                ended.append(end)
                if tell is not None:
                    tell(end)
        time.sleep(0.02)
    return ended
