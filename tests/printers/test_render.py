from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from printers.render import DOTS, MAX_HEIGHT, LayoutError, TicketLayout, pieces
from printers.shorten import shorten
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


@pytest.mark.parametrize("width_mm", DOTS)
def test_to_go_and_to_wait_differ_before_a_word_is_read(layout: TicketLayout, width_mm: int) -> None:
    """The same words in a whole frame with an arrow, or in a broken frame: who can't read sees which it is."""
    went, waits = (
        layout.picture(TicketSpec.from_dict({**samples.FR, "go": go}), width_mm).convert("L") for go in (True, False)
    )

    def longest(picture: Image.Image) -> int:
        """Dots of the longest black line from top to bottom at the edge: the frame's side."""
        most = 0
        edge = ImageChops.invert(picture).getbbox()
        assert edge is not None
        for x in range(edge[0], edge[0] + 4):
            column = picture.crop((x, 0, x + 1, picture.height)).tobytes()
            most = max(most, *map(len, column.replace(b"\0", b"#").split(b"\xff")))
        return most

    assert longest(went) > 3 * longest(waits)


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


OFFER = {"title": "Banque", "text": "Crédit sans frais de dossier pour les adhérents et leurs ayants droit " * 2}


def test_a_ticket_that_is_too_long_loses_its_last_offers_first(layout: TicketLayout) -> None:
    """The route matters more than advertising, and how many there are more stands in their place."""
    spec = TicketSpec.from_dict(samples.FR | {"offers": [OFFER] * 17, "more": MORE["fr"]})
    assert layout.picture(spec, 58).height <= MAX_HEIGHT
    short = shorten(spec, lambda tried: layout._picture(tried, 384).height <= MAX_HEIGHT)
    assert (short.stops_left, len(short.spec.route)) == (0, 3)
    assert 0 < len(short.spec.offers) < 17 and short.offers_left == 17 - len(short.spec.offers)
    (last,) = [piece["offers"][-1] for piece in pieces(short) if piece["piece"] == "code_and_offers"]
    assert last == {"title": "", "text": MORE["fr"].replace("{n}", str(short.offers_left))}


MORE = {
    "ar": "+ {n} أيضا: قدموا هذه التذكرة عند أي كشك",
    "fr": "+ {n} de plus : présentez ce ticket à une borne",
    "zgh": "+ {n} ⵢⴰⴹⵏ: ⵙⴽⵏⴰⵜ ⵜⴰⵡⵔⵉⵇⵜ ⴰ",
}


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", ["ar", "fr", "zgh"])
@pytest.mark.parametrize(
    ("stops", "name", "second"),
    [(17, 1, False), (12, 3, False), (12, 20, True), (40, 1, True), (64, 100, True)],
    ids=["17 services", "12 long names", "12 endless names", "40 services", "64 endless names"],
)
def test_a_ticket_is_always_printed_and_says_what_has_no_room(
    layout: TicketLayout, locale: str, width_mm: int, stops: int, name: int, second: bool
) -> None:
    """The first stops of the route stay, the code can be read, and in both languages stands how many there are more."""
    words = samples.long_route(locale)["route"][0]["title"][:40] + " "
    route = [
        {"zone": {"id": "A", "shape": "circle"}, "title": words * name, "second": words * second, "detail": "15 min"}
        for _ in range(stops)
    ]
    two = {"locale": "ar" if locale == "fr" else "fr", "more": MORE["ar"], "heading": "1"} if second else None
    spec = TicketSpec.from_dict(
        samples.BY_LOCALE[locale] | {"route": route, "offers": [OFFER] * 17, "more": MORE[locale], "second": two}
    )
    picture, left = layout.laid_out(spec, width_mm)
    assert picture.height <= MAX_HEIGHT
    assert [code.text for code in zxingcpp.read_barcodes(picture.convert("L"))] == [samples.REFERENCE]
    short = shorten(spec, lambda tried: layout._picture(tried, picture.width).height <= MAX_HEIGHT)
    assert len(short.spec.route) + left == stops and len(short.spec.route) >= 3
    said = [piece for piece in pieces(short) if piece["piece"] == "route_heading"][1:]
    expected = MORE[locale].replace("{n}", str(left))
    both = MORE["ar"].replace("{n}", str(left)) if short.spec.second else ""
    assert said == ([{"piece": "route_heading", "heading": expected, "heading_second": both}] if left else [])


def test_what_fits_nowhere_is_printed_all_the_same(layout: TicketLayout) -> None:
    """A number, one stop and the code, however long the paper gets; never a ticket that fails for its words."""
    spec = TicketSpec.from_dict(samples.FR | dict.fromkeys(("event", "city", "heading", "foot"), "mot " * 100))
    least = shorten(spec, lambda tried: False)
    assert (len(least.spec.route), least.stops_left) == (1, 2)
    assert least.spec.qr == spec.qr and least.spec.number == spec.number
    assert layout.picture(spec, 58).height > 0


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


def kept_and_fresh(template: Path, earlier: list[samples.Spec], spec: samples.Spec) -> tuple[Image.Image, Image.Image]:
    """A ticket from a layout that has drawn others before, and from one that has drawn none."""
    used, fresh = TicketLayout(template, FONTS), TicketLayout(template, FONTS)
    for other in earlier:
        used.picture(TicketSpec.from_dict(other), 80)
    ticket = TicketSpec.from_dict(spec)
    return used.picture(ticket, 80), fresh.picture(ticket, 80)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_ticket_of_pieces_drawn_before_is_the_ticket_drawn_whole(locale: str) -> None:
    """Dot for dot, with another number, reference, date, and a route in another order."""
    spec = samples.BY_LOCALE[locale]
    other = spec | {"number": 5, "qr": "V" + "X" * 32, "printed_at": "09:43", "route": spec["route"][::-1]}
    used, fresh = kept_and_fresh(TEMPLATE, [other, spec | {"duplicate": "DUPLICATA"}, other], spec)
    assert used.tobytes() == fresh.tobytes()


def test_only_what_was_on_no_earlier_ticket_is_drawn(layout: TicketLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next visitor's ticket costs its number and date; the same ticket again costs nothing."""
    asked: list[list[str]] = []
    drawn = layout._drawn

    def listen(common: dict[str, Any], wanted: list[dict[str, Any]]) -> Any:
        asked.append([piece["piece"] for piece in wanted])
        return drawn(common, wanted)

    layout.picture(TicketSpec.from_dict(samples.FR), 80)
    layout.picture(TicketSpec.from_dict(samples.FR), 80)
    monkeypatch.setattr(layout, "_drawn", listen)
    layout.picture(TicketSpec.from_dict(samples.FR | {"number": 4711, "qr": "V" + "B" * 32, "printed_at": "23:59"}), 80)
    layout.picture(TicketSpec.from_dict(samples.FR), 80)
    assert asked == [["number", "date"]]


def test_a_template_with_something_outside_its_pieces_prints_it_once_on_every_ticket(tmp_path: Path) -> None:
    """An organiser need not know of the pieces: what could not be put together rightly is drawn whole."""
    template = tmp_path / "ticket.typ"
    template.write_text(TEMPLATE.read_text("utf-8") + "\n#v(9pt)\n#str(t.pieces.at(1).number)\n", encoding="utf-8")
    used, fresh = kept_and_fresh(template, [samples.FR | {"number": 5}, samples.FR | {"number": 6}], samples.FR)
    assert used.tobytes() == fresh.tobytes()


def test_a_template_that_makes_one_page_of_a_ticket_works(tmp_path: Path) -> None:
    """The pieces are an offer to the template, not a duty."""
    template = tmp_path / "ticket.typ"
    template.write_text(TEMPLATE.read_text("utf-8").replace("if i > 0 { pagebreak() }", ""), encoding="utf-8")
    used, fresh = kept_and_fresh(template, [samples.FR | {"number": 5}], samples.FR)
    assert used.tobytes() == fresh.tobytes()
    assert [code.text for code in zxingcpp.read_barcodes(used.convert("L"))] == [samples.REFERENCE]


def test_a_picture_beside_the_template_may_be_changed(tmp_path: Path) -> None:
    """A new logo is on the next ticket, not on the next day's."""
    template, logo = tmp_path / "ticket.typ", tmp_path / "logo.png"
    head = "#let head(p) = {\n  v(8pt)\n"
    words = TEMPLATE.read_text("utf-8")
    assert head in words
    template.write_text(words.replace(head, head + '  image("logo.png", width: 80pt)\n'), encoding="utf-8")
    layout, spec = TicketLayout(template, FONTS), TicketSpec.from_dict(samples.FR)
    Image.new("1", (80, 80), 0).save(logo)
    before = layout.picture(spec, 80).height
    layout.picture(spec, 80)
    Image.new("1", (80, 120), 0).save(logo)
    assert layout.picture(spec, 80).height == before + 40


def test_red_besides_the_place_of_the_code_is_told(tmp_path: Path) -> None:
    """Two red squares, or a red line: where the code belongs can't be known, and a printer has no red anyway."""
    template = tmp_path / "ticket.typ"
    words = TEMPLATE.read_text("utf-8").replace("#let code-and-offers(p) = {", "#let code-and-offers(p) = {\n  code")
    template.write_text(words, encoding="utf-8")
    with pytest.raises(LayoutError, match="red") as caught:
        TicketLayout(template, FONTS).picture(TicketSpec.from_dict(samples.FR), 80)
    assert not caught.value.of_ticket


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize(("locale", "words"), [("fr", "Éjǧ|Û"), ("ar", "أجإحآ"), ("zgh", "ⵇⵊḍ|")])
def test_no_letter_or_outline_is_cut_off_at_the_edge_of_a_piece(
    layout: TicketLayout, locale: str, words: str, width_mm: int
) -> None:
    """Accents and tails have room above and below; only bars and the line between two signs reach an edge."""
    place = {"zone": {"id": "A", "shape": "square"}, "title": words, "second": words}
    texts = {"event": words, "city": words, "slogan": words, "heading": words, "printed_at": words, "foot": words}
    headings = {"first_heading": words, "route_heading": words}
    second = {"locale": "fr", "heading": words, "first_heading": words, "route_heading": words}
    spec = TicketSpec.from_dict(
        samples.BY_LOCALE[locale] | texts | headings | {"first": place, "route": [place] * 3, "second": second}
    )
    wanted = pieces(spec)
    common = {"width": DOTS[width_mm], "locale": locale, "second": "fr", "code": 259}
    for piece, page in zip(wanted, layout._drawn(common, wanted), strict=True):
        across = DOTS[width_mm] // 8
        for bar, row in (("number", page.dots[:across]), ("code_and_offers", page.dots[-across:])):
            inked_bits = int.from_bytes(row, "big").bit_count()
            assert piece["piece"] == bar or inked_bits in ((0, 4) if piece["piece"] == "stop" else (0,)), piece
