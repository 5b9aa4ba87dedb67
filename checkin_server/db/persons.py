"""All that is known of one member, and taking it away: the rows, by the visits they were in."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, delete, func, or_, select, update

from checkin_server.db.clock import MOMENT
from checkin_server.db.schema import (
    card,
    command,
    device,
    event,
    event_personal,
    feedback,
    is_one_of,
    last_action,
    member,
    note,
    print_job,
    referral,
    signed_card,
    staff,
    step,
    visit,
    visit_member,
)
from checkin_server.db.tx import Tx

_WHO: ColumnElement[str] = bindparam("the_member", type_=Text())
_MEMBER = select(member).where(member.c.id == _WHO)
_CARDS = select(card).where(card.c.member == _WHO).order_by(card.c.issued_at)
_SIGNED = select(signed_card).where(signed_card.c.member == _WHO).order_by(signed_card.c.turn)
_PRESENT = select(visit_member.c.visit).where(visit_member.c.member == _WHO)
_MINE = or_(visit.c.member == _WHO, visit.c.id.in_(_PRESENT))
_VISITS = select(visit).where(_MINE).order_by(visit.c.created_at)
_IDS = select(visit.c.id).where(_MINE)
_OTHERS = select(func.count().label("people")).where(
    visit_member.c.visit == bindparam("the_visit"), visit_member.c.member != _WHO
)
_STEPS = select(step).where(step.c.visit.in_(_IDS)).order_by(step.c.since, step.c.position)
_NOTES = select(note).where(note.c.visit.in_(_IDS)).order_by(note.c.at)
_OPINIONS = select(feedback).where(feedback.c.visit.in_(_IDS)).order_by(feedback.c.at)
_CASES = select(referral, step.c.visit).join_from(referral, step, step.c.id == referral.c.step).where(
    step.c.visit.in_(_IDS)
)  # fmt: skip
_PRINTS = select(print_job).where(print_job.c.visit.in_(_IDS)).order_by(print_job.c.created_at)
_ABOUT = select(event_personal.c.event).where(event_personal.c.kind == "member", event_personal.c.content == _WHO)
_EVENTS = (
    select(
        event.c.seq, MOMENT.label("at"), event.c.kind, event.c.service_day, event.c.visit, event.c.service,
        event.c.counter, event.c.data, staff.c.name.label("staff"), device.c.role, device.c.station,
    )
    .select_from(
        event.outerjoin(staff, staff.c.id == event.c.staff).outerjoin(device, device.c.id == event.c.device)
    )
    .where(or_(event.c.visit.in_(_IDS), event.c.seq.in_(_ABOUT)))
    .order_by(event.c.seq)
)  # fmt: skip
_TYPED = select(event_personal.c.event, event_personal.c.content).where(
    event_personal.c.kind == "typed",
    # What was looked for may be another one's name.
    event_personal.c.part != "query",
    or_(
        event_personal.c.event.in_(_ABOUT),
        event_personal.c.event.in_(select(event.c.seq).where(event.c.visit.in_(_IDS))),
    ),
)
_ANSWERS = select(func.count().label("answers")).where(command.c.answer.like(bindparam("pattern", type_=Text())))


def known(tx: Tx, member_id: str) -> dict[str, Any] | None:
    """Return every row that is about a member, by table; None when there is no such member."""
    person = tx.one(_MEMBER, the_member=member_id)
    if person is None:
        return None
    typed: dict[int, list[str]] = {}
    for row in tx.all(_TYPED, the_member=member_id):
        typed.setdefault(row["event"], []).append(row["content"])
    visits = tx.all(_VISITS, the_member=member_id)
    for row in visits:
        others = tx.one(_OTHERS, the_visit=row["id"], the_member=member_id)
        row["others"] = others["people"] if others else 0
    return {
        "member": person,
        "cards": tx.all(_CARDS, the_member=member_id),
        "signed_cards": tx.all(_SIGNED, the_member=member_id),
        "visits": visits,
        "steps": tx.all(_STEPS, the_member=member_id),
        "notes": tx.all(_NOTES, the_member=member_id),
        "opinions": tx.all(_OPINIONS, the_member=member_id),
        "cases": tx.all(_CASES, the_member=member_id),
        "prints": tx.all(_PRINTS, the_member=member_id),
        "events": [{**row, "typed": typed.get(row["seq"], [])} for row in tx.all(_EVENTS, the_member=member_id)],
        "answers": sum(_count(tx, name) for name in (member_id, *(str(row["id"]) for row in visits))),
    }


def _count(tx: Tx, name: str) -> int:
    row = tx.one(_ANSWERS, pattern=_within(name))
    return int(row["answers"]) if row else 0


def _within(name: str) -> str:
    """Return the pattern of an answer in which an id stands. Only for ids: letters, digits, `-`, `_`."""
    return f"%{json.dumps(name, ensure_ascii=False)}%"


# -- taking it away ----------------------------------------------------------------------------------------------------

_VISIT = bindparam("the_visit", type_=Text())
_OF_VISIT = (
    update(feedback).where(feedback.c.visit == _VISIT, feedback.c.text.is_not(None)).values(text=None),
    update(note).where(note.c.visit == _VISIT).values(text=""),
    update(referral).where(referral.c.step.in_(select(step.c.id).where(step.c.visit == _VISIT))).values(subject=""),
    update(step).where(step.c.visit == _VISIT, step.c.note.is_not(None)).values(note=None),
    update(print_job)
    .where(print_job.c.visit == _VISIT, is_one_of(print_job.c.state, "queued", "sending"))
    .values(state="cancelled"),
    update(print_job).where(print_job.c.visit == _VISIT).values(spec="{}"),
    delete(event_personal).where(
        event_personal.c.kind == "typed",
        event_personal.c.event.in_(select(event.c.seq).where(event.c.visit == _VISIT)),
    ),
    delete(last_action).where(last_action.c.visit == _VISIT),
)
_TYPED_WHY = select(step.c.id, step.c.why).where(step.c.visit == _VISIT, step.c.why.like('%"out_of_turn"%"reason"%'))
_NEW_WHY = update(step).where(step.c.id == bindparam("the_step")).values(why=bindparam("new_why"))
_FORGET_ANSWERS = delete(command).where(command.c.answer.like(bindparam("pattern", type_=Text())))
_OF_MEMBER = (
    delete(event_personal).where(event_personal.c.kind == "typed", event_personal.c.event.in_(_ABOUT)),
    delete(event_personal).where(event_personal.c.kind == "member", event_personal.c.content == _WHO),
    delete(visit_member).where(visit_member.c.member == _WHO),
    update(visit).where(visit.c.member == _WHO).values(member=None),
    delete(card).where(card.c.member == _WHO),
    delete(signed_card).where(signed_card.c.member == _WHO, signed_card.c.revoked_at.is_(None)),
    update(signed_card)
    .where(signed_card.c.member == _WHO)
    .values(member=None, turn=None, seen_place=None, seen_at=None),
    delete(member).where(member.c.id == _WHO),
)
_RENAME_FAMILY = update(member).where(member.c.family == _WHO).values(family=bindparam("new_family"))


def forget(tx: Tx, member_id: str, new_family: str) -> int:
    """Take a member away; return how many rows of texts and answers went or were emptied with it.

    Visits stay, as nobody's: what was said and written on them goes, whoever of the family said it. A family that bears
    the member's own id gets `new_family`.
    """
    emptied = tx.run(_FORGET_ANSWERS, pattern=_within(member_id))
    for row in tx.all(_VISITS, the_member=member_id):
        emptied += tx.run(_FORGET_ANSWERS, pattern=_within(row["id"]))
        emptied += sum(tx.run(statement, the_visit=row["id"]) for statement in _OF_VISIT)
        for told in tx.all(_TYPED_WHY, the_visit=row["id"]):
            why = {name: said for name, said in json.loads(told["why"]).items() if name != "reason"}
            tx.run(_NEW_WHY, the_step=told["id"], new_why=json.dumps(why))
    for statement in _OF_MEMBER:
        tx.run(statement, the_member=member_id)
    tx.run(_RENAME_FAMILY, the_member=member_id, new_family=new_family)
    return emptied
