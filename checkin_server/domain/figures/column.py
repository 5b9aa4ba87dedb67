"""A column of a dataset, as the dictionary explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Text = Mapping[str, str]
"""Words by language code."""
Sort = Literal["key", "count", "duration", "share", "value"]
"""``key`` names a row; ``count`` adds up; a ``duration`` is in seconds or minutes; a ``share`` is from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column means. What was not measured is empty, never 0."""

    id: str
    sort: Sort
    unit: str
    """What is counted or measured in; empty for keys."""
    name: Text
    definition: str
    version: int = 1


def column(id_: str, sort: Sort, unit: str, names: tuple[str, str, str, str], definition: str) -> Column:
    """Return a column; `names` are English, French, Arabic and Amazigh."""
    en, fr, ar, zgh = names
    return Column(id_, sort, unit, {"en": en, "fr": fr, "ar": ar, "zgh": zgh}, definition)
