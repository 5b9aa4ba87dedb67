"""Taking back the last action at a counter: everything it changed is again exactly what it was.

Each action keeps, in its own transaction, what it changed as it was before and a digest of what it made of it
(`Memo`). Undoing compares: only what still is as the action left it is put back. When something has happened to it
since (the visitor was called elsewhere, left, or chose anew) nothing is changed, and the refusal says what.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from checkin_server.db import counters, last_actions, notes, referrals, steps, visits
from checkin_server.db.tx import Row, Tx
from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from checkin_server.domain.steps import UNDO_MS
from checkin_server.services.counters import at_counter
from checkin_server.services.once import Answer, Command
from checkin_server.services.routing import sending
from checkin_server.services.venue import Actor, Venue


class Memo:
    """What one action changes at a counter. `look` before it, `keep` after it, in the same transaction."""

    def __init__(self, tx: Tx, counter: Row, command: Command) -> None:
        self._tx = tx
        self._counter = dict(counter)
        self._command = command
        self._before: _Image | None = None

    def look(self, visit_id: str | None) -> None:
        """See how the visit stands that will be changed; None for an action on the counter alone."""
        self._before = _Image(self._tx, visit_id)

    def keep(self, step: str | None = None) -> None:
        """Remember what has become of it, for as long as nothing else is done at this counter."""
        before = self._before
        assert before is not None, "look comes first"
        after = _Image(self._tx, before.visit_id)
        counter = counters.find(self._tx, self._counter["id"])
        touched = {step_id: row for step_id, row in before.steps.items() if after.steps.get(step_id) != row}
        added = [step_id for step_id in after.steps if step_id not in before.steps]
        last_actions.keep(
            self._tx,
            self._counter["id"],
            command=self._command.id,
            action=self._command.kind,
            at=self._command.now,
            number=after.number,
            visit=before.visit_id,
            step=step,
            before=_json(
                {
                    "counter": self._counter,
                    "visit": before.place,
                    "steps": touched,
                    "added": added,
                    "referrals": sorted(after.referrals - before.referrals),
                    "notes": sorted(after.notes - before.notes),
                }
            ),
            after=_json(
                {
                    "counter": _digest(counter),
                    "visit": _digest(after.place),
                    "steps": {step_id: _digest(after.steps[step_id]) for step_id in (*touched, *added)},
                }
            ),
        )


class _Image:
    """A visit with its steps, and what hangs on them, at one moment."""

    def __init__(self, tx: Tx, visit_id: str | None) -> None:
        self.visit_id = visit_id
        visit = visits.find(tx, visit_id) if visit_id else None
        self.number: int | None = visit["number"] if visit else None
        self.place: Row | None = {name: visit[name] for name in visits.PLACE} if visit else None
        self.steps = {str(row["id"]): row for row in steps.of_visit(tx, visit_id)} if visit_id else {}
        self.referrals = set(referrals.of_visit(tx, visit_id)) if visit_id else set()
        self.notes = set(notes.of_visit(tx, visit_id)) if visit_id else set()

    def on_the_way_is_free(self) -> None:
        """Take no notice of where the router has sent the visitor since."""
        sent = self.steps.get(self.place["active_step"]) if self.place and self.place["active_step"] else None
        if self.place is not None and sent is not None and sent["state"] == "headed":
            self.place = {**self.place, "active_step": None}
            self.steps[sent["id"]] = {**sent, "state": "waiting", "headed_at": None}


def undo(
    venue: Venue, actor: Actor, counter_id: str, command_id: str, action_id: str | None = None
) -> Answer | Refusal:
    """Take the counter's last action back: ``{outcome: "undone", action, counter, step, visit}``.

    `action_id` is the command that is meant; another one that came in between is then not undone in its place. Refused
    with ``wrong_state`` and a ``reason``: ``nothing_to_undo``, ``too_late`` or ``changed_since``.
    """
    body = {} if action_id is None else {"action_id": action_id}
    command = Command("undo", counter_id, command_id, body, actor, venue.now())
    now = command.now

    def do(tx: Tx, counter: Row) -> Answer | Refusal:
        step = steps.at_counter(tx, counter_id)
        standing = step["state"] if step else at_counter.idle(counter)
        last = last_actions.find(tx, counter_id)
        if last is None or (action_id is not None and last["command"] != action_id):
            return Refusal("wrong_state", {"state": standing, "reason": "nothing_to_undo"})
        if now - last["at"] > UNDO_MS:
            return Refusal("wrong_state", {"state": standing, "reason": "too_late"})
        visit = visits.lock(tx, last["visit"]) if last["visit"] else None
        if visit is not None and visit["service_day"] != at_counter.running_day_id(tx):
            return Refusal("wrong_state", {"state": "day_closed", "reason": "changed_since"})
        before, after = json.loads(last["before"]), json.loads(last["after"])
        now_there = _Image(tx, last["visit"])
        now_there.on_the_way_is_free()
        if _changed(counter, now_there, after):
            return _moved_on(tx, visit, standing)
        if visit is not None:
            # Where the router has sent them since is no more than advice: the visitor still stands here.
            sending.release(tx, visit, "undone", now)
        _restore(tx, before, last["visit"])
        last_actions.forget(tx, counter_id)
        meant = steps.find(tx, last["step"]) if last["step"] else None
        tx.emit(
            "action_undone",
            now,
            {"action": last["action"], "command": last["command"], "state": meant["state"] if meant else None},
            service_day=visit["service_day"] if visit else at_counter.open_day_id(tx),
            visit=last["visit"],
            step=meant["id"] if meant else None,
            service=meant["service"] if meant else None,
            counter=counter_id,
            number=last["number"],
            device=actor.device,
            staff=actor.staff,
        )
        row = counters.find(tx, counter_id)
        assert row is not None
        back = steps.at_counter(tx, counter_id)
        shown = at_counter.answer(tx, venue, back["id"]) if back else {"step": None, "visit": None, "why": None}
        return {
            "outcome": "undone",
            "action": last["action"],
            "counter": at_counter.show_counter(venue, counter_id, row["state"], row["reason"]),
            **shown,
        }

    return at_counter.act(venue, command, do)


def _changed(counter: Row, image: _Image, after: dict[str, Any]) -> bool:
    """Tell whether anything the action left is different by now."""
    return (
        _digest(counter) != after["counter"]
        or _digest(image.place) != after["visit"]
        or any(_digest(image.steps.get(step_id)) != digest for step_id, digest in after["steps"].items())
    )


def _moved_on(tx: Tx, visit: Row | None, standing: str) -> Refusal:
    """Say what has happened since: where the visitor is by now."""
    params: dict[str, Any] = {"state": standing, "reason": "changed_since"}
    if visit is not None:
        params["number"] = visit["number"]
        if visit["state"] != "open":
            params["state"] = visit["state"]
        elif visit["active_step"] is not None:
            elsewhere = steps.find(tx, visit["active_step"])
            assert elsewhere is not None
            params |= {"state": elsewhere["state"], "counter": elsewhere["counter"], "service": elsewhere["service"]}
    return Refusal("wrong_state", params)


def _restore(tx: Tx, before: dict[str, Any], visit_id: str | None) -> None:
    for referral in before["referrals"]:
        referrals.remove(tx, referral)
    for note in before["notes"]:
        notes.remove(tx, note)
    for step_id in before["added"]:
        steps.remove(tx, step_id)
    # A visit and a counter have one placed step each: what was at no counter makes room first.
    for row in sorted(before["steps"].values(), key=lambda row: row["state"] in rules.PLACED):
        steps.restore(tx, row)
    if visit_id is not None:
        visits.restore(tx, visit_id, before["visit"])
    counters.restore(tx, before["counter"])


def _json(document: Any) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(document: Any) -> str:
    return hashlib.sha256(_json(document).encode()).hexdigest()
