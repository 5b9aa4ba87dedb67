"""Steps: one service wanted in a visit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from checkin_server.db.schema import at_most, counter, is_one_of, step, visit
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as states

_FIND = select(step).where(step.c.id == bindparam("the_step"))
_OF_VISIT = select(step).where(step.c.visit == bindparam("the_visit")).order_by(step.c.position)
_INSERT = insert(step)
_AT_COUNTER = select(step).where(
    step.c.counter == bindparam("the_counter"), is_one_of(step.c.state, *states.AT_COUNTER)
)
_WAITING = (
    step.c.service_day == bindparam("the_day"),
    step.c.service == bindparam("the_service"),
    step.c.state == "waiting",
)
# Two counts instead of one with OR: each is a range of the queue's index, and only those of the same moment are joined.
_AHEAD = select(
    (
        select(func.count()).select_from(step).where(*_WAITING, step.c.since < bindparam("before")).scalar_subquery()
        + select(func.count())
        .select_from(step.join(visit, visit.c.id == step.c.visit))
        .where(*_WAITING, step.c.since == bindparam("before"), visit.c.number < bindparam("the_number"))
        .scalar_subquery()
    ).label("ahead")
)
_WAIT_FROM = (
    update(step)
    .where(
        step.c.visit == bindparam("the_visit"), is_one_of(step.c.state, "waiting"), step.c.since > bindparam("earlier")
    )
    .values(since=bindparam("earlier"))
)
_REMAINING = (
    select(func.count())
    .where(step.c.visit == visit.c.id, is_one_of(step.c.state, *states.NOT_AT_COUNTER))
    .correlate(visit)
    .scalar_subquery()
)
# Handed over to one counter, a step is nobody else's; when that counter closes, it is everybody's again.
_MAY_CALL = or_(
    step.c.for_counter.is_(None),
    step.c.for_counter == bindparam("the_counter"),
    step.c.for_counter.in_(select(counter.c.id).where(is_one_of(counter.c.state, "closed"))),
)
_CANDIDATES = (
    select(
        step.c.id,
        step.c.visit,
        step.c.service,
        step.c.since,
        visit.c.number,
        visit.c.category,
        visit.c.locale,
        visit.c.party_size,
        visit.c.active_step,
        visit.c.not_before,
        _REMAINING.label("remaining"),
    )
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(
        step.c.service_day == bindparam("the_day"),
        step.c.service == bindparam("the_service"),
        step.c.state == "waiting",
        visit.c.state == "open",
        visit.c.active_step.is_(None),
        visit.c.not_before <= bindparam("now"),
        _MAY_CALL,
    )
    .order_by(step.c.since, visit.c.number)
    .limit(at_most("most"))
)
# What a day leaves: steps that may still lead to service, with the visit that wants them.
_LEFT_OF_DAY = (
    select(step.c.id, step.c.visit, step.c.service, step.c.state, step.c.counter, visit.c.number)
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(step.c.service_day == bindparam("the_day"), is_one_of(step.c.state, *states.OPEN))
    .order_by(step.c.visit, step.c.position)
)
_END_WITH_DAY = (
    update(step)
    .where(step.c.service_day == bindparam("the_day"), is_one_of(step.c.state, *states.OPEN))
    .values(state="cancelled", outcome="incomplete", ended_at=bindparam("now"))
)
_BRING_BACK = (
    update(step)
    .where(
        step.c.id == bindparam("the_step"),
        is_one_of(step.c.state, "cancelled"),
        is_one_of(step.c.outcome, "incomplete"),
    )
    .values(state=bindparam("new_state"), outcome=None, ended_at=None, counter=None, headed_at=None, started_at=None)
)
_CALL = (
    update(step)
    .where(step.c.id == bindparam("the_step"), is_one_of(step.c.state, *states.AWAITING))
    .values(
        state="called",
        counter=bindparam("new_counter"),
        called_at=bindparam("now"),
        # A step that was parked while it was served and has come back has not been started again.
        started_at=None,
        # Nor was it sent for this call, when it was sent for one that came to nothing.
        headed_at=case((is_one_of(step.c.state, "headed"), step.c.headed_at), else_=None),
        first_called_at=func.coalesce(step.c.first_called_at, bindparam("now")),
        why=bindparam("new_why"),
        recalls=0,
    )
)
_SEND = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "waiting")
    .values(state="headed", headed_at=bindparam("now"), why=bindparam("new_why"))
)
_UNSEND = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "headed")
    .values(state="waiting", headed_at=None)
)
_RECALL = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "called")
    .values(called_at=bindparam("now"), recalls=step.c.recalls + 1)
)
_START = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "called")
    .values(state="serving", started_at=bindparam("now"))
)
_FINISH = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "serving")
    .values(state="served", ended_at=bindparam("now"), outcome=bindparam("new_outcome"), note=bindparam("new_note"))
)
# The counter stays with what was ended there (transferred), and goes where somebody else may call (waiting).
_PASS_ON = (
    update(step)
    .where(step.c.id == bindparam("the_step"), is_one_of(step.c.state, *states.AT_COUNTER))
    .values(
        state=bindparam("new_state"),
        counter=bindparam("new_counter"),
        for_counter=bindparam("new_for_counter"),
        ended_at=bindparam("new_ended_at"),
    )
)
_REQUEUE = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == bindparam("old_state"))
    .values(
        state="waiting",
        counter=None,
        ended_at=None,
        since=bindparam("new_since"),
        for_counter=bindparam("new_for_counter"),
    )
)
_MEANT_FOR_ONE = select(step.c.id, step.c.since, step.c.for_counter).where(
    is_one_of(step.c.state, "waiting"), step.c.for_counter.is_not(None)
)
_RESTORE = (
    update(step)
    .where(step.c.id == bindparam("the_step"))
    .values(
        **{
            column.name: bindparam(f"was_{column.name}")
            for column in step.c
            if column.name not in ("id", "visit", "service_day", "service")
        }
    )
)
_REMOVE = delete(step).where(step.c.id == bindparam("the_step"))
_ASIDE = (
    select(step.c.id, step.c.service, step.c.state, step.c.misses, visit.c.number)
    .join_from(step, visit, step.c.visit == visit.c.id)
    .where(
        step.c.service_day == bindparam("the_day"),
        step.c.service == bindparam("the_service"),
        is_one_of(step.c.state, "parked", "no_show"),
        visit.c.state == "open",
    )
    .order_by(visit.c.number)
    .limit(at_most("most"))
)
_MISS = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == "called")
    .values(
        state=bindparam("new_state"),
        counter=None,
        misses=step.c.misses + 1,
        headed_at=None,
        ended_at=bindparam("new_ended_at"),
    )
)
_SET_STATE = (
    update(step)
    .where(step.c.id == bindparam("the_step"), step.c.state == bindparam("old_state"))
    .values(state=bindparam("new_state"), ended_at=bindparam("new_ended_at"), counter=bindparam("new_counter"))
)


def find(tx: Tx, step_id: str) -> Row | None:
    """Return a step."""
    return tx.one(_FIND, the_step=step_id)


def of_visit(tx: Tx, visit_id: str) -> list[Row]:
    """Return a visit's steps in the order they were asked for."""
    return tx.all(_OF_VISIT, the_visit=visit_id)


def add(tx: Tx, **values: Any) -> None:
    """Add a step."""
    nothing = dict.fromkeys(
        (
            "counter",
            "headed_at",
            "first_called_at",
            "called_at",
            "started_at",
            "ended_at",
            "outcome",
            "why",
            "note",
            "for_counter",
        )
    )
    tx.run(_INSERT, **{**nothing, "recalls": 0, "misses": 0, **values})


def at_counter(tx: Tx, counter: str) -> Row | None:
    """Return the step that is called to or served at a counter; a unique index holds that there is at most one."""
    return tx.one(_AT_COUNTER, the_counter=counter)


def ahead(tx: Tx, day: str, service: str, since: int, number: int) -> int:
    """Count who waits for a service since before `since`, or since then with a lower number: the order of calling."""
    row = tx.one(_AHEAD, the_day=day, the_service=service, before=since, the_number=number)
    assert row is not None
    return int(row["ahead"])


def candidates(tx: Tx, day: str, service: str, counter: str, now: int, most: int) -> list[Row]:
    """Return up to `most` free visits that wait for a service and that `counter` may call, longest waiting first."""
    return tx.all(_CANDIDATES, the_day=day, the_service=service, the_counter=counter, now=now, most=most)


def call(tx: Tx, step_id: str, counter: str, why: str, now: int) -> bool:
    """Call a waiting step to a counter; False when it is not waiting any more."""
    return tx.run(_CALL, the_step=step_id, new_counter=counter, new_why=why, now=now) == 1


def send(tx: Tx, step_id: str, why: str, now: int) -> bool:
    """Send a waiting step's visitor to its zone; False when it is not waiting any more."""
    return tx.run(_SEND, the_step=step_id, new_why=why, now=now) == 1


def unsend(tx: Tx, step_id: str) -> bool:
    """Take back that a visitor was sent: the step waits again."""
    return tx.run(_UNSEND, the_step=step_id) == 1


def recall(tx: Tx, step_id: str, now: int) -> bool:
    """Call once more."""
    return tx.run(_RECALL, the_step=step_id, now=now) == 1


def start(tx: Tx, step_id: str, now: int) -> bool:
    """Begin the service."""
    return tx.run(_START, the_step=step_id, now=now) == 1


def finish(tx: Tx, step_id: str, outcome: str, note: str | None, now: int) -> bool:
    """End the service."""
    return tx.run(_FINISH, the_step=step_id, new_outcome=outcome, new_note=note, now=now) == 1


def miss(tx: Tx, step_id: str, state: str, ended_at: int | None) -> bool:
    """Record a missed call, leading to `state`."""
    return tx.run(_MISS, the_step=step_id, new_state=state, new_ended_at=ended_at) == 1


def set_state(tx: Tx, step_id: str, old: str, new: str, ended_at: int | None = None) -> bool:
    """Move a step that is at no counter afterwards from one state to another."""
    return (
        tx.run(_SET_STATE, the_step=step_id, old_state=old, new_state=new, new_ended_at=ended_at, new_counter=None) == 1
    )


def pass_on(
    tx: Tx, step_id: str, state: str, *, counter: str | None, for_counter: str | None, ended_at: int | None
) -> bool:
    """Let go of a step that is at a counter: ``transferred`` to another service, or ``waiting`` for another counter."""
    return (
        tx.run(
            _PASS_ON,
            the_step=step_id,
            new_state=state,
            new_counter=counter,
            new_for_counter=for_counter,
            new_ended_at=ended_at,
        )
        == 1
    )


def wait_from(tx: Tx, visit_id: str, since: int) -> int:
    """Let what a visit waits for count from an earlier moment; return for how many steps it does."""
    return tx.run(_WAIT_FROM, the_visit=visit_id, earlier=since)


def requeue(tx: Tx, step_id: str, old: str, since: int, for_counter: str | None) -> bool:
    """Let a step that is at no counter wait since `since`, for one counter or (None) for all of its service."""
    return tx.run(_REQUEUE, the_step=step_id, old_state=old, new_since=since, new_for_counter=for_counter) == 1


def meant_for_one(tx: Tx) -> list[Row]:
    """Return ``id, since, for_counter`` of every step that waits for one counter alone."""
    return tx.all(_MEANT_FOR_ONE)


def restore(tx: Tx, was: Row) -> None:
    """Make a step exactly what it was."""
    tx.run(_RESTORE, the_step=was["id"], **{f"was_{name}": value for name, value in was.items()})


def left_of_day(tx: Tx, day: str) -> list[Row]:
    """Return ``id, visit, service, state, counter, number`` of a day's steps that may still lead to service."""
    return tx.all(_LEFT_OF_DAY, the_day=day)


def end_with_day(tx: Tx, day: str, now: int) -> int:
    """End all of them with their day: ``cancelled``, with the outcome ``incomplete``; return how many."""
    return tx.run(_END_WITH_DAY, the_day=day, now=now)


def bring_back(tx: Tx, step_id: str, state: str) -> bool:
    """Let a step that ended with its day wait again, or be parked as it was."""
    return tx.run(_BRING_BACK, the_step=step_id, new_state=state) == 1


def remove(tx: Tx, step_id: str) -> None:
    """Take a step away that an undone action had added."""
    tx.run(_REMOVE, the_step=step_id)


def aside(tx: Tx, day: str, service: str, most: int) -> list[Row]:
    """Return the steps of a service that were set aside or given up after missed calls, by number."""
    return tx.all(_ASIDE, the_day=day, the_service=service, most=most)
