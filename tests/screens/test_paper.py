"""What people see when there is no paper: the kiosk's states and the dashboard, in a real Chromium on a real server."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.screens.kiosk_pages import LANDSCAPE, PORTRAIT, in_state, scan
from tests.screens.office import there
from tests.screens.test_kiosk import choose, number
from tests.support.axe import violations
from tests.support.paper import Paper, paper_venue


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """Three kiosks, three network printers, one second of patience."""
    with paper_venue(tmp_path_factory.mktemp("paper"), 1.0) as running:
        yield running


@pytest.fixture(scope="module")
def paired(browser: Browser, paper: Paper) -> Any:
    """A browser paired as kiosk K1."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(paper.server.link("kiosk", "K1"))
    page.wait_for_url("**/kiosk/K1")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def singles(paper: Paper) -> Iterator[dict[str, str]]:
    """Members without family whom every service is for, each used once."""
    rows = paper.server.cards()
    families = [row["family"] for row in rows]
    return iter([row for row in rows if families.count(row["family"]) == 1 and row["category"] == "active"])


def kiosk(browser: Browser, paper: Paper, paired: Any, size: tuple[int, int]) -> Page:
    """Open kiosk K1."""
    context = browser.new_context(storage_state=paired, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    page.goto(f"{paper.server.base}/kiosk/K1")
    in_state(page, "attract")
    return page


def arrive(page: Page, member: dict[str, str], language: str, *services: str) -> None:
    """Check a member in, in a language."""
    page.click(f"[data-language={language}]")
    scan(page, member["code"])
    choose(page, *services)


def ticket(page: Page, state: str) -> Any:
    """Wait until the screen says that the ticket is in a state; give that part of the screen."""
    shown = page.locator("[data-testid=ticket]")
    expect(shown).to_have_attribute("data-ticket", state, timeout=30_000)
    return shown


def fits(page: Page) -> None:
    """Nothing runs out at a side and nothing is cut off."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.locator(".btn, .headline, .ticket, .result-main").evaluate_all(
        """all => all.filter((one) => one.scrollWidth > one.clientWidth + 1
        || one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent)"""
    )
    assert cut == []
    hidden = page.evaluate(
        """() => document.querySelector("[data-testid=ticket]").getBoundingClientRect().bottom
        > document.querySelector(".controls").getBoundingClientRect().top + 1"""
    )
    assert not hidden


WORDS = {
    "ar": ("خذوا هذا الرقم معكم", "تذكرتكم عند الكشك", "هل خرجت تذكرتكم؟"),
    "fr": ("emportez ce numéro", "Votre ticket est à la borne", "Votre ticket est-il sorti"),
}


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("language", ["ar", "fr"])
# size: fixtures and the values of one case
def test_without_any_paper_the_kiosk_shows_the_number_and_a_code_to_photograph(
    browser: Browser,
    paper: Paper,
    paired: Any,
    singles: Iterator[dict[str, str]],
    language: str,
    size: tuple[int, int],
    tmp_path: Path,
) -> None:
    """The photograph opens the visit; printing again, once paper is in, gives a ticket."""
    paper.fail(P1="paper_out", P2="cover_open", P3="offline")
    page = kiosk(browser, paper, paired, size)
    arrive(page, next(singles), language, "health", "bank", "insurance")
    shown = ticket(page, "failed")
    expect(shown).to_contain_text(WORDS[language][0])
    expect(page.locator("[data-testid=qr]")).to_be_visible(timeout=40_000)
    fits(page)
    photograph = tmp_path / "photograph.png"
    page.screenshot(path=photograph)
    with Image.open(photograph) as image:
        (code,) = zxingcpp.read_barcodes(image)
    mine = number(page)
    assert paper.server.client("kiosk", "K2").scan(code.text)["visit"]["number"] == int(mine)
    paper.fail(P1="ok", P2="ok", P3="ok")
    page.click("[data-testid=reprint]")
    ticket(page, "printed")
    assert number(page) == mine
    page.context.close()


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_kiosk_says_where_the_ticket_came_out(
    browser: Browser, paper: Paper, paired: Any, singles: Iterator[dict[str, str]], language: str
) -> None:
    """At its neighbour, by name."""
    paper.fail(P1="paper_out", P2="ok", P3="ok")
    page = kiosk(browser, paper, paired, PORTRAIT)
    arrive(page, next(singles), language, "health")
    shown = ticket(page, "printed")
    expect(shown).to_contain_text(WORDS[language][1])
    expect(shown).to_contain_text("K2")
    fits(page)
    page.context.close()
    paper.fail(P1="ok")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_ticket_in_doubt_is_printed_again_only_when_the_visitor_asks(
    browser: Browser, paper: Paper, paired: Any, singles: Iterator[dict[str, str]], language: str
) -> None:
    """The printer breaks off in the middle: the kiosk asks, and one tap prints a duplicate."""
    paper.fail(P1="reset", P2="ok", P3="ok")
    page = kiosk(browser, paper, paired, PORTRAIT)
    arrive(page, next(singles), language, "health")
    expect(ticket(page, "uncertain")).to_contain_text(WORDS[language][2])
    fits(page)
    before = {name: len(printer.tickets) for name, printer in paper.printers.items()}
    paper.fail(P1="ok")
    page.click("[data-testid=reprint]")
    ticket(page, "printed")
    after = {name: len(printer.tickets) for name, printer in paper.printers.items()}
    assert sum(after.values()) - sum(before.values()) == 1
    page.context.close()


def test_nobody_waits_long_for_paper_that_is_late(
    browser: Browser, paper: Paper, paired: Any, singles: Iterator[dict[str, str]]
) -> None:
    """The code to photograph stands there while the printer still takes its time, and goes when the ticket is out."""
    paper.printers["P1"].delay = 13.0
    paper.fail(P1="late", P2="ok", P3="ok")
    page = kiosk(browser, paper, paired, PORTRAIT)
    arrive(page, next(singles), "fr", "health", "bank")
    shown = ticket(page, "sending")
    expect(page.locator("[data-testid=qr]")).to_be_visible(timeout=30_000)
    assert shown.get_attribute("data-ticket") == "sending"
    expect(shown).to_contain_text("met plus de temps que d’habitude")
    fits(page)
    expect(ticket(page, "printed")).to_contain_text("Prenez votre ticket")
    expect(page.locator("[data-testid=qr]")).to_have_count(0)
    page.context.close()
    paper.fail(P1="ok")


def test_who_comes_back_may_have_the_ticket_again(
    browser: Browser, paper: Paper, paired: Any, singles: Iterator[dict[str, str]]
) -> None:
    """Lost on the way: same number, a new paper."""
    paper.fail(P1="ok", P2="ok", P3="ok")
    page = kiosk(browser, paper, paired, PORTRAIT)
    member = next(singles)
    arrive(page, member, "fr", "health")
    ticket(page, "printed")
    expect(page.locator("[data-testid=reprint]")).to_have_count(0)
    mine = number(page)
    page.click("[data-testid=done]")
    in_state(page, "attract")
    page.wait_for_timeout(2_100)  # the same code at once is the scanner's own repetition
    scan(page, member["code"])
    in_state(page, "returning")
    page.click("[data-testid=reprint]")
    in_state(page, "result")
    ticket(page, "printed")
    assert number(page) == mine
    page.context.close()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["طابعة الكشك", "لا ورق", "ضعوا لفافة جديدة"]),
        ("fr", ["borne", "plus de papier", "nouveau rouleau"]),
    ],
)
def test_the_dashboard_says_what_a_printer_has_and_what_to_do(
    browser: Browser, paper: Paper, language: str, words: list[str]
) -> None:
    """At which kiosk, in words; a test print shows when it works again."""
    paper.fail(P1="paper_out", P2="ok", P3="ok")
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(paper.server.link("organizer", "office"))
    page.wait_for_url("**/dashboard")
    page.click(f"button.language[lang={language}]")
    mine = page.locator("[data-testid=printer][data-printer=P1]")
    mine.locator("[data-testid=test-print]").click()
    there(page)
    told = page.locator("[data-code=printer_failing]")
    for part in words:
        expect(told).to_contain_text(part, timeout=30_000)
    expect(mine.locator("[data-testid=test-state]")).to_have_attribute("data-state", "failed", timeout=40_000)
    paper.fail(P1="ok")
    expect(told).to_have_count(0, timeout=30_000)
    mine.locator("[data-testid=test-print]").click()
    expect(mine.locator("[data-testid=test-state]")).to_have_attribute("data-state", "printed", timeout=40_000)
    context.close()


def test_a_printer_that_loses_tickets_prints_again_once_somebody_has_seen_a_test_print(
    browser: Browser, paper: Paper
) -> None:
    """Two tickets in doubt, then the neighbour's paper; its own word is not enough, a person's answer is."""
    paper.fail(P1="reset", P2="ok", P3="ok")
    client = paper.server.client("kiosk", "K1")
    cards = iter([row for row in paper.server.cards() if row["category"] == "active"])

    def ends(wanted: str) -> dict[str, Any]:
        while True:
            scanned = client.scan(next(cards)["code"])
            if scanned["outcome"] == "admitted" and not scanned["visit"]["number"]:
                break
        visit = client.choose(scanned["visit"]["id"], "health")["id"]
        until = time.monotonic() + 60
        while (ticket := client.get(f"/visits/{visit}")["ticket"])["state"] in ("queued", "sending"):
            assert time.monotonic() < until, ticket
            time.sleep(0.05)
        assert ticket["state"] == wanted, ticket
        return dict(ticket)

    for _ in range(2):
        assert ends("uncertain")["printer"] == "P1"
    assert ends("printed")["printer"] == "P2"
    paper.fail(P1="ok")
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(paper.server.link("organizer", "office"))
    page.wait_for_url("**/dashboard")
    mine = page.locator("[data-testid=printer][data-printer=P1]")
    expect(mine).to_have_class(re.compile("machine--trouble"), timeout=30_000)
    assert ends("printed")["printer"] == "P2"
    mine.locator("[data-testid=test-print]").click()
    there(page)
    expect(mine.locator("[data-testid=judge]")).to_be_visible(timeout=30_000)
    assert violations(page) == []
    mine.locator("[data-testid=not-whole]").click()
    expect(mine.locator("[data-testid=judge]")).to_have_count(0, timeout=30_000)
    assert ends("printed")["printer"] == "P2"
    mine.locator("[data-testid=test-print]").click()
    mine.locator("[data-testid=came-out]").click(timeout=30_000)
    expect(mine).to_have_class(re.compile("machine--ok"), timeout=30_000)
    assert ends("printed")["printer"] == "P1"
    context.close()
