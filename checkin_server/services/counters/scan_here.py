"""At the counter: a visitor shows a ticket or a card, or says a number; the service begins.

Whoever was called here is simply started. Who comes without having been called is served when it is their turn, or had
been before; otherwise out of turn, if the venue's rules allow that and with a reason that stays in the event log. A
refusal is ``scan_refused`` with a ``reason`` and the figures that its words need.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from checkin_server.db import days, events, hall, members, steps, visits
from checkin_server.db.tx import LostRace, Row, Tx
from checkin_server.domain import choice, turns
from checkin_server.domain.members import codes
from checkin_server.domain.refusal import Refusal
from checkin_server.services.counters import at_counter, pass_on
from checkin_server.services.counters.undo import Memo
from checkin_server.services.members import signed_cards
from checkin_server.services.once import Answer, Command, Noted, noted
from checkin_server.services.routing import sending
from checkin_server.services.venue import Actor, Venue


@dataclass(frozen=True, slots=True)
class Shown:
    """What came to the counter: a code or a number, and what the clerk has decided already."""

    code: str | None = None
    number: int | None = None
    reason: str | None = None
    """Why out of turn."""
    service: str | None = None
    """Which of the counter's services, where several fit."""
    add: bool = False
    """Add `service` to the visit when it does not have it."""

    def body(self) -> dict[str, Any]:
        """Return it as a command's content."""
        return {
            "code": self.code,
            "number": self.number,
            "reason": self.reason,
            "service": self.service,
            "add": self.add,
        }


def scan(venue: Venue, actor: Actor, counter_id: str, command_id: str, shown: Shown) -> Answer | Refusal:
    """Begin the service of whoever stands at the counter: ``{outcome: "started", step, visit, why}``."""
    command = Command("scan", counter_id, command_id, shown.body(), actor, venue.now())
    claims = signed_cards.read(venue, shown.code or "")

    def do(tx: Tx, counter: Row) -> Answer | Refusal | Noted:
        day = days.running_day(tx)
        if day is None or (day["state"] != "open" and steps.at_counter(tx, counter_id) is None):
            # After closing only who was called here before is still served.
            return Refusal("wrong_state", {"state": "day_closed"})
        visit = _visit(tx, venue, command, day["id"], shown, claims)
        if isinstance(visit, Refusal):
            return noted(
                visit,
                "scan_refused",
                command.now,
                {"reason": visit.params["reason"], "known": visit.params["reason"] not in _NOBODY_WE_KNOW},
                service_day=day["id"],
                counter=counter_id,
                device=actor.device,
                staff=actor.staff,
            )
        return _Arrival(tx, venue, command, counter, visit, shown).served()

    return at_counter.act(venue, command, do)


_NOBODY_WE_KNOW = ("malformed_code", "unknown_card", "unknown_number", "lost_in_restore")


def _visit(tx: Tx, venue: Venue, command: Command, day: str, shown: Shown, claims: signed_cards.Read) -> Row | Refusal:
    """Return the visit that is meant, locked."""
    if shown.number is not None:
        visit = visits.numbered(tx, day, shown.number)
        if visit is None:
            return _no("unknown_number", number=shown.number)
    elif isinstance(claims, str):
        return _no(claims)
    elif claims is not None:
        facts = signed_cards.look(tx, venue, command.actor, claims, command.now).facts
        if facts.state != "active":
            return _no("revoked_card")
        if not facts.in_date:
            return _no("card_out_of_date")
        visit = visits.of_member(tx, day, claims.member)
    else:
        code = codes.parse(shown.code or "")
        if code is None:
            return _no("malformed_code")
        if code.kind == codes.VISIT:
            visit = visits.find(tx, code.text)
            if visit is None:
                return _no("lost_in_restore") if events.was_restored(tx, day) else _no("unknown_card")
        else:
            person = members.by_card(tx, code.text)
            if person is None:
                return _no("unknown_card")
            if person["card_event"] != venue.plan.event.id:
                return _no("wrong_event")
            if person["card_state"] != "active":
                return _no("revoked_card")
            visit = visits.of_member(tx, day, person["id"])
    if visit is None or visit["number"] is None:
        return _no("no_number")
    if visit["service_day"] != day or visit["state"] == "left":
        return _no("visit_closed", number=visit["number"])
    return visits.lock(tx, visit["id"]) or _no("unknown_card")


def _no(reason: str, **params: Any) -> Refusal:
    return Refusal("scan_refused", {"reason": reason, **params})


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A known visitor at a counter."""

    tx: Tx
    venue: Venue
    command: Command
    counter: Row
    visit: Row
    shown: Shown

    def served(self) -> Answer | Refusal:
        """Start the visitor's service here, or say why not."""
        here = steps.at_counter(self.tx, self.counter["id"])
        if here is not None:
            if here["visit"] != self.visit["id"] or here["state"] != "called":
                return Refusal("wrong_state", {"state": here["state"]})
            return self._start(self._memo(), here)
        if self.counter["state"] != "open":
            return Refusal("wrong_state", {"state": self.counter["state"]})
        headed = None
        if self.visit["active_step"] is not None:
            placed = steps.find(self.tx, self.visit["active_step"])
            assert placed is not None
            if placed["state"] != "headed":
                return self._no(
                    "elsewhere", counter=placed["counter"], service=placed["service"], state=placed["state"]
                )
            headed = placed
        return self._come(headed)

    def _come(self, headed: Row | None) -> Answer | Refusal:
        """Serve a visitor who was not called here."""
        offered = self.venue.plan.counters[self.counter["id"]].services
        rows = steps.of_visit(self.tx, self.visit["id"])
        stops = [
            turns.Stop(r["id"], r["service"], r["state"], r["since"], r["first_called_at"] is not None) for r in rows
        ]
        stop = turns.meant(stops, offered, self.shown.service)
        if stop is None and not (self.shown.add and self.shown.service in offered):
            return self._not_chosen(offered, {r["service"] for r in rows if r["state"] == "served"})
        ahead = self._ahead(stop)
        waits = stop or turns.Stop("", "", "waiting", self.command.now, called_before=False)
        policy = self.venue.plan.out_of_turn
        refusal, why = turns.why_here(waits, ahead, policy, self.shown.reason)
        if refusal:
            return self._no(refusal, ahead=ahead, service=stop.service if stop else self.shown.service)
        memo = self._memo()
        step_id = stop.id if stop else ""
        if stop is None:
            assert self.shown.service is not None
            added = pass_on.add(self.tx, self.venue, self.command, self.visit, (self.shown.service,))
            if isinstance(added, Refusal):
                return added
            (step_id,) = added
        # Only now is it certain that the visitor is served here.
        if headed is not None:
            self._let_go(headed)
        if stop is not None and stop.state in ("parked", "no_show"):
            steps.set_state(self.tx, stop.id, stop.state, "waiting")
        return self._call(memo, step_id, why)

    def _call(self, memo: Memo, step_id: str, code: str) -> Answer:
        why = {"code": code}
        if code == "out_of_turn" and self.shown.reason:
            why["reason"] = self.shown.reason
        # Somebody who stands here rests and holds no more.
        when = max(self.command.now, self.visit["not_before"])
        if not visits.claim(self.tx, self.visit["id"], step_id, when) or not steps.call(
            self.tx, step_id, self.counter["id"], json.dumps(why, ensure_ascii=False), self.command.now
        ):
            raise LostRace(f"visit {self.visit['id']} was called elsewhere before it could be claimed")
        called = steps.find(self.tx, step_id)
        assert called is not None
        at_counter.tell(
            self.tx,
            self.command,
            "visitor_called",
            called,
            self.visit["number"],
            {"why": {"code": code}, "scanned": True},
            {"reason": why.get("reason")},
        )
        return self._start(memo, called)

    def _start(self, memo: Memo, step: Row) -> Answer:
        steps.start(self.tx, step["id"], self.command.now)
        at_counter.tell(self.tx, self.command, "service_started", step, self.visit["number"], {"scanned": True})
        memo.keep(step["id"])
        return {"outcome": "started", **at_counter.answer(self.tx, self.venue, step["id"])}

    def _let_go(self, headed: Row) -> None:
        """A visitor who was sent to a zone came here instead: the other counter shall not wait for them."""
        if not sending.release(self.tx, self.visit, "elsewhere", self.command.now):
            raise LostRace(f"step {headed['id']} was called before its visitor came here")

    def _ahead(self, stop: turns.Stop | None) -> int:
        """Count the visitors that this counter could call, sent here or free, and who have waited longer."""
        counter = self.counter["id"]
        since = (stop.since if stop else self.command.now, self.visit["number"])
        services = self.venue.plan.counters[counter].services
        sent = [row for row in hall.headed(self.tx, self.visit["service_day"]) if row["service"] in services]
        free = {
            row["visit"]
            for service in services
            for row in steps.candidates(
                self.tx, self.visit["service_day"], service, counter, self.command.now, _COUNTED
            )
            if (row["since"], row["number"]) < since and row["visit"] != self.visit["id"]
        }
        free |= {row["visit"] for row in sent if (row["since"], row["number"]) < since} - {self.visit["id"]}
        return len(free)

    def _not_chosen(self, offered: tuple[str, ...], served: set[str]) -> Refusal:
        plan, category = self.venue.plan, self.visit["category"]
        can = [s for s in offered if s not in served and choice.why_not(plan, category, s) is None]
        if not can and served.intersection(offered):
            return self._no("served_already")
        return self._no("not_chosen", offer=can, ahead=self._ahead(None))

    def _memo(self) -> Memo:
        memo = Memo(self.tx, self.counter, self.command)
        memo.look(self.visit["id"])
        return memo

    def _no(self, reason: str, **params: Any) -> Refusal:
        return _no(reason, number=self.visit["number"], **params)


_COUNTED = 24
"""Visitors ahead that are counted; beyond that the exact figure tells nobody anything."""
