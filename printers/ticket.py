"""What stands on a ticket, checked before it is laid out.

The server makes the words, in the visitor's language, and keeps them as JSON in the print job; this module is the
one definition of that JSON. The template (`config/templates/ticket.typ`) knows layout and direction only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LOCALES = ("ar", "fr", "zgh", "en")
SHAPES = ("circle", "triangle", "square", "diamond", "star", "hexagon")
MAX_TEXT = 400
"""Longest single text, in characters: what is longer is cut off, and ends in three dots."""
MAX_NUMBER = 99_999
MAX_QR = 120
"""Longest content of the QR code, in characters: more would not fit 58 mm paper."""

_ALLOWED_CONTROLS = frozenset("\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069\u00ad")
"""Invisible characters that scripts need: joiners, directional marks and isolates, the soft hyphen."""


class TicketError(ValueError):
    """A ticket's contents are not what this module describes; says which field and why."""


@dataclass(frozen=True, slots=True)
class ZoneSign:
    """The sign of a zone: a letter in a shape."""

    id: str
    shape: str
    """One of `SHAPES`."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to go to: the zone's sign, what is there, and a line about it (expected time, booth)."""

    zone: ZoneSign
    title: str
    detail: str = ""
    second: str = ""
    """The title in the ticket's second language; may be empty."""


@dataclass(frozen=True, slots=True)
class SecondLanguage:
    """The words of a second language, which stand under those of the first."""

    locale: str
    heading: str = ""
    first_heading: str = ""
    instruction: str = ""
    route_heading: str = ""
    foot: str = ""
    more: str = ""
    """See `TicketSpec.more`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a partner gives, in small print."""

    title: str
    text: str = ""


_OPTIONAL = (
    "duplicate",
    "slogan",
    "first",
    "first_heading",
    "go",
    "instruction",
    "route",
    "route_heading",
    "offers",
    "offers_heading",
    "foot",
    "second",
    "offers_left",
    "more",
)
"""What a ticket may say besides."""


@dataclass(frozen=True, slots=True)
class TicketSpec:
    """A ticket's contents. Every text is in the ticket's language already."""

    locale: str
    number: int
    event: str
    city: str
    heading: str
    """The words above the number ("Your number")."""
    printed_at: str
    qr: str
    duplicate: str | None = None
    """The word that marks a reprint ("DUPLICATA"), or None for the first print."""
    slogan: str = ""
    first: Destination | None = None
    """Where to go now; None when the visitor waits to be called."""
    first_heading: str = ""
    """The words above the first destination ("Go first to"); may be empty."""
    go: bool = False
    """Whether to go there now, and not to wait until one is called."""
    instruction: str = ""
    """Takes the place of the first destination, in large ("We will call you")."""
    route: tuple[Destination, ...] = ()
    route_heading: str = ""
    offers: tuple[Offer, ...] = ()
    offers_heading: str = ""
    """The words above the offers; may be empty."""
    foot: str = ""
    second: SecondLanguage | None = None
    """None on a ticket of one language."""
    offers_left: int = 0
    """How many offers there are beside those that are listed."""
    more: str = "+ {n}"
    """What stands in place of what has no room, where `{n}` is how many ("+ {n} more: show this ticket at a kiosk")."""

    @classmethod
    def from_dict(cls, data: object) -> TicketSpec:
        """Read a ticket from the JSON of a print job.

        Raises:
            TicketError: a field is missing, unknown, or of the wrong type.
        """
        row = _mapping(data, "ticket")
        _only(
            row,
            "ticket",
            required=("locale", "number", "event", "city", "heading", "printed_at", "qr"),
            optional=_OPTIONAL,
        )
        locale = row["locale"]
        if locale not in LOCALES:
            raise TicketError(f"locale: {locale!r} is none of {', '.join(LOCALES)}")
        number = row["number"]
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= MAX_NUMBER:
            raise TicketError(f"number: {number!r} is not a whole number from 1 to {MAX_NUMBER}")
        qr = row["qr"]
        if not isinstance(qr, str) or not 0 < len(qr) <= MAX_QR or not qr.isascii() or not qr.isprintable():
            raise TicketError(f"qr: must be 1 to {MAX_QR} printable ASCII characters")
        duplicate, first, second = row.get("duplicate"), row.get("first"), row.get("second")
        return cls(
            locale=locale,
            number=number,
            event=_text(row, "event", "event", needed=True),
            city=_text(row, "city", "city"),
            heading=_text(row, "heading", "heading"),
            printed_at=_text(row, "printed_at", "printed_at"),
            qr=qr,
            duplicate=None if duplicate is None else _text(row, "duplicate", "duplicate", needed=True),
            slogan=_text(row, "slogan", "slogan"),
            first=None if first is None else _destination(first, "first"),
            first_heading=_text(row, "first_heading", "first_heading"),
            go=_flag(row, "go"),
            instruction=_text(row, "instruction", "instruction"),
            route=tuple(_destination(stop, f"route[{i}]") for i, stop in enumerate(_rows(row, "route"))),
            route_heading=_text(row, "route_heading", "route_heading"),
            offers=tuple(_offer(offer, f"offers[{i}]") for i, offer in enumerate(_rows(row, "offers"))),
            offers_heading=_text(row, "offers_heading", "offers_heading"),
            foot=_text(row, "foot", "foot"),
            second=None if second is None else _second_language(second, "second"),
            offers_left=_count(row, "offers_left"),
            more=_text(row, "more", "more") or "+ {n}",
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form again; `from_dict` of it is equal to this ticket."""
        data = asdict(self)
        data["route"] = list(data["route"])
        data["offers"] = list(data["offers"])
        return data


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TicketError(f"{where}: an object is wanted, not {type(value).__name__}")
    return value


def _only(row: Mapping[str, Any], where: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    for name in required:
        if name not in row:
            raise TicketError(f"{where}: {name} is missing")
    unknown = sorted(str(name) for name in row if name not in required and name not in optional)
    if unknown:
        raise TicketError(f"{where}: unknown field {unknown[0]}")


def _text(row: Mapping[str, Any], name: str, where: str, *, needed: bool = False) -> str:
    value = row.get(name, "")
    if not isinstance(value, str):
        raise TicketError(f"{where}: text is wanted, not {type(value).__name__}")
    clean = " ".join("".join(c for c in value if _prints(c)).split())
    if needed and not clean:
        raise TicketError(f"{where}: is empty")
    return cut_off(clean, MAX_TEXT)


def cut_off(text: str, most: int) -> str:
    """Give a text of at most `most` characters: a long one loses its end, at a word where there is one near."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at = kept.rfind(" ")
    return (kept[:at] if at > most * 3 // 4 else kept) + "…"


def _prints(char: str) -> bool:
    """Whether a character belongs on paper; a stray control character is dropped rather than cost the ticket."""
    return char.isspace() or char in _ALLOWED_CONTROLS or not unicodedata.category(char).startswith("C")


def _count(row: Mapping[str, Any], name: str) -> int:
    value = row.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TicketError(f"{name}: {value!r} is not a count")
    return value


def _flag(row: Mapping[str, Any], name: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        raise TicketError(f"{name}: {value!r} is neither true nor false")
    return value


def _rows(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name, [])
    if not isinstance(value, list | tuple):
        raise TicketError(f"{name}: a list is wanted, not {type(value).__name__}")
    return list(value)


def _destination(value: object, where: str) -> Destination:
    row = _mapping(value, where)
    _only(row, where, required=("zone", "title"), optional=("detail", "second"))
    zone = _mapping(row["zone"], f"{where}.zone")
    _only(zone, f"{where}.zone", required=("id", "shape"))
    sign = _text(zone, "id", f"{where}.zone.id")
    if len(sign) > 2:
        raise TicketError(f"{where}.zone.id: {sign!r} is longer than two characters")
    if zone["shape"] not in SHAPES:
        raise TicketError(f"{where}.zone.shape: {zone['shape']!r} is none of {', '.join(SHAPES)}")
    return Destination(
        zone=ZoneSign(id=sign, shape=zone["shape"]),
        title=_text(row, "title", f"{where}.title", needed=True),
        detail=_text(row, "detail", f"{where}.detail"),
        second=_text(row, "second", f"{where}.second"),
    )


def _second_language(value: object, where: str) -> SecondLanguage:
    row = _mapping(value, where)
    words = ("heading", "first_heading", "instruction", "route_heading", "foot", "more")
    _only(row, where, required=("locale",), optional=words)
    if row["locale"] not in LOCALES:
        raise TicketError(f"{where}.locale: {row['locale']!r} is none of {', '.join(LOCALES)}")
    return SecondLanguage(row["locale"], *(_text(row, name, f"{where}.{name}") for name in words))


def _offer(value: object, where: str) -> Offer:
    row = _mapping(value, where)
    _only(row, where, required=("title",), optional=("text",))
    return Offer(title=_text(row, "title", f"{where}.title"), text=_text(row, "text", f"{where}.text"))
