"""A day as a state machine: people, counters and the clock do as they like; what was promised must hold throughout.

Hypothesis picks what happens. After each step the database is looked at as a whole, and what the machine remembers of
the answers (numbers, ids) is compared with it.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from checkin_server.domain import steps as rules
from checkin_server.domain.refusal import Refusal
from tests.support.venue import FAMILY, Site

SERVICES = ["bank", "health", "school", "enrolment", "advice", "telecom"]
COUNTERS = ["bank-1", "bank-2", "health-1", "school-1", "desk-1"]
AT = st.sampled_from(COUNTERS)
USUAL = st.lists(st.sampled_from(["bank", "health", "advice", "enrolment"]), min_size=1, max_size=3)
ACTIONS = st.sampled_from(["start", "finish", "start", "finish", "no-show", "park", "recall"])
CHOICE = USUAL | USUAL | st.lists(st.sampled_from(SERVICES), max_size=4)
"""What can be had, mostly; now and then nothing, or what is closed or not for everybody."""
_EVENT_OF = {
    "open": "counter_opened",
    "pause": "counter_paused",
    "close": "counter_closed",
    "call-next": "visitor_called",
    "recall": "visitor_recalled",
    "start": "service_started",
    "finish": "service_finished",
    "no-show": "visitor_missed",
    "park": "step_parked",
    "hold": "visit_held",
    "resume": "visit_resumed",
    "leave": "visit_left",
    "reprint": "ticket_queued",
}


class DayMachine(RuleBasedStateMachine):
    """Rules are what people do; a subclass says on which database."""

    visits = Bundle("visits")

    def make_site(self) -> Site:
        """Return a new site."""
        raise NotImplementedError

    @initialize()
    def open_the_doors(self) -> None:
        """The day begins."""
        self.site = self.make_site()
        self.numbers: dict[str, int] = {}
        self.given: list[int] = []
        self.last_seq = self._last_seq()
        self.people = [*self.site.crowd[:4], *FAMILY[:2]]
        for counter in COUNTERS[:4]:
            self.site.press(counter, "open")
        self.last_seq = self._last_seq()

    # -- what happens ---------------------------------------------------------------------------------------------

    @rule(target=visits, who=st.integers(0, 5))
    def scan(self, who: int) -> str:
        """Somebody shows a card, for the first time or again."""
        return self._scan(who)

    def _scan(self, who: int) -> str:
        answer = self.site.scan(self.people[who].code)
        self._accepted("member_admitted" if answer["outcome"] == "admitted" else None)
        if answer["outcome"] == "refused":
            assert answer["reason"] == "visit_closed"
            return str(
                self.site.rows("SELECT visit FROM visit_member WHERE member = :m", m=self.people[who].id)[0]["visit"]
            )
        visit = answer["visit"]
        assert visit["number"] == self.numbers.get(visit["id"]), "the number never changes"
        return str(visit["id"])

    @rule(target=visits, who=st.integers(0, 5), wanted=USUAL)
    def arrive(self, who: int, wanted: list[str]) -> str:
        """Somebody shows a card and ticks services, as most do."""
        visit = self._scan(who)
        self._chosen(visit, self.site.choose(visit, *wanted))
        return visit

    @rule(visit=visits, wanted=CHOICE)
    def choose(self, visit: str, wanted: list[str]) -> None:
        """Somebody ticks services."""
        self._chosen(visit, self.site.choose(visit, *wanted))

    @rule(visit=visits, more=st.sampled_from(SERVICES), drop=st.booleans())
    def add_or_drop(self, visit: str, more: str, drop: bool) -> None:
        """Somebody adds one service to what they have, or drops it."""
        have = [s["service"] for s in self.site.look(visit)["steps"] if s["state"] in rules.OPEN]
        wanted = [s for s in have if s != more] if drop else [*have, more]
        self._chosen(visit, self.site.choose(visit, *wanted))

    @rule(visit=visits, action=st.sampled_from(["hold", "resume", "leave", "reprint", "resume", "hold"]))
    def at_the_kiosk(self, visit: str, action: str) -> None:
        """Somebody holds their place, goes on, leaves or prints again."""
        answer = self.site.visit_does(action, visit, minutes=5)
        if action == "resume" and not isinstance(answer, Refusal):
            assert {s["state"] for s in answer["steps"]}.isdisjoint({"parked", "no_show"}), "all stops are back"
        self._accepted(None if isinstance(answer, Refusal) else _EVENT_OF[action])

    @rule(counter=AT, action=st.sampled_from(["open", "open", "pause", "close"]))
    def run_counter(self, counter: str, action: str) -> None:
        """A counter is opened, paused or closed."""
        state = self.site.one("SELECT state FROM counter WHERE id = :c", c=counter)
        answer = self.site.at(counter, action)
        became = {"open": "open", "pause": "paused", "close": "closed"}[action]
        self._accepted(None if isinstance(answer, Refusal) or state == became else _EVENT_OF[action])

    @rule(counter=AT)
    def call_next(self, counter: str) -> None:
        """A clerk presses *Next*."""
        self._call(counter)

    @rule(counter=AT, action=ACTIONS)
    def on_the_tablet(self, counter: str, action: str) -> None:
        """A clerk presses another button, whether or not it fits."""
        self._press(counter, action)

    @precondition(lambda self: bool(self._busy()))
    @rule(data=st.data(), action=ACTIONS)
    def go_on(self, data: st.DataObject, action: str) -> None:
        """A clerk who has a visitor does something with them."""
        self._press(data.draw(st.sampled_from(self._busy())), action)

    def _press(self, counter: str, action: str) -> None:
        before = self.site.rows(
            "SELECT state FROM step WHERE counter = :c AND state IN ('called', 'serving')", c=counter
        )
        answer = self.site.at(counter, action)
        fits = bool(before) and rules.after(action, before[0]["state"]) is not None
        assert isinstance(answer, Refusal) != fits, "what fits works, and nothing else"
        self._accepted(_EVENT_OF[action] if fits else None)

    @rule(counter=AT)
    def serve_somebody(self, counter: str) -> None:
        """A clerk works as intended: next, start, finish."""
        self.site.at(counter, "open")
        self.last_seq = self._last_seq()
        if self._call(counter):
            for action in ("start", "finish"):
                assert not isinstance(self.site.at(counter, action), Refusal)
                self._accepted(_EVENT_OF[action])

    @rule(minutes=st.sampled_from([0.1, 1, 2, 5, 30]))
    def time_passes(self, minutes: float) -> None:
        """The clock goes on."""
        self.site.wait(minutes)

    @precondition(lambda self: bool(self.numbers))
    @rule(data=st.data())
    def ask_by_ticket(self, data: st.DataObject) -> None:
        """Somebody shows the paper and finds their own visit."""
        visit = data.draw(st.sampled_from(sorted(self.numbers)))
        answer = self.site.scan(visit)
        self.last_seq = self._last_seq()
        if answer["outcome"] == "refused":
            assert answer["reason"] == "visit_closed" and self.site.look(visit)["state"] == "left"
        else:
            assert (answer["visit"]["id"], answer["visit"]["number"]) == (visit, self.numbers[visit])

    # -- what was promised ----------------------------------------------------------------------------------------

    @invariant()
    def numbers_are_gapless_and_given_once(self) -> None:
        """1, 2, 3 in the order they were given, each to one visit, none changed."""
        kept = {r["id"]: r["number"] for r in self.site.rows("SELECT id, number FROM visit WHERE number IS NOT NULL")}
        assert kept == self.numbers
        assert self.given == list(range(1, len(kept) + 1))

    @invariant()
    def nobody_is_in_two_places_and_no_counter_has_two_visitors(self) -> None:
        """And the claim of a visit agrees with its stops."""
        steps = self.site.rows("SELECT * FROM step")
        placed = [s for s in steps if s["state"] in rules.PLACED]
        at_counter = [s["counter"] for s in steps if s["state"] in rules.AT_COUNTER]
        assert len({s["visit"] for s in placed}) == len(placed)
        assert len(set(at_counter)) == len(at_counter) and None not in at_counter
        claims = {v["id"]: v["active_step"] for v in self.site.rows("SELECT id, active_step FROM visit")}
        assert {s["visit"]: s["id"] for s in placed} == {v: s for v, s in claims.items() if s is not None}
        states = {r["id"]: r["state"] for r in self.site.rows("SELECT id, state FROM counter")}
        assert all(states[c] == "open" for c in at_counter), "nobody stands before a closed counter"

    @invariant()
    def nobody_is_lost(self) -> None:
        """Who wants something is waiting, at a counter, parked or holding; who left wants nothing."""
        now = self.site.clock.now()
        steps = self.site.rows("SELECT * FROM step")
        for visit in self.site.rows("SELECT * FROM visit"):
            states = [s["state"] for s in steps if s["visit"] == visit["id"]]
            wants = [state for state in states if state in rules.OPEN]
            shown = self.site.look(visit["id"])
            if visit["state"] == "left":
                assert not wants and shown["next"]["kind"] == "done"
            elif visit["state"] == "choosing":
                assert not states and visit["number"] is None
            elif wants:
                assert visit["number"] is not None
                held = visit["hold_until"] is not None and visit["hold_until"] > now
                assert shown["state"] == ("held" if held else "open")
                callable_later = "waiting" in wants and visit["not_before"] <= now + 120 * 60_000
                assert callable_later or visit["active_step"] is not None or set(wants) == {"parked"}
            else:
                assert shown["state"] == "done"

    @invariant()
    def an_inspector_finds_nothing(self) -> None:
        """The checks of `riwaq db check`."""
        assert self.site.problems() == []

    @invariant()
    def everybody_free_and_waiting_longest_is_next(self) -> None:
        """Positions in a queue are 1, 2, 3: nobody shares one, and none is left out."""
        waiting = self.site.rows(
            "SELECT step.visit, step.service FROM step JOIN visit ON visit.id = step.visit "
            "WHERE step.state IN ('waiting', 'headed') ORDER BY step.service, step.since, visit.number"
        )
        places: dict[str, list[int]] = {}
        for row in waiting:
            shown = self.site.look(row["visit"])["steps"]
            mine = next(s for s in shown if s["service"] == row["service"] and s["state"] in ("waiting", "headed"))
            places.setdefault(row["service"], []).append(mine["position"])
        assert all(sorted(order) == list(range(1, len(order) + 1)) for order in places.values()), places

    def teardown(self) -> None:
        """The doors close: every number has its ticket and its event."""
        if not hasattr(self, "site"):
            return
        tickets = self.site.rows("SELECT visit FROM print_job WHERE kind = 'ticket'")
        assert sorted(t["visit"] for t in tickets) == sorted(self.numbers)
        chosen = self.site.rows("SELECT number, data FROM event WHERE kind = 'services_chosen' ORDER BY seq")
        assert [r["number"] for r in chosen if json.loads(r["data"])["first"]] == self.given

    # -- helpers --------------------------------------------------------------------------------------------------

    def _chosen(self, visit: str, answer: Any) -> None:
        if isinstance(answer, Refusal):
            self._accepted(None)
            return
        if visit not in self.numbers:
            self.numbers[visit] = answer["number"]
            self.given.append(answer["number"])
        assert answer["number"] == self.numbers[visit]
        self.last_seq = self._last_seq()

    def _call(self, counter: str) -> bool:
        now = self.site.clock.now()
        held = {r["number"] for r in self.site.rows("SELECT number FROM visit WHERE hold_until > :now", now=now)}
        answer = self.site.at(counter, "call-next")
        called = not isinstance(answer, Refusal) and answer["outcome"] == "called"
        if called:
            assert not isinstance(answer, Refusal)
            assert answer["visit"]["number"] not in held, "who holds their place is not called"
            self._within_the_bound(counter, answer["visit"]["number"])
        self._accepted(_EVENT_OF["call-next"] if called else None)
        return called

    def _within_the_bound(self, counter: str, number: int) -> None:
        """Nobody who is free and waits for this service still asked so much earlier that they had to be called."""
        wants = self.site.plan.counters[counter].services
        (called,) = self.site.rows(
            "SELECT step.service, since, category, needs FROM step JOIN visit ON visit.id = step.visit "
            "WHERE number = :n AND step.state = 'called'",
            n=number,
        )
        others = self.site.rows(
            "SELECT since, number, service FROM step JOIN visit ON visit.id = step.visit WHERE step.state = 'waiting' "
            "AND visit.state = 'open' AND active_step IS NULL AND not_before <= :now",
            now=self.site.clock.now(),
        )
        head_start = self.site.plan.head_start_minutes(called["category"], json.loads(called["needs"]))
        bound = (self.site.plan.routing.cap_minutes + head_start + 2) * 60_000
        for other in others:
            if other["service"] == called["service"] and other["service"] in wants:
                assert called["since"] - other["since"] <= bound

    def _busy(self) -> list[str]:
        rows = self.site.rows("SELECT counter FROM step WHERE state IN ('called', 'serving') ORDER BY counter")
        return [str(row["counter"]) for row in rows]

    def _last_seq(self) -> int:
        return int(self.site.one("SELECT coalesce(max(seq), 0) FROM event"))

    def _accepted(self, kind: str | None) -> None:
        """An accepted action has left its event; a refused one none of its own."""
        new = [r["kind"] for r in self.site.rows("SELECT kind FROM event WHERE seq > :s ORDER BY seq", s=self.last_seq)]
        self.last_seq = self._last_seq()
        if kind is not None:
            assert kind in new, (kind, new)
        else:
            assert set(new) <= {"visit_seen_again", "scan_refused", "visitor_sent"}, new
