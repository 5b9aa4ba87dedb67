"""Members' cards on paper: a PDF of A4 sheets with crop marks, or of pages of a card's size.

The template (`config/templates/card.typ`) decides how they look; this module gives it checked words and the codes,
drawn as lines and not as dots, so that they are sharp at every printer's resolution.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import qrcode
import typst
from qrcode.exceptions import DataOverflowError

from printers.render import QR_BORDER, LayoutError, compiler_of

MAX_NAME = 120
MAX_WORDS = 60
"""Longest name and other text on a card, in characters; a longer one ends in an ellipsis."""
QR_VERSION = 3
"""29 modules a side: what a card's 33 letters need at level Q, which survives a stain on a quarter of the code."""
LARGE_QR_VERSION = 10
"""57 modules a side: what a signed card's 130 bytes need in Base45 at level Q."""
_SIGNED = "R1:"
"""What a signed card's code begins with."""

_JOINERS = "\u200c\u200d"
_LONG_WORD = re.compile(r"[^\s\u200b]{24,}")


@dataclass(frozen=True, slots=True)
class CardSpec:
    """What one card says."""

    code: str
    """What its QR code holds: letters, digits and signs of a QR code's alphanumeric mode, in capitals."""
    name_ar: str
    name_la: str
    category_ar: str
    category_fr: str
    letters: str = ""
    """What stands below the QR code for reading, in groups; by default the code itself."""
    short: str = ""
    """What is typed where the card can't be read; nothing where it has no such code."""


def qr_version(code: str) -> int:
    """Return how large a card's QR code is."""
    return LARGE_QR_VERSION if code.startswith(_SIGNED) else QR_VERSION


class CardLayout:
    """Lays cards out with one template and one folder of fonts; the machine's own fonts are never used.

    Raises:
        LayoutError: template or fonts are not there.
    """

    def __init__(self, template: Path, fonts: Path) -> None:
        self._compiler = compiler_of(template, fonts, "card")

    def pdf(self, cards: Sequence[CardSpec], *, event_ar: str, event_fr: str, single: bool = False) -> bytes:
        """Make a PDF of the cards: ten on an A4 sheet, or with `single` one on each page of a card's size.

        Raises:
            LayoutError: there is a mistake in the template, or there is no card.
        """
        if not cards:
            raise LayoutError("there is no card to lay out", of_ticket=True)
        data = {
            "single": single,
            "event": {"ar": _fit_for_paper(event_ar, MAX_NAME), "fr": _fit_for_paper(event_fr, MAX_NAME)},
            # Templates of a venue's own that were made for one size of code.
            "side": _side(cards[0].code),
            "cards": [
                {
                    "name_ar": _fit_for_paper(card.name_ar, MAX_NAME),
                    "name_la": _fit_for_paper(card.name_la, MAX_NAME),
                    "category_ar": _fit_for_paper(card.category_ar),
                    "category_fr": _fit_for_paper(card.category_fr),
                    "code": grouped(card.letters or card.code),
                    "side": _side(card.code),
                    "short": grouped(card.short),
                    "qr": qr_svg(card.code),
                }
                for card in cards
            ],
        }
        try:
            made = self._compiler.compile(format="pdf", sys_inputs={"cards": json.dumps(data, ensure_ascii=False)})
        except typst.TypstError as error:
            raise LayoutError(f"the card template fails: {error.diagnostic}", of_ticket=False) from error
        assert isinstance(made, bytes), "a PDF is one file"
        return made


def _side(code: str) -> int:
    return 17 + 4 * qr_version(code) + 2 * QR_BORDER


def grouped(code: str) -> str:
    """Write a code for reading and typing: its kind, then groups of four."""
    return " ".join([code[:1], *re.findall(".{1,4}", code[1:])])


def qr_svg(code: str) -> str:
    """Draw a code, with its white border, as an SVG image of one path: a run of dark modules a piece.

    Raises:
        LayoutError: the code is longer than a card's.
    """
    # Any mask can be read; weighing all eight takes eight times as long.
    made = qrcode.QRCode(qr_version(code), qrcode.constants.ERROR_CORRECT_Q, border=0, mask_pattern=3)
    made.add_data(code)
    try:
        made.make(fit=False)
    except DataOverflowError as error:
        raise LayoutError(f"the code {code[:40]} is too long for a card", of_ticket=True) from error
    runs: list[str] = []
    for y, row in enumerate(made.modules, QR_BORDER):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start + QR_BORDER} {y}h{x - start}v1h{start - x}z")
                start = None
    side = len(made.modules) + 2 * QR_BORDER
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{"".join(runs)}"/></svg>'


def _fit_for_paper(words: str, most: int = MAX_WORDS) -> str:
    """Drop what does not print, cut what is far too long, and let a word of 24 letters and more be broken."""
    clean = " ".join(
        "".join(c for c in words if c.isspace() or c in _JOINERS or unicodedata.category(c)[0] != "C").split()
    )
    if len(clean) > most:
        clean = clean[: most - 1].rstrip() + "…"
    return _LONG_WORD.sub(lambda word: "\u200b".join(re.findall(".{1,12}", word.group())), clean)
