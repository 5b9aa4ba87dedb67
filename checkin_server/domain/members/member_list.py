"""Reading a member list: what its columns are called, and what is wrong with a row.

A list comes from somebody else's office: its headers are English, French or Arabic, its cells have been typed. What can
be understood in one way only is understood; everything else is named with its row and column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from checkin_server.domain.members import codes
from checkin_server.domain.plan import LANGUAGES, NEEDS, Plan
from checkin_server.domain.tour import Text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "member": ("id", "matricule", "membre", "adhérent", "رقم العضو", "العضو", "رقم الانخراط", "رقم التأجير"),
    "name_ar": ("arabic name", "nom arabe", "nom ar", "nom en arabe", "الاسم", "الاسم بالعربية", "الاسم الكامل"),
    "name_la": (
        "name",
        "latin name",
        "nom",
        "nom complet",
        "nom latin",
        "nom fr",
        "الاسم بالفرنسية",
        "الاسم باللاتينية",
    ),
    "category": ("catégorie", "الفئة", "الصنف"),
    "unit": ("unité", "الوحدة"),
    "locale": ("language", "langue", "اللغة"),
    "family": ("famille", "العائلة", "الأسرة"),
    "needs": ("besoins", "الاحتياجات", "الحاجيات"),
    "code": ("card", "carte", "code carte", "الرمز", "رمز البطاقة"),
}
"""Every column by its name, and what else it may be called."""
REQUIRED = ("member", "category", "unit")
"""Columns that must be there; so must one of the two names."""
_LANGUAGE_NAMES = {
    "ar": ("arabic", "arabe", "العربية", "عربية"),
    "fr": ("french", "français", "الفرنسية", "فرنسية"),
    "zgh": ("amazigh", "amazighe", "tamazight", "الأمازيغية", "أمازيغية", "ⵜⴰⵎⴰⵣⵉⵖⵜ"),
    "en": ("english", "anglais", "الإنجليزية", "إنجليزية"),
}
_LONGEST_ID = 64
_LONGEST_NAME = 200
_MARKS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_BETWEEN_NEEDS = re.compile(r"[,;|\s]+")


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that can't be taken in. It never quotes names or card codes."""

    row: int
    column: str
    why: str


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


class NotAList(ValueError):
    """The table has no usable header; the message says what is missing."""


def column_named(header: str) -> str | None:
    """Return the column that a header means, or None."""
    return _HEADERS.get(_plain(header))


def read(plan: Plan, table: Iterable[Sequence[str]]) -> MemberList:
    """Read a table whose first row is the header; empty rows are passed over.

    Raises `NotAList` when a required column is missing or one stands there twice.
    """
    rows = iter(table)
    header = next(rows, ())
    columns, ignored = _columns(header)
    reader = _Reader(plan, columns)
    for number, cells in enumerate(rows, 2):
        if any(cell.strip() for cell in cells):
            reader.take(number, cells)
    reader.bad.sort(key=lambda bad: bad.row)
    return MemberList(tuple(reader.entries), tuple(reader.bad), ignored)


class _Reader:
    def __init__(self, plan: Plan, columns: Mapping[str, int]) -> None:
        self.entries: list[Entry] = []
        self.bad: list[Bad] = []
        self._columns = columns
        self._width = max(columns.values()) + 1
        self._categories = _choices((category.id, category.name) for category in plan.categories.values())
        self._units = _choices((unit.id, unit.name) for unit in plan.units.values())
        self._locales = {language: language for language in LANGUAGES}
        self._locales |= {_plain(name): language for language, names in _LANGUAGE_NAMES.items() for name in names}
        self._seen_members: dict[str, int] = {}
        self._seen_codes: dict[str, int] = {}

    def take(self, row: int, cells: Sequence[str]) -> None:
        """Understand a row, or say what is wrong with it."""
        wrong: list[Bad] = []

        def bad(column: str, why: str) -> None:
            wrong.append(Bad(row, column, why))

        value = {name: _clean(cells[at]) if at < len(cells) else "" for name, at in self._columns.items()}
        for name, text in value.items():
            if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn") or letter == "\ufffd" for letter in text):
                bad(name, "holds a character that is no letter; the file may be in another encoding")
        member = value["member"]
        if not member:
            bad("member", "is empty")
        elif len(member) > _LONGEST_ID:
            bad("member", f"is longer than {_LONGEST_ID} letters")
        elif (first := self._seen_members.setdefault(member, row)) != row:
            bad("member", f"the same member stands in row {first}")
        names = [value.get("name_ar", ""), value.get("name_la", "")]
        if not any(names):
            bad("name_ar" if "name_ar" in value else "name_la", "has no name in either script")
        for name in ("name_ar", "name_la", "family"):
            if len(value.get(name, "")) > _LONGEST_NAME:
                bad(name, f"is longer than {_LONGEST_NAME} letters")
        category = self._choose("category", value["category"], self._categories, bad)
        unit = self._choose("unit", value["unit"], self._units, bad)
        locale = value.get("locale")
        if locale is not None:
            locale = self._choose("locale", locale, self._locales, bad) if locale else LANGUAGES[0]
        needs = self._needs(value.get("needs"), bad)
        code = self._code(row, value.get("code", ""), bad)
        if wrong:
            self.bad += wrong
            return
        family = value.get("family")
        either = names[0] or names[1]
        name_ar = value["name_ar"] or either if "name_ar" in value else None
        name_la = value["name_la"] or either if "name_la" in value else None
        family = None if family is None else family or member
        self.entries.append(Entry(row, member, name_ar, name_la, category, unit, locale, family, needs, code))

    @staticmethod
    def _choose(column: str, text: str, choices: Mapping[str, str], bad: Callable[[str, str], None]) -> str:
        if not text:
            bad(column, "is empty")
        elif _plain(text) not in choices:
            known = ", ".join(dict.fromkeys(choices.values()))
            bad(column, f"there is no such {column} in the venue's plan; known are {known}")
        return choices.get(_plain(text), "")

    @staticmethod
    def _needs(text: str | None, bad: Callable[[str, str], None]) -> tuple[str, ...] | None:
        if text is None:
            return None
        words = [word for word in _BETWEEN_NEEDS.split(text.lower()) if word]
        if set(words) - set(NEEDS):
            bad("needs", f"there is no such need; known are {', '.join(NEEDS)}, with a space between two")
        return tuple(need for need in NEEDS if need in words)

    def _code(self, row: int, text: str, bad: Callable[[str, str], None]) -> str | None:
        if not text:
            return None
        code = codes.parse(text)
        if code is None or code.kind != codes.CARD:
            bad("code", "is not a card code: C and 32 letters of " + codes.LETTERS)
            return None
        if (first := self._seen_codes.setdefault(code.text, row)) != row:
            bad("code", f"the same code stands in row {first}")
        return code.text


def _columns(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    ignored = []
    for at, text in enumerate(header):
        name = column_named(text)
        if name is None:
            if text.strip():
                ignored.append(_clean(text))
        elif name in columns:
            raise NotAList(f"two columns mean {name}: the {columns[name] + 1}. and the {at + 1}.")
        else:
            columns[name] = at
    missing = [name for name in REQUIRED if name not in columns]
    if "name_ar" not in columns and "name_la" not in columns:
        missing.append("name_ar or name_la")
    if missing:
        raise NotAList(
            f"the first row must name the columns; missing: {', '.join(missing)}. Known are {', '.join(COLUMNS)}"
        )
    return columns, tuple(ignored)


def _choices(named: Iterable[tuple[str, Text]]) -> dict[str, str]:
    """Every way to say each of these: its id, or its name in any language unless two have the same one."""
    known = list(named)
    found: dict[str, str] = {}
    twice: set[str] = set()
    for each, names in known:
        for name in {_plain(text) for text in names.values()}:
            if found.setdefault(name, each) != each:
                twice.add(name)
    return {_plain(each): each for each, _ in known} | {
        name: each for name, each in found.items() if name not in twice and name not in {_plain(i) for i, _ in known}
    }


def _clean(text: str) -> str:
    """A cell without direction marks, with single spaces, its letters composed."""
    return _SPACE.sub(" ", _MARKS.sub("", unicodedata.normalize("NFC", text))).strip()


def _plain(text: str) -> str:
    """A word as it is compared: no case, no accents or vowel signs, no spaces, hyphens or underscores."""
    decomposed = unicodedata.normalize("NFKD", _clean(text).casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter not in " _-'’")


_HEADERS = {_plain(name): column for column, names in COLUMNS.items() for name in (column, *names)}
