from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from printers.render import FONT_FAMILIES, LayoutError, TicketLayout
from printers.renderer import RenderedTicket, Renderer
from tests.printers import samples

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "config/templates/ticket.typ"
FONTS = ROOT / "checkin_server/shared/static/vendor/fonts"


@pytest.fixture(scope="session")
def layout() -> TicketLayout:
    """The ticket's real template with the real fonts, in this process."""
    try:
        return TicketLayout(TEMPLATE, FONTS)
    except LayoutError as error:
        pytest.fail(f"{error}; wanted: {', '.join(FONT_FAMILIES)}")


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """A renderer with its child process, shared by the tests that only render."""
    with Renderer(TEMPLATE, FONTS) as shared:
        yield shared


@pytest.fixture(scope="session")
def rendered(renderer: Renderer) -> RenderedTicket:
    """A real ticket, ready to print."""
    return renderer.render(samples.AR, 80)
