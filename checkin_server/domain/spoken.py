"""How a call is said aloud: which recordings are joined, in which order, in each language.

A number is said from recordings of 0-99, of the hundreds and of the thousands, joined as the language does it: French
says them one after another (*mille deux cent trente-quatre*), English puts *and* before the last two digits, Arabic and
Amazigh put their *and* (و, ⴷ) between all parts. What is peculiar below one hundred, such as *soixante et onze* or the
Arabic ones before the tens, is in the recording itself. `docs/voice.md` lists the recordings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from checkin_server.domain.admission import REASONS
from checkin_server.domain.plan import Counter, Plan

Part = str | int
"""A recording's name, or a number that is said from several recordings."""

HIGHEST = 9_999
"""Above it a number is said digit by digit."""
_AND_BETWEEN_ALL = frozenset({"ar", "zgh"})
_AND_BEFORE_TENS = frozenset({"en"})


def number_clips(language: str, number: int) -> list[str]:
    """Return the recordings that say `number` (0 or more) in `language`, in order."""
    if number > HIGHEST:
        return list(str(number))
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    large = [str(value) for value in (thousands * 1000, hundreds * 100) if value]
    small = [str(below)] if below or not large else []
    if language in _AND_BETWEEN_ALL:
        return [clip for word in (*large, *small) for clip in ("and", word)][1:]
    if language in _AND_BEFORE_TENS and large and small:
        return [*large, "and", *small]
    return [*large, *small]


@dataclass(frozen=True, slots=True)
class Call:
    """What is said of one call."""

    number: int
    booth: str
    zone: str
    counter: str
    """Empty for somebody who is sent ahead of the call: to the booth, no counter is known yet."""
    label: str
    """What stands above the counter."""


def said_of(order: Sequence[str], call: Call) -> tuple[str, ...]:
    """Return the parts that can be said of a call, in the venue's order; without a counter, at least the zone."""
    if call.counter:
        return tuple(order)
    parts = tuple(part for part in order if part != "counter")
    return parts if {"booth", "zone"}.intersection(parts) else (*parts, "zone")


def call_parts(order: Iterable[str], call: Call, recorded: Collection[str] = ()) -> list[Part]:
    """Return what is said of a call, as names and numbers.

    Args:
        order: the parts the venue wants (``number``, ``booth``, ``zone``, ``counter``).
        call: the call.
        recorded: names there are recordings of; a counter's own is taken before "counter" and its number.
    """
    parts: list[Part] = []
    for part in order:
        if part == "number":
            parts += ["number", call.number]
        elif part == "booth":
            parts.append(f"booth-{call.booth}")
        elif part == "zone":
            parts.append(f"zone-{call.zone}")
        elif part == "counter":
            parts += _counter_parts(call.counter, call.label, recorded)
    return parts


def _counter_parts(counter: str, label: str, recorded: Collection[str]) -> list[Part]:
    own = f"counter-{counter}"
    if own in recorded or not (label.isascii() and label.isdecimal() and len(label) <= 2):
        return [own]
    return ["counter", int(label)]


def clips_of(language: str, parts: Sequence[Part]) -> list[str]:
    """Return the names of the recordings that say `parts`."""
    return [clip for part in parts for clip in (number_clips(language, part) if isinstance(part, int) else [part])]


def needed(plan: Plan, language: str, highest: int, recorded: Collection[str] = ()) -> list[str]:
    """Return the names of all recordings that calls of this venue need in `language`, each once, in a sensible order.

    Args:
        plan: the venue's plan; counters of booths that no board with a voice shows are left out.
        language: one of `plan.LANGUAGES`.
        highest: the highest number that will be called.
        recorded: names there are recordings of already.
    """
    return list(dict.fromkeys(_needed(plan, language, highest, recorded)))


def _needed(plan: Plan, language: str, highest: int, recorded: Collection[str]) -> Iterator[str]:
    counters = spoken_counters(plan)
    for counter in counters:
        booth = plan.booth(counter.booth)
        call = Call(0, booth.id, booth.zone, counter.id, counter.label)
        order = [part for part in plan.voice.parts if part != "number"]
        yield from clips_of(language, call_parts(order, call, recorded))
    if counters and "number" in plan.voice.parts:
        yield "number"
        for number in sorted({*range(1, min(highest, HIGHEST) + 1)}):
            yield from number_clips(language, number)
        if highest > HIGHEST:
            yield from "0123456789"


def spoken_counters(plan: Plan) -> list[Counter]:
    """Return the counters whose calls some board says aloud."""
    booths = {booth.id for board in plan.boards.values() if board.voice for booth in plan.booths_of(board)}
    return [counter for counter in plan.counters.values() if counter.booth in booths]


_KIOSK_SCREENS = (
    *(
        "attract",
        "waiting",
        "greeting",
        "family",
        "apart",
        "services",
        "route",
        "number",
        "hold",
        "leave",
        "left",
        "rate",
    ),
    *("themes", "write", "thanks", "refused", "keypad", "camera", "access", "offers", "idle"),
)
_KIOSK_NEXT = ("go", "wait", "serving", "held", "done")


def kiosk_clips(plan: Plan) -> list[str]:
    """Return the names of the recordings a kiosk's spoken guidance needs, numbers apart (docs/voice.md)."""
    return [
        *(f"kiosk-{screen}" for screen in _KIOSK_SCREENS),
        *(f"kiosk-next-{kind}" for kind in _KIOSK_NEXT),
        *(f"kiosk-refused-{reason.replace('_', '-')}" for reason in REASONS),
        *(f"kiosk-service-{service}" for service in plan.services),
        *(f"zone-{zone}" for zone in plan.zones),
    ]
