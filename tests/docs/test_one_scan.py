"""docs/one-scan.md takes a newcomer through six files that are there, in their order."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, rows, text_of

SIX = [
    "kiosk/static/arrive.js",
    "checkin_server/web/scans.py",
    "checkin_server/services/visits/check_in.py",
    "checkin_server/domain/admission.py",
    "printers/spool.py",
    "checkin_server/web/live.py",
]


def test_the_six_files_are_named_in_order_and_exist() -> None:
    """In the table at the top, and each in a heading of its own."""
    page = text_of("docs/one-scan.md")
    assert [row[1].strip("`") for row in rows(page)] == SIX
    headings = re.findall(r"^## \d\. .*`([^`]+)`$", page, re.MULTILINE)
    assert headings == SIX
    for path in SIX:
        assert (ROOT / path).is_file()


def test_each_file_calls_the_next_as_the_page_says() -> None:
    """The kiosk posts to the route, the route calls the use case, the use case asks the rule."""

    def source(index: int) -> str:
        return (ROOT / SIX[index]).read_text(encoding="utf-8")

    assert re.search(r'post\(\s*"/scans"', source(0))
    assert '"/scans"' in source(1) and "from checkin_server.services.visits.check_in import check_in" in source(1)
    assert "decide_card(" in source(2) and "def decide_card(" in source(3)
    heard = (ROOT / "checkin_server/services/paper/printing.py").read_text(encoding="utf-8")
    assert "ticket_queued" in heard and "Spool(" in heard and "class Spool" in source(4)
    assert "def hear(" in source(5)


def test_the_route_is_as_short_as_the_page_says() -> None:
    """Twenty-five lines, give or take."""
    assert "Twenty-five lines" in text_of("docs/one-scan.md")
    assert 20 <= len((ROOT / SIX[1]).read_text(encoding="utf-8").splitlines()) <= 30
