"""The page of who answers for the data in a real Chromium: one walk from the gate to an erased member."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.screens.office import there
from tests.support.axe import violations
from tests.support.server import DemoServer

LAPTOP, PHONE = (1280, 800), (390, 844)
MEMBER = "M000001"


@pytest.fixture(scope="module")
def page(browser: Browser, shared_demo: DemoServer) -> Iterator[Page]:
    """The page on a device of its own; no script may fail in it."""
    context = browser.new_context(viewport={"width": LAPTOP[0], "height": LAPTOP[1]}, accept_downloads=True)
    with closing(context):
        shown = context.new_page()
        errors: list[str] = []
        shown.on("pageerror", lambda error: errors.append(str(error)))
        shown.goto(shared_demo.link("privacy", "privacy"))
        yield shown
        assert errors == []


def becomes(page: Page, state: str) -> None:
    """Wait until this part of the page is there and nothing is under way."""
    expect(page.locator(f"body[data-state={state}]:not([data-busy])")).to_have_count(1, timeout=40_000)


def check(page: Page) -> None:
    """Nothing is wrong for anybody, at either size; nothing runs out at a side, in any language."""
    for width, height in (PHONE, LAPTOP):
        page.set_viewport_size({"width": width, "height": height})
        for language in ("zgh", "fr", "ar", "en"):
            page.get_by_test_id(f"lang-{language}").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (language, width)
        assert violations(page) == []


def find(page: Page, wanted: str) -> None:
    """Look for somebody by the keyboard alone."""
    page.get_by_test_id("find-text").fill(wanted)
    page.get_by_test_id("find-text").press("Enter")
    becomes(page, "members")


def test_a_members_rights_are_served_by_who_answers_for_the_data_and_by_nobody_else(
    page: Page, shared_demo: DemoServer
) -> None:
    """An organiser is turned away; then found, told, saved, erased; who looked and what went stand on the page."""
    becomes(page, "nobody")
    check(page)
    page.get_by_test_id("sign-in").click()
    there(page, "Hind", "6147")
    becomes(page, "members")
    find(page, "a")
    expect(page.get_by_test_id("nobody")).to_contain_text("too short")
    page.get_by_test_id("find-reason").select_option("other")
    page.get_by_test_id("find-other").fill("hahaha")
    find(page, MEMBER)
    expect(page.get_by_test_id("notice")).to_contain_text("say why in a few words")
    page.get_by_test_id("find-reason").select_option("member_asks")
    find(page, MEMBER)
    person = page.locator(f"[data-member={MEMBER}]")
    expect(person).to_have_count(1)
    check(page)
    person.get_by_test_id("see").click()
    expect(page.get_by_test_id("known")).to_contain_text(MEMBER)
    check(page)
    with page.expect_download() as download:
        page.locator("[data-save=json]").click()
    saved = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert saved["member"]["id"] == MEMBER and "member_exported" in {row["kind"] for row in saved["looked"]}
    page.get_by_test_id("erase").click()
    page.get_by_test_id("erase-go").click()
    expect(page.get_by_test_id("erase-trouble")).to_have_text("Choose one of these first.")
    assert violations(page) == []
    page.locator("[data-why=asked]").check()
    page.get_by_test_id("erase-go").click()
    expect(page.get_by_test_id("erased")).to_be_visible(timeout=40_000)
    find(page, MEMBER)
    expect(page.get_by_test_id("nobody")).to_be_visible()
    page.get_by_test_id("tab-keeping").click()
    expect(page.get_by_test_id("gone")).to_contain_text("A member was erased")
    check(page)
    page.get_by_test_id("tab-audit").click()
    becomes(page, "audit")
    expect(page.locator("[data-kind=member_erased]")).to_contain_text("Hind")
    page.get_by_test_id("verify").click()
    expect(page.get_by_test_id("verdict")).to_have_attribute("data-sound", "true", timeout=60_000)
    check(page)
    page.get_by_test_id("audit-staff").fill("Salma")
    page.get_by_test_id("audit-staff").press("Enter")
    expect(page.locator("[data-kind=member_erased]")).to_have_count(0, timeout=40_000)
    expect(page.get_by_test_id("look").first).to_contain_text("Salma")
    page.get_by_test_id("sign-out").click()
    becomes(page, "nobody")
    expect(page.get_by_test_id("look")).to_have_count(0)


def test_on_a_dashboard_an_organisers_pin_shows_nothing_of_it(browser: Browser, shared_demo: DemoServer) -> None:
    """The same address on a dashboard's device; who answers for the data may sign in there instead."""
    context = browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]})
    with closing(context):
        shown = context.new_page()
        shown.goto(shared_demo.link("organizer", "dashboard"))
        shown.goto(f"{shared_demo.base}/privacy?lang=en")
        becomes(shown, "nobody")
        shown.get_by_test_id("sign-in").click()
        there(shown)
        expect(shown.get_by_test_id("wrong")).to_be_visible()
        shown.get_by_test_id("sign-in").click()
        there(shown, "Hind", "6147")
        becomes(shown, "members")
