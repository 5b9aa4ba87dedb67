"""Which time a server goes by, what it asks when the machine's clock was set, and what the answer changes.

The rules are `checkin_server/domain/timeline.py` and `checkin_server/common/clock.py`; this keeps what they need from
one process to the next, and corrects what was written (docs/adr/0017-one-clock.md).
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from checkin_server.common.clock import FOLLOWED_MS, SteadyClock
from checkin_server.db import clock as readings
from checkin_server.db import days, moments
from checkin_server.db.tx import Event, Row, Tx
from checkin_server.domain import timeline
from checkin_server.domain.moments import CORRECTED
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Answer, Command, once
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Actor, Venue

log = logging.getLogger(__name__)
Right = Literal["machine", "riwaq"]
"""Which clock is right: the machine's, or what Riwaq went by before."""
_NOTED_ABOVE_MS = 1000
"""A reading is noted anew when it has moved by more."""
_QUESTIONS = ("clock_doubted", "clock_kept", CORRECTED)


@dataclass(frozen=True, slots=True)
class Question:
    """Which clock is right? It is asked until somebody says, or the clocks agree again. Milliseconds since 1970 UTC."""

    machine: int
    """What the machine's clock shows."""
    riwaq: int
    """What time it is by what was believed before."""
    at_start: bool
    """The machine's clock was behind what had been written when the server was started, and is followed meanwhile."""

    @property
    def offset_ms(self) -> int:
        """How far the machine's clock is ahead."""
        return self.machine - self.riwaq


def _of(run: Row | None, now: int) -> Question | None:
    if run is None or not (run["behind_ms"] or run["stepped_ms"]):
        return None
    return Question(now + run["stepped_ms"], now - run["behind_ms"], bool(run["behind_ms"]))


def question(tx: Tx, now: int) -> Question | None:
    """Return what is to be decided about the clock; `now` is the server's time."""
    return _of(readings.newest(tx), now)


def known_wrong(tx: Tx) -> int:
    """Return how far the machine's clock is ahead (ms) since somebody said that it is wrong; 0 when nobody did."""
    run = readings.newest(tx)
    return int(run["kept_ms"]) if run is not None else 0


# -- a start -----------------------------------------------------------------------------------------------------------


def begin(venue: Venue, *, hours_follow: bool = False) -> None:
    """Decide what this server process goes by from now on; once, before anything is written.

    With `hours_follow` (a demo) the open day's hours were reckoned from the clock, and move with it.
    """
    clock = venue.clock
    if isinstance(clock, SteadyClock):
        venue.db.write(lambda tx: _begin(tx, venue, clock, hours_follow=hours_follow))


def _begin(tx: Tx, venue: Venue, clock: SteadyClock, *, hours_follow: bool) -> None:
    older, day = readings.newest(tx), days.running_day(tx)
    begun = expected_start(tx, clock)
    behind = {"behind_ms": older["behind_ms"], "behind_seq": older["behind_seq"]} if older else _NO_QUESTION
    if begun.question == "behind":
        if begun.alone:
            first = _correct_alone(tx, begun.at + FOLLOWED_MS, begun.offset)
        else:
            first = _correct(tx, day, begun.offset, hours_follow=hours_follow)
        before = behind["behind_seq"]
        behind = {
            "behind_ms": behind["behind_ms"] + begun.offset,
            "behind_seq": min(first, before) if before else first,
        }
    clock.set(begun.at)
    stepped = begun.offset if begun.question == "stepped" else 0
    readings.begin(
        tx,
        first_seq=readings.last_seq(tx) + 1,
        began_at=begun.at,
        joins=int(begun.joins),
        boot=clock.started,
        boot_ms=clock.anchor.boot,
        anchor_at=clock.anchor.at,
        stepped_ms=stepped,
        kept_ms=begun.kept,
        **behind,
    )
    if begun.question:
        _ask(tx, begun.at, begun.offset, day)
    if moments.clamp(tx, venue.longest, begun.at):
        log.warning("moments lay further ahead than the rules allow, and were brought nearer")


_NO_QUESTION = {"behind_ms": 0, "behind_seq": 0}


def expected_start(tx: Tx, clock: SteadyClock) -> timeline.Start:
    """Return what a server would go by that is started now."""
    older = readings.newest(tx)
    before = timeline.Before(
        last_at=readings.last_at(tx),
        expected=_expected(older, clock),
        kept=older["kept_ms"] if older else 0,
        open_day=days.running_day(tx) is not None,
        runs=older is not None,
    )
    return timeline.start(clock.machine(), before, FOLLOWED_MS)


def _expected(run: Row | None, clock: SteadyClock) -> int | None:
    """Return what time it is by a run's last reading, where the machine was not started anew since."""
    boot = clock.boot()
    if run is None or not run["boot"] or run["boot"] != clock.started or boot < run["boot_ms"]:
        return None
    return int(run["anchor_at"]) + boot - int(run["boot_ms"])


def as_the_server(venue: Venue) -> None:
    """Have a command beside the server go by the server's time while the machine's clock is doubted or known wrong."""
    clock = venue.clock
    if not isinstance(clock, SteadyClock):
        return
    run = venue.db.read(readings.newest)
    expected = _expected(run, clock)
    if run is not None and expected is not None and (run["stepped_ms"] or run["kept_ms"]):
        clock.set(expected)


def _ask(tx: Tx, now: int, offset_ms: int, day: Row | None) -> None:
    log.warning(
        "the machine's clock differs by %d s: `riwaq clock show` says how, the dashboard asks", offset_ms // 1000
    )
    tx.emit("clock_doubted", now, {"offset": offset_ms / 1000}, service_day=day["id"] if day else None)


# -- while it runs -----------------------------------------------------------------------------------------------------


class ClockWatch:
    """Compares the server's time with the machine's clock about once a second, and notes what is to be decided."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._clock = venue.clock
        self._run: Row | None = None
        self._stale = True
        venue.db.feed.follow(self._hear, self._missed)

    def _hear(self, events: Sequence[Event]) -> None:
        for happened in events:
            if happened.kind in _QUESTIONS:
                self._stale = True
            if happened.kind == CORRECTED and isinstance(self._clock, SteadyClock):
                self._clock.shift(int(happened.data["clock_ms"]))

    def _missed(self) -> None:
        self._stale = True

    def look(self) -> None:
        """Follow a clock that differs little; ask about one that was set; forget the question when they agree again."""
        clock = self._clock
        if not isinstance(clock, SteadyClock):
            return
        if self._stale:
            self._stale, self._run = False, self._venue.db.read(readings.newest)
        run = self._run
        if run is None:
            return
        ahead = clock.look()
        near = abs(ahead) <= FOLLOWED_MS
        kept = 0 if near else int(run["kept_ms"])
        stepped = 0 if near or (kept and abs(ahead - kept) <= FOLLOWED_MS) else ahead
        kept = 0 if stepped else kept
        asked = abs(stepped - run["stepped_ms"]) > _NOTED_ABOVE_MS
        anchor = clock.anchor
        moved = abs(run["anchor_at"] + anchor.boot - run["boot_ms"] - anchor.at) > _NOTED_ABOVE_MS
        if asked or moved or kept != run["kept_ms"]:
            self._venue.db.write(lambda tx: self._note(tx, int(run["id"]), stepped, kept, asked=asked))

    def _note(self, tx: Tx, mine: int, stepped: int, kept: int, *, asked: bool) -> None:
        run = readings.lock_newest(tx)
        self._stale = True
        if run is None or run["id"] != mine or not isinstance(self._clock, SteadyClock):
            return  # another server has taken over
        anchor = self._clock.anchor
        readings.note(
            tx,
            mine,
            boot_ms=anchor.boot,
            anchor_at=anchor.at,
            behind_ms=run["behind_ms"],
            behind_seq=run["behind_seq"],
            stepped_ms=stepped,
            kept_ms=kept,
        )
        day = days.running_day(tx)
        if asked and stepped:
            _ask(tx, anchor.at, stepped, day)
        elif asked:
            tx.emit("clock_agreed", anchor.at, service_day=day["id"] if day else None)


# -- somebody decides --------------------------------------------------------------------------------------------------


def decide(venue: Venue, actor: Actor, command_id: str, right: Right, *, hours_follow: bool) -> Answer | Refusal:
    """Say which clock is right, at the dashboard. Refused as ``wrong_state`` when nothing is asked."""
    command = Command("clock", "", command_id, {"right": right}, actor, venue.now())
    return once(venue, command, lambda tx: _decide(tx, venue, command.now, right, hours_follow, actor))


def decide_here(venue: Venue, right: Right, *, hours_follow: bool) -> Answer | Refusal:
    """The same by a command, also beside a running server, which follows within a second."""
    return decide(venue, _AT_THE_COMMAND_LINE, str(uuid.uuid4()), right, hours_follow=hours_follow)


_AT_THE_COMMAND_LINE = Actor("", "organizer", "command line")


def _decide(tx: Tx, venue: Venue, now: int, right: Right, hours_follow: bool, actor: Actor) -> Answer | Refusal:
    run, day = readings.lock_newest(tx), days.running_day(tx)
    asked = _of(run, now)
    if run is None or asked is None:
        return Refusal("wrong_state", {"state": "clocks_agree"})
    behind, stepped = int(run["behind_ms"]), int(run["stepped_ms"])
    # By how much the server's own time moves.
    moves = stepped if right == "machine" else -behind
    kept = 0 if right == "machine" else stepped + behind
    if right == "machine" and stepped and behind:
        _correct_both(tx, run, behind, stepped)
    elif right == "machine" and stepped:
        _correct(tx, day, stepped, hours_follow=hours_follow)
    elif right == "riwaq" and behind:
        _take_back(tx, run, day, behind, hours_follow=hours_follow)
    readings.note(
        tx,
        run["id"],
        boot_ms=run["boot_ms"],
        anchor_at=run["anchor_at"] + moves,
        stepped_ms=0,
        kept_ms=kept,
        **_NO_QUESTION,
    )
    now += moves
    today, device = day["id"] if day else None, actor.device or None
    if right == "riwaq" and not behind:
        tx.emit("clock_kept", now, {"offset": stepped / 1000}, service_day=today, device=device, staff=actor.staff)
    else:
        offset = stepped or behind if right == "machine" else -behind
        tx.emit(
            "clock_corrected",
            now,
            {"offset": offset / 1000, "right": right, "clock_ms": moves},
            service_day=today,
            device=device,
            staff=actor.staff,
        )
        moments.clamp(tx, venue.longest, now)
    return {"right": right, "offset_s": asked.offset_ms / 1000, "now": rfc3339(now)}


# -- what was written is read anew -------------------------------------------------------------------------------------


def _runs(tx: Tx) -> list[timeline.Run]:
    """Return the newest runs, the newest first, with the last moment of each."""
    found: list[timeline.Run] = []
    for row in readings.runs(tx):
        until = found[-1].first if found else readings.last_seq(tx) + 1
        last = max(row["began_at"], readings.last_at(tx, until)) if until > row["first_seq"] else row["began_at"]
        found.append(timeline.Run(row["first_seq"], row["began_at"], last, bool(row["joins"])))
    return found


def _correct(tx: Tx, day: Row | None, by: int, *, hours_follow: bool) -> int:
    """Move what was written by the clock that was wrong, of the open day at most; return the first event's number."""
    runs = _runs(tx)
    wrong = timeline.wrong_since(runs, by)
    assert wrong is not None, "a server that runs, or has run, has noted so"
    since, first = wrong.began_at, wrong.first
    if day is not None and (day["opened_at"] > since or wrong is runs[-1]):
        opened = readings.opened_by(tx, day["id"])
        # The day before keeps its moments unless it would end behind this one's beginning: wrong as well then.
        # A day that a command opened before the first server was opened by that clock as well.
        if readings.last_at(tx, opened) <= day["opened_at"] + by or wrong is runs[-1]:
            since, first = int(day["opened_at"]), opened
    last = readings.last_seq(tx)
    moments.shift(tx, since, by)
    if day is not None and hours_follow:
        moments.shift_hours(tx, day["id"], by)
    if first <= last:
        readings.correct(tx, first, last, by)
    readings.shift_runs(tx, wrong.first, by)
    return first


def _correct_alone(tx: Tx, beyond: int, by: int) -> int:
    """Move only what lies beyond a moment: the clock was right otherwise, or it is not known when it was wrong."""
    moments.shift_stamps(tx, beyond, by)
    seqs = readings.beyond(tx, beyond)
    for first, last in timeline.stretches(seqs):
        readings.correct(tx, first, last, by)
    return seqs[0] if seqs else readings.last_seq(tx)


def _take_back(tx: Tx, run: Row, day: Row | None, behind: int, *, hours_follow: bool) -> None:
    """What had been written was right: all of it as it was, and what has been written since by so much later."""
    moments.shift(tx, readings.moment_from(tx, run["behind_seq"]), -behind)
    if day is not None and hours_follow:
        moments.shift_hours(tx, day["id"], -behind)
    readings.correct(tx, run["behind_seq"], readings.last_seq(tx), -behind)
    readings.shift_runs(tx, run["behind_seq"], -behind)


def _correct_both(tx: Tx, run: Row, behind: int, stepped: int) -> None:
    """The machine was started with a wrong clock that is right now: what it wrote moves, what was before is as it was.

    Where that would lie in the future, the clock before was wrong as well, and all of it moves alike.
    """
    last = readings.last_seq(tx)
    since = readings.moment_from(tx, run["behind_seq"])
    was_right = readings.last_at(tx, run["first_seq"]) - behind <= run["began_at"] + stepped
    moments.shift(tx, run["began_at"], stepped)
    moments.shift(tx, since, -behind if was_right else stepped, before=run["began_at"])
    readings.correct(tx, run["first_seq"], last, stepped)
    readings.correct(tx, run["behind_seq"], run["first_seq"] - 1, -behind if was_right else stepped)
    readings.shift_runs(tx, run["first_seq"], stepped)
