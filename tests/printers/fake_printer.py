"""A network printer that is a program: speaks status and acknowledgement, and can be given faults.

For tests, and for trying a configuration without paper:

    python -m tests.printers.fake_printer --port 9100 --fault paper_out --record /tmp/printed

Typing the name of another fault, and Enter, changes it while it runs.
It follows Epson's ESC/POS reference and shares no code with `printers`. Like real printers it acts on DLE EOT even in
the middle of an image, answers GS r in print order, and counts a ticket as printed when it is cut.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.printers.wires import SocketWire, Wire

FAULTS = {
    "ok": "no fault",
    "mute": "reads, but answers nothing",
    "no_ack": "tells its state, prints, but never acknowledges",
    "stall": "takes `after` bytes of a job, then no more",
    "reset": "takes `after` bytes of a job, then resets the connection",
    "close": "takes `after` bytes of a job, then closes the connection",
    "late": "acknowledges `delay` seconds late",
    "chatter": "reports its state unasked (ASB) all the time",
    "near_end": "has little paper left",
    "paper_out": "has no paper",
    "paper_ends": "runs out of paper at the end of the job, and says so when it acknowledges",
    "cover_open": "is open",
    "offline": "is off line",
    "slow": "takes 4 kB each `delay` seconds",
}
ASB = bytes((0x10, 0x00, 0x00, 0x00))


@dataclass
class Job:
    """What came over one connection, but for real-time commands between jobs."""

    data: bytearray = field(default_factory=bytearray)
    cut: bool = False
    """The whole ticket came out."""
    acknowledged: bool = False
    """The printer has said that all of it was printed."""


class FakePrinter:
    """The server. `with FakePrinter() as printer:` runs it on `printer.port`; `serve` serves any other line.

    `fault` may be changed at any time and counts from the next byte on.
    """

    def __init__(self, fault: str = "ok", *, after: int = 2000, delay: float = 0.2, port: int = 0) -> None:
        self.fault = fault
        self.after = after
        self.delay = delay
        self.next_fault: Callable[[], str] | None = None
        """Names the fault of each new connection; None leaves `fault` as it is."""
        self.jobs: list[Job] = []
        self.connections = 0
        self.real_time_in_image = 0
        """Real-time commands found inside images: a real printer would have acted on each."""
        self._stopping = threading.Event()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", port))
        self._listener.listen(8)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> FakePrinter:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Serve no line any longer."""
        self._stopping.set()

    def __exit__(self, *_: object) -> None:
        self.stop()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    @property
    def tickets(self) -> list[bytes]:
        """The bytes of each ticket that came out whole."""
        return [bytes(job.data) for job in self.jobs if job.cut]

    def _accept(self) -> None:
        # One connection at a time, as most printers do.
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, contextlib.suppress(OSError):
                self.serve(SocketWire(connection))

    def serve(self, wire: Wire) -> None:
        """Serve one connection until it ends."""
        job = Job()
        parser = _Parser()
        if self.next_fault is not None:
            self.fault = self.next_fault()
        while not self._stopping.is_set():
            if self.fault == "chatter":
                wire.murmur(ASB)
            if self.fault == "stall" and len(job.data) >= self.after:
                if wire.gone():
                    return
                time.sleep(0.02)
                continue
            heard = wire.hear(4096 if self.fault == "slow" else 1024, 0.05)
            if heard is None:
                continue
            if not heard:
                return
            for byte in heard:
                event = parser.feed(byte)
                if parser.in_job and not job.data:
                    self.jobs.append(job)
                if parser.in_job:
                    job.data.append(byte)
                if event == "real time":
                    if parser.in_image:
                        self.real_time_in_image += 1
                    self._answer_state(wire, byte)
                elif event == "cut":
                    job.cut = True
                elif event == "status":
                    self._acknowledge(wire, job)
                    job = Job()
                    parser.in_job = False
            if self.fault in ("reset", "close") and len(job.data) >= self.after:
                if self.fault == "reset":
                    wire.cut()
                return
            if self.fault == "slow" and job.data:
                time.sleep(self.delay)

    def _answer_state(self, wire: Wire, kind: int) -> None:
        if self.fault == "mute":
            return
        state = 0x12
        if kind == 1 and self.fault in ("paper_out", "cover_open", "offline"):
            state |= 0x08
        if kind == 2:
            state |= {"paper_out": 0x20, "cover_open": 0x04}.get(self.fault, 0)
        if kind == 4:
            state |= {"paper_out": 0x6C, "near_end": 0x0C}.get(self.fault, 0)
        wire.say(bytes((state,)))

    def _acknowledge(self, wire: Wire, job: Job) -> None:
        if self.fault in ("mute", "no_ack"):
            return
        if self.fault == "late":
            time.sleep(self.delay)
        if self.fault == "chatter":
            wire.say(ASB)
        job.acknowledged = self.fault != "paper_ends"
        wire.say({"near_end": b"\x03", "paper_ends": b"\x0f"}.get(self.fault, b"\x00"))


class _Parser:
    """Follows a job byte by byte, far enough to know when an image begins and ends."""

    def __init__(self) -> None:
        self.in_job = False
        self._image_left = 0
        self._command = bytearray()
        self._last = b""

    @property
    def in_image(self) -> bool:
        return self._image_left > 0

    def feed(self, byte: int) -> str | None:
        """Take a byte; tell when it completes a command worth knowing."""
        self._last = (self._last + bytes((byte,)))[-3:]
        real_time = self._last[:2] == b"\x10\x04" and len(self._last) == 3 and byte in (1, 2, 3, 4)
        if self._image_left:
            self._image_left -= 1
            return "real time" if real_time else None
        self._command.append(byte)
        command = bytes(self._command)
        if command[0] == 0x10:
            if len(command) == 3:
                self._command.clear()
                return "real time" if real_time else "other"
            return None
        self.in_job = True
        length = {b"\x1b\x40": 2, b"\x1b\x64": 3, b"\x1d\x76": 8, b"\x1d\x56": 4, b"\x1d\x72": 3}.get(command[:2])
        if length is None and len(command) >= 2:
            length = len(command)  # nothing this printer knows: it would print it as letters
        if length is None or len(command) < length:
            return None
        self._command.clear()
        if command[:3] == b"\x1d\x76\x30":
            self._image_left = (command[4] + 256 * command[5]) * (command[6] + 256 * command[7])
        return {b"\x1d\x56": "cut", b"\x1d\x72": "status"}.get(command[:2], "other")


def _listen(printer: FakePrinter) -> None:
    """Change the fault to whatever is typed."""
    for line in sys.stdin:
        word = line.strip()
        if word in FAULTS:
            printer.fault = word
            print(f"fault: {word} ({FAULTS[word]})", flush=True)
        elif word:
            print(f"no such fault: {word}; there are {', '.join(FAULTS)}", flush=True)


def main() -> None:
    """Run the printer until Ctrl-C."""
    faults = "\n".join(f"  {name:10} {what}" for name, what in FAULTS.items())
    parser = argparse.ArgumentParser(
        description="A network printer without paper.",
        epilog=f"faults:\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--fault", choices=FAULTS, default="ok")
    parser.add_argument("--after", type=int, default=2000, help="bytes of a job before the fault (default 2000)")
    parser.add_argument("--delay", type=float, default=0.2, help="seconds, for late and slow (default 0.2)")
    parser.add_argument("--record", type=Path, help="folder to write each job to, as 0001.bin and so on")
    arguments = parser.parse_args()
    try:
        printer = FakePrinter(arguments.fault, after=arguments.after, delay=arguments.delay, port=arguments.port)
    except OSError as error:
        parser.exit(1, f"Port {arguments.port} can't be opened: {error.strerror}. Try another --port.\n")
    with printer, contextlib.suppress(KeyboardInterrupt):
        print(f"Printer on port {printer.port}, fault: {printer.fault} ({FAULTS[printer.fault]}). Ctrl-C ends it.")
        threading.Thread(target=_listen, args=(printer,), daemon=True).start()
        told = 0
        while True:
            time.sleep(0.2)
            while told < len(printer.jobs) and (printer.jobs[told].cut or told + 1 < len(printer.jobs)):
                job = printer.jobs[told]
                told += 1
                print(f"job {told}: {len(job.data)} bytes, {'cut' if job.cut else 'not finished'}", flush=True)
                if arguments.record:
                    arguments.record.mkdir(parents=True, exist_ok=True)
                    (arguments.record / f"{told:04}.bin").write_bytes(job.data)


if __name__ == "__main__":
    main()
