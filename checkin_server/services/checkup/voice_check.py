"""Which recordings a venue's calls need, which are there, and who speaks where they are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from checkin_server.domain import spoken
from checkin_server.domain.plan import LANGUAGES, Plan
from checkin_server.services.boards.voice import look_through, machine_voice
from checkin_server.services.checkup.doctor import Finding

_USUAL_HIGHEST = 999
_BY = {
    "recordings": "said from recordings",
    "machine": "said by the machine's voice (espeak-ng) until they are there",
    "nobody": "said by nobody: boards chime and show the call",
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One language."""

    language: str
    recorded: int
    """How many of the recordings that are needed are there."""
    missing: tuple[str, ...]
    spoken_by: str
    """``recordings`` (all are there), ``machine``, or ``nobody``."""


def highest_number(plan: Plan) -> int:
    """Return the highest number a day can give: its capacity, or 999 where it has none."""
    capacities = [day.capacity for day in plan.days]
    return max((capacity for capacity in capacities if capacity is not None), default=_USUAL_HIGHEST)


def look(plan: Plan, highest: int, *, kiosks: bool = False) -> list[Spoken]:
    """Look at each language's recordings, for numbers up to `highest`; with `kiosks` also for their spoken guidance."""
    everything = look_through(plan.voice.folder)
    machine = machine_voice() is not None
    found = []
    for language in LANGUAGES:
        recorded = everything.get(language, {})
        needed = spoken.needed(plan, language, highest, recorded)
        if kiosks:
            needed = list(dict.fromkeys([*needed, *spoken.kiosk_clips(plan)]))
        missing = tuple(name for name in needed if name not in recorded)
        by = "recordings" if not missing else "machine" if machine and language in plan.voice.synthetic else "nobody"
        found.append(Spoken(language, len(needed) - len(missing), missing, by))
    return found


def line(one: Spoken) -> str:
    """Write one language on one line."""
    total = one.recorded + len(one.missing)
    left = f", {len(one.missing)} missing" if one.missing else ""
    return f"{one.language:<4} {one.recorded} of {total} recordings{left}: calls are {_BY[one.spoken_by]}"


def rows(missing: Sequence[str], width: int = 100) -> Iterator[str]:
    """Write names in rows; numbers that follow one another as ``21-29``."""
    words = [name for name in missing if not name.isdecimal()]
    numbers = sorted(int(name) for name in missing if name.isdecimal())
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        words.append(str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}")
    row = ""
    for word in words:
        if row and len(row) + len(word) + 1 > width:
            yield row
            row = ""
        row = f"{row} {word}" if row else word
    if row:
        yield row


def check_voice(plan: Plan) -> Iterator[Finding]:
    """Say for `riwaq doctor` how each language is called; nothing here stops a day, the screens show every call."""
    speaking = [board.id for board in plan.boards.values() if board.voice]
    if not speaking:
        yield Finding("voice", "NOTE", "no board calls aloud", "Set voice = true at boards that have a loudspeaker.")
        return
    for one in look(plan, highest_number(plan)):
        if one.spoken_by == "recordings":
            yield Finding("voice", "OK", f"{one.language}: said from recordings")
            continue
        who = "the machine's voice speaks" if one.spoken_by == "machine" else "boards only chime"
        what = f"{one.language}: {len(one.missing)} recordings are missing, {who}"
        yield Finding("voice", "NOTE", what, "See `riwaq voice check` and docs/voice.md")
