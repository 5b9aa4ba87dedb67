"""Programs that are forked from a warm process are what a start would have made of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import warm


def test_a_command_has_its_own_words_folder_environment_and_exit_code(tmp_path: Path) -> None:
    """Standard output and errors are apart, and nothing of the test's process is in it but what it was given."""
    told = warm.run([*warm.RIWAQ, "--version"])
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("riwaq, version ")
    nothing = warm.run([*warm.RIWAQ, "devices", "list"], cwd=tmp_path)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "there is no demo in riwaq-demo" in nothing.stderr
    key = tmp_path / "elsewhere.key"
    made = warm.run(
        [*warm.RIWAQ, "devices", "list", "--dir", str(tmp_path)], env={**os.environ, "RIWAQ_KEY_FILE": str(key)}
    )
    assert made.returncode == 1 and str(key) in made.stderr
    assert "RIWAQ_KEY_FILE" not in os.environ
    assert warm.run([*warm.RIWAQ, "no-such-command"]).returncode == 2


def test_a_server_can_be_killed_and_says_how_it_ended(tmp_path: Path) -> None:
    """A signal is a number below zero, as with any process; what waits for it is told when it does not end."""
    started = warm.popen(
        [*warm.RIWAQ, "demo", "--port", "0", "--members", "5", "--dir", str(tmp_path / "venue")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert isinstance(started, warm.Program) or "COVERAGE_PROCESS_CONFIG" in os.environ
    assert started.stdout is not None
    assert any("Start here" in line for line in started.stdout)
    assert started.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(0.01)
    started.kill()
    assert started.wait(30) == started.poll() == -signal.SIGKILL
    started.terminate()  # of what has ended already nobody is hit
    assert not Path(f"/proc/{started.pid}").exists()


@pytest.mark.parametrize(
    "change", [{"TZ": "Asia/Tokyo"}, {"LD_PRELOAD": ""}, {"COVERAGE_PROCESS_CONFIG": "x"}, {"PYTHONPATH": "x"}]
)
def test_what_only_a_start_can_change_gets_a_real_start(change: dict[str, str]) -> None:
    """And so does any other program than ours."""
    real = warm.popen([*warm.RIWAQ, "--version"], env={**os.environ, **change}, stdout=subprocess.DEVNULL)
    assert isinstance(real, subprocess.Popen)
    assert real.wait(60) == 0
    other = warm.popen([sys.executable, "-c", "pass"])
    assert isinstance(other, subprocess.Popen)
    assert other.wait(60) == 0
