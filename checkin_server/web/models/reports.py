"""What a day says afterwards."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, RootModel
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from checkin_server.domain.figures.dictionary import DATASETS
from checkin_server.services.reports.fairness import FairnessOfDay
from checkin_server.services.shapes import Names
from checkin_server.web.models.common import Answer
from checkin_server.web.models.texts import Body


class FairnessReport(RootModel[FairnessOfDay]):
    """Who was overtaken on a day, and whether the bound held."""


def _known(name: str) -> str:
    if name not in DATASETS:
        raise PydanticCustomError("dataset", "{what}", {"what": f"there are {', '.join(DATASETS)}"})
    return name


class StatsQuery(Body):
    """Of which day, and which dataset; without, the day that was opened last, and all of them."""

    day: Annotated[str | None, Field(max_length=64)] = None
    dataset: Annotated[
        str | None, Field(max_length=64, json_schema_extra={"enum": [*DATASETS, None]}), AfterValidator(_known)
    ] = None


StatsPeriod = TypedDict("StatsPeriod", {"from": str | None, "to": str | None, "timezone": str})
"""When the days were open, half-open, in the venue's local time."""


class StatsShape(Answer):
    """A dataset: its keys name a row, everything else is a figure."""

    name: str
    title: Names
    draw: Annotated[str, Field(description="how to draw it: figures, bars, line, stack or table")]
    keys: list[str]
    columns: list[str]


class StatsDataset(StatsShape):
    """A dataset with its rows; what was not measured is null, never 0."""

    rows: list[dict[str, str | int | float | None]]


class StatsColumn(Answer):
    """What a column means."""

    sort: Literal["key", "count", "duration", "share", "value"]
    unit: str
    name: Names
    definition: str
    version: int


class Stats(Answer):
    """A day's figures."""

    model_config = ConfigDict(extra="forbid")

    reader: Annotated[dict[str, Any], Field(alias="for")]
    event: str
    venue: str
    city: str
    days: list[str]
    period: StatsPeriod
    open_end: Annotated[bool, Field(description="a day has not ended: what is open may still be served")]
    datasets: list[StatsDataset]
    labels: Annotated[
        dict[str, dict[str, Any]], Field(description="by key and id: what the plan calls it, in four languages")
    ]
    dictionary: dict[str, StatsColumn]


class StatsDictionary(Answer):
    """Every dataset, and what every column means."""

    datasets: list[StatsShape]
    columns: dict[str, StatsColumn]
