"""docs/one-scan.md says of its six files what is true of them; `tests/e2e/test_walks.py` walks through them."""

from __future__ import annotations

from tests.docs.pages import ROOT, text_of


def test_the_route_is_as_short_as_the_page_says() -> None:
    """Twenty-five lines, give or take."""
    assert "Twenty-five lines" in text_of("docs/one-scan.md")
    assert 20 <= len((ROOT / "checkin_server/web/scans.py").read_text(encoding="utf-8").splitlines()) <= 30
