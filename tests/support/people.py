"""Invented members with cards, and cards that let nobody in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from checkin_server.domain.members import codes
from checkin_server.domain.plan import (
    LANGUAGES,
)
from tests.support.small_plan import EVENT


@cache
def _code_of(member: str) -> str:
    return codes.make(codes.CARD, hashlib.sha256(member.encode()).digest()[:16])


@dataclass(frozen=True, slots=True)
class Person:
    """An invented member with a card."""

    id: str
    family: str
    name_ar: str
    name_la: str
    category: str = "active"
    unit: str = "rabat-prefecture"
    locale: str = "fr"
    needs: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of this member's card."""
        return _code_of(self.id)


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was handed out."""

    code: str
    member: str
    state: str = "active"
    event: str = EVENT


FAMILY = (
    Person("M900001", "F90001", "أمينة زرود", "Amina Zeroud", needs=("wheelchair",)),
    Person("M900002", "F90001", "إدريس زرود", "Driss Zeroud", category="dependant", locale="ar"),
    Person("M900003", "F90001", "سلمى زرود", "Salma Zeroud", category="child", locale="zgh"),
)
GUEST = Person("M900011", "F90011", "نور تيمر", "Nour Timr", category="guest")
FROM_TANGIER = Person("M900012", "F90012", "وليد بكلاز", "Walid Beklaz", unit="tangier-prefecture")
REPLACED = Person("M900013", "F90013", "هند أوزن", "Hind Ouzn", category="retired")
OLD_CARD = Card(codes.make(codes.CARD, b"an old card 0001"), REPLACED.id, state="revoked")
OTHER_EVENT = Card(codes.make(codes.CARD, b"other event 0001"), REPLACED.id, event="journees-2018")
UNKNOWN = codes.make(codes.CARD, b"nobody has this!")
_CATEGORIES = ("active", "retired", "widowed", "active")


@cache
def singles(count: int) -> tuple[Person, ...]:
    """Invent `count` members who live alone."""
    return tuple(
        Person(
            f"M{n:06}",
            f"F{n:05}",
            f"عضو مخترع {n}",
            f"Membre Inventé {n:04}",
            _CATEGORIES[n % 4],
            locale=LANGUAGES[n % 4],
        )
        for n in range(1, count + 1)
    )
