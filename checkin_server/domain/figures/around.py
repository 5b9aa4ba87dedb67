"""What happens around a day's visits: scans and refusals, tickets, priorities, opinions, and what was foretold."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from checkin_server.domain.figures.facts import Event
from checkin_server.domain.forecasts.track_record import TrackRecord

_TICKET = "ticket_"


@dataclass(slots=True)
class Ticket:
    """One ticket on its way to paper."""

    kind: str
    """``ticket`` or ``duplicate``."""
    printer: str
    state: str = "queued"
    """``queued``, ``printed``, ``sent``, ``uncertain``, ``failed`` or ``handed_over``."""
    moved: int = 0
    """How often its printer was down and it went to the next one."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The first range that a visitor was told for a service."""

    at: int
    p50: int
    """Seconds."""
    p90: int


class Around:
    """Feed it the events of a day in the order of the log."""

    def __init__(self) -> None:
        self.refused: Count[tuple[str, str, bool]] = Count()
        """Refused scans by reason, by where (``door`` or ``counter``), and whether the member is known."""
        self.priorities: list[tuple[str, str, int]] = []
        """By hand: ``given`` or ``taken_back``, the reason, minutes."""
        self.scores: dict[tuple[str, str], int] = {}
        """By visit and service; a second score replaces the first: one visit has one voice on a stand."""
        self.texts = 0
        """Opinions, expectations and proposals in words."""
        self.rulings: Count[tuple[str, str]] = Count()
        """What organisers decided about last tickets, by service and rule."""
        self.at_device: Count[tuple[str, str]] = Count()
        """By device: ``admitted``, ``seen_again``, ``numbers``, ``duplicates``, ``refused``."""
        self.tickets: dict[str, Ticket] = {}
        self.quoted: dict[tuple[int, str], Quoted] = {}
        """By number and service."""
        self.forecasts = TrackRecord()

    def see(self, event: Event) -> None:
        """Play the next event of the log."""
        self.forecasts.see(event.at, event.kind, event.number, event.data)
        if event.kind.startswith(_TICKET):
            self._ticket(event)
        play = _PLAYED.get(event.kind)
        if play is not None:
            play(self, event)

    def _device(self, event: Event, what: str) -> None:
        if event.device is not None:
            self.at_device[event.device, what] += 1

    def _admitted(self, event: Event) -> None:
        self._device(event, "admitted")

    def _seen_again(self, event: Event) -> None:
        self._device(event, "seen_again")

    def _chosen(self, event: Event) -> None:
        if event.data.get("first"):
            self._device(event, "numbers")

    def _refused(self, event: Event) -> None:
        where = "door" if event.counter is None else "counter"
        self.refused[str(event.data["reason"]), where, bool(event.data.get("known"))] += 1
        self._device(event, "refused")

    def _priority(self, event: Event) -> None:
        what = event.kind.removeprefix("priority_")
        self.priorities.append((what, str(event.data["reason"]), int(event.data.get("minutes") or 0)))

    def _opinion(self, event: Event) -> None:
        for service, score in event.data.get("scores", {}).items():
            self.scores[event.visit or "", service] = int(score)
        self.texts += bool(event.data.get("text"))

    def _ruled(self, event: Event) -> None:
        self.rulings[event.service or "", str(event.data["rule"])] += 1

    def _told(self, event: Event) -> None:
        for told in event.data["told"]:
            if told["kind"] == "next":
                key = (int(told["number"]), str(told["service"]))
                self.quoted.setdefault(key, Quoted(event.at, int(told["p50"]), int(told["p90"])))

    def _ticket(self, event: Event) -> None:
        job, state = str(event.data["job"]), event.kind.removeprefix(_TICKET)
        if state == "queued":
            self.tickets[job] = Ticket(str(event.data["kind"]), str(event.data["printer"]))
            if event.data["kind"] == "duplicate":
                self._device(event, "duplicates")
        elif (ticket := self.tickets.get(job)) is not None:
            ticket.printer = str(event.data.get("printer") or ticket.printer)
            if state == "moved":
                ticket.moved += 1
            else:
                ticket.state = state

    def _handed_over(self, event: Event) -> None:
        ticket = self.tickets.get(str(event.data["job"]))
        if ticket is not None:
            ticket.state = "handed_over"


_PLAYED: Mapping[str, Callable[[Around, Event], None]] = {
    "member_admitted": Around._admitted,
    "visit_seen_again": Around._seen_again,
    "services_chosen": Around._chosen,
    "scan_refused": Around._refused,
    "priority_given": Around._priority,
    "priority_taken_back": Around._priority,
    "feedback_given": Around._opinion,
    "last_tickets_set": Around._ruled,
    "forecasts_told": Around._told,
    "number_handed_over": Around._handed_over,
}
