"""From a ticket's contents to a picture of one bit a dot, at the print head's full width.

Typst lays out (Arabic, Tifinagh and Latin, with bidi and font fallback), `qrcode` makes the code, Pillow makes it
black and white: threshold, never dither. Heavy work: the server runs it in a child (`printers.renderer`).

A ticket is a column of pieces (head, number, a stop of the route, ...), each a page of the template's. Typst draws only
those that were not on an earlier ticket; the rest are kept as dots.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import qrcode
import typst
from PIL import Image, ImageChops

from printers.shorten import Shortened, shorten
from printers.ticket import SecondLanguage, TicketSpec

DOTS = {80: 576, 58: 384}
"""Width of the print head in dots, by the paper's width in millimetres (203 dots to the inch)."""
THRESHOLD = 140
"""Darker than this is black, of 0 (black) to 255."""
QR_BORDER = 4
"""White modules around the code that a reader needs (ISO 18004)."""
QR_DOTS = 200
"""Least side of the code itself: 25 mm at 203 dots to the inch."""
MAX_HEIGHT = 2303
"""Rows of the longest ticket, 29 cm of paper: what has more to say says it at a kiosk."""
KEPT_BYTES = 16_000_000
"""Most that is kept of pieces already drawn, about 7 kB each."""
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


def compiler_of(template: Path, fonts: Path, what: str) -> typst.Compiler:
    """Return what lays `template` out with the TTF files of one folder, never with the machine's own fonts.

    Raises:
        LayoutError: template or fonts are not there; `what` names what the template is of.
    """
    if not template.is_file():
        raise LayoutError(f"the {what} template {template} is not there", of_ticket=False)
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)])
    missing = [family for family in FONT_FAMILIES if family not in found.families()]
    if missing:
        raise LayoutError(f"fonts missing in {fonts}: {', '.join(missing)} (run `make setup`)", of_ticket=False)
    return typst.Compiler(input=str(template), root=str(template.parent), font_paths=found, ignore_system_fonts=True)


@dataclass(frozen=True, slots=True)
class _Page:
    """One piece of a ticket, drawn."""

    dots: bytes
    """Its rows, eight dots a byte, 1 is black."""
    code: tuple[int, int] | None
    """Where the template left a place for the code: left and top."""


class TicketLayout:
    """Lays tickets out with one template and one folder of fonts; keeps Typst, and what it drew, between tickets.

    Args:
        template: the `.typ` file; files it names are looked for beside it.
        fonts: folder with the TTF files of `FONT_FAMILIES`; the machine's own fonts are never used, so a ticket
            looks the same everywhere.

    Raises:
        LayoutError: template or fonts are not there.
    """

    def __init__(self, template: Path, fonts: Path) -> None:
        self._compiler = compiler_of(template, fonts, "ticket")
        self._folder = template.parent
        self._seen: frozenset[tuple[str, int, int]] = frozenset()
        self._alone: dict[str, bool] = {}
        self._kept: OrderedDict[str, _Page] = OrderedDict()
        self._kept_bytes = 0

    def picture(self, spec: TicketSpec, width_mm: int) -> Image.Image:
        """Lay a ticket out for paper of 80 or 58 mm: a picture of mode "1", exactly as wide as the print head.

        One that is too long has less on it (`shorten`), and is given in any case.

        Raises:
            LayoutError: unknown paper, contents that can't be laid out, or a mistake in the template.
        """
        if width_mm not in DOTS:
            raise LayoutError(f"no print head for {width_mm} mm paper, only 80 or 58", of_ticket=True)
        return self.laid_out(spec, width_mm)[0]

    def laid_out(self, spec: TicketSpec, width_mm: int) -> tuple[Image.Image, int]:
        """Do the same; give also how many stops of the route had no room."""
        if width_mm not in DOTS:
            raise LayoutError(f"no print head for {width_mm} mm paper, only 80 or 58", of_ticket=True)
        drawn: dict[Shortened, Image.Image] = {}

        def fits(tried: Shortened) -> bool:
            drawn[tried] = image = self._picture(tried, DOTS[width_mm])
            return image.height <= MAX_HEIGHT

        short = shorten(spec, fits)
        image = drawn[short] if short in drawn else self._picture(short, DOTS[width_mm])
        return image, short.stops_left

    def _picture(self, short: Shortened, width: int) -> Image.Image:
        spec = short.spec
        code = qr_picture(spec.qr)
        common = {
            "width": width,
            "locale": spec.locale,
            "second": spec.second and spec.second.locale,
            "code": code.width,
        }
        pages = self._pages(common, [_prepared(piece) for piece in pieces(short)])
        dots = b"".join(page.dots for page in pages)
        picture = Image.frombytes("1", (width, len(dots) * 8 // width), dots, "raw", "1;I")
        above = 0
        for page in pages:
            if page.code is not None:
                picture.paste(code, (page.code[0], above + page.code[1]))
            above += len(page.dots) * 8 // width
        return picture

    def _pages(self, common: dict[str, Any], wanted: Sequence[dict[str, Any]]) -> list[_Page]:
        """Give the pages of a ticket's pieces, from those kept where it may be."""
        if (saved := self._saved()) != self._seen:
            self._seen = saved
            self._alone.clear()
            self._kept.clear()
            self._kept_bytes = 0
        kind = json.dumps(common)
        keys = [kind + json.dumps(piece) for piece in wanted]
        if not self._alone.get(kind, True):
            return self._drawn(common, wanted)
        if kind not in self._alone:
            pages = self._drawn(common, wanted)
            self._alone[kind] = self._are_independent(common, wanted, pages)
            if self._alone[kind]:
                for key, page in zip(keys, pages, strict=True):
                    self._keep(key, page)
            return pages
        missing = {key: piece for key, piece in zip(keys, wanted, strict=True) if key not in self._kept}
        pages = self._drawn(common, list(missing.values())) if missing else []
        if len(pages) != len(missing):  # a template with a page more or less for some tickets: draw this one whole
            return self._drawn(common, wanted)
        drawn = dict(zip(missing, pages, strict=True))
        found = [drawn[key] if key in drawn else self._kept[key] for key in keys]
        for key, page in zip(keys, found, strict=True):
            self._keep(key, page)
        return found

    def _are_independent(self, common: dict[str, Any], wanted: Sequence[dict[str, Any]], pages: list[_Page]) -> bool:
        """Whether the template draws each piece by itself as it does within the ticket; an edited one may not."""
        try:
            return len(wanted) == len(pages) and all(
                self._drawn(common, [piece]) == [page] for piece, page in zip(wanted, pages, strict=True)
            )
        except LayoutError:
            return False

    def _keep(self, key: str, page: _Page) -> None:
        """Keep a page, or keep it longer; those not wanted for longest make room."""
        if self._kept.pop(key, None) is None:
            self._kept_bytes += len(page.dots)
        self._kept[key] = page
        while self._kept_bytes > KEPT_BYTES:
            _, old = self._kept.popitem(last=False)
            self._kept_bytes -= len(old.dots)

    def _saved(self) -> frozenset[tuple[str, int, int]]:
        """Tell when the template and the files beside it, which it may show, were last saved."""
        try:
            with os.scandir(self._folder) as entries:
                stats = [(entry.name, entry.stat()) for entry in entries if entry.is_file()]
        except OSError:  # an editor is at work: as changed, and looked at again with the next ticket
            return frozenset()
        return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _drawn(self, common: dict[str, Any], wanted: Sequence[dict[str, Any]]) -> list[_Page]:
        data = json.dumps({**common, "pieces": wanted}, ensure_ascii=False)
        try:
            made = self._compiler.compile(format="png", ppi=72.0, sys_inputs={"ticket": data})
        except typst.TypstError as error:
            # A checked ticket is plain data: what fails now is the template.
            raise LayoutError(f"the ticket template fails: {error.diagnostic}", of_ticket=False) from error
        files = made if isinstance(made, list) else [made]
        return [_page(png, common["width"], common["code"]) for png in files if png is not None]


def _page(png: bytes, width: int, code: int) -> _Page:
    """Make one page black and white, and find the red square that the template leaves for the code."""
    drawn = Image.open(io.BytesIO(png))
    if drawn.width != width:
        raise LayoutError(f"the ticket template is {drawn.width} dots wide, not {width}", of_ticket=False)
    black_white = drawn.convert("L").point([0] * THRESHOLD + [255] * (256 - THRESHOLD), mode="1")
    red = ImageChops.subtract(drawn.getchannel("R"), drawn.getchannel("G"))
    place = red.point([0] * 128 + [255] * 128).getbbox()
    if place is None:
        return _Page(black_white.tobytes("raw", "1;I"), None)
    left, top, right, bottom = place
    if max(abs(right - left - code), abs(bottom - top - code)) > 1:
        raise LayoutError("the ticket template has red on it besides the code's place", of_ticket=False)
    black_white.paste(1, place)
    return _Page(black_white.tobytes("raw", "1;I"), (left, top))


def pieces(ticket: TicketSpec | Shortened) -> list[dict[str, Any]]:
    """Divide a ticket into what the template's functions draw, from top to bottom, each with its own words only.

    What differs between any two tickets (number, code, date) is apart from what many have in common. That there is
    more than has room is said in the form of a heading, and of an offer: every template knows these.
    """
    short = ticket if isinstance(ticket, Shortened) else Shortened(ticket, offers_left=ticket.offers_left)
    spec = short.spec
    second = spec.second or SecondLanguage("")
    found: list[dict[str, Any]] = [
        {"piece": "head", "event": spec.event, "city": spec.city, "slogan": spec.slogan},
        {
            "piece": "number",
            "duplicate": spec.duplicate,
            "heading": spec.heading,
            "heading_second": second.heading,
            "number": spec.number,
        },
    ]
    if spec.first is not None or spec.instruction:
        found.append(
            {
                "piece": "destination",
                "first": spec.first and asdict(spec.first),
                "go": spec.go,
                "first_heading": spec.first_heading,
                "first_heading_second": second.first_heading,
                "instruction": spec.instruction,
                "instruction_second": second.instruction,
            }
        )
    if spec.route:
        found.append({"piece": "route_heading", "heading": spec.route_heading, "heading_second": second.route_heading})
    last = len(spec.route) - 1
    for i, stop in enumerate(spec.route):
        found.append({"piece": "stop", **asdict(stop), "first": i == 0, "last": i == last})
    if short.stops_left:
        words, others = (_more(one.more, short.stops_left) for one in (spec, second))
        found.append({"piece": "route_heading", "heading": words, "heading_second": others})
    offers = [asdict(offer) for offer in spec.offers]
    if offers and short.offers_left:
        offers.append({"title": "", "text": _more(spec.more, short.offers_left)})
    found.append(
        {
            "piece": "code_and_offers",
            "offers_heading": spec.offers_heading,
            "offers": offers,
        }
    )
    found.append({"piece": "date", "printed_at": spec.printed_at})
    found.append({"piece": "foot", "foot": spec.foot, "foot_second": second.foot})
    return found


def _more(words: str, count: int) -> str:
    return words.replace("{n}", str(count))


def qr_picture(content: str) -> Image.Image:
    """Make the QR code as a picture of mode "1", white border included.

    A module is a whole number of the print head's dots, so that edges are crisp.
    """
    # Any mask can be read; weighing all eight takes 10 ms, half of what a ticket may cost.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=QR_BORDER, mask_pattern=3)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    scale = -(-QR_DOTS // (len(rows) - 2 * QR_BORDER))
    small = Image.frombytes("L", (len(rows), len(rows)), bytes(0 if dark else 255 for row in rows for dark in row))
    return small.point([0] * 128 + [255] * 128, mode="1").resize((len(rows) * scale,) * 2, Image.Resampling.NEAREST)


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
        return {key: _prepared(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_prepared(item) for item in value]
    return value
