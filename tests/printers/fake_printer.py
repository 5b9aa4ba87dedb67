"""A network printer that is a program: speaks status and acknowledgement, and can be given faults.

For tests, and for trying a configuration without paper:

    python -m tests.printers.fake_printer --port 9100 --fault paper_out --record /tmp/printed

Typing the name of another fault, and Enter, changes it while it runs.
It follows Epson's ESC/POS reference and shares no code with `printers`. Like real printers it acts on DLE EOT even in
the middle of an image, answers GS r in print order, and counts a ticket as printed when it is cut. And like them it
keeps its place in what it was told over connections: who comes next in the middle of an image speaks dots.
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
from typing import ClassVar

from tests.printers.wires import SocketWire, Wire

FAULTS = {
    "ok": "no fault",
    "mute": "reads, but answers nothing",
    "no_ack": "tells its state, prints, but never acknowledges",
    "half_close": "takes a job, and has closed its own side of the connection when it comes to answering",
    "restart": "takes `after` bytes of a job, then starts anew, as when its plug is loose",
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
    """What was printed after an initialisation, up to the status request or the next one; no real-time commands."""

    data: bytearray = field(default_factory=bytearray)
    cut: bool = False
    """The whole ticket came out."""
    acknowledged: bool = False
    """The printer has said that all of it was printed."""


@dataclass
class Strip:
    """A piece of paper, from one cut to the next."""

    rows: list[bytes] = field(default_factory=list)
    """The rows of dots on it, eight dots a byte."""
    letters: bytearray = field(default_factory=bytearray)
    """What was printed on it as text: never anything, where a printer understands what it was told."""


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
        self.strips: list[Strip] = [Strip()]
        """The paper that came out; the last one hangs out of the printer still."""
        self.clears = False
        """Whether it knows DLE DC4 8, with which what was received and not printed is forgotten."""
        self.connections = 0
        self.real_time_in_image = 0
        """Real-time commands found inside images: a real printer would have acted on each."""
        self._parser = _Parser()
        self._told = bytearray()
        """What came since the last initialisation and printed nothing yet."""
        self._job: Job | None = None
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

    def switch_off_and_on(self) -> None:
        """Forget everything, as a printer without power does."""
        self._parser = _Parser()
        self._job, self._told = None, bytearray()

    def serve(self, wire: Wire) -> None:
        """Serve one connection until it ends."""
        if self.next_fault is not None:
            self.fault = self.next_fault()
        before = len(self.jobs)

        def taken() -> int:
            """How much came, over this connection, of a job that began with it."""
            return len(self.jobs[-1].data) if len(self.jobs) > before else 0

        while not self._stopping.is_set():
            if self.fault == "chatter":
                wire.murmur(ASB)
            if self.fault == "stall" and taken() >= self.after:
                if wire.gone():
                    return
                time.sleep(0.02)
                continue
            heard = wire.hear(4096 if self.fault == "slow" else 1024, 0.05)
            if heard is None:
                continue
            if not heard:
                return
            at = 0
            while at < len(heard):
                if run := self._parser.harmless(heard, at):
                    self._swallow(heard[at : at + run])
                    at += run
                else:
                    self._take(wire, heard[at])
                    at += 1
            if self.fault in ("reset", "close", "restart") and taken() >= self.after:
                if self.fault != "close":
                    wire.cut()
                if self.fault == "restart":
                    self.switch_off_and_on()
                return
            if self.fault == "slow" and taken():
                time.sleep(self.delay)

    def _swallow(self, dots: bytes) -> None:
        """Take many bytes at once, where each is nothing but dots, or nothing at all."""
        if not self._parser.in_image:
            return
        (self._told if self._job is None else self._job.data).extend(dots)
        self.strips[-1].rows += self._parser.swallow(dots)

    def _take(self, wire: Wire, byte: int) -> None:
        in_image = self._parser.in_image
        event = self._parser.feed(byte)
        if event in ("state", "recover", "clear"):
            self.real_time_in_image += in_image
        if in_image or event not in ("state", "recover", "clear", "nothing"):
            (self._told if self._job is None else self._job.data).append(byte)
        if event == "state":
            self._answer_state(wire, byte)
        elif event == "clear" and self.clears:
            self.switch_off_and_on()
            wire.say(b"\x37\x25\x00")
        elif event == "initialise":
            self._job, self._told = None, bytearray(b"\x1b@")
        elif event in ("image", "letter") and self._job is None:
            self._job, self._told = Job(self._told), bytearray()
            self.jobs.append(self._job)
        elif event == "cut":
            self.strips.append(Strip())
            if self._job is not None:
                self._job.cut = True
        elif event == "status":
            self._acknowledge(wire, self._job or Job())
            self._job, self._told = None, bytearray()
        if event == "letter":
            self.strips[-1].letters.append(byte)
        elif event == "row":
            self.strips[-1].rows.append(self._parser.row)

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
        if self.fault == "half_close":
            wire.half_close()
            return
        if self.fault == "late":
            time.sleep(self.delay)
        if self.fault == "chatter":
            wire.say(ASB)
        job.acknowledged = self.fault != "paper_ends"
        wire.say({"near_end": b"\x03", "paper_ends": b"\x0f"}.get(self.fault, b"\x00"))


class _Parser:
    """Follows what it is told byte by byte, whatever connection it comes by."""

    _LENGTHS: ClassVar = {b"\x1b\x40": 2, b"\x1b\x64": 3, b"\x1d\x76": 8, b"\x1d\x56": 4, b"\x1d\x72": 3}
    _EVENTS: ClassVar = {b"\x1b\x40": "initialise", b"\x1d\x56": "cut", b"\x1d\x72": "status", b"\x1d\x76": "image"}
    _CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"

    def __init__(self) -> None:
        self.row = b""
        """The row of an image that has just become whole."""
        self._image_left = 0
        self._across = 0
        self._dots = bytearray()
        self._command = bytearray()
        self._last = b""

    @property
    def in_image(self) -> bool:
        return self._image_left > 0

    def harmless(self, heard: bytes, at: int) -> int:
        """Say how many bytes from here on are dots of an image, or zeros between commands, and nothing else."""
        if self._last[-1:] == b"\x10" or b"\x10" in self._last[-9:]:
            return 0
        if self._image_left:
            run = heard[at : at + self._image_left]
            return len(run) if b"\x10" not in run else run.index(b"\x10")
        if self._command:
            return 0
        return len(heard) - at - len(heard[at:].lstrip(b"\0"))

    def swallow(self, dots: bytes) -> list[bytes]:
        """Take dots of an image; give the rows that have become whole."""
        self._image_left -= len(dots)
        self._last = (self._last + dots)[-len(self._CLEAR) :]
        self._dots += dots
        whole = len(self._dots) // self._across
        rows = [bytes(self._dots[i * self._across : (i + 1) * self._across]) for i in range(whole)]
        del self._dots[: whole * self._across]
        return rows

    def feed(self, byte: int) -> str:
        """Take a byte; tell what it completes, "part" of something or "nothing" at all."""
        self._last = (self._last + bytes((byte,)))[-len(self._CLEAR) :]
        real_time = self._real_time(byte)
        if self._image_left:
            self._image_left -= 1
            self._dots.append(byte)
            if len(self._dots) == self._across:
                self.row, self._dots = bytes(self._dots), bytearray()
                return real_time or "row"
            return real_time or "part"
        self._command.append(byte)
        command = bytes(self._command)
        if command == b"\0":
            self._command.clear()
            return "nothing"
        if command[0] == 0x10:
            return self._of_real_time(command, real_time)
        if command[0] not in (0x1B, 0x1D):
            self._command.clear()
            return real_time or ("letter" if command[0] >= 0x20 else "nothing")
        # What it does not know it forgets with its second byte; ESC and GS themselves print nothing.
        if len(command) < (self._LENGTHS.get(command[:2], 2) if len(command) > 1 else 2):
            return real_time or "part"
        self._command.clear()
        if command[:3] == b"\x1d\x76\x30":
            self._across = command[4] + 256 * command[5]
            self._image_left = self._across * (command[6] + 256 * command[7])
            self._dots.clear()
        return self._EVENTS.get(command[:2], "part")

    def _of_real_time(self, command: bytes, real_time: str | None) -> str:
        length = 2 if len(command) < 2 else {0x14: 10 if command[2:3] in (b"", b"\x08") else 5}.get(command[1], 3)
        if len(command) >= length:
            self._command.clear()
        return real_time or "nothing"

    def _real_time(self, byte: int) -> str | None:
        if self._last == self._CLEAR:
            return "clear"
        if self._last[-3:-1] == b"\x10\x04" and byte in (1, 2, 3, 4):
            return "state"
        return "recover" if self._last[-3:-1] == b"\x10\x05" and byte in (0, 1, 2) else None


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
