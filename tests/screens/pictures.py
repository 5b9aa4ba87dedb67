"""Pictures of the screens' parts: what is drawn on /demo/parts, kept small, compared with a tolerance.

Run as `python -m tests.screens.pictures` (`make pictures`) it draws all kept pictures again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, Page

from tests.support.chromium import launched
from tests.support.server import demo_server

KEPT = Path(__file__).parent / "pictures"
LANGUAGES = ("ar", "fr")

SIZES = {
    "kiosk": (1080, 1920),
    "board": (1920, 1080),
    "tablet": (1280, 800),
    "dashboard": (1440, 1600),
    "desk": (1280, 900),
    "privacy": (1280, 900),
    "elements": (1280, 800),
}
"""Pixels of each screen, as look.md has them."""

SMALLER = 3
"""A kept picture is so many times smaller on each side: the edges of letters blur, a moved button does not."""

COLOURS = 128
"""A kept picture has so many colours of its own; what is seen is compared in them."""

CELL = 8
"""Pixels of a kept picture on a side of the cells that are compared."""

TOLERATED = 12
"""The mean difference of a cell's pixels (0 to 255) up to which it is the same picture."""

PICTURES = (
    "kiosk.attract",
    "kiosk.attract_many+large",
    "kiosk.attract_over",
    "kiosk.keypad_wrong",
    "kiosk.company",
    "kiosk.family",
    "kiosk.services",
    "kiosk.services+large",
    "kiosk.services+contrast",
    "kiosk.services+low",
    "kiosk.services_closed",
    "kiosk.services_long",
    "kiosk.route",
    "kiosk.result",
    "kiosk.result_nopaper",
    "kiosk.numbers",
    "kiosk.returning_missed",
    "kiosk.returning_passed",
    "kiosk.card",
    "kiosk.write",
    "kiosk.waiting_handover",
    "kiosk.refused_card",
    "board.call",
    "board.empty",
    "board.over",
    "board.full",
    "board.long",
    "board.zone",
    "board.notlive",
    "tablet.locked",
    "tablet.untouched",
    "tablet.called",
    "tablet.serving",
    "tablet.missed_one",
    "dashboard.well",
    "dashboard.trouble",
    "dashboard.empty",
    "dashboard.closed",
    "dashboard.store",
    "dashboard.paper",
    "dashboard.plan",
    "dashboard.clock",
    "dashboard.restored",
    "dashboard.rule",
    "desk.signin",
    "desk.ready",
    "desk.trouble",
    "desk.closing",
    "desk.visit",
    "desk.visit_nopaper",
    "desk.visit_left",
    "desk.choosing",
    "desk.remember",
    "desk.refused_left",
    "desk.people",
    "desk.newcomer",
    "privacy.known",
    "privacy.erase",
    "privacy.audit",
    "privacy.overdue",
    "elements.signs",
    "elements.buttons",
    "elements.banners",
)
"""Parts of which a picture is kept in each of `LANGUAGES`; what stands behind a plus is the mode."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two pictures differ."""

    cells: tuple[tuple[int, int], ...]
    """Column and row of each cell that differs by more than is tolerated."""
    worst: float
    """The largest mean difference of a cell, 0 to 255; infinite when the sizes differ."""


def small(png: bytes) -> Image.Image:
    """Return a screenshot as it is kept."""
    image = Image.open(BytesIO(png)).convert("RGB")
    return image.resize((image.width // SMALLER, image.height // SMALLER), Image.Resampling.BOX)


def path_of(part: str, language: str) -> Path:
    """Return where a part's picture is kept."""
    return KEPT / f"{part}.{language}.png"


def reduced(image: Image.Image) -> Image.Image:
    """Return a picture in few colours, as a small file has them."""
    # An octree's colours are those of the smallest sign too, where the usual method knows the large areas only.
    few = image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return image.quantize(palette=few, dither=Image.Dither.NONE)


def keep(image: Image.Image, path: Path) -> None:
    """Write a picture, small."""
    path.parent.mkdir(exist_ok=True)
    reduced(image).save(path, optimize=True)


def compare(kept: Image.Image, seen: Image.Image) -> Difference:
    """Compare cell by cell, in the kept picture's colours, by the mean of the channel that differs most."""
    if kept.size != seen.size:
        return Difference(cells=((0, 0),), worst=float("inf"))
    if kept.mode == "P":
        seen = seen.quantize(palette=kept, dither=Image.Dither.NONE)
    red, green, blue = ImageChops.difference(kept.convert("RGB"), seen.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    across, down = -(-most.width // CELL), -(-most.height // CELL)
    whole = Image.new("L", (across * CELL, down * CELL))
    whole.paste(most)
    means = whole.resize((across, down), Image.Resampling.BOX).tobytes()
    cells = tuple((i % across, i // across) for i, mean in enumerate(means) if mean > TOLERATED)
    return Difference(cells=cells, worst=max(means))


def explain(kept: Image.Image, seen: Image.Image, difference: Difference) -> Image.Image:
    """Return kept, seen, and seen with a frame around each cell that differs, beside each other."""
    marked = seen.convert("RGB")
    draw = ImageDraw.Draw(marked)
    for column, row in difference.cells:
        left, top = column * CELL, row * CELL
        draw.rectangle((left, top, left + CELL - 1, top + CELL - 1), outline="#B3261E")
    sheet = Image.new("RGB", (kept.width + 2 * seen.width, max(kept.height, seen.height)), "white")
    sheet.paste(kept.convert("RGB"), (0, 0))
    sheet.paste(seen, (kept.width, 0))
    sheet.paste(marked, (kept.width + seen.width, 0))
    return sheet


@contextmanager
def easel(browser: Browser, screen: str) -> Iterator[Page]:
    """Open a page of a screen's size on which nothing moves."""
    width, height = SIZES[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    try:
        yield context.new_page()
    finally:
        context.close()


def draw(page: Page, base: str, part: str, language: str) -> None:
    """Show a part on a page and wait until it is there; its screen's own script must not fail."""
    name, _, mode = part.partition("+")
    errors: list[str] = []
    note = errors.append
    page.on("pageerror", lambda error: note(str(error)))
    page.goto(f"{base}/demo/parts?part={name}&language={language}&mode={mode}")
    page.wait_for_selector("html[data-shown]", state="attached", timeout=60_000)
    shown = page.evaluate("document.documentElement.dataset.shown")
    assert (shown, errors) == (name, [])


def seen_on(page: Page) -> Image.Image:
    """Return what a page shows, small, when its movements are over: even one of a millisecond can be caught."""
    return small(page.screenshot(animations="disabled"))


def main() -> None:
    """Draw every kept picture again; those that nobody keeps any more go."""
    wanted = {path_of(part, language) for part in PICTURES for language in LANGUAGES}
    for path in set(KEPT.glob("*.png")) - wanted:
        path.unlink()
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder), "--members", "30") as server,
        launched() as browser,
    ):
        for part in PICTURES:
            with easel(browser, part.partition(".")[0]) as page:
                for language in LANGUAGES:
                    draw(page, server.base, part, language)
                    seen, path = seen_on(page), path_of(part, language)
                    # What is the same within the tolerance stays as it is: no picture changes without a reason.
                    if not path.exists() or compare(Image.open(path), seen).cells:
                        keep(seen, path)
                        print(f"written: {path.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
