"""Making signed cards where the member list is, and the register of them, which stays there.

The register is what ties a member to a pseudonym and to cards: it is read before cards are made and written with them.
No venue ever has it; venues get the list of the cards that have ended.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from checkin_server.common.faults import Fault
from checkin_server.domain.members import signed
from checkin_server.domain.members.member_list import Entry
from checkin_server.domain.members.signed import Claims
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.members.cose_card import Signer

ACTIVE, ENDED = "active", "ended"


class BadRegister(Fault):
    """A register of signed cards cannot be used; the message says where and why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Registered:
    """One card of the register; days are ISO dates."""

    member: str
    """The id that the list has."""
    pseudonym: str
    card: str
    turn: int
    key: str
    first_day: str
    last_day: str
    state: str


@dataclass(frozen=True, slots=True)
class Made:
    """One signed card, and what stands on its face."""

    entry: Entry
    row: Registered
    text: str


@dataclass(frozen=True, slots=True)
class Term:
    """The days on which new cards count, both included."""

    first_day: str
    last_day: str


class Register:
    """Which member has which signed cards."""

    def __init__(self, rows: Iterable[Registered] = ()) -> None:
        self.rows = list(rows)

    @staticmethod
    def read(path: Path) -> Register:
        """Read a register; a file that is not there is an empty one. Raises `BadRegister`."""
        if not path.exists():
            return Register()
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return Register(_rows(path, csv.DictReader(file)))
        except (OSError, UnicodeError, csv.Error) as error:
            raise BadRegister(f"cannot read {path}: {error}") from error

    def text(self) -> str:
        """Return it as the file has it."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([getattr(row, name) for name in _COLUMNS] for row in self.rows)
        return out.getvalue()

    def ended(self) -> list[str]:
        """Return the ids of all cards that have ended."""
        return sorted(row.card for row in self.rows if row.state == ENDED)

    def end(self, members: Collection[str]) -> int:
        """End the cards of members; return how many there were. Raises `BadRegister` for one who has none."""
        have = {row.member for row in self.rows if row.state == ACTIVE}
        if unknown := sorted(set(members) - have):
            raise BadRegister(f"{unknown[0]} has no signed card in this register")
        count = 0
        for at, row in enumerate(self.rows):
            if row.member in members and row.state == ACTIVE:
                self.rows[at] = replace(row, state=ENDED)
                count += 1
        return count

    def make(
        self, entries: Sequence[Entry], signer: Signer, term: Term, chance: Callable[[int], bytes]
    ) -> Iterator[Made]:
        """Sign a card for each entry: a member's valid card keeps its number, so that it can be printed once more."""
        newest = {row.member: at for at, row in enumerate(self.rows)}
        for entry in entries:
            at = newest.get(entry.member)
            before = None if at is None else self.rows[at]
            again = before is not None and before.state == ACTIVE
            row = Registered(
                entry.member,
                before.pseudonym if before else _new_id(chance),
                before.card if before and again else _new_id(chance),
                (before.turn + (not again)) if before else 1,
                signer.id,
                term.first_day,
                term.last_day,
                ACTIVE,
            )
            if row.turn > signed.MOST_TURNS:
                raise BadRegister(f"{entry.member} has had too many cards")
            if again and at is not None:
                self.rows[at] = row
            else:
                newest[entry.member] = len(self.rows)
                self.rows.append(row)
            yield Made(entry, row, signer.text(_claims(entry, row)))


def _claims(entry: Entry, row: Registered) -> Claims:
    return Claims(
        card=row.card,
        pseudonym=row.pseudonym,
        turn=row.turn,
        first_day=row.first_day,
        last_day=row.last_day,
        category=signed.word_of(entry.category),
        unit=signed.word_of(entry.unit),
        locale=entry.locale or LANGUAGES[0],
    )


def _new_id(chance: Callable[[int], bytes]) -> str:
    return chance(signed.ID_BYTES).hex().upper()


_COLUMNS = tuple(one.name for one in fields(Registered))


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[Registered]:
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise BadRegister(f"{path} is no register of signed cards: its first line must be {','.join(_COLUMNS)}")
    cards: set[str] = set()
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        good = (
            None not in row.values()
            and None not in row
            and all(len(row[name]) == 2 * signed.ID_BYTES for name in ("card", "pseudonym"))
            and all(signed.card_id(row[name]) == row[name] for name in ("card", "pseudonym"))
            and row["turn"].isdecimal()
            and row["state"] in (ACTIVE, ENDED)
        )
        if not good:
            raise BadRegister(f"{where}: this is no row of a register of signed cards. Nothing was changed")
        if row["card"] in cards:
            raise BadRegister(f"{where}: the card {row['card']} stands there twice. Nothing was changed")
        cards.add(row["card"])
        yield Registered(**{name: row[name] for name in _COLUMNS if name != "turn"}, turn=int(row["turn"]))
