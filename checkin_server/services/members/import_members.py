"""Taking a member list in: what is new is added, what differs is changed, what is the same is left alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from checkin_server.db import days
from checkin_server.db import member_list as stored
from checkin_server.db.tx import Personal, Row, Tx
from checkin_server.domain.members import codes
from checkin_server.domain.members.member_list import Bad, Entry, MemberList, folded_id
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.venue import Venue


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    done: bool = False
    """Whether anything was written."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    cards: int = 0
    """Cards that were added."""
    revoked: int = 0
    """Rows whose code is a revoked card: it stays revoked."""
    bad: list[Bad] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        """How many rows were left out."""
        return len({bad.row for bad in self.bad})

    @property
    def nothing_new(self) -> bool:
        """Whether everything in the list was there already."""
        return not (self.added or self.changed or self.cards)


def import_members(
    venue: Venue, read: MemberList, *, dry_run: bool = False, skip_bad: bool = False, ids_as_written: bool = False
) -> Outcome:
    """Take a list in, whole or not at all; with `skip_bad` the good rows of it. With `dry_run` only look.

    An id that differs from a known one only by what spreadsheets lose is bad, unless `ids_as_written`.

    Members that the list doesn't have stay as they are. Works while the venue's server runs.
    """

    def look(tx: Tx) -> _Import:
        work = _Import(tx, venue, read, ids_as_written)
        for entry in read.entries:
            work.take(entry)
        work.outcome.bad.sort(key=lambda bad: bad.row)
        return work

    def do(tx: Tx) -> Outcome:
        work = look(tx)
        outcome = work.outcome
        if outcome.nothing_new or (outcome.bad and not skip_bad):
            return outcome
        work.write(tx)
        today, now = days.running_id(tx), venue.now()
        for member, fields in work.corrections():
            tx.emit("member_corrected", now, {"fields": fields}, personal=Personal([member]), service_day=today)
        tx.emit(
            "members_imported",
            now,
            {
                "added": outcome.added,
                "changed": outcome.changed,
                "unchanged": outcome.unchanged,
                "cards": outcome.cards,
                "skipped": outcome.skipped,
            },
        )
        outcome.done = True
        return outcome

    if dry_run:
        return venue.db.read(look).outcome
    return venue.db.write(do)


class _Import:
    """A list beside what is known."""

    def __init__(self, tx: Tx, venue: Venue, read: MemberList, ids_as_written: bool) -> None:
        self.outcome = Outcome(bad=list(read.bad))
        self._venue = venue
        self._known = stored.members(tx)
        self._alike = set() if ids_as_written else {folded_id(member) for member in self._known}
        self._codes: dict[str, Row] = {}
        self._has_card: set[str] = set()
        for card in stored.cards(tx):
            self._codes[card["code"]] = card
            if card["event"] == venue.plan.event.id:
                self._has_card.add(card["member"])
        self._in_list = {entry.code for entry in read.entries}
        self._add: list[Row] = []
        self._change: list[Row] = []
        self._new_cards: list[tuple[str, str]] = []

    def corrections(self) -> list[tuple[str, list[str]]]:
        """Return the members that are not as they were, and what of them is another."""
        return [
            (str(row["id"]), [name for name, value in row.items() if value != self._known[row["id"]][name]])
            for row in self._change
        ]

    def take(self, entry: Entry) -> None:
        """Decide what becomes of a row."""
        code = self._card(entry)
        if isinstance(code, Bad):
            self.outcome.bad.append(code)
            return
        known = self._known.get(entry.member)
        if known is None and folded_id(entry.member) in self._alike:
            self.outcome.bad.append(Bad(entry.row, "member", "almost_known"))
            return
        values = _values(entry, known)
        if known is None:
            self._add.append(values)
            self.outcome.added += 1
        elif values != known or code is not None:
            if values != known:
                self._change.append(values)
            self.outcome.changed += 1
        else:
            self.outcome.unchanged += 1
        if code is not None:
            self._new_cards.append((entry.member, code))
            self.outcome.cards += 1

    def _card(self, entry: Entry) -> str | Bad | None:
        """Return the code of a card to be added, None when none is, or what is wrong with the row's."""
        if entry.code is None:
            return None if entry.member in self._has_card else self._new_code()
        card = self._codes.get(entry.code)
        if card is None:
            return entry.code
        if card["member"] != entry.member:
            return Bad(entry.row, "code", "other_member")
        if card["event"] != self._venue.plan.event.id:
            return Bad(entry.row, "code", "other_event")
        if card["state"] != "active":
            self.outcome.revoked += 1
        return None

    def _new_code(self) -> str:
        while True:
            code = codes.make(codes.CARD, self._venue.chance(16))
            if code not in self._codes and code not in self._in_list:
                return code

    def write(self, tx: Tx) -> None:
        """Write what was decided."""
        now, event = self._venue.now(), self._venue.plan.event.id
        for values in self._add:
            stored.add(tx, values)
        for values in self._change:
            stored.change(tx, values)
        for member, code in self._new_cards:
            if member in self._has_card:
                stored.replace_card(tx, member, event, now)
            stored.add_card(tx, code=code, member=member, event=event, state="active", issued_at=now, revoked_at=None)


def _values(entry: Entry, known: Row | None) -> Row:
    """A member as the list has it; where the list has no such column, as it is known."""

    def choose(name: str, listed: str | None, otherwise: str) -> str:
        if listed is not None:
            return listed
        return str(known[name]) if known is not None else otherwise

    # What is known may list needs in another order, or one that this release has no word for.
    needs = None if entry.needs is None else json.dumps(list(entry.needs))
    if needs is not None and known is not None and set(json.loads(known["needs"])) == set(entry.needs or ()):
        needs = str(known["needs"])
    return {
        "id": entry.member,
        "family": choose("family", entry.family, entry.member),
        "name_ar": choose("name_ar", entry.name_ar, entry.name_la or ""),
        "name_la": choose("name_la", entry.name_la, entry.name_ar or ""),
        "category": entry.category,
        "unit": entry.unit,
        "locale": choose("locale", entry.locale, LANGUAGES[0]),
        "needs": choose("needs", needs, "[]"),
    }
