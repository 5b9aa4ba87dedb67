"""A plan as a document: what is kept of each plan that was ever in force, and what of it names what is gone since.

The document is JSON in one form (`text_of`), so that the same plan is the same text on every machine, and its hash
(`hash_of`) is the plan's name: in the database's table `plan`, in each event and each service day.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from checkin_server.domain.plan import (
    LANGUAGES,
    Board,
    Booth,
    Category,
    Counter,
    Desk,
    Kiosk,
    Past,
    Plan,
    Printer,
    Service,
    Unit,
    Zone,
)
from checkin_server.domain.tour import Office, Text

Thing = TypeVar("Thing")
Document = Mapping[str, Any]
HASH_DIGITS = 16
"""Hexadecimal digits of SHA-256: 64 bits tell a venue's plans apart, and every event carries them."""

_WITH_IDS = tuple(item.name for item in dataclasses.fields(Past) if item.name != "offices")
"""What a plan has by id."""


def document_of(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON has it: what has an id stands in lists, in the plan's own order; what is past is left out.

    Distances are ``[zone, zone, minutes]``.
    """
    found = {item.name: _plain(getattr(plan, item.name)) for item in dataclasses.fields(plan) if item.name != "past"}
    for name in _WITH_IDS:
        found[name] = [_plain(thing) for thing in getattr(plan, name).values()]
    found["walks"] = sorted([*pair, minutes] for pair, minutes in plan.walks.items())
    return found


def text_of(plan: Plan) -> str:
    """Return a plan's document in the one form that its hash is made of: sorted keys, no spaces, UTF-8."""
    return json.dumps(document_of(plan), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(text: str) -> str:
    """Return the name of the plan with this text."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items() if not isinstance(key, tuple)}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def past_of(plan: Plan, documents: Iterable[Document]) -> Past:
    """Return what earlier plans had and `plan` has not, each as the newest of them has it.

    Args:
        plan: the present plan.
        documents: those of earlier plans, the newest first; of other releases too, so that what is missing in them is
            taken as not said.
    """
    olds = list(documents)

    def gone(key: str, present: Mapping[str, Any] | set[str], read: Callable[[Document], Thing]) -> dict[str, Thing]:
        found: dict[str, Thing] = {}
        for old in olds:
            rows = old.get("event", {}).get(key, ()) if key == "offices" else old.get(key, ())
            for row in rows:
                if row["id"] not in present and row["id"] not in found:
                    found[row["id"]] = read(row)
        return found

    return Past(
        zones=gone("zones", plan.zones, _zone),
        categories=gone("categories", plan.categories, lambda row: Category(row["id"], _name(row), eligible=False)),
        units=gone("units", plan.units, lambda row: Unit(row["id"], _name(row), eligible=False)),
        booths=gone("booths", plan.booths, _booth),
        services=gone("services", plan.services, _service),
        counters=gone("counters", plan.counters, _counter),
        boards=gone("boards", plan.boards, lambda row: Board(row["id"], _name(row), tuple(row.get("zones", ())))),
        kiosks=gone("kiosks", plan.kiosks, lambda row: Kiosk(row["id"], row.get("zone", ""), row.get("printer", ""))),
        desks=gone("desks", plan.desks, lambda row: Desk(row["id"], row.get("zone", ""), row.get("printer", ""))),
        printers=gone("printers", plan.printers, _printer),
        offices=gone("offices", {one.id for one in plan.event.offices}, lambda row: Office(row["id"], _name(row))),
    )


def _name(row: Document, key: str = "name") -> Text:
    said = row.get(key, {})
    return {language: said.get(language) or row["id"] for language in LANGUAGES}


def _zone(row: Document) -> Zone:
    return Zone(
        row["id"], _name(row), row.get("shape", "circle"), row.get("colour", "#666666"), row.get("ink", "#FFFFFF")
    )


def _booth(row: Document) -> Booth:
    return Booth(row["id"], _name(row), _name(row, "partner"), row.get("zone", ""))


def _service(row: Document) -> Service:
    pictogram, minutes = row.get("pictogram", "circle-question-mark"), float(row.get("prior_minutes", 5.0))
    return Service(row["id"], _name(row), row.get("booth", ""), pictogram, minutes, closed=True)


def _counter(row: Document) -> Counter:
    return Counter(row["id"], row.get("booth", ""), row.get("label", row["id"]), ())


def _printer(row: Document) -> Printer:
    return Printer(row["id"], row.get("kind", "virtual"), int(row.get("width_mm", 80)))
