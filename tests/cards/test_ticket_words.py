"""Tickets as the services write them, from the shipped plans and catalogues, on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from checkin_server.common.places import FONTS, TEMPLATES
from checkin_server.domain.plan import LANGUAGES, Plan, Service
from checkin_server.domain.waits import Wait
from checkin_server.services.paper import sample_ticket, ticket
from checkin_server.settings import load_venue
from checkin_server.translations import Catalogues, load
from printers.render import TicketLayout
from printers.ticket import TicketSpec

CONFIG = Path(__file__).resolve().parents[2] / "config"
VENUES = ("casablanca", "marrakech", "rabat", "tangier")
MARGIN = {80: 16, 58: 10}
"""White dots that stay free at each side."""
WORDS = Catalogues().words
PAIRS = [(first, second) for first in LANGUAGES for second in (None, *LANGUAGES) if first != second]
LONG_WAIT = Wait(95 * 60, 175 * 60)


@pytest.fixture(scope="module")
def layout() -> TicketLayout:
    """The ticket's real template with the real fonts."""
    return TicketLayout(TEMPLATES / "ticket.typ", FONTS)


def plan_of(venue: str, second: str | None = None) -> Plan:
    """A shipped venue, with or without a second language."""
    return replace(load_venue(CONFIG / "demo" / f"{venue}.toml"), second_language=second)


def longest_ticket(plan: Plan, locale: str) -> dict[str, Any]:
    """A ticket for all services of a plan, the longest name first, of somebody with the most offers."""
    category = max(plan.categories, key=lambda c: sum(len(plan.offers_for(s, c)) for s in plan.services))

    def length(service: Service) -> int:
        return len(service.name[locale]) + len(service.name[plan.second_language or locale])

    services = sorted(plan.services.values(), key=length, reverse=True)
    stops: list[tuple[str, Wait | None]] = [
        (s.id, LONG_WAIT if place % 3 else None) for place, s in enumerate(services)
    ]
    code = "V" + "BCDFGHJKLNPRSTVX" * 2
    says = ticket.Says(locale, number=88888, category=category, stops=stops, code=code, duplicate=True)
    return ticket.compose(plan, WORDS, says, plan.days[0].opens_at)


def assert_margins_white(picture: Image.Image, width_mm: int) -> None:
    """No black dot stands at the edges of the paper."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert left >= MARGIN[width_mm] and right <= picture.width - MARGIN[width_mm], box
    assert top >= 4 and bottom <= picture.height - 6, box


def longest_messages(locale: str) -> list[str]:
    """The longest messages of a language's catalogue, and those with the longest words."""
    entries = [message.string or "" for message in load(locale) if message.id]
    forms = [text for entry in entries for text in ([entry] if isinstance(entry, str) else entry)]
    words = sorted(forms, key=lambda text: max(map(len, text.split()), default=0), reverse=True)
    return sorted(forms, key=len, reverse=True)[:3] + words[:3]


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize(("locale", "second"), PAIRS)
def test_no_ticket_of_a_shipped_plan_runs_off_the_paper(
    layout: TicketLayout, locale: str, second: str | None, width_mm: int
) -> None:
    """All services of the fullest venue with their longest names, in every language and pair of languages."""
    for venue in VENUES if second is None else ("rabat",):
        spec = TicketSpec.from_dict(longest_ticket(plan_of(venue, second), locale))
        assert_margins_white(layout.picture(spec, width_mm), width_mm)


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_longest_messages_of_each_catalogue_fit_wherever_they_stand(
    layout: TicketLayout, locale: str, width_mm: int
) -> None:
    """Whatever a translator writes, in the heading, the instruction, a stop or the foot, and in either language."""
    long = longest_messages(locale)
    assert len(long) == 6 and len(long[0]) > 60
    sample = sample_ticket.sample(plan_of("rabat"), WORDS, locale, 147)
    for _ in long:
        long.append(long.pop(0))
        stop = {"zone": {"id": "W", "shape": "star"}, "title": long[3], "detail": long[4], "second": long[5]}
        second = {"heading": long[3], "instruction": long[4], "route_heading": long[5]}
        spec = sample | {
            "heading": long[0],
            "route_heading": long[1],
            "instruction": long[2],
            "foot": long[0],
            "first": None,
            "route": [stop],
            "second": {"locale": locale, **second},
            "offers": [],
        }
        assert_margins_white(layout.picture(TicketSpec.from_dict(spec), width_mm), width_mm)


@pytest.mark.parametrize(("locale", "second"), [pair for pair in PAIRS if pair[1]])
def test_a_second_language_stands_under_the_first(layout: TicketLayout, locale: str, second: str) -> None:
    """Heading, services and instruction in both; numbers, times and offers once."""
    one = sample_ticket.sample(plan_of("rabat"), WORDS, locale, 147)
    two = sample_ticket.sample(plan_of("rabat", second), WORDS, locale, 147)
    assert two["heading"] == one["heading"]
    assert two["second"]["heading"] == WORDS(second).gettext("Your number")
    assert two["second"]["instruction"] == WORDS(second).gettext("We will call you. Watch the screens.")
    names = {service.name[locale]: service.name[second] for service in plan_of("rabat").services.values()}
    assert [stop["second"] for stop in two["route"]] == [names[stop["title"]] for stop in two["route"]]
    assert two["offers"] == one["offers"]
    pictures = [layout.picture(TicketSpec.from_dict(spec), 80) for spec in (one, two)]
    assert pictures[0].height < pictures[1].height < 1.2 * pictures[0].height, "a fifth longer at most"


def test_the_second_language_is_drawn_in_its_own_direction(layout: TicketLayout) -> None:
    """French punctuation under Arabic words comes after them, as in a French ticket."""
    spec = sample_ticket.sample(plan_of("rabat", "fr"), WORDS, "ar", 147)
    marked = {"locale": "fr", "heading": "Appel 7 !", "instruction": "", "route_heading": ""}
    turned = {"locale": "fr", "heading": "! Appel 7", "instruction": "", "route_heading": ""}
    as_french, backwards = (
        layout.picture(TicketSpec.from_dict(spec | {"second": second}), 80).tobytes() for second in (marked, turned)
    )
    isolated = spec | {"second": marked | {"heading": "\u2066Appel 7 !\u2069"}}
    assert layout.picture(TicketSpec.from_dict(isolated), 80).tobytes() == as_french != backwards


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_visitor_who_reads_the_second_language_gets_a_ticket_of_one(locale: str) -> None:
    """Nothing is said twice in the same words."""
    spec = sample_ticket.sample(plan_of("rabat", locale), WORDS, locale, 147)
    assert spec["second"] is None
    assert {stop["second"] for stop in spec["route"]} == {""}


def test_without_the_setting_a_ticket_has_one_language(layout: TicketLayout) -> None:
    """The shipped venues set none."""
    for venue in VENUES:
        plan = load_venue(CONFIG / "demo" / f"{venue}.toml")
        assert plan.second_language is None
        assert sample_ticket.sample(plan, WORDS, "ar", 147)["second"] is None


def test_offers_of_one_service_stand_under_its_name_once(layout: TicketLayout) -> None:
    """A bank's two offers don't print the bank's name twice."""
    spec = sample_ticket.sample(plan_of("rabat"), WORDS, "fr", 147)
    same = spec | {"offers": [{"title": "Banque", "text": "a"}, {"title": "Banque", "text": "b"}]}
    other = spec | {"offers": [{"title": "Banque", "text": "a"}, {"title": "Banqueroute", "text": "b"}]}
    heights = [layout.picture(TicketSpec.from_dict(each), 58).height for each in (same, other)]
    assert heights[0] < heights[1]
