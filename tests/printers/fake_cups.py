"""Stand-ins for CUPS' commands: `lp`, `lpstat` and `cancel`, made in a folder for PATH.

They speak as CUPS 2.4 does with `LC_ALL=C`. The queue is a folder; a job is passed to a network printer by a process
of its own, as CUPS' socket backend does it: without waiting for the printer's acknowledgement.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

COMMANDS = ("lp", "lpstat", "cancel")


class FakeCups:
    """A queue `receipts` before a printer on a port of this machine."""

    queue = "receipts"

    def __init__(self, folder: Path, port: int) -> None:
        self.commands = folder / "commands"
        self._state = folder / "state"
        self._jobs = folder / "jobs"
        self.commands.mkdir(parents=True)
        self._jobs.mkdir()
        self.set("idle", port)
        for name in COMMANDS:
            script = self.commands / name
            script.write_text(
                f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
                f"from tests.printers.fake_cups import command\n"
                f"sys.exit(command({name!r}, {str(folder)!r}, sys.argv[1:]))\n",
                encoding="utf-8",
            )
            script.chmod(0o755)

    def set(self, state: str, port: int) -> None:
        """`idle`, `disabled` (a person stopped it) or `rejecting`; `gone` when the scheduler does not run."""
        self._state.write_text(json.dumps({"state": state, "port": port}), encoding="utf-8")


def command(name: str, folder: str, arguments: list[str]) -> int:
    """Run one of the commands; gives its exit status."""
    root = Path(folder)
    setting = json.loads((root / "state").read_text("utf-8"))
    if setting["state"] == "gone":
        print(f"{name}: Bad file descriptor" if name == "lpstat" else f"{name}: Connection refused", file=sys.stderr)
        return 1
    return {"lp": _lp, "lpstat": _lpstat, "cancel": _cancel}[name](root, setting, arguments)


def _lp(root: Path, setting: dict[str, object], arguments: list[str]) -> int:
    assert os.environ["LC_ALL"] == "C"
    assert arguments[2:4] == ["-o", "raw"], "anything else would be taken for text and filtered"
    if arguments[:2] != ["-d", FakeCups.queue]:
        print("lp: Error - The printer or class does not exist.", file=sys.stderr)
        return 1
    number = len(list((root / "jobs").glob("*.data"))) + 1
    request = f"{FakeCups.queue}-{number}"
    (root / "jobs" / f"{request}.data").write_bytes(sys.stdin.buffer.read())
    here = [sys.executable, "-m", "tests.printers.fake_cups", str(root / "jobs" / request), str(setting["port"])]
    subprocess.Popen(
        here,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    print(f"request id is {request} (1 file(s))")
    return 0


def _lpstat(root: Path, setting: dict[str, object], arguments: list[str]) -> int:
    queue = arguments[-1]
    if queue != FakeCups.queue:
        print(f'lpstat: Invalid destination name in list "{queue}".', file=sys.stderr)
        return 1
    if arguments[0] == "-p":
        state = "disabled" if setting["state"] == "disabled" else "is idle.  enabled"
        print(f"printer {queue} {state} since Fri 27 Dec 2019 08:00:00 AM -\n\tPaused")
    elif arguments[0] == "-a":
        no = "not " if setting["state"] == "rejecting" else ""
        print(f"{queue} {no}accepting requests since Fri 27 Dec 2019 08:00:00 AM")
    else:
        for ended in sorted((root / "jobs").glob("*.ended")):
            print(f"{ended.stem:23} riwaq           65536   Fri 27 Dec 2019 08:00:00 AM")
            print(f"\tStatus: \n\tAlerts: {ended.read_text('utf-8')}\n\tqueued for {queue}")
    return 0


def _cancel(root: Path, setting: dict[str, object], arguments: list[str]) -> int:
    (root / "jobs" / f"{arguments[0]}.ended").write_text("job-canceled-by-user", encoding="utf-8")
    return 0


def _pass_on(job: Path, port: int) -> None:
    """Be the backend: send the job, as far as the printer takes it."""
    told = "job-completed-successfully"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            line.sendall(job.with_suffix(".data").read_bytes())
            line.shutdown(socket.SHUT_WR)
            while line.recv(1024):
                pass
    except OSError:
        told = "aborted-by-system"
    if not job.with_suffix(".ended").exists():
        job.with_suffix(".part").write_text(told, encoding="utf-8")
        job.with_suffix(".part").rename(job.with_suffix(".ended"))


if __name__ == "__main__":
    _pass_on(Path(sys.argv[1]), int(sys.argv[2]))
