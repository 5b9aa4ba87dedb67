"""Strings that come in: what a person wrote is cleaned, anything else must be clean; no body can be declared without.

`Body` looks at every string of every field, also inside lists and mappings. Tests walk all bodies and queries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from checkin_server.domain import reasons, texts

REASON = "reason_needed"
"""The problem code of a reason that says nothing."""
UNSEEN = "unseen_text"
"""The problem code of a text of which nobody can see enough."""
TOLD = "x-reason"
"""In the API's document: this string must say something (`checkin_server/domain/reasons.py`)."""
MARK = "x-text"
"""In the API's document: this string is cleaned, and how (`line`, `lines`, `code`)."""


class Body(BaseModel):
    """What the API reads: no string of it has a sign that has no place in any text."""

    # Docstrings of fields go into the document.
    model_config = ConfigDict(use_attribute_docstrings=True)

    @field_validator("*", mode="after")
    @classmethod
    def _clean(cls, value: Any) -> Any:
        for text in _strings(value):
            if sign := texts.unclean(text):
                raise PydanticCustomError("unclean", "it holds a sign that nobody can see ({sign})", {"sign": sign})
        return value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(key)
            yield from _strings(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _strings(inner)


def uneven(field: str, message: str) -> PydanticCustomError:
    """Make the error of fields that do not go together; it is told as `field`'s."""
    return PydanticCustomError("uneven", "{message}", {"message": message, "field": field})


def one_of(*names: str) -> dict[str, Any]:
    """Say in the document that exactly one of these fields is given."""

    def only(name: str) -> dict[str, Any]:
        others = {other: {"type": "null"} for other in names if other != name}
        return {"required": [name], "properties": {name: {"not": {"type": "null"}}, **others}}

    return {"oneOf": [only(name) for name in names]}


@dataclass(frozen=True, slots=True)
class Written:
    """A string that a person writes: it is cleaned, and `least` signs of it can be seen."""

    least: int = 0
    lines: bool = False
    """Whether it may have several lines."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Clean after the other bounds: they, and the document, speak of what was sent."""
        return core_schema.no_info_after_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the document that it is cleaned, and what must be left."""
        described = handler(schema)
        described[MARK] = "lines" if self.lines else "line"
        if self.least:
            described["pattern"] = texts.seen_pattern(self.least)
        return described

    def _read(self, text: str) -> str:
        clean = texts.lines(text) if self.lines else texts.one_line(text)
        if texts.seen(clean) < self.least:
            raise PydanticCustomError(
                UNSEEN, "write something that can be seen: {least} signs or more", {"least": self.least}
            )
        return clean


@dataclass(frozen=True, slots=True)
class Telling:
    """A reason that somebody types: empty where it may be, else it must say something."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look at it after it was cleaned."""
        return core_schema.no_info_after_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the document that it must say something; no pattern could."""
        described = handler(schema)
        described[TOLD] = True
        return described

    def _read(self, text: str) -> str:
        if text and not reasons.says_something(text):
            raise PydanticCustomError(REASON, "say why, in a few words that somebody else understands")
        return text


@dataclass(frozen=True, slots=True)
class Shown:
    """What a scanner read. It stays as it is, since a code with a sign too much is no code.

    What cannot be kept is written as U+FFFD; bidi marks, which our own screens put around a code, are left out.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read it after the other bounds."""
        return core_schema.no_info_after_validator_function(texts.code, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Say in the document that any sign may be in it."""
        described = handler(schema)
        described[MARK] = "code"
        return described
