"""What cells show, and which look like a spreadsheet's accident."""

from __future__ import annotations

import pytest

from checkin_server.domain.members.cells import accident, column_letters, error_in, is_nothing, number


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (123, "0000000", "0000123"),
        (12.0, "General", "12"),
        (12, "@", "12"),
        (123456789012, "0", "123456789012"),
        (123, "#,##0", "123"),
        (12, '"M"00000', "M00012"),
        (12, "\\M0000", "M0012"),
        (12, "[$-40C]00000", "00012"),
        (12, "[Red]00000;-00000", "00012"),
        (12345, "00-00-00", "01-23-45"),
        (7, "000_);(000)", "007"),
        (0, "00", "00"),
        (12, "[$MAD] 0", "MAD 12"),
        (12, '00"/"00', "00/12"),
    ],
)
def test_a_number_is_what_its_format_shows(value: float, number_format: str, shown: str) -> None:
    """Zeros, letters and hyphens that only the format has are part of an id."""
    assert (number(value, number_format).text, number(value, number_format).odd) == (shown, "")


@pytest.mark.parametrize(
    ("value", "number_format", "odd"),
    [
        (12.5, "General", "decimal"),
        (12, "0.00", "decimal"),
        (1.23456789012e20, "General", "too_long"),
        (123456789012, "General", "scientific"),
        (12, "0.00E+00", "scientific"),
        (12345, "#,##0", "grouped"),
        (12345, "# ##0", "grouped"),
        (43802, "dd/mm/yyyy", "date"),
        (1, "[h]:mm", "date"),
        (1, "0%", "unknown_format"),
        (5, "[<=99]00;000", "unknown_format"),
        (42, "# ?/?", "unknown_format"),
        (42, "0,", "unknown_format"),
        (42, "[DBNum1]0000", "unknown_format"),
        (12, None, "unknown_format"),
        (-12, "General", "negative"),
    ],
)
def test_a_number_that_no_id_looks_like_is_odd(value: float, number_format: str | None, odd: str) -> None:
    """Whatever was meant, somebody has to say it."""
    assert number(value, number_format).odd == odd


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("1,23457E+11", "scientific"),
        ("4.56e+12", "scientific"),
        ("4.56E12", "scientific"),
        ("12,5", "decimal"),
        ("12.0", "decimal"),
        ("12 345", "grouped"),
        ("12\u202f345", "grouped"),
        ("1.234.567", "grouped"),
        ("03/12/2019", "date"),
        ("3-12-19", "date"),
        ("2019-12-03 00:00:00", "date"),
        ("déc-19", "date"),
        ("3-déc", "date"),
        ("Aug-05", "date"),
        ("دجنبر 2019", "date"),
        ("VRAI", "truth"),
        ("false", "truth"),
        ("'0012", "apostrophe"),
        ("=A2", "formula"),
        ("1234567890123450000", "too_long"),
        ("-12", "negative"),
    ],
)
def test_an_id_that_a_spreadsheet_spoiled_is_seen(text: str, odd: str) -> None:
    """In text too: it was exported."""
    assert accident(text) == odd


@pytest.mark.parametrize(
    "text", ["0012", "A-12", "12E5", "12/2019", "45/13/2019", "M000012", "2019-0001", "١٢٣", "BE12"]
)
def test_an_id_is_an_id(text: str) -> None:
    """Not everything with digits is an accident."""
    assert accident(text) == ""


@pytest.mark.parametrize(
    "text", ["#REF!", "#N/A", "#NOM?", "#NOM\u00a0?", "#VALEUR!", "#DIV/0!", "#####", "Err:502", "#NULL!", "#N/D"]
)
def test_an_error_of_a_formula_is_seen_in_either_language(text: str) -> None:
    """Excel translates them."""
    assert error_in(text) == text
    assert error_in("A#1") == error_in("#12") == ""


def test_columns_are_called_as_spreadsheets_call_them() -> None:
    """A to Z, AA and on."""
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("text", ["-", "—", "N/A", "null", "NaN", "Néant", "./."])
def test_what_offices_write_for_nothing_is_no_id(text: str) -> None:
    """Two people would come with the id N/A."""
    assert is_nothing(text) and not is_nothing(f"{text}1")
