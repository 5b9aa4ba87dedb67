"""Reports to be taken away: the datasets of some days for an organiser, a partner or an office, as JSON or CSV.

Every form says the same and carries its dictionary. No member's name stands in any.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checkin_server.domain.figures import partner
from checkin_server.domain.figures.column import Column
from checkin_server.domain.figures.dictionary import COLUMNS, DATASETS, FOR_OTHERS, Dataset
from checkin_server.domain.figures.period import Period, Row, Rows
from checkin_server.domain.figures.report import rows_of
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.reports.playing import Head

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""
LONG = ("dataset", "row", "column", "value", "unit")
_NAMED_BY = {
    "service": "services",
    "booth": "booths",
    "counter": "counters",
    "category": "categories",
    "unit": "units",
    "offer": "offers",
}
"""Keys whose ids have a name in the plan."""


@dataclass(frozen=True)
class Partner:
    """A partner: who stands at one booth or several."""

    id: str
    """Its first booth's."""
    names: tuple[str, ...]
    booths: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What one reader gets."""

    reader: Mapping[str, Any]
    """``{"role": "organizer"}``, ``{"partner": …, "booths": …}`` or ``{"office": …}``."""
    head: Head
    period: Period
    datasets: Sequence[tuple[Dataset, Rows]]


def for_organizer(head: Head, period: Period, names: Iterable[str] = DATASETS) -> Report:
    """Return the organiser's report: everything, or the datasets of these names. Raises KeyError for another name."""
    return Report({"role": "organizer"}, head, period, [(DATASETS[name], rows_of(name, period)) for name in names])


def for_partner(head: Head, period: Period, who: Partner) -> Report:
    """Return a partner's sheet: its own booths' figures, small counts rounded, and one yardstick of the hall."""
    found = partner.sheet(period, who.booths, head["secret"])
    datasets = [({**DATASETS, **FOR_OTHERS}[name], rows) for name, rows in found.items()]
    reader = {"partner": who.id, "booths": list(who.booths), "rounded_below": partner.SMALL}
    return Report(reader, head, period, [(one, _whole(one, rows)) for one, rows in datasets])


def for_office(head: Head, period: Period, office: str) -> Report:
    """Return the cases that were referred to an office."""
    rows = [case for case in head["cases"] if case["office"] == office]
    dataset = FOR_OTHERS["cases"]
    return Report({"office": office}, head, period, [(dataset, _whole(dataset, rows))])


def _whole(dataset: Dataset, rows: Rows) -> Rows:
    return [{column.id: row.get(column.id) for column in dataset.columns} for row in rows]


def partners_of(period: Period) -> list[Partner]:
    """Return who stood at the booths of the plans that held, in the plan's order."""
    found: dict[str, Partner] = {}
    for one in period.days:
        for _, plan in one.plan.segments:
            for booth in plan.get("booths", ()):
                names = tuple(dict.fromkeys(booth.get("partner", {}).values())) or (booth["id"],)
                known = found.get(names[0])
                booths = () if known is None else known.booths
                if booth["id"] not in booths:
                    found[names[0]] = Partner(known.id if known else booth["id"], names, (*booths, booth["id"]))
    return list(found.values())


def find_partner(known: Iterable[Partner], wanted: str) -> Partner | None:
    """Return the partner that is meant: by a booth's id or by its name in any language."""
    said = wanted.strip().casefold()
    for one in known:
        if said in {name.casefold() for name in (*one.names, *one.booths)}:
            return one
    return None


def offices_of(period: Period) -> list[str]:
    """Return the offices that the plans knew, by id."""
    plans = (plan for one in period.days for _, plan in one.plan.segments)
    return list(dict.fromkeys(office["id"] for plan in plans for office in plan.get("event", {}).get("offices", ())))


# -- as JSON -----------------------------------------------------------------------------------------------------------


def document(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it, with the meaning of every column that stands in it."""
    return {
        "for": dict(report.reader),
        **about(report),
        "datasets": [show(dataset, rows) for dataset, rows in report.datasets],
        "labels": _labels(report),
        "dictionary": {column.id: explain(column) for column in _columns(report)},
    }


def about(report: Report) -> dict[str, Any]:
    """Return which venue and which days a report is of."""
    days = [one.day for one in report.period.days]
    spans = [span for day in days for span in day.open_spans]

    def at_venue(at: int | None) -> str | None:
        return None if at is None else report.period.local(at).isoformat(timespec="seconds")

    return {
        **report.head["venue"],
        "days": [day.id for day in days],
        "period": {
            "from": at_venue(min((since for since, _ in spans), default=None)),
            "to": at_venue(max((until for _, until in spans), default=None)),
            "timezone": report.head["timezone"],
        },
        "open_end": any(not day.ended for day in days),
    }


def show(dataset: Dataset, rows: Rows) -> dict[str, Any]:
    """Return a dataset as JSON has it."""
    return {
        "name": dataset.name,
        "title": dict(dataset.title),
        "draw": dataset.draw,
        "keys": list(dataset.keys),
        "columns": [column.id for column in dataset.columns],
        "rows": rows,
    }


def explain(column: Column) -> dict[str, Any]:
    """Return a column's entry in the dictionary."""
    return {
        "sort": column.sort,
        "unit": column.unit,
        "name": dict(column.name),
        "definition": column.definition,
        "version": column.version,
    }


def dictionary() -> dict[str, Any]:
    """Return every dataset and what every column means."""
    every = (*DATASETS.values(), *FOR_OTHERS.values())
    return {
        "datasets": [
            {
                "name": one.name,
                "title": dict(one.title),
                "draw": one.draw,
                "keys": list(one.keys),
                "columns": [column.id for column in one.columns],
            }
            for one in every
        ],
        "columns": {column.id: explain(column) for column in COLUMNS.values()},
    }


def _columns(report: Report) -> list[Column]:
    return list({column.id: column for dataset, _ in report.datasets for column in dataset.columns}.values())


def _labels(report: Report) -> dict[str, dict[str, Any]]:
    """Return the names of the plan's things that stand in the rows: by key, by id, in four languages."""
    found: dict[str, dict[str, Any]] = {}
    for key, what in _NAMED_BY.items():
        ids = {row[key] for dataset, rows in report.datasets if key in dataset.keys for row in rows}
        for id_ in sorted(ids):
            thing = next((t for one in report.period.days if (t := one.plan.find(what, id_)) is not None), None)
            name = None if thing is None else thing.get("name") or thing.get("text") or thing.get("label")
            if name is not None:
                found.setdefault(key, {})[id_] = name
    return found


# -- as CSV ------------------------------------------------------------------------------------------------------------


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; what is not known is empty."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def long_csv(report: Report) -> bytes:
    """Return one long table: ``dataset,row,column,value,unit``, its period at the top and its dictionary at the end."""
    said = about(report)
    rows: list[Sequence[Any]] = [("period", "", name, said["period"][name], "") for name in ("from", "to", "timezone")]
    rows += [("period", "", "days", " ".join(said["days"]), ""), ("period", "", "open_end", int(said["open_end"]), "")]
    rows += [("period", "", name, _said(value), "") for name, value in report.reader.items()]
    for dataset, found in report.datasets:
        for row in found:
            name = _name_of(dataset, row)
            values = [column for column in dataset.columns if column.id not in dataset.keys]
            rows += [(dataset.name, name, column.id, row[column.id], column.unit) for column in values]
    for column in _columns(report):
        rows.append(("definitions", column.id, "definition", column.definition, ""))
        rows.append(("definitions", column.id, "version", column.version, ""))
    return _csv(LONG, rows)


def _said(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def _name_of(dataset: Dataset, row: Row) -> str:
    return " / ".join(str(row[key]) for key in dataset.keys)


def files(report: Report) -> dict[str, bytes]:
    """Return one CSV a dataset, and one with the definitions, by their files' names."""
    found = {
        f"{dataset.name}.csv": _csv(
            [column.id for column in dataset.columns], [[row[c.id] for c in dataset.columns] for row in rows]
        )
        for dataset, rows in report.datasets
    }
    explained = [
        (one.id, *(one.name[language] for language in LANGUAGES), one.unit, one.definition, one.version)
        for one in _columns(report)
    ]
    heads = ("column", *(f"name_{language}" for language in LANGUAGES), "unit", "definition", "version")
    return {**found, "definitions.csv": _csv(heads, explained)}


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Write rows as RFC 4180 has them, in UTF-8 with a mark, by which spreadsheets know it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def as_json(report: Report) -> bytes:
    """Return a report as a JSON file."""
    return json.dumps(document(report), ensure_ascii=False, indent=1).encode() + b"\n"


FORMS: Mapping[str, Callable[[Report], bytes]] = {"json": as_json, "csv": long_csv}
"""The forms that are one file."""
