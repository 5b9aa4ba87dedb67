from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printers.render import DOTS, MAX_HEIGHT, LayoutError, TicketLayout
from printers.ticket import TicketSpec
from tests.printers import samples
from tests.printers.conftest import FONTS, TEMPLATE

LOCALES = list(samples.BY_LOCALE)
MARGIN = {80: 16, 58: 10}
"""White dots that stay free at each side."""


def ink(picture: Image.Image) -> Image.Image:
    """The picture with its black dots as 255 and all else 0."""
    return ImageChops.invert(picture.convert("L"))


def inked(picture: Image.Image, left: int, right: int) -> int:
    """How many black dots stand from column `left` up to `right`."""
    return ink(picture).crop((left, 0, right, picture.height)).histogram()[255]


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_ticket_is_one_bit_and_as_wide_as_the_print_head(layout: TicketLayout, locale: str, width_mm: int) -> None:
    """576 dots for 80 mm, 384 for 58 mm, mode "1"."""
    picture = layout.picture(TicketSpec.from_dict(samples.BY_LOCALE[locale]), width_mm)
    assert (picture.mode, picture.width) == ("1", DOTS[width_mm])


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", [samples.BY_LOCALE.get, samples.long_words, samples.long_route])
def test_nothing_runs_off_the_paper(
    layout: TicketLayout, locale: str, width_mm: int, kind: Callable[[str], samples.Spec]
) -> None:
    """The margins stay white however long the words are."""
    picture = layout.picture(TicketSpec.from_dict(kind(locale)), width_mm)
    box = ink(picture).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert left >= MARGIN[width_mm]
    assert right <= picture.width - MARGIN[width_mm]
    assert top >= 4
    assert bottom <= picture.height - 6


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_code_is_at_least_25_mm_and_has_crisp_modules(layout: TicketLayout, locale: str, width_mm: int) -> None:
    """A reader finds the visit's reference; each module is a whole number of dots; the quiet zone is white."""
    picture = layout.picture(TicketSpec.from_dict(samples.BY_LOCALE[locale]), width_mm)
    found = zxingcpp.read_barcodes(picture.convert("L"))
    assert [code.text for code in found] == [samples.REFERENCE]
    place = found[0].position
    left, top = place.top_left.x, place.top_left.y
    side = 29 * 7
    assert side >= 200  # 25 mm at 203 dots to the inch
    assert abs(place.bottom_right.x - left + 1 - side) <= 1
    code = picture.convert("L").crop((left, top, left + side, top + side))
    for row in range(29):
        for column in range(29):
            module = code.crop((column * 7, row * 7, column * 7 + 7, row * 7 + 7))
            assert len(set(module.tobytes())) == 1, f"module {column}, {row} is not of one colour"
    quiet = ink(picture).crop((left - 28, top - 28, left + side + 28, top + side + 28))
    quiet.paste(0, (28, 28, 28 + side, 28 + side))
    assert quiet.getbbox() is None


def test_arabic_stands_on_the_right_and_french_on_the_left(layout: TicketLayout) -> None:
    """The signs of the route stand where the language begins to be read."""
    bare: samples.Spec = {"first": None, "instruction": "", "slogan": "", "offers": [], "foot": "", "duplicate": None}

    def weight_of_halves(locale: str) -> tuple[int, int]:
        spec = samples.BY_LOCALE[locale] | bare
        longer = layout.picture(TicketSpec.from_dict(spec), 80)
        shorter = layout.picture(TicketSpec.from_dict(spec | {"route": [], "route_heading": ""}), 80)
        # What the route adds at each edge: all else is the same.
        return inked(longer, 0, 96) - inked(shorter, 0, 96), inked(longer, 480, 576) - inked(shorter, 480, 576)

    left, right = weight_of_halves("ar")
    assert right > 4 * max(left, 1)
    left, right = weight_of_halves("fr")
    assert left > 4 * max(right, 1)


def test_a_range_of_numbers_reads_the_same_in_arabic(layout: TicketLayout) -> None:
    """An inserted "6-15" is isolated: it looks as it would when the server had isolated it."""
    bare = TicketSpec.from_dict(samples.AR | {"foot": "حوالي 6-15 دقيقة، +212 537 00 00 00"})
    isolated = TicketSpec.from_dict(
        samples.AR | {"foot": "حوالي \u20666-15\u2069 دقيقة، \u2066+212 537 00 00 00\u2069"}
    )
    backwards = TicketSpec.from_dict(
        samples.AR | {"foot": "حوالي \u206615-6\u2069 دقيقة، \u2066+212 537 00 00 00\u2069"}
    )
    assert layout.picture(bare, 80).tobytes() == layout.picture(isolated, 80).tobytes()
    assert layout.picture(bare, 80).tobytes() != layout.picture(backwards, 80).tobytes()


@pytest.mark.parametrize(
    ("locale", "letters"),
    [
        ("ar", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"),
        ("zgh", "ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥⵯ"),
        ("fr", "éèêàçùœÉ«»’"),
        ("fr", "ḍḥṛṣṭẓɛɣčǧ"),
    ],
    ids=["arabic", "tifinagh", "french", "amazigh in latin letters"],
)
def test_every_letter_has_a_shape_of_its_own(layout: TicketLayout, locale: str, letters: str) -> None:
    """No letter of the four languages falls back to an empty box."""
    pictures = {
        layout.picture(TicketSpec.from_dict(samples.BY_LOCALE[locale] | {"foot": letter}), 80).tobytes()
        for letter in [*letters, "\uab30\uab31"]
    }
    assert len(pictures) == len(letters) + 1


def test_a_ticket_too_long_for_one_image_loses_its_offers_first(layout: TicketLayout) -> None:
    """One raster image has at most 2303 rows; the route matters more than advertising."""
    offer = {"title": "Banque", "text": "Crédit sans frais de dossier pour les adhérents et leurs ayants droit " * 2}
    spec = TicketSpec.from_dict(samples.FR | {"offers": [offer] * 16})
    bare = TicketSpec.from_dict(samples.FR | {"offers": []})
    assert layout.picture(spec, 58).tobytes() == layout.picture(bare, 58).tobytes()


def test_a_ticket_that_stays_too_long_is_refused(layout: TicketLayout) -> None:
    """What no shortening brings down to one image is the ticket's own fault."""
    stop = {"zone": {"id": "A", "shape": "circle"}, "title": "mot " * 100}
    with pytest.raises(LayoutError, match=f"more than {MAX_HEIGHT}") as caught:
        layout.picture(TicketSpec.from_dict(samples.FR | {"route": [stop] * 16}), 58)
    assert caught.value.of_ticket


def test_words_of_a_ticket_are_never_read_as_template_code(layout: TicketLayout) -> None:
    """Typst markup in a partner's text is printed, not obeyed."""
    spec = TicketSpec.from_dict(samples.FR | {"foot": '#panic() *a* $x$ @b <c> \\ "', "slogan": '#read("/etc/passwd")'})
    assert layout.picture(spec, 80).width == 576


def test_a_mistake_in_the_template_is_not_the_tickets_fault(tmp_path: Path) -> None:
    """The message leads to the line; the ticket may be tried again when the template is mended."""
    template = tmp_path / "ticket.typ"
    template.write_text("#let x = \n#oops(", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"ticket\.typ:2") as caught:
        TicketLayout(template, FONTS).picture(TicketSpec.from_dict(samples.FR), 80)
    assert not caught.value.of_ticket


def test_missing_fonts_and_templates_are_told_at_once(tmp_path: Path) -> None:
    """No ticket is ever printed in empty boxes because a folder was forgotten."""
    with pytest.raises(LayoutError, match="make setup"):
        TicketLayout(TEMPLATE, tmp_path)
    with pytest.raises(LayoutError, match="not there"):
        TicketLayout(tmp_path / "none.typ", FONTS)


def test_an_organiser_may_edit_the_template(tmp_path: Path) -> None:
    """A changed copy anywhere on the disk is used as it stands, from the next ticket on."""
    template = tmp_path / "ticket.typ"
    shutil.copy(TEMPLATE, template)
    layout = TicketLayout(template, FONTS)
    spec = TicketSpec.from_dict(samples.EN)
    before = layout.picture(spec, 80).height
    template.write_text(template.read_text("utf-8") + "\n#v(100pt)\n", encoding="utf-8")
    assert layout.picture(spec, 80).height == before + 100
