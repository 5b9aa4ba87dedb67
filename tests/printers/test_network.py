from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp

from printers.renderer import RenderedTicket
from printers.transports.base import Transport, TransportError
from printers.transports.network import NetworkTransport
from tests.printers import samples
from tests.printers.conftest import ROOT
from tests.printers.escpos_reader import read
from tests.printers.fake_printer import FAULTS, FakePrinter


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """A printer in good order."""
    with FakePrinter() as fake:
        yield fake


def to(printer: FakePrinter, answer_timeout: float = 1.0) -> NetworkTransport:
    """A transport with time-outs fit for tests."""
    return NetworkTransport(
        "127.0.0.1",
        printer.port,
        connect_timeout=2.0,
        status_timeout=1.0,
        write_timeout=1.0,
        answer_timeout=answer_timeout,
    )


def trouble(printer: FakePrinter, ticket: RenderedTicket) -> TransportError:
    """Send a ticket that must not get through."""
    with pytest.raises(TransportError) as caught:
        to(printer).send("job", ticket)
    return caught.value


@pytest.mark.parametrize("fault", ["ok", "near_end", "chatter", "late", "slow"])
def test_a_working_printer_prints_the_ticket_once(printer: FakePrinter, rendered: RenderedTicket, fault: str) -> None:
    """Little paper, chatter, slowness are no reason not to print; each byte arrives, and the code can be scanned."""
    printer.fault = fault
    printer.delay = 0.02 if fault == "slow" else 0.2
    transport: Transport = to(printer)
    transport.send("job", rendered)
    assert printer.tickets == [rendered.escpos]
    assert printer.jobs[0].acknowledged
    assert printer.real_time_in_image == 0
    image = read(printer.tickets[0]).picture
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [samples.REFERENCE]


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "offline"])
def test_a_printer_in_trouble_gets_no_byte_of_the_job(
    printer: FakePrinter, rendered: RenderedTicket, fault: str
) -> None:
    """It says what is wrong; the job may be printed later, or elsewhere."""
    printer.fault = fault
    error = trouble(printer, rendered)
    assert (error.code, error.bytes_sent, error.permanent) == (fault, 0, False)
    assert printer.jobs == []
    printer.fault = "ok"
    to(printer).send("job", rendered)
    assert len(printer.tickets) == 1


def test_a_mute_printer_gets_no_byte_of_the_job(printer: FakePrinter, rendered: RenderedTicket) -> None:
    """No answer about its state is no leave to print, and no proof of paper."""
    printer.fault = "mute"
    error = trouble(printer, rendered)
    assert (error.code, error.bytes_sent) == ("no_answer", 0)
    assert printer.jobs == []


def test_nobody_at_the_address_is_unreachable(rendered: RenderedTicket, free_port: int) -> None:
    """A printer that is switched off is told within the connection's time-out."""
    with pytest.raises(TransportError) as caught:
        NetworkTransport("127.0.0.1", free_port, connect_timeout=1).send("job", rendered)
    assert (caught.value.code, caught.value.bytes_sent) == ("unreachable", 0)
    with pytest.raises(TransportError, match="unreachable"):
        NetworkTransport("printer.invalid").check()


def test_a_ticket_without_acknowledgement_is_not_taken_for_printed(
    printer: FakePrinter, rendered: RenderedTicket
) -> None:
    """All bytes went, and the paper may even be out: nobody knows."""
    printer.fault = "no_ack"
    error = trouble(printer, rendered)
    assert (error.code, error.bytes_sent) == ("no_answer", len(rendered.escpos))
    assert len(printer.tickets) == 1


def test_paper_that_ends_within_the_ticket_leaves_it_in_doubt(printer: FakePrinter, rendered: RenderedTicket) -> None:
    """The printer took all of it and says that it has no paper: its end may be missing."""
    printer.fault = "paper_ends"
    error = trouble(printer, rendered)
    assert (error.code, error.bytes_sent) == ("paper_out", len(rendered.escpos))


@pytest.mark.parametrize(("fault", "codes"), [("stall", {"stalled"}), ("reset", {"reset"}), ("close", {"reset"})])
def test_a_job_cut_short_says_that_bytes_had_left(
    printer: FakePrinter, rendered: RenderedTicket, fault: str, codes: set[str]
) -> None:
    """Half a ticket may hang out of the printer: more than 0 bytes were sent."""
    printer.fault = fault
    began = time.monotonic()
    error = trouble(printer, rendered)
    assert error.code in codes
    assert 0 < error.bytes_sent <= len(rendered.escpos)
    assert error.bytes_sent >= printer.after
    assert time.monotonic() - began < 15
    assert printer.tickets == []


def test_an_answer_that_comes_too_late_counts_for_no_other_job(printer: FakePrinter, rendered: RenderedTicket) -> None:
    """The late acknowledgement of one ticket is never taken for the next one's."""
    printer.fault, printer.delay = "late", 1.5
    assert trouble(printer, rendered).code == "no_answer"
    printer.fault = "no_ack"
    time.sleep(0.6)
    assert trouble(printer, rendered).code == "no_answer"


def test_a_check_prints_nothing(printer: FakePrinter) -> None:
    """The printer's state is asked without a dot of ink."""
    to(printer).check()
    assert printer.connections == 1
    assert printer.jobs == []
    for fault in ("paper_out", "cover_open", "offline"):
        printer.fault = fault
        with pytest.raises(TransportError, match=fault):
            to(printer).check()


def test_what_a_printer_says_on_connection_is_no_answer(rendered: RenderedTicket) -> None:
    """Bytes from before the question are drained: a greeting that looks like "all well" proves nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = NetworkTransport("127.0.0.1", listener.getsockname()[1], status_timeout=0.3)

        def greet() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(b"\x12\x12\x12\x00")
                while line.recv(1024):
                    pass

        greeter = threading.Thread(target=greet)
        greeter.start()
        with pytest.raises(TransportError) as caught:
            transport.send("job", rendered)
        greeter.join(5)
    assert (caught.value.code, caught.value.bytes_sent) == ("no_answer", 0)


def test_a_job_that_asks_for_no_answer_is_not_sent(printer: FakePrinter) -> None:
    """Without a status request at its end a job could never be confirmed."""
    error = trouble(printer, RenderedTicket(png=b"", escpos=b"\x1b@"))
    assert (error.permanent, error.bytes_sent) == (True, 0)
    assert printer.connections == 0


def test_an_organiser_can_run_the_fake_printer(tmp_path: Path, free_port: int, rendered: RenderedTicket) -> None:
    """`python -m tests.printers.fake_printer` prints to a folder, names its faults in --help and takes a typed one."""
    command = [sys.executable, "-u", "-m", "tests.printers.fake_printer"]
    usage = subprocess.run([*command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(fault in usage for fault in FAULTS)
    with subprocess.Popen(
        [*command, "--port", str(free_port), "--record", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert running.stdout is not None
            assert str(free_port) in running.stdout.readline()
            NetworkTransport("127.0.0.1", free_port).send("job", rendered)
            assert running.stdout.readline().startswith("job 1:")
            assert running.stdin is not None
            print("cover_open", file=running.stdin, flush=True)
            assert running.stdout.readline().startswith("fault: cover_open")
            with pytest.raises(TransportError, match="cover_open"):
                NetworkTransport("127.0.0.1", free_port).check()
            print("jammed", file=running.stdin, flush=True)
            assert "no such fault: jammed" in running.stdout.readline()
            taken = subprocess.run([*command, "--port", str(free_port)], cwd=ROOT, capture_output=True, text=True)
            assert taken.returncode == 1
            assert "Try another --port" in taken.stderr
        finally:
            running.terminate()
    assert (tmp_path / "0001.bin").read_bytes() == rendered.escpos
