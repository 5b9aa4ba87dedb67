"""Cards on paper: sizes, codes, words, as a PDF reader draws them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from checkin_server.common.places import FONTS, TEMPLATES
from checkin_server.domain.members import codes
from checkin_server.settings import load_venue
from printers.cards import CardLayout, CardSpec, grouped
from printers.render import LayoutError

MM = 72 / 25.4
"""Points in a millimetre."""
DPI = 300
DEMO = Path(__file__).resolve().parents[2] / "config" / "demo" / "rabat.toml"
EVENT_AR = "الأيام التواصلية الجهوية الأولى"
EVENT_FR = "Premières journées régionales de communication"
HIBA = CardSpec(
    codes.make("C", bytes(range(16))), "هبة زرودين", "Hiba Zeroudine", "موظف(ة) مزاول(ة)", "Actif ou active"
)


@pytest.fixture(scope="module")
def layout() -> CardLayout:
    """The real template with the real fonts."""
    return CardLayout(TEMPLATES / "card.typ", FONTS)


def people(count: int) -> list[CardSpec]:
    """Cards of invented members."""
    return [
        replace(HIBA, code=codes.make("C", n.to_bytes(16, "big")), name_la=f"Hiba Zeroudine {n}") for n in range(count)
    ]


def pdf_of(layout: CardLayout, cards: Sequence[CardSpec], *, single: bool = False) -> bytes:
    """Cards of the demo's event."""
    return layout.pdf(cards, event_ar=EVENT_AR, event_fr=EVENT_FR, single=single)


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def drawn(page: Any, dpi: int = DPI) -> Image.Image:
    """A page as a printer of this resolution draws it."""
    picture: Image.Image = page.render(scale=dpi / 72).to_pil()
    return picture.convert("L")


def dark_rows(strip: Image.Image) -> list[int]:
    """The rows of a strip in which there is something."""
    return [y for y, value in enumerate(strip.resize((1, strip.height), Image.Resampling.BOX).tobytes()) if value < 200]


def letters(page: Any, among: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom, in millimetres from the page's top left, of each drawn letter that is `among`."""
    text, height = page.get_textpage(), page.get_height()
    boxes = []
    for place in range(text.count_chars()):
        if text.get_text_range(place, 1) in among:
            left, bottom, right, top = text.get_charbox(place)
            boxes.append((left / MM, (height - top) / MM, right / MM, (height - bottom) / MM))
    return boxes


def test_single_cards_have_the_size_of_a_bank_card(layout: CardLayout) -> None:
    """CR80, a page each, in the order given."""
    some = people(3)
    with opened(pdf_of(layout, some, single=True)) as pages:
        assert [(page.get_width() / MM, page.get_height() / MM) for page in pages] == [
            (pytest.approx(85.6, abs=0.1), pytest.approx(54.0, abs=0.1))
        ] * 3
        assert [zxingcpp.read_barcodes(drawn(page))[0].text for page in pages] == [card.code for card in some]


def test_sheets_are_a4_with_ten_cards_each(layout: CardLayout) -> None:
    """Every code of every sheet can be read, also from a rough print, row by row in the order given."""
    some = people(23)
    with opened(pdf_of(layout, some)) as pages:
        sizes = [(round(page.get_width() / MM), round(page.get_height() / MM)) for page in pages]
        assert sizes == [(210, 297)] * 3
        for number, page in enumerate(pages):
            for dpi in (DPI, 100):
                found = zxingcpp.read_barcodes(drawn(page, dpi))
                found.sort(key=lambda c: (round(c.position.top_left.y / dpi * 25.4 / 57), c.position.top_left.x))
                assert [code.text for code in found] == [card.code for card in some[number * 10 : number * 10 + 10]]


@pytest.mark.parametrize("single", [True, False])
def test_the_code_is_30_mm_or_larger_version_3_level_q_in_a_white_border(layout: CardLayout, single: bool) -> None:
    """Four modules of white on every side, whatever stands beside it."""
    with opened(pdf_of(layout, [HIBA], single=single)) as pages:
        picture = drawn(pages[0], 600)
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == HIBA.code
    assert found.ec_level == "Q"
    place = found.position
    side = (place.bottom_right.x - place.top_left.x) / 600 * 25.4
    assert 30 <= side <= 31
    assert place.bottom_right.y - place.top_left.y == pytest.approx(place.bottom_right.x - place.top_left.x, abs=2)
    module = side / 29 / 25.4 * 600
    border = round(4 * module) - 2
    box = (place.top_left.x - 1, place.top_left.y - 1, place.bottom_right.x + 2, place.bottom_right.y + 2)
    around = picture.crop((box[0] - border, box[1] - border, box[2] + border, box[3] + border))
    around.paste(255, (border, border, border + box[2] - box[0], border + box[3] - box[1]))
    assert around.getextrema() == (255, 255), "something stands in the white border"


def test_a_stained_code_can_still_be_read(layout: CardLayout) -> None:
    """Level Q: a coffee stain on a corner of the code costs nothing."""
    with opened(pdf_of(layout, [HIBA], single=True)) as pages:
        picture = drawn(pages[0])
    place = zxingcpp.read_barcodes(picture)[0].position
    side = place.bottom_right.x - place.top_left.x
    left, top = place.top_left.x + round(side * 0.55), place.top_left.y + round(side * 0.5)
    picture.paste(90, (left, top, left + round(side * 0.25), top + round(side * 0.3)))
    assert zxingcpp.read_barcodes(picture)[0].text == HIBA.code


def test_a_card_says_name_category_event_and_code_in_both_scripts(layout: CardLayout) -> None:
    """The words can be copied from the PDF; the code in groups of four, for typing."""
    with opened(pdf_of(layout, [HIBA], single=True)) as pages:
        text = pages[0].get_textpage().get_text_bounded()
    # A reader that takes the page for an Arabic one gives its lines from right to left.
    groups = grouped(HIBA.code).split()
    assert any(line.split() in (groups, groups[::-1]) for line in text.splitlines())
    assert set(f"{HIBA.name_la} {HIBA.category_fr} {EVENT_FR}".split()) <= set(text.split())
    assert codes.parse(grouped(HIBA.code)) == codes.parse(HIBA.code), "typed as it is printed, it is the code"
    for words in (HIBA.name_ar, EVENT_AR):
        assert set(words) <= set(text)


def test_arabic_stands_on_the_right_and_french_on_the_left(layout: CardLayout) -> None:
    """Each begins at its own side of the words' column, which is right of the code."""
    with opened(pdf_of(layout, [replace(HIBA, name_ar="ززز", name_la="QQQ")], single=True)) as pages:
        arabic, latin = letters(pages[0], "ز"), letters(pages[0], "Q")
    assert max(right for _, _, right, _ in arabic) > 80
    assert 38 < min(left for left, *_ in latin) < 42


@pytest.mark.parametrize(
    ("name_ar", "name_la", "category_ar", "category_fr"),
    [
        ("ز" * 60, "Q" * 60, "غ" * 60, "W" * 60),
        ("زيزززززز " * 6, "QQQQQQ " * 6, "غغغغغغ " * 9, "WWWWWW " * 9),
        ("زيد الززززي " * 15, "Qqqqqqq Q " * 15, "غغ " * 40, "WW " * 40),
        ("ز", "Q", "غ", "W"),
        ("ززززز " * 9, "QQQQQ " * 9, "غغغغ غغغغ غغغ", "WWWW WWWW"),
    ],
)
def test_the_longest_names_stay_on_the_card_and_off_each_other(
    layout: CardLayout, name_ar: str, name_la: str, category_ar: str, category_fr: str
) -> None:
    """Arabic above Latin above the category, beside the code, inside what every cutter leaves."""
    card = replace(HIBA, name_ar=name_ar, name_la=name_la, category_ar=category_ar, category_fr=category_fr)
    with opened(pdf_of(layout, [card], single=True)) as pages:
        page = pages[0]
        arabic, latin = letters(page, "ز"), letters(page, "Q")
        category = letters(page, "غ") + letters(page, "W")
        assert zxingcpp.read_barcodes(drawn(page))[0].text == HIBA.code
    assert arabic and latin and category
    for left, top, right, bottom in arabic + latin + category:
        assert left >= 38 and right <= 85.6 - 3.4 and top >= 10.5 and bottom <= 54 - 3.4
    assert max(bottom for *_, bottom in arabic) <= min(top for _, top, _, _ in latin) + 0.3
    assert max(bottom for *_, bottom in latin) < min(top for _, top, _, _ in category)


def test_the_longest_event_fits_its_band(layout: CardLayout) -> None:
    """Neither language leaves the band nor meets the other."""
    long = layout.pdf([HIBA], event_ar="زيارات " * 15, event_fr="Q" * 90, single=True)
    with opened(long) as pages:
        arabic, french = letters(pages[0], "ز")[:-1], letters(pages[0], "Q")
    assert all(bottom <= 9.2 for *_, bottom in french)
    assert all(left >= 42 for left, *_ in arabic if left > 42) and all(right <= 42.8 for _, _, right, _ in french)


def test_the_demo_s_categories_stand_in_one_line(layout: CardLayout) -> None:
    """In both languages beside each other, in type that can be read."""
    plan = load_venue(DEMO)
    some = [
        replace(HIBA, name_ar="-", name_la="-", category_ar=c.name["ar"], category_fr=c.name["fr"])
        for c in plan.categories.values()
    ]
    with opened(pdf_of(layout, some, single=True)) as pages:
        for card, page in zip(some, pages, strict=True):
            boxes = [b for b in letters(page, card.category_fr) if b[1] > 36 and b[3] < 46 and b[0] > 38]
            assert boxes and max(b[3] for b in boxes) - min(b[1] for b in boxes) < 3.2, card.category_fr


def test_crop_marks_stand_outside_the_cards_in_line_with_their_edges(layout: CardLayout) -> None:
    """One at each end of each cut, none on a card nor on its bleed."""
    with opened(pdf_of(layout, [HIBA])) as pages:
        picture = drawn(pages[0], 254)  # ten dots to the millimetre
    left, top = 180 - 3, 75  # (210 - 2 * 85.6 - 3) / 2 = 17.9; (297 - 5 * 54 - 4 * 3) / 2 = 7.5
    columns = dark_rows(picture.crop((0, 15, 2100, 50)).transpose(Image.Transpose.TRANSPOSE))
    for edge in (179, 179 + 856, 179 + 886, 179 + 886 + 856):
        assert any(abs(x - edge) <= 3 for x in columns), edge
    rows = dark_rows(picture.crop((120, 0, 150, 2970)))
    for row in range(5):
        for edge in (top + row * 570, top + row * 570 + 540):
            assert any(abs(y - edge) <= 3 for y in rows), edge
    assert picture.crop((left + 3 + 886, 100, 1930, 2900)).getextrema() == (255, 255), "nine places are empty"


def test_words_of_a_card_are_never_read_as_template_code(layout: CardLayout) -> None:
    """Markup in a name is printed, not obeyed; what does not print is dropped."""
    card = replace(HIBA, name_la='#panic() *a* $x$ \\ "', name_ar="هبة\x00\x1b\u202e")
    with opened(pdf_of(layout, [card], single=True)) as pages:
        text = pages[0].get_textpage().get_text_bounded()
    assert "panic" in text and set("#*$") <= set(text)
    assert not set("\x00\x1b\u202e") & set(text)


def test_a_code_that_is_none_of_ours_is_refused(layout: CardLayout) -> None:
    """A version 3 code at level Q holds no more than 47 letters."""
    with pytest.raises(LayoutError, match="too long"):
        pdf_of(layout, [replace(HIBA, code="C" * 60)])
    with pytest.raises(LayoutError, match="no card"):
        pdf_of(layout, [])


def test_an_organiser_may_edit_the_template_and_is_told_of_mistakes(tmp_path: Path) -> None:
    """With the line."""
    template = tmp_path / "card.typ"
    shutil.copy(TEMPLATES / "card.typ", template)
    template.write_text(template.read_text("utf-8").replace("54mm", "60mm"), encoding="utf-8")
    layout = CardLayout(template, FONTS)
    with opened(pdf_of(layout, [HIBA], single=True)) as pages:
        assert pages[0].get_height() / MM == pytest.approx(60, abs=0.1)
    template.write_text("#let x = 1\n#oops()", encoding="utf-8")
    with pytest.raises(LayoutError, match=r"card\.typ:2"):
        pdf_of(CardLayout(template, FONTS), [HIBA])
    with pytest.raises(LayoutError, match="not there"):
        CardLayout(tmp_path / "none.typ", FONTS)
    with pytest.raises(LayoutError, match="make setup"):
        CardLayout(TEMPLATES / "card.typ", tmp_path)


def test_300_cards_take_a_tenth_of_a_minute_at_most(layout: CardLayout) -> None:
    """So that 3,000 take less than a minute."""
    started = time.process_time()
    pdf_of(layout, people(300))
    assert time.process_time() - started < 6
