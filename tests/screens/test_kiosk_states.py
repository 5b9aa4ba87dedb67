"""A change of screen that the kiosk's table does not have: refused, reported, and nobody's data stays."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.screens.kiosk_tour import Hall, in_state, opened, press, show


def _go(page: Page, name: str) -> None:
    page.evaluate("async (name) => (await import('/static/kiosk/screen.js')).go(name)", name)


def test_a_change_that_is_not_in_the_table_forgets_the_visitor(browser: Browser, hall: Hall) -> None:
    """From the tiles nobody gets to an opinion: the invitation comes, without name, language, modes or ticks."""
    page = opened(browser, hall.server)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    show(page, hall.card("fr"))
    in_state(page, "services")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.click("[data-service=bank]")
    press(page, "access")
    page.click("[data-mode=large]")
    _go(page, "write")
    in_state(page, "attract")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("dialog[open]")).to_have_count(0)
    left = page.evaluate(
        """async () => {
          const { model } = await import("/static/kiosk/model.js");
          return [model.session, Object.values(model.modes).some(Boolean)];
        }"""
    )
    assert left == [None, False]
    assert len(errors) == 1
    assert 'from "services" to "write"' in errors[0]
    page.context.close()


def test_a_state_that_does_not_exist_is_refused_too(browser: Browser, hall: Hall) -> None:
    """A slip of the pen in a name leads to the invitation, not to an empty screen."""
    page = opened(browser, hall.server)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    _go(page, "servces")
    in_state(page, "attract")
    assert len(errors) == 1
    page.context.close()
