"""Whoever comes back to any kiosk: stops, a place that is kept, services, opinions, leaving; in two languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.screens.kiosk_tour import Hall, in_state, press, show, tick


@pytest.fixture(scope="module")
def members() -> int:
    """Enough for every card to be new."""
    return 1000


def sent(page: Page, action: str) -> list[Any]:
    """Collect the bodies of what the page sends to an address that ends so."""
    bodies: list[Any] = []
    page.on(
        "request",
        lambda one: bodies.append(one.post_data_json) if one.method != "GET" and one.url.endswith(action) else None,
    )
    return bodies


def states(hall: Hall, card: str) -> dict[str, str]:
    """Return the visit's steps by service, as the server has them."""
    visit = hall.desk.scan(card)["visit"]
    return {step["service"]: step["state"] for step in visit["steps"]}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_visit_is_steered_from_any_kiosk(page: Page, hall: Hall, language: str) -> None:
    """A missed stop comes back, the place is kept and taken up, services are dropped and added; languages change."""
    card = hall.experienced(language)
    show(page, card)
    in_state(page, "returning")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert states(hall, card) == {"bank": "served", "health": "parked", "telecoms": "no_show", "insurance": "waiting"}

    page.click("[data-back=telecoms]")
    expect(page.locator("[data-step=telecoms]")).to_have_attribute("data-state", re.compile("waiting|headed"))
    assert states(hall, card)["health"] == "parked", "only what was asked for comes back"

    press(page, "hold")
    in_state(page, "hold")
    other = "ar" if language == "fr" else "fr"
    page.click(f"[data-language={other}]")
    in_state(page, "hold")
    page.click("[data-minutes='30']")
    expect(page.locator("[data-next=held]")).to_be_visible()
    visit = hall.desk.scan(card)["visit"]
    assert visit["state"] == "held"
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.click(f"[data-language={language}]")
    press(page, "resume")
    expect(page.locator("[data-testid=hold]")).to_be_visible()
    assert states(hall, card)["health"] in ("waiting", "headed"), "who is back wants all stops"

    press(page, "change")
    in_state(page, "services")
    expect(page.locator("[data-service=bank]")).to_be_disabled()
    page.click("[data-service=insurance]")
    page.click("[data-service=education]")
    press(page, "confirm")
    in_state(page, "result")
    now = states(hall, card)
    assert (now["insurance"], now["education"]) == ("cancelled", "waiting")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_an_opinion_is_given_in_one_s_own_language_and_then_the_visit_ends(
    page: Page, hall: Hall, language: str
) -> None:
    """Faces, a sentence to tap, letters of another script; who leaves is asked first and told afterwards."""
    bodies = sent(page, "/feedback")
    card = hall.experienced(language)
    show(page, card)
    in_state(page, "returning")
    press(page, "opinion")
    in_state(page, "rate")
    expect(page.locator("[data-rate][data-score='1']")).to_have_count(1)
    page.click("[data-rate=bank][data-score='2']")
    page.click("[data-rate=bank][data-score='5']")
    expect(page.locator("[data-rate][aria-pressed=true]")).to_have_count(1)
    press(page, "continue")
    in_state(page, "themes")
    page.click("[data-kind=expectation]")
    in_state(page, "write")
    expect(page.locator("[data-testid=send]")).to_be_disabled()
    page.click("[data-ready='0']")
    sentence = page.input_value("[data-testid=text]")
    press(page, "space")
    page.click("[data-layout-key=tifinagh]")
    page.click("[data-letter=ⴰ]")
    page.click("[data-letter=ⴱ]")
    press(page, "erase-letter")
    press(page, "send")
    in_state(page, "thanks")
    assert [body["locale"] for body in bodies] == [language, language]
    assert bodies[0]["scores"] == {"bank": 5}
    assert (bodies[1]["text"], bodies[1]["kind"]) == (f"{sentence} ⴰ", "expectation")

    press(page, "back")
    in_state(page, "returning")
    press(page, "leave")
    in_state(page, "leave")
    press(page, "back")
    in_state(page, "returning")
    assert states(hall, card)["insurance"] == "waiting", "who stays has lost nothing"
    press(page, "leave")
    press(page, "leave-now")
    in_state(page, "left")
    press(page, "reopen")
    in_state(page, "returning")
    assert states(hall, card)["insurance"] == "waiting", "a mistake has a way back"
    press(page, "leave")
    press(page, "leave-now")
    in_state(page, "left")
    press(page, "done")
    in_state(page, "attract")
    show(page, card)
    in_state(page, "refused")
    expect(page.locator("body")).to_have_attribute("data-reason", "visit_closed")
    press(page, "reopen")
    in_state(page, "returning")
    assert states(hall, card)["insurance"] == "waiting", "with the card too, for two minutes"


def test_what_no_longer_fits_is_said_over_how_things_are_now(page: Page, hall: Hall) -> None:
    """A counter calls while the visitor asks to keep the place: words, and where to go; nothing is lost."""
    card = hall.card()
    show(page, card)
    in_state(page, "services")
    page.click("[data-service=bank]")
    press(page, "confirm")
    in_state(page, "result")
    press(page, "done")
    show(page, card)
    in_state(page, "returning")
    press(page, "hold")
    in_state(page, "hold")
    visit = hall.desk.scan(card)["visit"]["id"]
    hall.call(visit, "bank-1")
    page.click("[data-minutes='10']")
    in_state(page, "returning")
    expect(page.locator("[data-testid=notice]")).to_be_visible()
    expect(page.locator("[data-next=go]")).to_be_visible()
    expect(page.locator("[data-testid=hold]")).to_have_count(0)


def test_the_proposed_route_gives_reasons_and_the_way_back_keeps_what_was_ticked(page: Page, hall: Hall) -> None:
    """Nothing is decided by looking at it: the number comes with the next button."""
    chosen = sent(page, "/services")
    show(page, hall.card())
    in_state(page, "services")
    for service in ("bank", "education"):
        page.click(f"[data-service={service}]")
    press(page, "confirm")
    in_state(page, "route")
    legs = page.locator("[data-leg]")
    expect(legs).to_have_count(2)
    assert legs.evaluate_all("legs => legs.map((leg) => [leg.dataset.leg, leg.dataset.why])") == [
        ["bank", "soonest"],
        ["education", "no_counter"],
    ]
    for leg in legs.all():
        assert leg.locator(".leg-why").inner_text().strip()
    assert chosen == []
    press(page, "back")
    in_state(page, "services")
    expect(page.locator("[data-service][aria-pressed=true]")).to_have_count(2)
    press(page, "confirm")
    in_state(page, "route")
    page.click("[data-language=zgh]")
    press(page, "take-number")
    in_state(page, "result")
    assert [body["locale"] for body in chosen] == ["zgh"]


def test_a_tile_opens_what_the_partner_offers_to_this_member(page: Page, hall: Hall) -> None:
    """Own offers first, those for others with their categories; the tile is not ticked by looking."""
    show(page, hall.card())
    in_state(page, "services")
    page.click("[data-offers=bank]")
    expect(page.locator("dialog#offers[open] [data-offer]").first).to_be_visible()
    page.click("[data-testid=close-offers]")
    expect(page.locator("dialog#offers[open]")).to_have_count(0)
    expect(page.locator("[data-service=bank]")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_family_splits_up_and_each_part_is_seen_from_the_other(page: Page, hall: Hall, language: str) -> None:
    """Two people need not be asked who goes with whom; each has a number and a ticket; one place is kept, or both."""
    chosen = sent(page, "/services")
    card = hall.card(language, family=True)
    me, other = tick(page, card, 1)
    press(page, "apart")
    in_state(page, "services")
    page.click("[data-service=bank]")
    press(page, "confirm")
    expect(page.locator("[data-service][aria-pressed=true]")).to_have_count(0)
    page.click("[data-service=education]")
    press(page, "back")
    expect(page.locator("[data-service=bank]")).to_have_attribute("aria-pressed", "true")
    press(page, "confirm")
    expect(page.locator("[data-service=education]")).to_have_attribute("aria-pressed", "true")
    press(page, "confirm")
    in_state(page, "numbers")
    (body,) = chosen
    assert (body["party"], body["services"], body["keep_together"]) == ([me], ["bank"], False)
    assert body["apart"] == [{"party": [other], "services": ["education"]}]
    expect(page.locator("[data-ticket=printed]")).to_have_count(2, timeout=20_000)
    mine = hall.desk.scan(card)["visit"]
    (theirs,) = mine["family"]
    assert page.locator("[data-visit]").evaluate_all("all => all.map((one) => Number(one.dataset.visit))") == [
        mine["number"],
        theirs["number"],
    ]

    press(page, "done")
    show(page, card)
    in_state(page, "returning")
    expect(page.locator("[data-relative]")).to_have_count(0)
    press(page, "my-family")
    page.click(f"[data-relative='{theirs['number']}']")
    expect(page.locator("[data-testid=number]")).to_have_text(str(theirs["number"]))
    expect(page.locator("[data-step=education]")).to_be_visible()
    press(page, "hold")
    in_state(page, "hold")
    page.click("[data-minutes='10']")
    in_state(page, "returning")
    assert hall.desk.scan(card)["visit"]["state"] == "open", "only theirs is kept"
    press(page, "resume")
    expect(page.locator("[data-testid=hold]")).to_be_visible()
    press(page, "hold")
    press(page, "whole")
    page.click("[data-minutes='10']")
    in_state(page, "returning")
    assert hall.desk.scan(card)["visit"]["state"] == "held"
    press(page, "resume-all")
    expect(page.locator("[data-testid=hold]")).to_be_visible()
    press(page, "leave")
    press(page, "leave-all")
    in_state(page, "left")
    assert hall.kiosk.get(f"/visits/{mine['id']}")["state"] == "left"


def test_who_goes_with_whom_is_asked_of_three_and_staying_together_after_all_is_one_number(
    page: Page, hall: Hall
) -> None:
    """A touch takes a name to the next group; with one group left the family is one visit, as if nothing was asked."""
    chosen = sent(page, "/services")
    card = hall.card(family=True)
    members = tick(page, card, 2)
    press(page, "apart")
    in_state(page, "apart")
    me = page.locator("[data-member][disabled]")
    expect(me).to_have_attribute("data-group", "1")
    others = page.locator("[data-member]:not([disabled])")
    expect(others).to_have_count(2)
    for other in others.all():
        expect(other).to_have_attribute("data-group", "2")
        other.click()
        expect(other).to_have_attribute("data-group", "1")
    press(page, "continue")
    in_state(page, "services")
    page.click("[data-service=bank]")
    press(page, "confirm")
    in_state(page, "result")
    (body,) = chosen
    assert sorted(body["party"]) == sorted(members) and "apart" not in body and "keep_together" not in body
    assert hall.desk.scan(card)["visit"]["family"] == []
