"""What takes a while says how far it is; what fails shows what it said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bar

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the bar as `make` does, where nobody looks at a terminal."""
    command = [sys.executable, str(ROOT / "scripts/bar.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_bar_counts_the_packages_that_pip_names(tmp_path: Path) -> None:
    """Against the pins of the lock file."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("# a comment with ==\none==1 \\\n    --hash=sha256:00\ntwo==2\nthree==3\n")
    pip = "print('Collecting one'); print('  Downloading one'); print('Collecting two')"
    shown = run("--of", str(lock), "Installing", sys.executable, "-c", pip)
    assert shown.returncode == 0
    assert "3/3" in shown.stdout.splitlines()[-1]
    assert "Collecting" not in shown.stdout


def test_a_full_bar_says_that_pip_still_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """That takes as long as fetching did, and pip is silent."""
    monkeypatch.setattr(bar, "_EVERY_S", 0.05)
    shown: list[str] = []
    monkeypatch.setattr(bar.Bar, "show", lambda self: shown.append(self.line()))
    pip = "import time; print('Collecting one\\nInstalling collected packages: one', flush=True); time.sleep(0.6)"
    assert bar.run("Installing", [sys.executable, "-c", pip], total=1) == 0
    assert sum("1/1, being unpacked" in line for line in shown) > 0
    assert "unpacked" not in shown[-1]


def test_a_line_comes_every_few_seconds_while_a_command_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits sees that something goes on."""
    monkeypatch.setattr(bar, "_EVERY_S", 0.05)
    shown: list[str] = []
    monkeypatch.setattr(bar.Bar, "show", lambda self: shown.append(self.line()))
    assert bar.run("Waiting", [sys.executable, "-c", "import time; time.sleep(0.6)"]) == 0
    assert len(shown) > 3


def test_a_command_that_fails_is_quoted_and_its_code_is_kept() -> None:
    """Its own words say what to do."""
    failed = run("Installing", sys.executable, "-c", "import sys; print('no such package'); sys.exit(7)")
    assert failed.returncode == 7
    assert "no such package" in failed.stderr
