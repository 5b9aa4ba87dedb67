"""`riwaq cards …` on a demo's folder while its server runs, and the real scan over HTTP."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from tests.support.server import DemoServer


def codes_in(pdf: Path) -> list[str]:
    """The codes on all pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]
    document.close()
    return found


def card_of(server: DemoServer, place: int) -> tuple[str, str]:
    """A member's id and code."""
    row = server.cards()[place]
    return row["member"], row["code"]


def scan(server: DemoServer, code: str) -> tuple[str, str | None]:
    """Scan at kiosk K1; give outcome and reason."""
    answer = server.client("kiosk", "K1").scan(code)
    return answer["outcome"], answer["reason"]


def test_a_lost_card_is_replaced_printed_and_scanned(shared_demo: DemoServer, tmp_path: Path) -> None:
    """Issued while the server runs: the old code is refused, the code on the new paper admits."""
    member, old = card_of(shared_demo, 20)
    issued = shared_demo.riwaq("cards", "issue", member)
    assert issued.returncode == 0, issued.stderr
    assert old not in issued.stdout
    out = tmp_path / "card.pdf"
    made = shared_demo.riwaq("cards", "render", "--single", "--member", member, "--out", str(out))
    assert made.returncode == 0, made.stderr
    assert out.stat().st_mode & 0o777 == 0o600, "names and codes are for the owner only"
    (new,) = codes_in(out)
    assert scan(shared_demo, old) == ("refused", "revoked_card")
    assert scan(shared_demo, new) == ("admitted", None)


def test_a_revoked_card_is_refused_by_the_running_server(shared_demo: DemoServer, tmp_path: Path) -> None:
    """By id or by code; it is not printed any more."""
    (first, one), (_, two) = card_of(shared_demo, 30), card_of(shared_demo, 31)
    for which, code in ((first, one), (two, two)):
        assert shared_demo.riwaq("cards", "revoke", which).returncode == 0
        assert scan(shared_demo, code) == ("refused", "revoked_card")
    refused = shared_demo.riwaq("cards", "render", "--member", first, "--out", str(tmp_path / "card.pdf"))
    assert refused.returncode == 1 and f"riwaq cards issue {first}" in refused.stderr
    again = shared_demo.riwaq("cards", "revoke", first)
    assert again.returncode == 1 and "no valid card" in again.stderr
    assert list(tmp_path.iterdir()) == []


def test_all_cards_of_a_venue_are_printed(shared_demo: DemoServer, tmp_path: Path) -> None:
    """Sheets of ten for everybody with a valid card of this event."""
    out = tmp_path / "cards.pdf"
    made = shared_demo.riwaq("cards", "render", "--all", "--out", str(out))
    assert made.returncode == 0, made.stderr
    document = pypdfium2.PdfDocument(out.read_bytes())
    pages = len(document)
    document.close()
    assert f"pages: {pages})" in made.stdout and 29 <= pages <= 31


@pytest.mark.parametrize("arguments", [(), ("--all", "--member", "M000001")])
def test_whose_cards_must_be_said(shared_demo: DemoServer, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Everybody's or some members', one of the two."""
    asked = shared_demo.riwaq("cards", "render", *arguments, "--out", str(tmp_path / "x.pdf"))
    assert asked.returncode == 2 and "--all" in asked.stderr
