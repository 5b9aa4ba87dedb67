"""Visits: the number, the party, and the one place a visit may be claimed for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, delete, insert, select, update

from checkin_server.db.schema import is_one_of, member, visit, visit_member
from checkin_server.db.tx import Row, Tx

_FIND = select(visit).where(visit.c.id == bindparam("the_visit"))
_LOCK = _FIND.with_for_update()
_OF_MEMBER = (
    select(visit)
    .join_from(visit_member, visit, visit_member.c.visit == visit.c.id)
    .where(visit_member.c.service_day == bindparam("the_day"), visit_member.c.member == bindparam("the_member"))
)
# A subquery and not a join: joined, SQLite would begin with everybody of the day and look for the family among them.
_OF_FAMILY = select(visit_member.c.member).where(
    visit_member.c.service_day == bindparam("the_day"),
    visit_member.c.member.in_(select(member.c.id).where(member.c.family == bindparam("the_family"))),
)
_OF_DAY = select(visit_member.c.member).where(visit_member.c.service_day == bindparam("the_day"))
_NUMBERED = select(visit).where(visit.c.service_day == bindparam("the_day"), visit.c.number == bindparam("the_number"))
_ONCE_NUMBERED = select(visit).where(
    visit.c.service_day == bindparam("the_day"), visit.c.old_number == bindparam("the_number")
)
_REMEMBER = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"))
    .values(old_number=bindparam("new_old_number"), waits_from=bindparam("new_waits_from"))
)
_INSERT = insert(visit)
_LINKED = select(visit).where(visit.c.link == bindparam("the_link")).order_by(visit.c.number)
# In one order for everybody, so that two kiosks that lock the same family do not wait for each other.
_LOCK_LINKED = select(visit).where(visit.c.link == bindparam("the_link")).order_by(visit.c.id).with_for_update()
_PRIORITY = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"))
    .values(priority=bindparam("reason"), priority_minutes=bindparam("minutes"), needs=bindparam("new_needs"))
)
_CARD_SHOWN = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"))
    .values(card_device=bindparam("new_device"), card_at=bindparam("at"))
)
_LINK = update(visit).where(visit.c.id == bindparam("the_visit")).values(link=bindparam("new_link"))
_PARTY = (
    select(visit_member.c.member).where(visit_member.c.visit == bindparam("the_visit")).order_by(visit_member.c.member)
)
_JOIN = insert(visit_member)
_UNJOIN = delete(visit_member).where(
    visit_member.c.visit == bindparam("the_visit"), visit_member.c.member == bindparam("the_member")
)
_CHOOSE = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"))
    .values(
        number=bindparam("new_number"),
        state="open",
        locale=bindparam("new_locale"),
        keep_together=bindparam("new_keep_together"),
        party_size=bindparam("new_party_size"),
        numbered_at=bindparam("new_numbered_at"),
    )
)
_CLAIM = (
    update(visit)
    .where(
        visit.c.id == bindparam("the_visit"),
        visit.c.state == "open",
        visit.c.active_step.is_(None),
        visit.c.not_before <= bindparam("now"),
    )
    .values(active_step=bindparam("new_step"), hold_until=None)
)
_CONFIRM = (
    update(visit)
    .where(
        visit.c.id == bindparam("the_visit"),
        visit.c.state == "open",
        visit.c.active_step == bindparam("the_step"),
    )
    .values(hold_until=None)
)
_RELEASE = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), visit.c.active_step == bindparam("the_step"))
    .values(active_step=None, not_before=bindparam("new_not_before"))
)
_HOLD = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), visit.c.state == "open", visit.c.active_step.is_(None))
    .values(
        hold_until=bindparam("until"),
        # A short hold does not shorten the rest after a missed call.
        not_before=case((visit.c.not_before > bindparam("until"), visit.c.not_before), else_=bindparam("until")),
    )
)
_RESTORE = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"))
    .values(
        state=bindparam("was_state"),
        active_step=bindparam("was_active_step"),
        not_before=bindparam("was_not_before"),
        hold_until=bindparam("was_hold_until"),
    )
)
_LEAVE = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), visit.c.active_step.is_(None))
    .values(state="left", left_at=bindparam("at"))
)

# A visit that is at a counter, or was sent to one, when its day ends: what it was claimed for is over as well.
_END = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), is_one_of(visit.c.state, "open"))
    .values(state="left", left_at=bindparam("at"), active_step=None, hold_until=None)
)
_END_CHOOSING = (
    update(visit)
    .where(visit.c.service_day == bindparam("the_day"), is_one_of(visit.c.state, "choosing"))
    .values(state="left", left_at=bindparam("at"))
)
_LET_IN_AGAIN = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), is_one_of(visit.c.state, "left"))
    .values(state="open", left_at=None, not_before=0)
)
_REOPEN = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), is_one_of(visit.c.state, "left"))
    .values(state=bindparam("new_state"), left_at=None)
)
_LET_CHOOSE_AGAIN = (
    update(visit)
    .where(
        visit.c.service_day == bindparam("the_day"),
        is_one_of(visit.c.state, "left"),
        visit.c.number.is_(None),
        visit.c.left_at == bindparam("at"),
    )
    .values(state="choosing", left_at=None)
)


def find(tx: Tx, visit_id: str) -> Row | None:
    """Return a visit."""
    return tx.one(_FIND, the_visit=visit_id)


def lock(tx: Tx, visit_id: str) -> Row | None:
    """Return a visit that nobody else can change until the commit: for commands that decide by what they read."""
    return tx.one(_LOCK, the_visit=visit_id)


def of_member(tx: Tx, day: str, member: str) -> Row | None:
    """Return the visit that a member belongs to on a day; there is at most one."""
    return tx.one(_OF_MEMBER, the_day=day, the_member=member)


def of_family(tx: Tx, day: str, family: str) -> set[str]:
    """Return the members of a family who belong to any visit on a day."""
    return {str(row["member"]) for row in tx.all(_OF_FAMILY, the_day=day, the_family=family)}


def of_day(tx: Tx, day: str) -> set[str]:
    """Return the members who belong to any visit on a day."""
    return {str(row["member"]) for row in tx.all(_OF_DAY, the_day=day)}


def numbered(tx: Tx, day: str, number: int) -> Row | None:
    """Return the visit that has a number on a day."""
    return tx.one(_NUMBERED, the_day=day, the_number=number)


def once_numbered(tx: Tx, day: str, number: int) -> Row | None:
    """Return the visit of somebody who had a number before a restore, and has another one now."""
    return tx.one(_ONCE_NUMBERED, the_day=day, the_number=number)


def remember(tx: Tx, visit_id: str, number: int | None, waits_from: int) -> None:
    """Write down what somebody remembers of a visit that was lost in a restore."""
    tx.run(_REMEMBER, the_visit=visit_id, new_old_number=number, new_waits_from=waits_from)


def card_shown(tx: Tx, visit_id: str, device: str, at: int) -> None:
    """Note where and when the card of a visit was shown last."""
    tx.run(_CARD_SHOWN, the_visit=visit_id, new_device=device, at=at)


def linked(tx: Tx, link: str) -> list[Row]:
    """Return the visits of a family that split up, by number."""
    return tx.all(_LINKED, the_link=link)


def lock_linked(tx: Tx, link: str) -> list[Row]:
    """Return the same, and nobody else can change them until the commit."""
    return tx.all(_LOCK_LINKED, the_link=link)


def link(tx: Tx, visit_id: str, link: str) -> None:
    """Say that a visit belongs to a family that split up."""
    tx.run(_LINK, the_visit=visit_id, new_link=link)


def prioritise(tx: Tx, visit_id: str, reason: str | None, minutes: int | None, needs: str) -> None:
    """Write the priority that was given by hand (None: none), and the needs as they are with it."""
    tx.run(_PRIORITY, the_visit=visit_id, reason=reason, minutes=minutes, new_needs=needs)


def add(tx: Tx, **values: Any) -> None:
    """Add a visit."""
    tx.run(_INSERT, **values)


def party(tx: Tx, visit_id: str) -> list[str]:
    """Return the members of a visit's party."""
    return [str(row["member"]) for row in tx.all(_PARTY, the_visit=visit_id)]


def join(tx: Tx, day: str, visit_id: str, member: str) -> None:
    """Add a member to a visit's party."""
    tx.run(_JOIN, service_day=day, visit=visit_id, member=member)


def unjoin(tx: Tx, visit_id: str, member: str) -> None:
    """Take a member out of a visit's party."""
    tx.run(_UNJOIN, the_visit=visit_id, the_member=member)


# size: what one statement writes, all of it decided by one use case
def choose(tx: Tx, visit_id: str, number: int, locale: str, keep_together: bool, party_size: int, at: int) -> None:
    """Write what was chosen for the visit as a whole; `number` is the one it has or has just been given."""
    tx.run(
        _CHOOSE,
        the_visit=visit_id,
        new_number=number,
        new_locale=locale,
        new_keep_together=int(keep_together),
        new_party_size=party_size,
        new_numbered_at=at,
    )


def claim(tx: Tx, visit_id: str, step_id: str, now: int) -> bool:
    """Claim a free visit for one step: compare-and-swap, so that two counters never get the same visit."""
    return tx.run(_CLAIM, the_visit=visit_id, new_step=step_id, now=now) == 1


def confirm(tx: Tx, visit_id: str, step_id: str) -> bool:
    """Hold on to a visit that is claimed for `step_id` already; False when it has been let go of."""
    return tx.run(_CONFIRM, the_visit=visit_id, the_step=step_id) == 1


def release(tx: Tx, visit_id: str, step_id: str, not_before: int) -> bool:
    """Let go of a visit that is claimed for `step_id`; it may be called again from `not_before`."""
    return tx.run(_RELEASE, the_visit=visit_id, the_step=step_id, new_not_before=not_before) == 1


def hold(tx: Tx, visit_id: str, until: int | None) -> bool:
    """Keep a free visit's place without calling it until a time; None lifts the hold."""
    if until is None:
        return tx.run(_UNHOLD, the_visit=visit_id) == 1
    return tx.run(_HOLD, the_visit=visit_id, until=until) == 1


_UNHOLD = (
    update(visit)
    .where(visit.c.id == bindparam("the_visit"), visit.c.state == "open")
    .values(hold_until=None, not_before=0)
)


def leave(tx: Tx, visit_id: str, at: int) -> bool:
    """End a visit that is at no counter."""
    return tx.run(_LEAVE, the_visit=visit_id, at=at) == 1


def end_with_day(tx: Tx, visit_id: str, at: int) -> bool:
    """End a visit wherever it is, because its day ends; False when it was over."""
    return tx.run(_END, the_visit=visit_id, at=at) == 1


def end_choosing(tx: Tx, day: str, at: int) -> int:
    """End the visits of a day that have not chosen anything; return how many."""
    return tx.run(_END_CHOOSING, the_day=day, at=at)


def let_in_again(tx: Tx, visit_id: str) -> bool:
    """Let a visit that ended with its day be inside again, free."""
    return tx.run(_LET_IN_AGAIN, the_visit=visit_id) == 1


def reopen(tx: Tx, visit_id: str, state: str) -> bool:
    """Let a visit that has left be ``open`` or ``choosing`` again, with its hold and its rest as they were."""
    return tx.run(_REOPEN, the_visit=visit_id, new_state=state) == 1


def let_choose_again(tx: Tx, day: str, ended_at: int) -> int:
    """Let the visits without a number that ended with their day, at `ended_at`, choose again; return how many."""
    return tx.run(_LET_CHOOSE_AGAIN, the_day=day, at=ended_at)


PLACE = ("state", "active_step", "not_before", "hold_until")
"""What of a visit says where it is; all that an action at a counter may change."""


def restore(tx: Tx, visit_id: str, was: Row) -> None:
    """Put a visit's place (`PLACE`) back to what it was."""
    tx.run(_RESTORE, the_visit=visit_id, **{f"was_{name}": was[name] for name in PLACE})
