"""The tour that is shipped: four cities, and what the demo needs to show."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checkin_server.domain.plan import LANGUAGES, Plan
from checkin_server.settings import load_venue
from tests.settings.folder import CONFIG, VENUES

OFFICES = {
    "al-hoceima", "safi", "casablanca", "errachidia", "nador", "sale", "oujda", "laayoune", "taza", "fes", "kenitra",
    "beni-mellal", "dakhla", "tangier", "rabat", "tetouan", "agadir",
}  # fmt: skip


def texts(data: Any) -> list[dict[str, str]]:
    """Every text of a file's data: a table whose keys are languages."""
    if isinstance(data, list):
        return [text for item in data for text in texts(item)]
    if not isinstance(data, dict):
        return []
    if "ar" in data:
        return [data]
    return [text for value in data.values() for text in texts(value)]


@pytest.mark.parametrize("venue", VENUES)
def test_every_venue_of_the_tour_loads(venue: str) -> None:
    """Each is of the same event, in its own city, with three days of nine hours."""
    plan = load_venue(CONFIG / "demo" / f"{venue}.toml")
    assert (plan.venue, plan.city) == (venue, venue)
    assert plan.event.id == "journees-regionales-2019"
    assert [day.closes_at - day.opens_at for day in plan.days] == [9 * 3600 * 1000] * 3
    city = next(city for city in plan.event.cities if city.id == venue)
    assert (plan.days[0].id, plan.days[-1].id) == (city.first_day, city.last_day)
    assert len(plan.services) == 9
    assert all(plan.counters_of(service.id) for service in plan.services.values() if not service.closed)
    assert {unit.eligible for unit in plan.units.values()} == {True, False}


@pytest.mark.parametrize("file", sorted((CONFIG / "demo").glob("*.toml")), ids=lambda file: file.stem)
def test_every_text_has_four_languages_each_in_its_own_script(file: Any) -> None:
    """Arabic in Arabic letters, Amazigh in Tifinagh, French and English in Latin ones."""
    found = texts(tomllib.loads(file.read_text(encoding="utf-8")))
    assert len(found) > 20
    for text in found:
        assert tuple(text) == LANGUAGES
        assert re.search("[\u0621-\u064a]", text["ar"]), text
        # Zone letters and figures alone need no Tifinagh.
        assert re.search("[\u2d30-\u2d7f]", text["zgh"]) or re.fullmatch("[A-F, ]+", text["zgh"]), text
        assert re.search("[A-Za-z]", text["fr"]) and re.search("[A-Za-z]", text["en"]), text
        assert not re.search("[\u0600-\u06ff\u2d30-\u2d7f]", text["fr"] + text["en"]), text


def test_the_tour_is_the_one_of_december_2019(rabat: Plan) -> None:
    """The tour's own dates and slogan."""
    assert [(city.id, city.first_day, city.last_day) for city in rabat.event.cities] == [
        ("casablanca", "2019-12-06", "2019-12-08"),
        ("marrakech", "2019-12-12", "2019-12-14"),
        ("tangier", "2019-12-20", "2019-12-22"),
        ("rabat", "2019-12-27", "2019-12-29"),
    ]
    assert rabat.event.slogan["ar"] == "المقاربة التواصلية، خيار فعال لتجويد العمل الاجتماعي"


def test_there_are_seventeen_regional_offices_and_the_medical_mutual(rabat: Plan) -> None:
    """Product.md, row 6."""
    assert {office.id for office in rabat.event.offices} == {*OFFICES, "medical-mutual"}
    assert len(OFFICES) == 17


def test_opening_hours_are_local_time_in_utc_milliseconds(rabat: Plan) -> None:
    """Morocco was at UTC+1 in December 2019: nine o'clock there was eight in UTC."""
    opens = datetime.fromtimestamp(rabat.days[0].opens_at / 1000, ZoneInfo("UTC"))
    closes = datetime.fromtimestamp(rabat.days[0].closes_at / 1000, ZoneInfo("UTC"))
    assert (opens.isoformat(), closes.isoformat()) == ("2019-12-27T08:00:00+00:00", "2019-12-27T17:00:00+00:00")


def test_rabat_has_the_hall_of_the_demo(rabat: Plan) -> None:
    """Six zones, nine services, about twenty counters, three boards, three kiosks with printers of both widths."""
    assert "".join(rabat.zones) == "ABCDEF"
    assert {zone.shape for zone in rabat.zones.values()} == {
        "circle",
        "triangle",
        "square",
        "diamond",
        "star",
        "hexagon",
    }
    assert set(rabat.services) == {
        "reception", "enrolment", "social", "bank", "insurance", "telecoms", "real-estate", "health", "education",
    }  # fmt: skip
    assert len(rabat.counters) == 21
    assert rabat.counters["bank-1"].services == ("bank",)
    assert set(rabat.boards) == {"hall", "zones-abc", "zones-def", "zone-e", "bank"}
    assert [(kiosk.id, kiosk.printer) for kiosk in rabat.kiosks.values()] == [("K1", "P1"), ("K2", "P2"), ("K3", "P3")]
    assert {printer.width_mm for printer in rabat.printers.values()} == {80, 58}


def test_every_member_category_finds_services_and_an_offer_in_rabat(rabat: Plan) -> None:
    """Nobody stands before an empty kiosk."""
    for category in rabat.categories:
        open_to = [s for s in rabat.services.values() if not s.categories or category in s.categories]
        assert len(open_to) >= 6
        assert any(rabat.offers_for(service.id, category) for service in open_to)


def test_an_offer_is_only_for_categories_that_may_have_its_service(rabat: Plan) -> None:
    """An offer that cannot be taken up would be a false promise."""
    for offer in rabat.offers:
        allowed = rabat.services[offer.service].categories
        assert not allowed or offer.categories <= allowed
