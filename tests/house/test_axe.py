"""The accessibility check finds what is wrong, and says where."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.support import axe

_GOOD = """<!doctype html><html lang="fr"><head><title>Accueil</title></head><body><main><h1>Accueil</h1>
<button type="button">Suivant</button></main></body></html>"""
_BAD = """<!doctype html><html lang="fr"><head><title>Accueil</title></head><body><main><h1>Accueil</h1>
<button type="button" id="mute"></button><p style="color:#ccc;background:#fff">pâle</p></main></body></html>"""


def test_a_sound_page_passes_and_a_bad_one_is_named(browser: Browser) -> None:
    """A button without words and pale text are found; a rule that is left out is not."""
    page = browser.new_page()
    page.set_content(_GOOD)
    assert axe.violations(page) == []
    page.set_content(_BAD)
    found = axe.violations(page)
    assert any(line.startswith("button-name") and "#mute" in line for line in found), found
    assert any(line.startswith("color-contrast") for line in found), found
    assert not any("color-contrast" in line for line in axe.violations(page, without=("color-contrast",)))
    page.close()
