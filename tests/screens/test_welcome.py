"""The welcome desk's screen in a real Chromium, on a real server with printers that can be given faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.kiosk_pages import key_strokes
from tests.support.axe import violations
from tests.support.paper import Paper, paper_venue

LAPTOP, PHONE = (1280, 800), (390, 844)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """Three kiosks, three network printers, one second of patience; the desk prints on P1."""
    with paper_venue(tmp_path_factory.mktemp("desk"), 1.0) as running:
        yield running


@pytest.fixture(scope="module")
def codes(paper: Paper) -> Iterator[str]:
    """Cards of members whom every service is for, each used once."""
    return (card["code"] for card in paper.server.cards() if card["category"] == "active")


def becomes(page: Page, state: str) -> None:
    """Wait until the desk shows something of this kind."""
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=40_000)


@contextmanager
def desk(browser: Browser, paper: Paper, language: str = "en", *, signed_in: bool = True) -> Iterator[Page]:
    """The desk in a fresh browser; no script may fail in it."""
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    with closing(context):
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(paper.server.link("welcome", "desk"))
        becomes(page, "signin")
        page.get_by_test_id(f"lang-{language}").click()
        if signed_in:
            sign_in(page)
            becomes(page, "ready")
        yield page
        assert errors == []


def sign_in(page: Page, name: str = "Salma", pin: str = "3691") -> None:
    """Fill the form and send it by Enter, as people do."""
    page.get_by_test_id("staff").fill(name)
    page.get_by_test_id("pin").fill(pin)
    page.get_by_test_id("pin").press("Enter")


def scan(page: Page, code: str) -> None:
    """Type as a scanner does."""
    key_strokes(page, code)


def ticket(page: Page, state: str) -> None:
    """Wait until the visit's ticket is in a state."""
    expect(page.get_by_test_id("ticket")).to_have_attribute("data-ticket", state, timeout=30_000)


def check(page: Page) -> None:
    """Nothing is wrong for anybody, at either size, in any language; nothing runs out at a side."""
    for width, height in (PHONE, LAPTOP):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for language in ("zgh", "fr", "ar", "en"):
            page.get_by_test_id(f"lang-{language}").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, width)
        assert violations(page) == []


def test_who_may_not_look_members_up_is_told_why(browser: Browser, paper: Paper) -> None:
    """A wrong PIN, then somebody of a stand; the desk's own person comes in, and out again."""
    with desk(browser, paper, signed_in=False) as page:
        check(page)
        sign_in(page, pin="0000")
        expect(page.get_by_test_id("signin-trouble")).to_contain_text("4 attempts left")
        sign_in(page, "Nadia", "2580")
        expect(page.get_by_test_id("signin-trouble")).to_contain_text("This account is not for here.")
        expect(page.get_by_test_id("pin")).to_have_value("")
        sign_in(page)
        becomes(page, "ready")
        expect(page.get_by_test_id("who")).to_have_text("Salma")
        page.reload()
        becomes(page, "ready")
        page.get_by_test_id("sign-out").click()
        becomes(page, "signin")


def test_without_any_paper_the_desk_sees_the_number_what_to_do_and_prints_again(
    browser: Browser, paper: Paper, codes: Iterator[str]
) -> None:
    """The list fills by itself; mended, the desk prints a duplicate; a second number is told without paper."""
    kiosk = paper.server.client("kiosk", "K2")
    paper.fail(P1="paper_out", P2="cover_open", P3="offline")
    with desk(browser, paper) as page:
        first, second = (kiosk.choose(kiosk.scan(next(codes))["visit"]["id"], "health", "bank") for _ in range(2))
        troubles = page.get_by_test_id("trouble")
        expect(troubles.and_(page.locator("[data-printer=P1]"))).to_contain_text("no paper", timeout=30_000)
        expect(troubles.and_(page.locator("[data-printer=P1]"))).to_contain_text("Put in a new roll")
        listed = page.get_by_test_id("without-paper")
        expect(listed).to_have_count(2, timeout=30_000)
        listed.and_(page.locator(f"[data-number='{first['number']}']")).click()
        expect(page.get_by_test_id("number")).to_have_text(str(first["number"]))
        ticket(page, "failed")
        page.get_by_test_id("show-code").click()
        expect(page.get_by_test_id("code")).to_be_visible()
        check(page)
        paper.fail(P1="near_end", P2="ok", P3="ok")
        page.get_by_test_id("reprint").click()
        ticket(page, "printed")
        expect(page.get_by_test_id("ticket")).to_contain_text("marked as a duplicate")
        expect(page.locator("[data-code=paper_low]")).to_contain_text("the roll is nearly at its end", timeout=30_000)
        assert len(paper.printers["P1"].tickets) == 1
        listed.click()
        expect(page.get_by_test_id("number")).to_have_text(str(second["number"]))
        page.get_by_test_id("handed-over").click()
        ticket(page, "cancelled")
        expect(listed).to_have_count(0, timeout=40_000)
        paper.fail(P1="ok")


def test_a_visit_is_found_by_card_by_ticket_and_by_number(browser: Browser, paper: Paper, codes: Iterator[str]) -> None:
    """A scanner works wherever the focus is, and what it typed does not stay in the field; unknown numbers are told."""
    code = next(codes)
    kiosk = paper.server.client("kiosk", "K1")
    visit = kiosk.choose(kiosk.scan(code)["visit"]["id"], "health")
    number = str(visit["number"])
    with desk(browser, paper) as page:
        for what in (code, visit["id"]):
            scan(page, what)
            expect(page.get_by_test_id("number")).to_have_text(number)
            expect(page.get_by_test_id("find-text")).to_have_value("")
            page.get_by_test_id("clear").click()
            becomes(page, "ready")
        for typed, told in (("9999", "Nobody has the number 9999 today."), (code[:-2], "2 letters are still missing.")):
            page.get_by_test_id("find-text").fill(number)
            page.get_by_test_id("find-go").click()
            expect(page.get_by_test_id("number")).to_have_text(number)
            page.get_by_test_id("find-text").fill(typed)
            page.get_by_test_id("find-text").press("Enter")
            expect(page.get_by_test_id("notice")).to_contain_text(told)
            expect(page.get_by_test_id("number")).to_have_count(0)  # nobody's file under what is said of somebody else
        page.get_by_test_id("find-text").fill(number)
        page.get_by_test_id("find-go").click()
        expect(page.get_by_test_id("number")).to_have_text(number)
        expect(page.locator("[data-step=health]")).to_have_attribute("data-state", "waiting")
        # Given for a reason, seen by the next who opens the visit, and taken back.
        page.get_by_test_id("priority-open").click()
        for language in ("ar", "fr", "zgh", "en"):
            page.get_by_test_id(f"lang-{language}").click()
            expect(page.locator("[data-priority]")).to_have_count(9)
            assert violations(page) == [], language
        page.click("[data-priority=pregnant]")
        given = page.get_by_test_id("priority")
        expect(given).to_contain_text("Priority: pregnancy (15 minutes sooner)")
        scan(page, code)
        expect(given).to_have_attribute("data-reason", "pregnant")
        page.get_by_test_id("priority-back").click()
        expect(given).to_have_count(0)
        assert kiosk.get(f"/visits/{visit['id']}")["priority"] is None


def test_a_visit_that_was_left_by_mistake_is_opened_again_by_number_and_by_card(
    browser: Browser, paper: Paper, codes: Iterator[str]
) -> None:
    """With its number; and who signs in may type the PIN in the digits of any keyboard."""
    code = next(codes)
    kiosk = paper.server.client("kiosk", "K1")
    visit = kiosk.choose(kiosk.scan(code)["visit"]["id"], "health")
    with desk(browser, paper, signed_in=False) as page:
        sign_in(page, pin="٣٦٩١")
        becomes(page, "ready")
        for by_card in (False, True):
            kiosk.command(f"/visits/{visit['id']}/leave")
            if by_card:
                scan(page, code)
                becomes(page, "refused")
                expect(page.get_by_test_id("refused")).to_contain_text("If they left by mistake, open the visit again.")
            else:
                page.get_by_test_id("find-text").fill(str(visit["number"]))
                page.get_by_test_id("find-go").click()
                expect(page.get_by_test_id("visit")).to_have_attribute("data-state", "left")
            page.get_by_test_id("reopen").click()
            expect(page.get_by_test_id("visit")).to_have_attribute("data-state", "open", timeout=20_000)
            expect(page.get_by_test_id("number")).to_have_text(str(visit["number"]))
            expect(page.locator("[data-step=health]")).to_have_attribute("data-state", "waiting")
            expect(page.get_by_test_id("reopen")).to_have_count(0)
            assert kiosk.get(f"/visits/{visit['id']}")["state"] == "open"


def test_a_copied_card_is_refused_in_words_and_the_member_leaves_with_a_new_one(browser: Browser, paper: Paper) -> None:
    """Refused, looked up by name with a reason, given a card, let in, served: all at the desk."""
    with desk(browser, paper) as page:
        scan(page, paper.server.cases()["revoked_card"])
        becomes(page, "refused")
        expect(page.get_by_test_id("refused")).to_contain_text("it is an old one or a copy")
        expect(page.get_by_test_id("refused")).to_contain_text("Ask for an identity document")
        check(page)
        page.get_by_test_id("find-text").fill("fatima")
        page.get_by_test_id("find-reason").select_option("card_refused")
        page.get_by_test_id("find-go").click()
        becomes(page, "people")
        person = page.get_by_test_id("person").filter(has_text="not here today").first
        member = person.get_attribute("data-member")
        person.get_by_test_id("new-card").click()
        person.locator("[data-card-reason=card_refused]").click()
        made = page.locator(f"[data-member={member}]").get_by_test_id("card-pdf")
        expect(made).to_be_visible(timeout=20_000)
        with page.expect_download() as download:
            made.click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
        check(page)
        page.locator(f"[data-member={member}]").get_by_test_id("let-in").click()
        becomes(page, "visit")
        page.locator("[data-service=enrolment]").check()
        check(page)
        page.get_by_test_id("give-number").click()
        expect(page.get_by_test_id("number")).to_have_text(str(max_number(paper)))
        ticket(page, "printed")


def max_number(paper: Paper) -> int:
    """The number given last: how many were given, for they have no gaps."""
    return int(paper.server.client("organizer", "office").get("/dashboard/snapshot")["data"]["arrivals"])


def test_somebody_on_no_list_is_registered_and_nothing_typed_is_lost(browser: Browser, paper: Paper) -> None:
    """An empty name is told and the rest stays; then in, with a number."""
    with desk(browser, paper, "ar") as page:
        page.get_by_test_id("newcomer").click()
        becomes(page, "newcomer")
        check(page)
        page.get_by_test_id("locale").select_option("zgh")
        page.get_by_test_id("register").click()
        expect(page.get_by_test_id("notice")).to_be_visible()
        expect(page.get_by_test_id("locale")).to_have_value("zgh")
        page.get_by_test_id("name_ar").fill("سناء بنعلي")
        page.get_by_test_id("register").click()
        becomes(page, "visit")
        expect(page.locator("#visit-name")).to_have_text("سناء بنعلي")
        page.locator("[data-service=health]").check()
        page.get_by_test_id("give-number").click()
        ticket(page, "printed")
