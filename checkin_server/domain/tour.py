"""The tour that a venue is one stop of: where it goes, and which offices its cases are referred to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Text = Mapping[str, str]
"""Words by language code."""


@dataclass(frozen=True, slots=True)
class Office:
    """A regional social-work office (or the medical mutual) that cases are referred to."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class City:
    """One stop of the tour."""

    id: str
    name: Text
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Event:
    """The tour."""

    id: str
    name: Text
    slogan: Text
    host: Text
    cities: tuple[City, ...]
    offices: tuple[Office, ...]
