"""One byte is enough: a job of which anything has left and that was not confirmed is in doubt, and stays so.

Over every way on which a job leaves piece by piece. (CUPS and a file take a job whole, which `test_transports.py`
holds; a folder may be written again.)
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from printers.renderer import RenderedTicket, Renderer
from printers.transports.base import Paper, TransportError
from printers.transports.conversation import Conversation, Line
from printers.transports.lp import LpTransport
from tests.printers.fake_cups import FakeCups
from tests.printers.job_record import JobRecord
from tests.printers.spooling import numbered, spooling, until
from tests.printers.test_transports import way
from tests.printers.ways import ANSWERING, Way, over

__all__ = ["way"]


class Cut:
    """A real line that is cut when so many bytes of a job have left."""

    def __init__(self, line: Line, after: int) -> None:
        self._line = line
        self._left = after

    def send(self, data: bytes, timeout: float) -> int:
        if self._left == 0:
            raise TransportError("reset", "the cable was pulled")
        taken = self._line.send(data[: self._left], timeout)
        self._left -= taken
        return taken

    def hear(self, timeout: float) -> bytes:
        return self._line.hear(timeout)

    def flush(self, timeout: float) -> None:
        self._line.flush(timeout)


@contextmanager
def cut_after(count: int) -> Iterator[None]:
    """Cut each line when `count` bytes of a job have left; what is asked before the job is not counted."""
    real = Conversation.print

    def print_until_cut(self: Conversation, ticket: RenderedTicket, begin: Callable[[], None]) -> Paper:
        def begin_and_cut() -> None:
            begin()
            self._line = Cut(self._line, count)

        return real(self, ticket, begin_and_cut)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Conversation, "print", print_until_cut)
        yield


@over(*ANSWERING)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_how_many_bytes_have_left_is_told_to_the_byte(way: Way, rendered: RenderedTicket, count: int) -> None:
    """Nothing means that it may be tried again; one byte, that nobody knows."""
    with cut_after(count), pytest.raises(TransportError) as caught:
        way.transport.send("job", rendered, way.begin)
    assert (caught.value.code, caught.value.bytes_sent) == ("reset", count)
    assert len(way.begun) == 1


@over(*ANSWERING)
def test_a_job_of_which_one_byte_has_left_is_uncertain_and_not_printed_again(way: Way, renderer: Renderer) -> None:
    """Not when the printer is well again, not at the next start; who comes after is printed."""
    record = JobRecord()
    record.add("first", numbered(1))
    with cut_after(1), spooling(record, way.transport, renderer):
        until(record.settled)
    assert record.states() == {"first": "uncertain"}
    with spooling(record, way.transport, renderer):  # a restart: `recover` has its say
        record.add("second", numbered(2))
        until(record.settled)
    assert record.states() == {"first": "uncertain", "second": "printed"}
    assert record.attempts() == {"first": 1, "second": 1}
    assert not [ticket for ticket in way.came_out() if ticket == renderer.render(numbered(1), 80).escpos]


@over(*ANSWERING)
def test_a_job_that_was_begun_and_of_which_no_byte_has_left_is_printed_later(way: Way, renderer: Renderer) -> None:
    """It is on no paper, so that trying again is right; meanwhile another printer may have it."""
    record = JobRecord()
    record.add("job", numbered(1))
    with spooling(record, way.transport, renderer):
        with cut_after(0):
            until(lambda: record.attempts()["job"] > 1)
            assert record.errors()["job"] in ("reset", None)
            assert "uncertain" not in record.states().values()
        until(record.settled)
    assert record.states() == {"job": "printed"}
    time.sleep(0.1)
    assert way.came_out() == [renderer.render(numbered(1), 80).escpos]


def test_a_job_that_cups_was_given_and_that_lp_does_not_come_back_from_is_in_doubt(
    tmp_path: Path, rendered: RenderedTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CUPS may have all of it: it is not handed over once more."""
    cups = FakeCups(tmp_path, 9)
    monkeypatch.setenv("PATH", str(cups.commands), prepend=os.pathsep)
    (cups.commands / "lp").write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    with pytest.raises(TransportError) as caught:
        LpTransport(cups.queue, command_timeout=2.0).send("job", rendered)
    assert (caught.value.code, caught.value.bytes_sent) == ("stalled", len(rendered.escpos))
