"""What is wrong with a row is said with its number and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from checkin_server.domain.members import member_list, vocabulary
from checkin_server.domain.members.cells import Cell
from checkin_server.venues import demo
from tests.members.lists import AMINE, CODE, HEADER, HIND, UNIT
from tests.support.venue import small_plan

PLAN = small_plan()
TOUR = demo.plan_of(Path("none"))
"""With the categories as the shipped tour names them."""


def changed(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """A row with some cells changed."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True))


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("member", "", "empty"),
        ("member", "x" * 65, "too_long_text"),
        ("member", "L2", "same_member"),
        ("member", "l2", "almost_same_member"),
        ("member", "#REF!", "error"),
        ("member", "???", "lost_letters"),
        ("member", "1,23457E+11", "scientific"),
        ("member", "03/12/2019", "date"),
        ("family", "12,5", "decimal"),
        ("category", "", "empty"),
        ("category", "captain", "no_category"),
        ("unit", "nowhere", "no_unit"),
        ("unit", "#N/A", "error"),
        ("locale", "es", "no_locale"),
        ("needs", "wheelchair cake", "no_need"),
        ("code", "C123", "no_code"),
        ("code", "V" + CODE[1:], "no_code"),
        ("name_la", "x" * 201, "too_long_text"),
        ("name_la", "A\x07", "no_letter"),
        ("family", "F\ufffd", "no_letter"),
        ("name_la", "#NOM?", "error"),
        ("name_la", "4711", "number_as_name"),
        ("name_la", "VRAI", "truth"),
        ("name_la", "ةLISE", "mixed_scripts"),
        ("name_la", "Ã‰LISE", "misread"),
        ("name_la", "Fran?ois", "lost_letters"),
        ("name_ar", "????", "lost_letters"),
    ],
)
def test_a_bad_cell_is_named(column: str, value: str, why: str) -> None:
    """Row, column and why; the row is left out and the others are not."""
    read = member_list.read(PLAN, [HEADER, HIND, changed(AMINE, **{column: value})])
    assert [entry.member for entry in read.entries] == ["L2"]
    assert [(bad.row, bad.column, bad.why) for bad in read.bad] == [(3, column, why)]


def test_ids_that_look_like_an_accident_are_taken_when_they_are_said_to_be_right() -> None:
    """Some offices number by year and dot; an error of a formula is never an id."""
    rows = [HEADER, changed(HIND, member="2019.15"), changed(HIND, member="007"), changed(HIND, member="7")]
    assert [bad.why for bad in member_list.read(PLAN, rows).bad] == ["decimal", "almost_same_member"]
    assert [entry.member for entry in member_list.read(PLAN, rows, ids_as_written=True).entries] == [
        "2019.15",
        "007",
        "7",
    ]
    rows = [HEADER, changed(HIND, member="#REF!")]
    assert [bad.why for bad in member_list.read(PLAN, rows, ids_as_written=True).bad] == ["error"]


def test_a_merged_cell_is_right_for_what_a_family_shares_and_wrong_for_a_member() -> None:
    """A family's word stands once for four rows; an id or a name never does."""
    family, member = Cell("FAM9", "merged", "G2:G3"), Cell("L1", "merged", "A4:A5")
    rows: list[Sequence[str | Cell]] = [
        HEADER,
        (*AMINE[:6], family, *AMINE[7:]),
        (*HIND[:6], family, *HIND[7:]),
        ("L4", Cell("", "merged_across", "A4:B4"), *HIND[2:]),
        (member, *HIND[1:]),
    ]
    read = member_list.read(PLAN, rows)
    assert [entry.family for entry in read.entries] == ["FAM9", "FAM9"]
    assert [(bad.row, bad.column, bad.why) for bad in read.bad] == [
        (4, "name_ar", "merged_across"),
        (5, "member", "merged"),
    ]


def test_a_row_of_text_with_more_cells_than_the_header_was_parted_in_a_name() -> None:
    """In a workbook a remark beside the list parts nothing."""
    row = (*HIND, "x")
    assert [bad.why for bad in member_list.read(PLAN, [HEADER, row], parted_by_marks=True).bad] == ["too_many_cells"]
    assert member_list.read(PLAN, [HEADER, row]).bad == ()
    assert member_list.read(PLAN, [HEADER, (*HIND, "", "")], parted_by_marks=True).bad == ()


def test_the_header_may_stand_below_a_title() -> None:
    """Rows keep the numbers that the spreadsheet shows."""
    read = member_list.read(PLAN, [("Liste des adhérents",), (), HEADER, changed(HIND, unit="nowhere"), AMINE])
    assert read.header_row == 3 and [entry.row for entry in read.entries] == [5]
    assert [bad.row for bad in read.bad] == [4]
    assert read.headers["unit"] == ("E", "unit")


def test_first_and_last_name_in_two_columns_are_one_name() -> None:
    """In either script."""
    header = ("Matricule", "Nom", "Prénom", "النسب", "الاسم الشخصي", "Catégorie", "Unité")
    row = ("L1", "Inventé", "Amine", "مخترع", "أمين", "active", UNIT)
    (entry,) = member_list.read(PLAN, [header, row]).entries
    assert (entry.name_la, entry.name_ar) == ("Amine Inventé", "أمين مخترع")


@pytest.mark.parametrize(
    ("word", "category"),
    [
        ("متقاعدة", "retired"),
        ("المتقاعدات", "retired"),
        ("متقاعدين", "retired"),
        ("متقاعد(ة)", "retired"),
        ("Retraitée", "retired"),
        ("RETRAITÉS", "retired"),
        ("Retraité(e)", "retired"),
        ("Retraité / Retraitée", "retired"),
        ("pensionnée", "retired"),
        ("أرملة", "widowed"),
        ("أرامل", "widowed"),
        ("Veuves", "widowed"),
        ("Veuf ou veuve", "widowed"),
        ("Conjointe survivante", "widowed"),
        ("موظفة مزاولة", "active"),
        ("مزاولون", "active"),
        ("Actifs", "active"),
        ("En activité", "active"),
        ("ابنة", "child"),
        ("أبناء", "child"),
        ("Enfants", "child"),
        ("fille", "child"),
        ("ذوي الحقوق", "dependant"),
        ("Ayants-droit", "dependant"),
        ("captain", None),
        ("Conjoint", None),
    ],
)
def test_categories_are_understood_in_any_gender_and_number(word: str, category: str | None) -> None:
    """What was taken for what is said; what could be two things is not guessed."""
    read = member_list.read(TOUR, [HEADER, changed(HIND, category=word, unit="rabat-prefecture")])
    assert [entry.category for entry in read.entries] == ([category] if category else [])
    assert all(said[0] == "category" and said[2] == (category,) for said in read.understood)


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("wheelchair low_vision", ("wheelchair", "low_vision")),
        ("Fauteuil roulant, malvoyante", ("wheelchair", "low_vision")),
        ("Malentendants", ("hard_of_hearing",)),
        ("à mobilité réduite", ("wheelchair",)),
        ("ne sait pas lire et sourde", ("hard_of_hearing", "needs_reading_aloud")),
        ("كرسي متحرك", ("wheelchair",)),
        ("كرسي متحرك وضعف السمع", ("wheelchair", "hard_of_hearing")),
        ("ضعيفة البصر؛ لا تقرأ", ("low_vision", "needs_reading_aloud")),
        ("كفيف", ("low_vision", "needs_reading_aloud")),
        ("aucun", ()),
        ("لا شيء", ()),
        ("-", ()),
        ("cake", None),
    ],
)
def test_needs_are_understood_in_three_languages(words: str, needs: tuple[str, ...] | None) -> None:
    """Between any marks, in any gender."""
    read = member_list.read(PLAN, [HEADER, changed(HIND, needs=words)])
    assert [entry.needs for entry in read.entries] == ([needs] if needs is not None else [])


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("الصفة", "category"),
        ("صفة المنخرط", "category"),
        ("Qualité", "category"),
        ("Catégorie (obligatoire)", "category"),
        ("Catégorie / الفئة", "category"),
        ("Catégorie / الاسم", None),
        ("N° d’adhérent", "member"),
        ("MATRICULE :", "member"),
        ("PPR*", "member"),
        ("Nom & Prénom", "name_la"),
        ("الاسم والنسب", "name_ar"),
        ("Unité\nالوحدة", "unit"),
        ("الوحدة Unité", "unit"),
        ("الاحتياجات الخاصة", "needs"),
        ("N°", None),
    ],
)
def test_headers_are_understood_as_offices_write_them(header: str, column: str | None) -> None:
    """With marks, in two languages at once; a header that means two things means nothing."""
    assert member_list.column_named(header) == column


def test_everything_wrong_with_a_row_is_named_at_once() -> None:
    """Nobody wants to run it five times."""
    read = member_list.read(PLAN, [HEADER, ("",) * 3 + ("?", "?") + ("",) * 4])
    assert [bad.column for bad in read.bad] == ["member", "name_ar", "category", "unit"]


def test_a_code_that_stands_twice_is_named_however_it_is_written() -> None:
    """Small letters and hyphens are the same code."""
    written = "-".join((CODE[:9], CODE[9:])).lower()
    read = member_list.read(PLAN, [HEADER, AMINE, changed(HIND, code=written)])
    assert [(bad.row, bad.column, bad.why, bad.detail) for bad in read.bad] == [(3, "code", "same_code", "2")]


def test_no_name_and_no_code_is_ever_quoted() -> None:
    """A report may be sent on."""
    bad = changed(AMINE, unit="Amine", category=CODE, code=CODE + "X", needs="Amine")
    for each in member_list.read(PLAN, [HEADER, HIND, bad]).bad:
        assert "Amine" not in each.detail and CODE not in each.detail


def test_categories_units_and_languages_may_be_named_in_words() -> None:
    """As the plan writes them in any language, whatever the case and the accents."""
    row = changed(HIND, category="WIDOWED (fr)", unit="Rabat Prefecture", locale="Français")
    (entry,) = member_list.read(PLAN, [HEADER, row]).entries
    assert (entry.category, entry.unit, entry.locale) == ("widowed", UNIT, "fr")


def test_a_name_that_two_units_share_is_not_guessed() -> None:
    """Only the id tells them apart."""
    same = PLAN.units[UNIT].name
    units = {**PLAN.units, "tangier-prefecture": replace(PLAN.units["tangier-prefecture"], name=same)}
    plan = small_plan(units=units)
    read = member_list.read(plan, [HEADER, changed(HIND, unit="Rabat prefecture (fr)"), AMINE])
    assert [(bad.row, bad.column) for bad in read.bad] == [(2, "unit")]


def test_direction_marks_and_spaces_around_are_no_part_of_a_cell() -> None:
    """Copied from a page or a letter, they come along unseen."""
    (entry,) = member_list.read(
        PLAN, [HEADER, changed(HIND, member="\u200fL2 ", name_la="  Hind   Inventée\u200e")]
    ).entries
    assert (entry.member, entry.name_la) == ("L2", "Hind Inventée")


def test_a_member_without_a_family_is_one_alone_and_without_a_language_speaks_arabic() -> None:
    """Empty cells of columns that are there."""
    (entry,) = member_list.read(PLAN, [HEADER, changed(HIND, family="", locale="")]).entries
    assert (entry.family, entry.locale, entry.needs, entry.code) == ("L2", "ar", (), None)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (("member", "name_la", "unit"), "missing: category"),
        (("member", "category", "unit"), "name_ar/name_la"),
        (("member", "nom", "category", "unit", "Unité"), "twice: unit, D, E"),
        ((), "missing: member"),
    ],
)
def test_a_header_that_is_not_enough_says_what_is_missing(header: tuple[str, ...], told: str) -> None:
    """Before any row is looked at."""
    with pytest.raises(member_list.NotAList, match=told):
        member_list.read(PLAN, [header, AMINE])


def test_columns_that_mean_nothing_are_named_and_passed_over() -> None:
    """A misspelt one is seen."""
    read = member_list.read(PLAN, [(*HEADER, "Téléphone", "famly"), (*AMINE, "0", "x")])
    assert read.ignored == ("Téléphone", "famly") and len(read.entries) == 1


def test_no_word_means_two_columns() -> None:
    """In any of the three languages."""
    words = [name for column, names in vocabulary.COLUMNS.items() for name in (column, *names)]
    for column, names in vocabulary.COLUMNS.items():
        for name in (column, *names):
            assert member_list.column_named(name.upper()) == column
    assert len(set(words)) == len(words)


def test_a_dash_is_no_name_and_no_id() -> None:
    """What stands for "none" leaves the place to the other script's name; two people never share the id N/A."""
    dash = changed(AMINE, name_ar="—", family="-")
    (entry,) = member_list.read(PLAN, [HEADER, dash]).entries
    assert (entry.name_ar, entry.family) == ("Amine Inventé", "L1")
    read = member_list.read(PLAN, [HEADER, changed(AMINE, name_ar="-", name_la="-"), changed(HIND, member="N/A")])
    assert [(bad.column, bad.why) for bad in read.bad] == [("name_ar", "no_name"), ("member", "empty")]
