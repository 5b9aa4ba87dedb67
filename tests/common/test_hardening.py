"""A process that dies leaves no memory behind, and what it writes is for its owner only."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from checkin_server.common.hardening import take_rights_back

_DIE = "import os, sys; from checkin_server.common import hardening; {guard}open('kept', 'w').close(); os.abort()"
_ROOT = Path(__file__).resolve().parents[2]


def _die(folder: Path, guard: str) -> int:
    """Have a process that may write cores die by SIGABRT in `folder`; return its wait status."""

    def allow_cores() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    pid = os.fork()
    if pid == 0:  # pragma: no cover
        try:
            allow_cores()
            os.umask(0o022)
            os.chdir(folder)
            os.execve(sys.executable, [sys.executable, "-c", _DIE.format(guard=guard)], {"PYTHONPATH": str(_ROOT)})
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1]


def test_a_process_that_dies_writes_no_core(tmp_path: Path) -> None:
    """By SIGABRT, with cores allowed: the kernel says that none was dumped, and there is none."""
    status = _die(tmp_path, "hardening.keep_to_itself(); ")
    assert os.WIFSIGNALED(status) and not os.WCOREDUMP(status)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o600


def test_every_command_begins_so(tmp_path: Path) -> None:
    """Children of the server inherit mask and limit."""
    script = (
        "import ctypes, os, resource, sys; from checkin_server.cli import main\n"
        "@main.command('probe')\n"
        "def probe():\n"
        "    limit, dumpable = resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "    print(oct(os.umask(0)), limit, dumpable)\n"
        "sys.argv = ['riwaq', 'probe']; main()"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0o77 (0, 0) 0"


def test_a_child_that_reckons_figures_keeps_to_itself_too() -> None:
    """What it is told stands in its memory, and a new program begins with the system's own limits."""
    worker = [sys.executable, "-m", "checkin_server.services.reports.figures_worker"]
    with subprocess.Popen(worker, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        limits = Path(f"/proc/{child.pid}/limits")
        try:
            while "Max core file size        0                    0 " not in limits.read_text():
                assert child.poll() is None
                time.sleep(0.05)
        finally:
            child.kill()


def test_what_an_older_release_let_others_read_is_taken_back(tmp_path: Path) -> None:
    """Files and folders, and nothing that a link leads to."""
    (tmp_path / "data" / "printers").mkdir(parents=True)
    open_file, outside = tmp_path / "data" / "printers" / "t.png", tmp_path / "outside"
    for path in (open_file, outside):
        path.write_bytes(b"x")
        path.chmod(0o644)
    (tmp_path / "data" / "link").symlink_to(outside)
    assert take_rights_back(tmp_path / "data") >= 1
    assert open_file.stat().st_mode & 0o777 == 0o600
    assert outside.stat().st_mode & 0o777 == 0o644
    assert take_rights_back(tmp_path / "data") == 0
