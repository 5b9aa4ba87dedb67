"""What single values of the settings files may be, in plain words where they are not; and what all tables share."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import MISSING, fields
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from checkin_server.common.zones import names, zone
from checkin_server.domain.card_keys import is_public_key
from checkin_server.domain.texts import seen, unclean
from checkin_server.settings.errors import suggest

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_ICON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:]+\](:[0-9]{1,5})?")
_FOREIGN_DIGITS = re.compile(r"[\u0660-\u0669\u06f0-\u06f9]")
_KEY_DIGITS = re.compile(r"[0-9A-Fa-f]{64}")
_DATABASE_URL = re.compile(r"postgresql(\+psycopg)?://.+")


def _wrong(what: str, remedy: str) -> PydanticCustomError:
    # The words come in the context: a value's own braces must not be taken for placeholders.
    return PydanticCustomError("riwaq", "{what}", {"what": what, "remedy": remedy})


def _matching(pattern: re.Pattern[str], what: str, remedy: str, *, secret: bool = False) -> AfterValidator:
    """Accept only texts that match; a `secret` one is not repeated in the message."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            shown = "this" if secret else f'"{value[:40]}"'
            raise _wrong(f"{shown} is not {what}", remedy)
        return value

    return AfterValidator(check)


def _visible(value: str) -> str:
    if sign := unclean(value):
        raise _wrong(
            f"this text holds a sign that nobody can see ({sign})", "Delete it: empty the text and type it again."
        )
    return value


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        remedy = 'Write an address or a network, for example "127.0.0.1" or "192.168.10.0/24".'
        raise _wrong(f'"{value[:40]}" is not an address', remedy) from error
    return value


def _words(value: str) -> str:
    if not seen(_visible(value)):
        raise _wrong("this text is empty", "Write the words that people will read.")
    if _FOREIGN_DIGITS.search(value):
        raise _wrong("this text has Eastern Arabic digits", "Write digits as 0-9: Morocco does, in every language.")
    return value


def _public_key(value: str) -> str:
    remedy = "Write the 64 hexadecimal digits that `riwaq cards keys make` printed."
    if _KEY_DIGITS.fullmatch(value) is None:
        raise _wrong(f'"{value[:40]}" is no public key', remedy)
    if not is_public_key(bytes.fromhex(value)):
        raise _wrong("anybody can sign cards for this key", remedy)
    return value.lower()


def _date(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong(f'"{str(value)[:40]}" is not a date', "Write year, month and day, for example 2019-12-27.")


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _wrong(f'"{str(value)[:40]}" is not a time of day', 'Write hours and minutes, for example "09:00".')
    return time(int(match[1]), int(match[2]))


def _timezone(value: str) -> str:
    try:
        zone(value)
    except KeyError:
        near = suggest(value, names())
        remedy = near if near.startswith("Did you mean") else 'Write a name such as "Africa/Casablanca".'
        raise _wrong(f'"{value[:40]}" is not a time zone', remedy) from None
    return value


Id = Annotated[
    str, _matching(_ID, "an id", "Use letters A-Z a-z, digits, hyphen and underscore, at most 40 of them, no spaces.")
]
Words = Annotated[str, AfterValidator(_words)]
Colour = Annotated[str, _matching(_COLOUR, "a colour", 'Write it as "#RRGGBB", for example "#0072B2".')]
Icon = Annotated[str, _matching(_ICON, "an icon's name", 'Write a Lucide icon name, for example "landmark".')]
Origin = Annotated[
    str, _matching(_ORIGIN, "a web origin", 'Write scheme, host and port only, for example "https://riwaq.local:8443".')
]
ProxyAddress = Annotated[str, AfterValidator(_network)]
DatabaseUrl = Annotated[
    str,
    _matching(_DATABASE_URL, "a PostgreSQL address", "Write it as postgresql://user@host:5432/database.", secret=True),
]
Timezone = Annotated[str, AfterValidator(_timezone)]
Day = Annotated[date, BeforeValidator(_date)]
Clock = Annotated[time, BeforeValidator(_clock)]
Shape = Literal["circle", "triangle", "square", "diamond", "star", "hexagon"]
Port = Annotated[int, Field(ge=1, le=65535)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
UsbId = Annotated[int, Field(ge=1, le=0xFFFF)]
# TOML has lists only, and strict mode would not take one for a tuple.
Ids = Annotated[tuple[Id, ...], Field(strict=False)]


class Entry(BaseModel):
    """A table of a settings file: frozen, no unknown key, no guessing of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _clean(cls, value: Any) -> Any:
        return _visible(value) if isinstance(value, str) else value


def default_of(value: type[Any], name: str) -> Any:
    """Return what the plan's `value` takes for a field that is not told: a default stands there, and there alone."""
    (default,) = (one.default for one in fields(value) if one.name == name)
    assert default is not MISSING, name
    return default


def entry_of(annotation: Any) -> type[Entry] | None:
    """Return the table model inside a field's type, for example of a tuple of entries; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((found for arg in get_args(annotation) if (found := entry_of(arg))), None)


def keys_at(model: type[Entry], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand in the table at `path` of `model`."""
    for part in path:
        if isinstance(part, str):
            field = model.model_fields.get(part)
            inner = entry_of(field.annotation) if field else None
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)
