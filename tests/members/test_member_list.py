"""What is wrong with a row is said with its number and column."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkin_server.domain.members import member_list
from tests.members.lists import AMINE, CODE, HEADER, HIND, UNIT
from tests.support.venue import small_plan

PLAN = small_plan()


def changed(row: tuple[str, ...], **cells: str) -> tuple[str, ...]:
    """A row with some cells changed."""
    return tuple(cells.get(name, cell) for name, cell in zip(HEADER, row, strict=True))


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("member", "", "is empty"),
        ("member", "x" * 65, "longer than 64"),
        ("member", "L2", "the same member stands in row 2"),
        ("category", "", "is empty"),
        ("category", "captain", "known are active, retired"),
        ("unit", "nowhere", "known are rabat-prefecture, tangier-prefecture"),
        ("locale", "es", "known are ar, fr, zgh, en"),
        ("needs", "wheelchair cake", "known are wheelchair"),
        ("code", "C123", "not a card code"),
        ("code", "V" + CODE[1:], "not a card code"),
        ("name_la", "x" * 201, "longer than 200"),
        ("name_la", "A\x07", "another encoding"),
        ("family", "F\ufffd", "another encoding"),
    ],
)
def test_a_bad_cell_is_named(column: str, value: str, why: str) -> None:
    """Row, column and why; the row is left out and the others are not."""
    read = member_list.read(PLAN, [HEADER, HIND, changed(AMINE, **{column: value})])
    assert [entry.member for entry in read.entries] == ["L2"]
    assert [(bad.row, bad.column) for bad in read.bad] == [(3, column)]
    assert why in read.bad[0].why


def test_everything_wrong_with_a_row_is_named_at_once() -> None:
    """Nobody wants to run it five times."""
    read = member_list.read(PLAN, [HEADER, ("",) * 3 + ("?", "?") + ("",) * 4])
    assert [bad.column for bad in read.bad] == ["member", "name_ar", "category", "unit"]


def test_a_code_that_stands_twice_is_named_however_it_is_written() -> None:
    """Small letters and hyphens are the same code."""
    written = "-".join((CODE[:9], CODE[9:])).lower()
    read = member_list.read(PLAN, [HEADER, AMINE, changed(HIND, code=written)])
    assert [(bad.row, bad.column, bad.why) for bad in read.bad] == [(3, "code", "the same code stands in row 2")]


def test_no_name_and_no_code_is_ever_quoted() -> None:
    """A report may be sent on."""
    bad = changed(AMINE, unit="Amine", category=CODE, code=CODE + "X", needs="Amine")
    for each in member_list.read(PLAN, [HEADER, HIND, bad]).bad:
        assert "Amine" not in each.why and CODE not in each.why


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
        (("member", "category", "unit"), "name_ar or name_la"),
        (("member", "nom", "category", "unit", "Unité"), "two columns mean unit: the 4. and the 5."),
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
    words = [name for column, names in member_list.COLUMNS.items() for name in (column, *names)]
    for column, names in member_list.COLUMNS.items():
        for name in (column, *names):
            assert member_list.column_named(name.upper()) == column
    assert len(set(words)) == len(words)
