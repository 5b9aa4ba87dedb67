"""What a call is said with: recordings, the machine's voice, or what is left of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkin_server.domain.boards import Voice
from checkin_server.domain.spoken import Call
from checkin_server.services.boards.voice import Speaker
from tests.services.conftest import MakeSite
from tests.support.venue import small_plan
from tests.voice.recordings import record

CALL = Call(7, "bank", "B", "bank-1", "1")
WHOLE = ("number", "7", "booth-bank", "counter", "1")


def say(new_site: MakeSite, folder: Path, recorded: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the recordings that a call is said with in Arabic, and those that are missing."""
    record(folder / "voice", "ar", recorded)
    with new_site(plan=small_plan(voice=Voice(str(folder / "voice"), synthetic=()))) as site:
        phrase = Speaker(site.venue, folder / "cache").call("ar", CALL)
        assert phrase.rendered is None, "the machine may not speak Arabic here"
        return phrase.clips, phrase.missing


def test_a_call_is_said_whole_from_its_recordings(new_site: MakeSite, tmp_path: Path) -> None:
    """Number, stand, counter."""
    assert say(new_site, tmp_path, WHOLE) == (WHOLE, ())


def test_a_call_whose_stand_was_not_recorded_is_said_without_it(new_site: MakeSite, tmp_path: Path) -> None:
    """A number and a counter that are heard are worth more than silence; what is missing is told."""
    recorded = tuple(name for name in WHOLE if name != "booth-bank")
    assert say(new_site, tmp_path, recorded) == (recorded, ("booth-bank",))


@pytest.mark.parametrize("missing", ["number", "7", "counter"])
def test_a_call_is_never_said_with_a_hole(new_site: MakeSite, tmp_path: Path, missing: str) -> None:
    """A counter without a number would call everybody."""
    clips, told = say(new_site, tmp_path, tuple(name for name in WHOLE if name != missing))
    assert (clips, told) == ((), (missing,))


def test_an_empty_recording_is_none(new_site: MakeSite, tmp_path: Path) -> None:
    """A copy that was cut short at nothing."""
    record(tmp_path / "voice", "ar", WHOLE)
    (tmp_path / "voice" / "ar" / "7.wav").write_bytes(b"")
    assert say(new_site, tmp_path, ()) == ((), ("7",))
