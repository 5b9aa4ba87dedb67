"""From a ticket's contents to a picture of one bit a dot, at the print head's full width.

Typst lays out (Arabic, Tifinagh and Latin, with bidi and font fallback), `qrcode` makes the code, Pillow makes it
black and white: threshold, never dither. Heavy work: the server runs it in a child (`printers.renderer`).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import qrcode
import typst
from PIL import Image

from printers.ticket import TicketSpec

DOTS = {80: 576, 58: 384}
"""Width of the print head in dots, by the paper's width in millimetres (203 dots to the inch)."""
THRESHOLD = 140
"""Darker than this is black, of 0 (black) to 255."""
QR_BORDER = 4
"""White modules around the code that a reader needs (ISO 18004)."""
QR_DOTS = 200
"""Least side of the code itself: 25 mm at 203 dots to the inch."""
MAX_HEIGHT = 2303
"""Rows in one raster image that every ESC/POS printer takes (Epson's bound for GS v 0)."""
FONT_FAMILIES = ("IBM Plex Sans Arabic", "Noto Sans", "Noto Sans Tifinagh")

_LONG = 18
_LONGEST_RUN = 24
_NBSP = "\u00a0"
_LONG_WORD = re.compile(rf"[^\s\u200b\u00ad\u2066-\u2069]{{{_LONG},}}")
_COMPOUND_NUMBER = re.compile(
    r"(?<![\w\u2066-\u2068])(?:\+?\d+(?:[./:\u2013-]\d+)+|[+0]\d*(?:[ \u00a0]\d{2,3})+)(?!\w)"
)
_AFTER_NUMBER = re.compile(r"(?<=\d) (?=[\w%]{1,7}(?!\w))")


class LayoutError(RuntimeError):
    """The picture can't be made. `of_ticket` tells a bad ticket from a bad installation."""

    def __init__(self, message: str, *, of_ticket: bool) -> None:
        super().__init__(message)
        self.of_ticket = of_ticket


class TicketLayout:
    """Lays tickets out with one template and one folder of fonts; keeps Typst warm between tickets.

    Args:
        template: the `.typ` file; files it names are looked for beside it.
        fonts: folder with the TTF files of `FONT_FAMILIES`; the machine's own fonts are never used, so a ticket
            looks the same everywhere.

    Raises:
        LayoutError: template or fonts are not there.
    """

    def __init__(self, template: Path, fonts: Path) -> None:
        if not template.is_file():
            raise LayoutError(f"the ticket template {template} is not there", of_ticket=False)
        found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
        missing = [family for family in FONT_FAMILIES if family not in found.families()]
        if missing:
            raise LayoutError(f"fonts missing in {fonts}: {', '.join(missing)} (run `make setup`)", of_ticket=False)
        self._compiler = typst.Compiler(
            input=str(template), root=str(template.parent), font_paths=found, ignore_system_fonts=True
        )

    def picture(self, spec: TicketSpec, width_mm: int) -> Image.Image:
        """Lay a ticket out for paper of 80 or 58 mm: a picture of mode "1", exactly as wide as the print head.

        A ticket too long for one raster image is laid out again with less on it: offers go first, the route last.

        Raises:
            LayoutError: unknown paper, contents that can't be laid out, or a mistake in the template.
        """
        if width_mm not in DOTS:
            raise LayoutError(f"no print head for {width_mm} mm paper, only 80 or 58", of_ticket=True)
        for shorter in (spec, *_shortened(spec)):
            image = self._picture(shorter, DOTS[width_mm])
            if image.height <= MAX_HEIGHT:
                return image
        raise LayoutError(f"the ticket is {image.height} dots long, more than {MAX_HEIGHT}", of_ticket=True)

    def _picture(self, spec: TicketSpec, width: int) -> Image.Image:
        data: dict[str, Any] = _prepared(spec.to_dict())
        data["width"] = width
        data["code"] = qr_dots(spec.qr)
        try:
            png = self._compiler.compile(
                format="png", ppi=72.0, sys_inputs={"ticket": json.dumps(data, ensure_ascii=False)}
            )
        except typst.TypstError as error:
            # A checked ticket is plain data: what fails now is the template.
            raise LayoutError(f"the ticket template fails: {error.diagnostic}", of_ticket=False) from error
        if not isinstance(png, bytes):
            raise LayoutError("the ticket template makes more than one page", of_ticket=False)
        grey = Image.open(io.BytesIO(png)).convert("L")
        if grey.width != width:
            raise LayoutError(f"the ticket template is {grey.width} dots wide, not {width}", of_ticket=False)
        return grey.point([0] * THRESHOLD + [255] * (256 - THRESHOLD), mode="1")


def _shortened(spec: TicketSpec) -> Iterator[TicketSpec]:
    """Give the ticket with less and less on it, the least needed first."""
    spec = replace(spec, offers=())
    yield spec
    spec = replace(spec, slogan="", foot="")
    yield spec
    spec = replace(spec, second=None, first=spec.first and replace(spec.first, second=""))
    spec = replace(spec, route=tuple(replace(stop, second="") for stop in spec.route))
    yield spec
    yield replace(spec, route=tuple(replace(stop, detail="") for stop in spec.route))


def qr_dots(content: str) -> dict[str, Any]:
    """Make the QR code as rows of 0 (black) and 255, one value a module, white border included.

    Gives `side` (modules), `scale` (print head dots a module, whole, so that edges are crisp) and `dots`.
    """
    # Any mask can be read; weighing all eight takes 10 ms of the 30 that a ticket may cost.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QR_BORDER, mask_pattern=3)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    modules = len(rows) - 2 * QR_BORDER
    return {
        "side": len(rows),
        "scale": -(-QR_DOTS // modules),
        "dots": [0 if dark else 255 for row in rows for dark in row],
    }


def _prepared(value: Any) -> Any:
    """Settle, in every text of a ticket, what belongs together and where lines may break.

    "6-15", "27/12/2019" and "+212 537 ..." are isolated: in Arabic they would come out backwards. A number stays with
    the word after it ("15 min"). A word of 18 letters and more may be broken, so that nothing runs off the paper.
    """
    if isinstance(value, str):
        glued = " ".join(
            token if len(token) <= _LONGEST_RUN else token.replace(_NBSP, " ")
            for token in _AFTER_NUMBER.sub(_NBSP, value).split(" ")
        )
        broken = _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,6}", word.group())), glued)
        return _COMPOUND_NUMBER.sub(lambda number: f"\u2066{number.group()}\u2069", broken)
    if isinstance(value, dict):
        return {key: item if key == "qr" else _prepared(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(item) for item in value]
    return value
