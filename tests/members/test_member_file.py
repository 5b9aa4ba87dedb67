"""Files of every kind that offices send hold the same list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from checkin_server.domain.members import member_list
from checkin_server.services.members.member_file import FileUnreadable, open_table
from tests.members.lists import ARABIC, FRENCH, HEADER, ROWS, csv_bytes, write_xlsx
from tests.support.venue import small_plan

ENTRIES = member_list.read(small_plan(), [HEADER, *ROWS]).entries


@pytest.mark.parametrize("header", [HEADER, FRENCH, ARABIC], ids=["english", "french", "arabic"])
@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256"])
def test_csv_is_read_in_each_encoding_with_either_mark(
    encoding: str, mark: str, header: Sequence[str], tmp_path: Path
) -> None:
    """Arabic and French letters arrive as they were written, under headers in three languages."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes(ROWS, header=header, mark=mark, encoding=encoding))
    read = member_list.read(small_plan(), open_table(path).rows)
    assert read.entries == ENTRIES and len(ENTRIES) == 2
    assert read.bad == () and read.ignored == ()


def test_a_mark_inside_quotes_parts_no_cells(tmp_path: Path) -> None:
    """Every cell quoted, a comma and a semicolon in a name."""
    path = tmp_path / "list.csv"
    path.write_text('"member";"name_la";"category";"unit"\n"L1";"Inventé, A; B";"active";"rabat-prefecture"\n', "utf-8")
    (entry,) = member_list.read(small_plan(), open_table(path).rows).entries
    assert entry.name_la == "Inventé, A; B"


def test_a_workbook_is_read_and_its_numbers_are_ids(tmp_path: Path) -> None:
    """A spreadsheet makes numbers of ids and leaves cells empty."""
    row = [4711, "أمين مخترع", None, "active", "rabat-prefecture"]
    path = write_xlsx(tmp_path / "list.xlsx", [row, [None] * 5, ["12.0", "هند", None, "active", "nowhere"]])
    read = member_list.read(small_plan(), open_table(path).rows)
    (entry,) = read.entries
    assert (entry.member, entry.name_ar, entry.name_la) == ("4711", "أمين مخترع", "أمين مخترع")
    assert [(bad.row, bad.column) for bad in read.bad] == [(4, "unit")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0 an old workbook", "XLSX"),
        (b"PK\x03\x04 cut short", "not a whole XLSX"),
        ("member,unit".encode("utf-16"), "CSV UTF-8"),
        (b'member,unit\n"cut', "not whole CSV"),
    ],
    ids=["xls", "cut workbook", "utf-16", "open quote"],
)
def test_what_is_no_list_is_refused_with_the_remedy(content: bytes, told: str, tmp_path: Path) -> None:
    """Nothing is guessed from a broken file."""
    path = tmp_path / "list"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=told):
        open_table(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(FileUnreadable, match=r"none\.csv"):
        open_table(tmp_path / "none.csv")
