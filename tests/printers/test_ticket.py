from __future__ import annotations

import copy
from typing import Any

import pytest

from printers.ticket import TicketError, TicketSpec
from tests.printers import samples


@pytest.mark.parametrize("locale", samples.BY_LOCALE)
def test_a_ticket_comes_back_from_json_as_it_went_in(locale: str) -> None:
    """`to_dict` and `from_dict` are each other's inverse."""
    spec = TicketSpec.from_dict(samples.BY_LOCALE[locale])
    assert TicketSpec.from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("locale",), "de", "locale"),
        (("number",), "47", "number"),
        (("number",), True, "number"),
        (("number",), 0, "number"),
        (("number",), 100_000, "number"),
        (("qr",), "", "qr"),
        (("qr",), "é", "qr"),
        (("qr",), "V" * 121, "qr"),
        (("event",), " ", "event"),
        (("event",), 5, "event"),
        (("first", "zone", "shape"), "heart", "first.zone.shape"),
        (("first", "zone", "id"), "ABC", "first.zone.id"),
        (("first", "title"), "", "first.title"),
        (("route",), "A", "route"),
        (("route",), [1], "route[0]"),
        (("offers",), [{"text": "x"}], "offers[0]"),
        (("offers_left",), -1, "offers_left"),
        (("colour",), "red", "colour"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(path: tuple[str, ...], value: object, named: str) -> None:
    """The message leads to the field, also deep inside."""
    data: dict[str, Any] = copy.deepcopy(samples.AR)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(TicketError) as caught:
        TicketSpec.from_dict(data)
    assert named in str(caught.value)


@pytest.mark.parametrize("name", ["locale", "number", "event", "city", "heading", "printed_at", "qr"])
def test_a_missing_field_is_refused_by_its_name(name: str) -> None:
    """What no ticket can do without must be there."""
    data = {key: value for key, value in samples.AR.items() if key != name}
    with pytest.raises(TicketError, match=f"{name} is missing"):
        TicketSpec.from_dict(data)


def test_unprintable_characters_cost_themselves_and_not_the_ticket() -> None:
    """A stray control character or lone surrogate in a partner's offer is dropped; lines are joined."""
    data = {**samples.AR, "foot": "a\x00b\ud800c\n d\u2066e\u2069"}
    assert TicketSpec.from_dict(data).foot == "abc d\u2066e\u2069"


def test_a_text_without_end_costs_its_end_and_not_the_ticket() -> None:
    """Nobody goes without paper because of a long name; that something is missing can be seen."""
    data = {**samples.FR, "slogan": "mot " * 200, "foot": "x" * 401}
    spec = TicketSpec.from_dict(data)
    assert len(spec.slogan) <= 400 and spec.slogan.endswith("mot…")
    assert len(spec.foot) == 400 and spec.foot.endswith("x…")


def test_a_ticket_may_have_more_stops_and_offers_than_paper_has_room() -> None:
    """What is left away is decided where it is laid out."""
    stop = samples.FR["route"][0]
    spec = TicketSpec.from_dict({**samples.FR, "route": [stop] * 64, "offers": [{"title": "x"}] * 64})
    assert (len(spec.route), len(spec.offers)) == (64, 64)
