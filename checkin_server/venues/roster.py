"""An invented roster for the demo, rehearsals and tests: families, members and cards, the same for the same seed.

Nobody in it exists: first names are common ones, family names are put together from syllables. The shares of
categories, languages and family sizes are plausible for staff of a public service, not taken from any real roster.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from checkin_server.domain.members.codes import CARD, make
from checkin_server.domain.plan import LANGUAGES, NEEDS, Plan

Item = TypeVar("Item")

CARD_COLUMNS = ("member", "code", "category", "unit", "locale", "family")
"""Header of ``demo-cards.csv``."""

ACTIVE = "active"
REVOKED = "revoked"

_CATEGORIES = ("active", "retired", "widowed", "child", "dependant")
_LOCALE_SHARES = (62, 20, 13, 5)
"""Of `LANGUAGES`, in a hundred."""
_HEAD_SHARES = (68, 22, 10)
"""Active, retired and widowed heads of a family, in a hundred."""
_CHILDREN = {"active": (22, 20, 28, 20, 10), "retired": (55, 22, 15, 6, 2), "widowed": (45, 25, 18, 9, 3)}
"""Families with 0, 1, 2, 3 and 4 children who are members, in a hundred."""
_SPOUSE_SHARE = {"active": 0.7, "retired": 0.75, "widowed": 0.0}
_PARENT_SHARE = 0.06
"""Families in which a parent of the head is an entitled dependant."""
_NEED_SHARE = {"active": 0.01, "retired": 0.12, "widowed": 0.12, "child": 0.015, "dependant": 0.06}
_FORMER_EVENT = "-previous"
"""Put after the event's id, it names an event that this one follows: a card of it is refused as ``wrong_event``."""

_Name = tuple[str, str]
"""The same name in Arabic and in Latin script."""


def _pairs(text: str) -> tuple[_Name, ...]:
    """Read ``Arabic Latin, Arabic Latin, …``."""
    pairs = (entry.split() for entry in text.split(","))
    return tuple((arabic, latin) for arabic, latin in pairs)


_MEN = _pairs(
    "محمد Mohammed, أحمد Ahmed, يوسف Youssef, حسن Hassan, إدريس Driss, رشيد Rachid, كريم Karim, سعيد Saïd, "
    "عمر Omar, خالد Khalid, مصطفى Mustapha, إبراهيم Ibrahim, نبيل Nabil, طارق Tarik, حميد Hamid, جمال Jamal, "
    "فؤاد Fouad, عادل Adil, هشام Hicham, سمير Samir, أنس Anas, إلياس Ilyas, آدم Adam, ريان Rayan, أمين Amine, "
    "بلال Bilal, زكرياء Zakaria, ياسين Yassine, مهدي Mehdi, منير Mounir, لحسن Lahcen, بوجمعة Boujemaa, "
    "يدير Idir, أكسيل Axil, ماسين Massin, توفيق Taoufik, عزيز Aziz, مراد Mourad, نور Nour, وليد Walid"
)
_WOMEN = _pairs(
    "فاطمة Fatima, خديجة Khadija, عائشة Aïcha, زينب Zineb, مريم Maryam, سعاد Souad, نادية Nadia, سميرة Samira, "
    "لطيفة Latifa, حنان Hanane, نجاة Najat, أمينة Amina, ليلى Leïla, سناء Sanaa, هند Hind, إيمان Imane, "
    "سلمى Salma, ياسمين Yasmine, آية Aya, هبة Hiba, نور Nour, دنيا Dounia, كوثر Kaoutar, أسماء Asmaa, "
    "حفصة Hafsa, رجاء Rajaa, مليكة Malika, حبيبة Habiba, جميلة Jamila, بشرى Bouchra, تيزيري Tiziri, "
    "تودة Touda, إيطو Itto, ثريا Touria, وفاء Wafaa, سهام Siham, لبنى Loubna, غزلان Ghizlane, رقية Roqia, منى Mouna"
)
_STARTS = _pairs(
    "تامز Tamz, زرود Zeroud, بكلاز Beklaz, تيمر Timr, أوزن Ouzn, درموس Dermous, كلزيم Kelzim, مزراب Mezrab, "
    "ترغاز Targhaz, سملود Semloud, برنوز Bernouz, ورماز Ourmaz, حنصير Hansir, غزنول Ghaznoul, لمكاز Lemgaz, "
    "رحموط Rahmout, شلوان Chelouan, نكمير Negmir, يمزول Imzoul, فرداس Ferdas, صمكان Samgan, جلموز Jelmouz, "
    "قرطيس Qartis, عزماد Azmad, دكنوس Degnous, هرمول Harmoul"
)
_ENDS = _pairs("ي i, اني ani, اوي aoui, ون oun, ين ine, اري ari, اتي ati, ال al, وش ouch, ان ane, يط it, اسي assi")
_NO_PREFIX: _Name = ("", "")
_PREFIXES = (*[_NO_PREFIX] * 4, ("آيت ", "Aït "), ("بن ", "Ben "), ("بو", "Bou"))


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody entitled to the foundation's services."""

    id: str
    """``M000001`` and on."""
    family: str
    """``F00001`` and on; who lives alone is a family too."""
    name_ar: str
    name_la: str
    category: str
    unit: str
    locale: str
    needs: tuple[str, ...]
    """What this member needs help with, of `NEEDS`."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card that was handed out. A member may have had several."""

    code: str
    member: str
    state: str
    """``active`` or ``revoked``."""
    event: str
    """Id of the event it was made for."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody, all cards, and the codes that show each answer a scan can get."""

    members: tuple[Member, ...]
    """The ordinary ones in the order of their ids, then the extra one of a unit that is not served."""
    cards: tuple[Card, ...]
    cases: tuple[tuple[str, str], ...]
    """Name of a demonstration case and the code to scan for it; refusals carry the reason's name."""


def make_roster(plan: Plan, members: int, seed: int = 2019) -> Roster:
    """Invent `members` ordinary members with a valid card each, and what shows the refusals.

    The same plan and seed give the same people; more members add to the end, but for the last family, which may have
    been cut short. Raises `ValueError` when the plan lacks a category or has no unit that is served.
    """
    if members < 1:
        raise ValueError("a roster needs at least one member")
    if missing := [category for category in _CATEGORIES if category not in plan.categories]:
        raise ValueError(f"the demo roster needs the categories {', '.join(missing)}; add them to the tour's file")
    served = [unit.id for unit in plan.units.values() if unit.eligible]
    if not served:
        raise ValueError("the demo roster needs a unit with eligible = true; add one to the venue's file")
    chance = random.Random(f"members {seed}")
    # Codes have their own stream: a change to how people are invented then leaves printed demo cards valid.
    codes = _codes(random.Random(f"codes {seed}"))
    people: list[Member] = []
    family = 0
    while len(people) < members:
        family += 1
        _add_family(people, f"F{family:05}", served, chance)
    del people[members:]
    cards = [Card(next(codes), person.id, ACTIVE, plan.event.id) for person in people]
    return _with_cases(plan, people, cards, seed)


def write_demo_cards(roster: Roster, path: Path) -> None:
    """Write ``demo-cards.csv`` to `path` and ``demo-cases.csv`` beside it, both UTF-8.

    The first lists every ordinary member with a valid card, the second the special codes. Each file is written whole
    or not at all. Raises `OSError` when the folder can't be written to.
    """
    # The member whose first card was revoked is an ordinary one: the new card is both a case and a valid card.
    special = {code for case, code in roster.cases if case != "new_card"}
    code_of = {card.member: card.code for card in roster.cards if card.code not in special}
    rows = ((m.id, code_of[m.id], m.category, m.unit, m.locale, m.family) for m in roster.members if m.id in code_of)
    _write_csv(path, CARD_COLUMNS, rows)
    _write_csv(path.with_name("demo-cases.csv"), ("case", "code"), roster.cases)


def _with_cases(plan: Plan, people: list[Member], cards: list[Card], seed: int) -> Roster:
    """Add what shows each refusal: a lost card, last event's card, a member of another city, codes nobody has."""
    chance = random.Random(f"cases {seed}")
    codes = _codes(chance, {card.code for card in cards})
    renewed, former = cards[0], cards[-1]
    lost = Card(next(codes), renewed.member, REVOKED, plan.event.id)
    old = Card(next(codes), former.member, ACTIVE, plan.event.id + _FORMER_EVENT)
    unknown = next(codes)
    extra_cards = [lost, old]
    cases = [
        ("revoked_card", lost.code),
        ("new_card", renewed.code),
        ("wrong_event", old.code),
        ("unknown_card", unknown),
        ("malformed_code", unknown[:12]),
    ]
    elsewhere = next((unit.id for unit in plan.units.values() if not unit.eligible), None)
    if elsewhere:
        name_ar, name_la = _full_name(_pick(chance, _MEN), _surname(chance))
        number = len(people) + 1
        family = f"F{int(people[-1].family[1:]) + 1:05}"
        visitor = Member(f"M{number:06}", family, name_ar, name_la, "active", elsewhere, "ar", ())
        people = [*people, visitor]
        card = Card(next(codes), visitor.id, ACTIVE, plan.event.id)
        extra_cards.append(card)
        cases.append(("not_eligible", card.code))
    return Roster(tuple(people), (*cards, *extra_cards), tuple(cases))


def _add_family(people: list[Member], family: str, units: Sequence[str], chance: random.Random) -> None:
    """Append a family: its head, perhaps a spouse, children, and a parent of the head."""
    (head,) = chance.choices(_CATEGORIES[:3], _HEAD_SHARES)
    (unit,) = chance.choices(units, range(len(units) + 2, 2, -1))
    (locale,) = chance.choices(LANGUAGES, _LOCALE_SHARES)
    surname = _surname(chance)
    # Widows outnumber widowers; women are a minority of the staff.
    # A wife keeps her own name, children have the father's.
    head_is_man = chance.random() < (0.12 if head == "widowed" else 0.8)
    fathers = surname if head_is_man else _surname(chance)

    def add(category: str, first: _Name, last: _Name) -> None:
        spoken = locale if chance.random() < 0.9 else chance.choices(LANGUAGES, _LOCALE_SHARES)[0]
        needs = (_pick(chance, NEEDS),) if chance.random() < _NEED_SHARE[category] else ()
        name_ar, name_la = _full_name(first, last)
        people.append(Member(f"M{len(people) + 1:06}", family, name_ar, name_la, category, unit, spoken, needs))

    add(head, _pick(chance, _MEN if head_is_man else _WOMEN), surname)
    if chance.random() < _SPOUSE_SHARE[head]:
        if head_is_man:
            add("dependant", _pick(chance, _WOMEN), _surname(chance))
        else:
            add("dependant", _pick(chance, _MEN), fathers)
    (children,) = chance.choices(range(5), _CHILDREN[head])
    names = [*chance.sample(_MEN, children), *chance.sample(_WOMEN, children)]
    for first in chance.sample(names, children):
        add("child", first, fathers)
    if chance.random() < _PARENT_SHARE:
        if chance.random() < 0.5:
            add("dependant", _pick(chance, _MEN), surname)
        else:
            add("dependant", _pick(chance, _WOMEN), _surname(chance))


def _pick(chance: random.Random, choices: Sequence[Item]) -> Item:
    return choices[int(chance.random() * len(choices))]


def _surname(chance: random.Random) -> _Name:
    """Put a family name together from syllables, the same ones in both scripts."""
    (prefix_ar, prefix_la), (start_ar, start_la), (end_ar, end_la) = (
        _pick(chance, _PREFIXES),
        _pick(chance, _STARTS),
        _pick(chance, _ENDS),
    )
    if prefix_la and not prefix_la.endswith(" "):
        start_la = start_la.lower()
    return prefix_ar + start_ar + end_ar, prefix_la + start_la + end_la


def _full_name(first: _Name, last: _Name) -> _Name:
    return f"{first[0]} {last[0]}", f"{first[1]} {last[1]}"


def _codes(chance: random.Random, used: Iterable[str] = ()) -> Iterator[str]:
    """Give card codes, none twice."""
    seen = set(used)
    while True:
        code = make(CARD, chance.randbytes(16))
        if code not in seen:
            seen.add(code)
            yield code


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write beside the target, then take its place: a reader never sees half a file."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    os.replace(unfinished, path)
