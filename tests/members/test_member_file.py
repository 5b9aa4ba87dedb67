"""Files of every kind that offices send hold the same list, as a person sees it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from checkin_server.domain.members import member_list
from checkin_server.domain.members.member_list import MemberList
from checkin_server.services.members.member_file import open_table
from checkin_server.services.members.table import FileUnreadable, Table
from tests.members.lists import ARABIC, FRENCH, HEADER, ROWS, UNIT, csv_bytes, write_xlsx
from tests.support.venue import small_plan

ENTRIES = member_list.read(small_plan(), [HEADER, *ROWS]).entries
FILES = Path(__file__).parent / "files"
SHORT = ("member", "name_la", "category", "unit", "family")


def read_table(table: Table) -> MemberList:
    """Understand a table."""
    return member_list.read(small_plan(), table.rows, faults=table.faults, parted_by_marks=table.parted_by_marks)


def read_text(folder: Path, text: str, encoding: str = "utf-8") -> MemberList:
    """Write a CSV and read it."""
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return read_table(open_table(path))


def read_workbook(
    folder: Path, rows: Iterable[Sequence[object]], change: Callable[[Workbook, Any], None] | None = None
) -> MemberList:
    """Write a workbook, change it as a spreadsheet would, and read it."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (SHORT, *rows):
        sheet.append(list(row))
    if change is not None:
        change(workbook, sheet)
    workbook.save(folder / "list.xlsx")
    return read_table(open_table(folder / "list.xlsx"))


def whys(read: MemberList) -> list[tuple[int, str, str]]:
    """What is wrong."""
    return [(bad.row, bad.column, bad.why) for bad in read.bad]


def person(member: object, name: object = "Inventé A", family: object = "") -> tuple[object, ...]:
    """A row of a workbook."""
    return (member, name, "active", UNIT, family)


@pytest.mark.parametrize("header", [HEADER, FRENCH, ARABIC], ids=["english", "french", "arabic"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
def test_csv_is_read_in_each_encoding_with_either_mark(
    encoding: str, mark: str, header: Sequence[str], tmp_path: Path
) -> None:
    """Arabic and French letters arrive as they were written, under headers in three languages."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(ROWS, header=header, mark=mark, encoding=encoding))
    read = read_table(open_table(path))
    assert read.entries == ENTRIES and len(ENTRIES) == 2
    assert read.bad == () and read.ignored == ()


def test_a_mark_inside_quotes_parts_no_cells(tmp_path: Path) -> None:
    """Every cell quoted, a comma, a semicolon, a line's end and a doubled quotation mark in names."""
    read = read_text(
        tmp_path,
        f'"member";"name_la";"category";"unit"\n"L1";"Inventé, A; B";"active";"{UNIT}"\n'
        f'"L2";"""Lalla""\nFatima";"active";"{UNIT}"\n',
    )
    assert [entry.name_la for entry in read.entries] == ["Inventé, A; B", '"Lalla" Fatima']


def test_the_line_that_excel_reads_and_does_not_show_is_no_row(tmp_path: Path) -> None:
    """It says the mark; rows are counted from the header."""
    read = read_text(
        tmp_path, f"sep=;\r\nmember;name_la;category;unit\r\nC1;Inventé, A;active;{UNIT}\r\nC2;B;active;x\r\n"
    )
    assert [entry.name_la for entry in read.entries] == ["Inventé, A"]
    assert whys(read) == [(3, "unit", "no_unit")]


def test_a_stray_quotation_mark_spoils_its_own_row(tmp_path: Path) -> None:
    """One that never closes swallows no rows after it."""
    head = "member;name_la;category;unit\n"
    rows = f'G1;"Lalla" Fatima;active;{UNIT}\nG2;Saïd;active;{UNIT}\nG3;"Open;active;{UNIT}\nG4;"C; D";active;{UNIT}\n'
    read = read_text(tmp_path, head + rows)
    assert [entry.member for entry in read.entries] == ["G2", "G4"]
    assert [(bad.row, bad.why, bad.detail) for bad in read.bad] == [(2, "stray_quote", "B2"), (4, "stray_quote", "B4")]


def test_text_that_is_kept_from_becoming_a_number_is_that_text(tmp_path: Path) -> None:
    """The trick of programs that export for Excel."""
    (entry,) = read_text(tmp_path, f'member;name_la;category;unit\n="0012";Inventé;active;{UNIT}\n').entries
    assert entry.member == "0012"


def test_rows_may_end_as_on_any_system_and_the_file_with_a_mark(tmp_path: Path) -> None:
    """Old Macintosh, and the end mark of DOS."""
    read = read_text(tmp_path, f"member;name_la;category;unit\rL1;Inventé;active;{UNIT}\rL2;B;active;{UNIT}\r\x1a")
    assert [entry.member for entry in read.entries] == ["L1", "L2"] and read.bad == ()


def test_ids_are_what_the_number_format_shows(tmp_path: Path) -> None:
    """And the same list as CSV is the same people."""

    def formats(_: Workbook, sheet: Any) -> None:
        for cell, number_format in (
            ("A2", "0000000"),
            ("A3", '"M"000'),
            ("A5", "#,##0"),
            ("A6", "0.0"),
            ("E2", "00000"),
        ):
            sheet[cell].number_format = number_format

    read = read_workbook(tmp_path, [person(n, family=12) for n in (123, 7, 4711, 12345, 12)], formats)
    assert [(entry.member, entry.family) for entry in read.entries] == [
        ("0000123", "00012"),
        ("M007", "12"),
        ("4711", "12"),
    ]
    assert whys(read) == [(5, "member", "grouped"), (6, "member", "decimal")]


def test_what_no_id_looks_like_is_named_by_its_cell(tmp_path: Path) -> None:
    """Dates, truth values, decimals, numbers too long, errors, formulas without a result."""
    import datetime

    ids: list[object] = [
        datetime.datetime(2019, 12, 3),
        True,
        12.5,
        1.23456789012e20,
        123456789012,
        "#REF!",
        "=1+1",
        "12.0",
    ]
    read = read_workbook(tmp_path, map(person, ids))
    assert [bad.why for bad in read.bad] == [
        "date",
        "truth",
        "decimal",
        "too_long",
        "scientific",
        "error",
        "no_result",
        "decimal",
    ]
    names: list[object] = [datetime.date(2019, 12, 3), False, "#N/A", 4711, '=CONCATENATE("a","b")']
    read = read_workbook(tmp_path, [person(f"L{at}", name) for at, name in enumerate(names)])
    assert [bad.why for bad in read.bad] == ["date", "truth", "error", "number_as_name", "no_result"]
    assert {bad.column for bad in read.bad} == {"name_la"}


def test_a_formula_that_gives_nothing_is_an_empty_cell(tmp_path: Path) -> None:
    """Copied down below the list, as is often done, it makes no rows."""
    read_workbook(tmp_path, [person("L1", family="x"), ("=A1", "=A1", None, None, None)])
    path = rewritten(
        tmp_path / "list.xlsx",
        lambda name, part: (
            re.sub(
                rb'(<c r="[AB]3")([^>]*)><f>A1</f><v ?/?>(?:</v>)?', rb'\1 t="str"><f>IF(Z1="","",Z1)</f><v></v>', part
            )
            if "sheet1" in name
            else part
        ),
    )
    read = read_table(open_table(path))
    assert [entry.member for entry in read.entries] == ["L1"] and read.bad == ()


def test_merged_cells_are_a_familys_and_no_members(tmp_path: Path) -> None:
    """F2:F5 is seen in all four rows; an id, a name or half a row that is merged is bad in each of them."""

    def merge(_: Workbook, sheet: Any) -> None:
        for area in ("E2:E5", "A6:A7", "B8:B9", "B10:C10"):
            sheet.merge_cells(area)

    rows = [person(f"L{at}", family="FAM9" if at == 0 else "") for at in range(9)]
    read = read_workbook(tmp_path, rows, merge)
    assert [entry.family for entry in read.entries] == ["FAM9"] * 4
    assert whys(read) == [
        (6, "member", "merged"),
        (7, "member", "merged"),
        (8, "name_la", "merged"),
        (9, "name_la", "merged"),
        (10, "category", "merged_across"),
    ]


def test_rows_that_are_not_shown_are_bad_and_columns_are_said(tmp_path: Path) -> None:
    """Nobody who looked at the list knew of them."""

    def hide(_: Workbook, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["E"].hidden = True

    read = read_workbook(tmp_path, [person("L1"), person("L2"), person("L3")], hide)
    assert whys(read) == [(3, "", "hidden")]
    assert open_table(tmp_path / "list.xlsx").hidden_columns == ("E",)


def test_a_style_at_the_end_of_the_sheet_makes_no_million_rows(tmp_path: Path) -> None:
    """Somebody coloured a whole column."""

    def colour(_: Workbook, sheet: Any) -> None:
        sheet.cell(1_048_576, 200).number_format = "00"

    read_workbook(tmp_path, [person("L1")], colour)
    assert [len(row) for row in open_table(tmp_path / "list.xlsx").rows] == [len(SHORT), len(SHORT)]


def test_the_first_sheet_that_is_shown_and_holds_a_list_is_read(tmp_path: Path) -> None:
    """Others that hold one are said; a sheet may be named."""

    def sheets(workbook: Workbook, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        for name, member in (("Notes", None), ("Liste", "L2"), ("Liste 2", "L3")):
            other = workbook.create_sheet(name)
            other.append(["Liste des adhérents"])
            if member:
                other.append(list(SHORT))
                other.append(list(person(member)))

    read = read_workbook(tmp_path, [person("L1")], sheets)
    assert [(entry.member, entry.row) for entry in read.entries] == [("L2", 3)] and read.header_row == 2
    path = tmp_path / "list.xlsx"
    assert open_table(path).other_lists == ("Sheet", "Liste 2")
    assert [entry.member for entry in read_table(open_table(path, sheet="Liste 2")).entries] == ["L3"]
    with pytest.raises(FileUnreadable, match="no_sheet: Sheet, Notes, Liste, Liste 2"):
        open_table(path, sheet="Feuil1")


def test_a_workbook_is_read_and_its_numbers_are_ids(tmp_path: Path) -> None:
    """A spreadsheet makes numbers of ids and leaves cells empty."""
    row = [4711, "أمين مخترع", None, "active", UNIT]
    path = write_xlsx(tmp_path / "list.xlsx", [row, [None] * 5, ["L12", "هند", None, "active", "nowhere"]])
    read = read_table(open_table(path))
    (entry,) = read.entries
    assert (entry.member, entry.name_ar, entry.name_la) == ("4711", "أمين مخترع", "أمين مخترع")
    assert whys(read) == [(4, "unit", "no_unit")]


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The same archive with its parts changed."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(content.getvalue())
    return path


def test_a_workbook_with_styles_that_openpyxl_refuses_is_read(tmp_path: Path) -> None:
    """Number formats stay what they are."""

    def formats(_: Workbook, sheet: Any) -> None:
        sheet["A2"].number_format = "00000"

    read_workbook(tmp_path, [person(12)], formats)
    path = rewritten(
        tmp_path / "list.xlsx",
        lambda name, part: part.replace(b"<fill><patternFill /></fill>", b"<fill/>") if "styles" in name else part,
    )
    assert [entry.member for entry in read_table(open_table(path)).entries] == ["00012"]


def test_a_workbook_of_the_strict_form_is_read(tmp_path: Path) -> None:
    """By another library, which tells no number formats: a number is no id then."""
    read_workbook(tmp_path, [person("L1"), person(12)])
    path = rewritten(
        tmp_path / "list.xlsx",
        lambda _, part: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    read = read_table(open_table(path))
    assert [entry.member for entry in read.entries] == ["L1"]
    assert whys(read) == [(3, "member", "unknown_format")]


def test_a_workbook_of_the_old_form_is_read_as_it_is_shown(tmp_path: Path) -> None:
    """Made once by another program: number formats, a merged family, a date, a truth value, thousands apart."""
    table = open_table(FILES / "old.xls")
    read = read_table(table)
    assert table.form == "XLS" and table.sheet == "Liste"
    assert [(entry.member, entry.family, entry.category) for entry in read.entries] == [
        (member, "FAM1", "retired") for member in ("00012", "00013", "A14")
    ]
    assert whys(read)[:3] == [(5, "member", "grouped"), (6, "member", "date"), (7, "member", "truth")]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0 an old workbook", "broken: XLS"),
        (b"PK\x03\x04 cut short", "broken: XLSX"),
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n", "empty_file"),
        (b"%PDF-1.4", "other_form: PDF"),
        (b"<html><table><tr><td>member", "web_page"),
        ("<?xml version='1.0'?><Workbook/>".encode("utf-16"), "web_page"),
        (b"member,unit\x00\x00\x00", "no_text"),
        (b"\x1f\x8b\x08\x00\x91\x12\x03\x04 packed \xff\x01", "no_text"),
        ("member,unit".encode("utf-16")[:-1], "encoding_wrong: UTF-16"),
        ("member;name_la\n1;Пример Имени Фамилии".encode("cp1251"), "encoding_undecided"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, why: str, tmp_path: Path) -> None:
    """Nothing is guessed from a broken file, and nothing is a trace of the program's own."""
    path = tmp_path / "list"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=why):
        open_table(path)


def test_a_workbook_behind_a_password_says_so(tmp_path: Path) -> None:
    """It is no zip file at all, and no old workbook either."""
    with pytest.raises(FileUnreadable, match="password"):
        open_table(FILES / "protected.xlsx")


@pytest.mark.parametrize("at", [0.3, 0.5, 0.7, 0.9])
def test_a_damaged_workbook_is_refused_wherever_the_damage_is(at: float, tmp_path: Path) -> None:
    """Or read whole: never in part."""
    path = write_xlsx(tmp_path / "list.xlsx", [(f"L{n}", "أمين", f"Amine {n}", "active", UNIT) for n in range(300)])
    content = bytearray(path.read_bytes())
    place = int(len(content) * at)
    content[place : place + 24] = bytes(range(24))
    path.write_bytes(content)
    try:
        table = open_table(path)
    except FileUnreadable as refused:
        assert refused.why in ("broken", "no_workbook")
    else:
        assert len(read_table(table).entries) == 300


def test_an_archive_that_is_no_workbook_says_so(tmp_path: Path) -> None:
    """A list that was packed."""
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as archive:
        archive.writestr("list.csv", "member")
    with pytest.raises(FileUnreadable, match="no_workbook"):
        open_table(tmp_path / "list.zip")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With what the system says."""
    with pytest.raises(FileUnreadable, match="not_there"):
        open_table(tmp_path / "none.csv")


def test_an_encoding_that_the_file_is_not_in_is_refused(tmp_path: Path) -> None:
    """Whoever says it is wrong."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(ROWS, encoding="cp1256"))
    with pytest.raises(FileUnreadable, match="encoding_wrong: UTF-8"):
        open_table(path, encoding="UTF-8")
