"""Reading a member list: what its columns are called, and what is wrong with a row.

A list comes from somebody else's office: its headers are English, French or Arabic, its cells have been typed, or a
spreadsheet has made something else of them. What can be understood in one way only is understood; everything else is
named with its row and column, by a code that the report has words for. Nothing is changed without being said.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checkin_server.domain.members import cells, codes, encodings, vocabulary
from checkin_server.domain.members.cells import Cell, column_letters
from checkin_server.domain.members.folding import fold, squeezed
from checkin_server.domain.plan import LANGUAGES, Plan
from checkin_server.domain.texts import one_line, seen

REQUIRED = ("member", "category", "unit")
"""Columns that must be there; so must one of the two names."""
LONGEST_ID = 64
LONGEST_NAME = 200
HEADER_WITHIN = 20
"""Rows among which the header is looked for: offices put a title above it."""
_NAMES = ("name_ar", "name_la", "first_ar", "first_la", "last_ar", "last_la")
_SHARED = frozenset(("category", "unit", "locale", "family", "needs"))
"""Columns in which one cell may stand for several rows."""
_SPACE = re.compile(r"\s+")
_LOST = re.compile(r"\w\?+\w|\?{2,}|^\?+\w|\w\?+$")


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that can't be taken in. It never quotes names or card codes."""

    row: int
    column: str
    """One of the columns, or nothing for the whole row."""
    why: str
    """A code; `services/members/import_report.py` has the words."""
    detail: str = ""
    """What the words need: the number of another row, an area, a number format."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that was understood. None where the list has no such column: what is known stays."""

    row: int
    member: str
    name_ar: str | None
    name_la: str | None
    category: str
    unit: str
    locale: str | None
    family: str | None
    needs: tuple[str, ...] | None
    code: str | None


@dataclass(frozen=True, slots=True)
class MemberList:
    """A list that was read."""

    entries: tuple[Entry, ...]
    bad: tuple[Bad, ...]
    """Everything that is wrong, in the order of the rows; a row may be here more than once."""
    ignored: tuple[str, ...]
    """Headers of columns that mean nothing to us."""
    headers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Each column that was understood: its letter, and its header as it stands there."""
    header_row: int = 1
    understood: tuple[tuple[str, str, tuple[str, ...], int], ...] = ()
    """Words that were taken for something of the plan: column, the word, what for, in how many rows."""


class NotAList(ValueError):
    """The table has no usable header; `why` is a code, `columns` says which columns."""

    def __init__(self, why: str, columns: tuple[str, ...]) -> None:
        super().__init__(f"{why}: {', '.join(columns)}")
        self.why = why
        self.columns = columns


def column_named(header: str) -> str | None:
    """Return the column that a header means, or None."""
    return vocabulary.column_named(header)


def read(
    plan: Plan,
    table: Iterable[Sequence[str | Cell]],
    *,
    faults: Mapping[int, tuple[str, str]] | None = None,
    parted_by_marks: bool = False,
    ids_as_written: bool = False,
) -> MemberList:
    """Read a table; empty rows are passed over.

    `faults` are rows that can't be taken in whatever they hold: number to code and detail. Where cells are
    `parted_by_marks`, a row with more cells than the header has a mark inside a cell. With `ids_as_written` an id that
    looks like a number, a date or another id but for zeros is what it is.

    Raises `NotAList` when a required column is missing or one stands there twice.
    """
    rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table]
    at, columns, ignored = _header(rows)
    width = max((place + 1 for place, cell in enumerate(rows[at]) if cell.text.strip()), default=0)
    reader = _Reader(plan, columns, width if parted_by_marks else None, ids_as_written)
    for number, row in enumerate(rows[at + 1 :], at + 2):
        if not any(cell.text.strip() or (cell.odd and cell.odd != cells.MERGED_ACROSS) for cell in row):
            continue
        if fault := (faults or {}).get(number):
            reader.bad.append(Bad(number, "", *fault))
        else:
            reader.take(number, row)
    reader.bad.sort(key=lambda bad: bad.row)
    headers = {name: (column_letters(place), one_line(rows[at][place].text)) for name, place in columns.items()}
    understood = tuple((*word, count) for word, count in reader.understood.items())
    return MemberList(tuple(reader.entries), tuple(reader.bad), ignored, headers, at + 1, understood)


class _Reader:
    def __init__(self, plan: Plan, columns: Mapping[str, int], width: int | None, ids_as_written: bool) -> None:
        self.entries: list[Entry] = []
        self.bad: list[Bad] = []
        self.understood: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
        self._columns = columns
        self._header_width = width
        self._ids_as_written = ids_as_written
        self._categories = vocabulary.category_choices((each.id, each.name) for each in plan.categories.values())
        self._category_names = vocabulary.choices((each.id, each.name) for each in plan.categories.values())
        self._units = vocabulary.choices((each.id, each.name) for each in plan.units.values())
        self._locales = {language: language for language in LANGUAGES}
        for language, words in vocabulary.LANGUAGE_WORDS.items():
            self._locales |= {squeezed(word): language for word in words}
        self._seen: dict[str, tuple[int, str]] = {}
        self._seen_codes: dict[str, int] = {}
        self._wrong: list[Bad] = []
        self._row = 0

    def take(self, row: int, table_row: Sequence[Cell]) -> None:
        """Understand a row, or say what is wrong with it."""
        self._wrong, self._row = [], row
        if self._header_width is not None and any(one_line(cell.text) for cell in table_row[self._header_width :]):
            self._say("", "too_many_cells")
        value = {name: self._text(name, at, table_row) for name, at in self._columns.items()}
        self._member(value["member"])
        names = self._names(value)
        category = self._category(value["category"])
        unit = self._choose("unit", value["unit"], self._units)
        locale = value.get("locale")
        if locale is not None:
            locale = self._choose("locale", locale, self._locales) if locale else LANGUAGES[0]
        needs = self._needs(value.get("needs"))
        code = self._code(value.get("code", ""))
        if self._wrong:
            self.bad += self._wrong
            return
        family = value.get("family")
        family = None if family is None else family or value["member"]
        self.entries.append(Entry(row, value["member"], *names, category, unit, locale, family, needs, code))

    def _say(self, column: str, why: str, detail: str = "") -> None:
        if not any(bad.column == column for bad in self._wrong):  # the first reason is the cause of the others
            self._wrong.append(Bad(self._row, column, why, detail))

    def _text(self, name: str, at: int, table_row: Sequence[Cell]) -> str:
        """A cell's text; what is odd about it is said."""
        cell = table_row[at] if at < len(table_row) else Cell("")
        text = one_line(cell.text)
        if cell.odd and not (cell.odd == cells.MERGED and name in _SHARED):
            self._say(name, cell.odd, cell.detail)
        elif error := cells.error_in(text):
            self._say(name, "error", error)
        elif "\ufffd" in text or any(
            unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co") for letter in _SPACE.sub(" ", cell.text)
        ):
            self._say(name, "no_letter")
        elif text and not seen(text):
            self._say(name, "unseen")
        elif name in ("member", "family"):
            if (odd := cells.accident(text)) and (odd == "formula" or not self._ids_as_written):
                self._say(name, odd)
            elif "?" in text:
                self._say(name, "lost_letters")
            elif cells.is_nothing(text):
                return ""
        elif name in _NAMES:
            self._look_at_name(name, text)
        return text

    def _look_at_name(self, name: str, text: str) -> None:
        if (odd := cells.accident(text)) or text.isdecimal():
            self._say(name, odd or "number_as_name")
        elif encodings.mixes_scripts(text):
            self._say(name, "mixed_scripts")
        elif encodings.was_misread(text):
            self._say(name, "misread")
        elif _LOST.search(text):
            self._say(name, "lost_letters")

    def _member(self, member: str) -> None:
        if not member:
            self._say("member", "empty")
        elif len(member) > LONGEST_ID:
            self._say("member", "too_long_text", str(LONGEST_ID))
        else:
            row, first = self._seen.setdefault(folded_id(member), (self._row, member))
            if row != self._row and first == member:
                self._say("member", "same_member", str(row))
            elif row != self._row and not self._ids_as_written:
                self._say("member", "almost_same_member", str(row))

    def _names(self, value: Mapping[str, str]) -> tuple[str | None, str | None]:
        """Both names, of first and last name in two columns one; a name in one script stands for both."""
        whole: dict[str, str | None] = {}
        for script in ("ar", "la"):
            parts = [f"first_{script}", f"name_{script}", f"last_{script}"]
            there = [part for part in parts if part in self._columns]
            # A dash stands for no name: one that has no letter is none.
            words = [value[part] for part in there if fold(value[part])]
            whole[script] = _SPACE.sub(" ", " ".join(words)).strip() if there else None
        if not any(whole.values()):
            self._say("name_ar" if "name_ar" in value else "name_la", "no_name")
        for name in _NAMES:
            if len(value.get(name, "")) > LONGEST_NAME:
                self._say(name, "too_long_text", str(LONGEST_NAME))
        if len(value.get("family", "")) > LONGEST_NAME:
            self._say("family", "too_long_text", str(LONGEST_NAME))
        either = whole["ar"] or whole["la"]
        return (
            None if whole["ar"] is None else whole["ar"] or either,
            None if whole["la"] is None else whole["la"] or either,
        )

    def _category(self, text: str) -> str:
        category = vocabulary.category_meant(self._categories, text) if text else ""
        if not text:
            self._say("category", "empty")
        elif not category:
            self._say("category", "no_category")
        elif squeezed(text) not in self._category_names:
            self.understood["category", text, (category,)] += 1
        return category

    def _choose(self, column: str, text: str, choices: Mapping[str, str]) -> str:
        meant = choices.get(squeezed(text), "")
        if not text:
            self._say(column, "empty")
        elif not meant:
            self._say(column, f"no_{column}")
        return meant

    def _needs(self, text: str | None) -> tuple[str, ...] | None:
        if text is None:
            return None
        needs = vocabulary.needs_in(text)
        if needs is None:
            self._say("needs", "no_need")
        elif needs and {squeezed(need) for need in needs} != {squeezed(word) for word in re.split(r"[,;|\s]+", text)}:
            self.understood["needs", text, needs] += 1
        return needs or ()

    def _code(self, text: str) -> str | None:
        if not text:
            return None
        code = codes.parse(text)
        if code is None or code.kind != codes.CARD:
            self._say("code", "no_code")
            return None
        if (first := self._seen_codes.setdefault(code.text, self._row)) != self._row:
            self._say("code", "same_code", str(first))
        return code.text


def folded_id(member: str) -> str:
    """Write an id without what spreadsheets and keyboards change: capitals, spaces, digits' script, leading zeros."""
    bare = squeezed(member) or member
    return bare.lstrip("0") or "0" if bare.isdecimal() else bare


def understood_columns(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many columns the row names that is most like a header."""
    return max((len(_named(row)) for row in rows[:HEADER_WITHIN]), default=0)


def has_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether a table names the columns that a list must have."""
    return any(_is_whole(_named(row)) for row in rows[:HEADER_WITHIN])


def _named(row: Sequence[Cell]) -> set[str]:
    return {name for cell in row if (name := column_named(cell.text)) is not None}


def _is_whole(named: set[str]) -> bool:
    return named.issuperset(REQUIRED) and bool(named & set(_NAMES))


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """Find the header: the first row that names all that must be there, else the one that names most.

    Raises `NotAList` for that one when it is not enough.
    """

    def worth(at: int) -> tuple[bool, int, int]:
        named = _named(rows[at])
        return _is_whole(named), 0 if _is_whole(named) else len(named), -at

    at = max(range(min(len(rows), HEADER_WITHIN)), key=worth, default=0)
    return (at, *_columns(rows[at] if rows else ()))


def _columns(header: Sequence[Cell]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    ignored = []
    for at, cell in enumerate(header):
        name = column_named(cell.text)
        if name is None:
            if cell.text.strip():
                ignored.append(one_line(cell.text))
        elif name in columns:
            raise NotAList("twice", (name, column_letters(columns[name]), column_letters(at)))
        else:
            columns[name] = at
    missing = [name for name in REQUIRED if name not in columns]
    if not set(_NAMES) & set(columns):
        missing.append("name_ar/name_la")
    if missing:
        raise NotAList("missing", tuple(missing))
    return columns, tuple(ignored)
