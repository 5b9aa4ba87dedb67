"""Links lead somewhere, pictures are there, and paths that pages name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.docs.pages import DOCS, ROOT, anchors, every_page, inline_code, links, name_of, prose, text_of

PAGES = [pytest.param(page, id=name_of(page)) for page in every_page()]
MADE_WHEN_RUN = {
    "build/",
    "demo-cards.csv",
    "demo-cases.csv",
    "riwaq-demo/printers/",
    "var/",
}
"""Named on pages, but made by a demo or by `make`."""
_ENDINGS = "py|js|css|html|md|toml|typ|cfg|ini|in|lock|sh|json|csv|po|txt|svg"
_PATH = re.compile(rf"^(?:[\w.-]+/)*[\w.-]+\.(?:{_ENDINGS})$|^(?:[\w.-]+/)+$")


def exists(path: str) -> bool:
    """Whether a path named on a page exists: from the root, or in one of the folders that pages often speak of."""
    return any((base / path).exists() for base in (ROOT, DOCS, ROOT / "checkin_server", ROOT / "booth_display"))


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    """Moving a file or renaming a heading breaks no link unseen."""
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{name_of(page)}: {target}"
        if anchor:
            assert anchor in anchors(file.read_text(encoding="utf-8")), f"{name_of(page)}: {target}"


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    """Pages name code by its path, and code moves."""
    named = {code for code in inline_code(page.read_text(encoding="utf-8")) if _PATH.match(code)}
    missing = sorted(path for path in named - MADE_WHEN_RUN if not exists(path))
    assert missing == [], name_of(page)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_is_in_a_file_is_in_it(page: Path) -> None:
    """``X` in `path`` names something that this file has."""
    text = " ".join(prose(page.read_text(encoding="utf-8")).split())
    for name, path in re.findall(rf"`([\w.]+)`(?: \([^)]*\))? in `([\w./-]+\.(?:{_ENDINGS}))`", text):
        assert name.split(".")[-1] in (ROOT / path).read_text(encoding="utf-8"), f"{name_of(page)}: {name} in {path}"


def test_the_readme_shows_every_screen_in_arabic_and_in_french() -> None:
    """Kiosk, tablet, dashboard and ticket in both languages; the board, which speaks both at once."""
    shown = {Path(target).stem for target in links(text_of("README.md")) if target.startswith("docs/img/")}
    for screen in ("kiosk-attract", "kiosk-services", "kiosk-result", "tablet", "dashboard", "ticket"):
        assert {f"{screen}-ar", f"{screen}-fr"} <= shown
    assert {"board-hall", "dashboard-phone-fr", "ticket-zgh", "ticket-en"} <= shown


def test_pictures_are_small_and_have_something_to_see() -> None:
    """A clone stays light; a blank page would have next to no colours."""
    pictures = sorted((DOCS / "img").glob("*.png"))
    assert sum(picture.stat().st_size for picture in pictures) < 2_500_000
    for picture in pictures:
        with Image.open(picture) as image:
            colours = image.convert("RGB").getcolors(1_000_000)
        least = 2 if picture.name.startswith("ticket") else 16
        assert colours is not None and len(colours) >= least, picture.name
