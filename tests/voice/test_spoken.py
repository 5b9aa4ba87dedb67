"""Which recordings say a number, in each language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.domain.boards import Voice
from checkin_server.domain.plan import LANGUAGES
from checkin_server.domain.spoken import Call, call_parts, clips_of, needed, number_clips, said_of
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG

PLAN = load_venue(CONFIG)


@pytest.mark.parametrize(
    ("language", "number", "clips"),
    [
        ("fr", 7, "7"),
        ("fr", 71, "71"),
        ("fr", 100, "100"),
        ("fr", 171, "100 71"),
        ("fr", 1234, "1000 200 34"),
        ("en", 34, "34"),
        ("en", 200, "200"),
        ("en", 234, "200 and 34"),
        ("en", 1005, "1000 and 5"),
        ("en", 1200, "1000 200"),
        ("ar", 25, "25"),
        ("ar", 125, "100 and 25"),
        ("ar", 1100, "1000 and 100"),
        ("ar", 2345, "2000 and 300 and 45"),
        ("zgh", 3001, "3000 and 1"),
        ("ar", 0, "0"),
        ("fr", 12045, "1 2 0 4 5"),
    ],
)
def test_a_number_is_joined_as_its_language_does(language: str, number: int, clips: str) -> None:
    """Tens are inside a recording; hundreds, thousands and "and" are joined."""
    assert number_clips(language, number) == clips.split()


def test_what_is_needed_is_what_any_call_uses() -> None:
    """The list of the check is exact: every recording in it is used by some call, and no call needs another one."""
    highest = 1300
    for language in LANGUAGES:
        used: set[str] = set()
        for counter in PLAN.counters.values():
            booth = PLAN.booths[counter.booth]
            call = Call(1, booth.id, booth.zone, counter.id, counter.label)
            used.update(clips_of(language, call_parts(PLAN.voice.parts, call)))
        for number in range(1, highest + 1):
            used.update(number_clips(language, number))
        listed = needed(PLAN, language, highest)
        assert len(listed) == len(set(listed))
        assert set(listed) == used


def test_only_counters_that_are_called_aloud_need_recordings() -> None:
    """A venue whose boards have no loudspeaker needs nothing; one booth's board needs its booth only."""
    silent = replace(PLAN, boards={b.id: replace(b, voice=False) for b in PLAN.boards.values()})
    assert needed(silent, "fr", 999) == []
    one = replace(silent, boards={"bank": replace(PLAN.boards["bank"], voice=True)})
    assert [name for name in needed(one, "fr", 999) if name.startswith("booth-")] == ["booth-bank"]


def test_a_counter_s_own_recording_is_taken_first() -> None:
    """Also where its label is a number; a label that is no number has no other way."""
    call = Call(12, "bank", "C", "bank-1", "1")
    assert call_parts(["counter"], call) == ["counter", 1]
    assert call_parts(["counter"], call, {"counter-bank-1"}) == ["counter-bank-1"]
    assert call_parts(["counter"], replace(call, label="VIP")) == ["counter-bank-1"]
    assert call_parts(Voice(parts=("zone", "number")).parts, call) == ["zone-C", "number", 12]


def test_who_is_sent_ahead_of_the_call_is_told_the_place_and_no_counter() -> None:
    """Also where the venue's order names neither the stand nor the zone."""
    ahead = Call(12, "bank", "C", "", "")
    assert said_of(("number", "booth", "counter"), ahead) == ("number", "booth")
    assert said_of(("number", "counter"), ahead) == ("number", "zone")
    assert said_of(("number", "counter"), replace(ahead, counter="bank-1")) == ("number", "counter")
