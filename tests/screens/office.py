"""Somebody at a dashboard: what is done there asks who it is."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def there(page: Page, name: str = "Yasmine", pin: str = "5826") -> None:
    """Answer who is there, as the first command asks; it goes on then by itself."""
    dialog = page.get_by_test_id("person")
    expect(dialog).to_be_visible()
    dialog.get_by_test_id("person-name").fill(name)
    dialog.get_by_test_id("person-pin").fill(pin)
    dialog.get_by_test_id("person-go").click()
    expect(dialog).to_have_count(0)
