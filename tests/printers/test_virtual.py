from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from printers.renderer import RenderedTicket
from printers.transports.base import Transport, TransportError
from printers.transports.virtual import VirtualTransport


def test_a_virtual_printer_writes_bytes_and_picture(tmp_path: Path, rendered: RenderedTicket) -> None:
    """`<dir>/<printer>/<job>.bin` and `.png`, nothing else."""
    transport: Transport = VirtualTransport(tmp_path, "kiosk-1")
    assert transport.idempotent
    transport.check()
    transport.send("job-7", rendered)
    transport.send("job-7", rendered)
    assert sorted(path.name for path in (tmp_path / "kiosk-1").iterdir()) == ["job-7.bin", "job-7.png"]
    assert (tmp_path / "kiosk-1/job-7.bin").read_bytes() == rendered.escpos
    assert (tmp_path / "kiosk-1/job-7.png").read_bytes() == rendered.png


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "x" * 101, "a\0b"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str, rendered: RenderedTicket) -> None:
    """Such a job can't be printed, and is not tried again."""
    with pytest.raises(TransportError) as caught:
        VirtualTransport(tmp_path, "p1").send(name, rendered)
    assert (caught.value.code, caught.value.permanent) == ("bad_name", True)
    with pytest.raises(TransportError):
        VirtualTransport(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be_made_is_trouble_that_may_pass(tmp_path: Path, rendered: RenderedTicket) -> None:
    """The disk may be mounted again: the job is kept."""
    (tmp_path / "file").write_text("in the way")
    transport = VirtualTransport(tmp_path / "file", "p1")
    attempts: tuple[Callable[[], object], ...] = (lambda: transport.check(), lambda: transport.send("job", rendered))
    for attempt in attempts:
        with pytest.raises(TransportError) as caught:
            attempt()
        assert (caught.value.code, caught.value.permanent, caught.value.bytes_sent) == ("unwritable", False, 0)


def test_a_file_is_never_seen_half_written(tmp_path: Path, rendered: RenderedTicket) -> None:
    """Whoever watches the folder sees no `.bin`, or a whole one with its picture beside it."""
    transport = VirtualTransport(tmp_path, "p1")
    transport.check()
    large = RenderedTicket(png=rendered.png, escpos=os.urandom(4_000_000))
    seen: list[tuple[int, bool]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for path in (tmp_path / "p1").glob("[!.]*.bin"):
                seen.append((path.stat().st_size, path.with_suffix(".png").exists()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(10):
        transport.send(f"job-{number}", large)
    done.set()
    watcher.join()
    assert seen
    assert set(seen) == {(4_000_000, True)}


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, rendered: RenderedTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs no clutter: the half-written file is removed."""
    transport = VirtualTransport(tmp_path, "p1")
    transport.check()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TransportError, match="No space left"):
        transport.send("job", rendered)
    assert not list((tmp_path / "p1").iterdir())
