"""A small file that would unfold to no end is refused in words, and never fills the machine's memory."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin_server.domain.members.cells import Cell
from checkin_server.services.members.member_file import open_table
from checkin_server.services.members.table import FileUnreadable, spread
from tests.members.lists import AMINE, write_xlsx
from tests.members.test_member_file import rewritten
from tests.members.test_ods_file import ods_row, write_ods

LAUGHS = (
    '<!DOCTYPE z [<!ENTITY a "ha ha ha ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
LARGE = 60_000_000
"""Bytes. What a list of two rows may never take; a bomb takes a hundred times as much, or all there is."""


@pytest.fixture(autouse=True)
def memory_is_bounded() -> Iterator[None]:
    """Whatever is tried here."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < LARGE
    finally:
        tracemalloc.stop()


def changed(path: Path, part: str, pattern: str, becomes: str) -> Path:
    """Put something else into a part of a workbook."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    text, count = re.subn(pattern, lambda _: becomes, parts[part].decode("utf-8"), count=1)
    assert count == 1, parts[part][:400]
    with zipfile.ZipFile(path, "w") as target:
        for name, content in {**parts, part: text.encode("utf-8")}.items():
            target.writestr(name, content)
    return path


def why(path: Path) -> str:
    """Why a file is not read."""
    with pytest.raises(FileUnreadable) as refused:
        open_table(path)
    return refused.value.why


def test_an_open_document_of_a_billion_laughs_is_refused(tmp_path: Path) -> None:
    """Entities that name each other."""
    path = write_ods(tmp_path / "list.ods", [ods_row("member", "&j;")])
    assert why(changed(path, "content.xml", r"(?<=\?>)", LAUGHS)) == "broken"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_of_a_billion_laughs_is_refused(tmp_path: Path, part: str) -> None:
    """In any part that is read, by whichever of the readers."""
    path = write_xlsx(tmp_path / "list.xlsx", [AMINE])
    changed(path, part, r"(</(?:worksheet|workbook|styleSheet)>)", "<extra>&j;</extra>")
    with zipfile.ZipFile(path) as source:
        text = source.read(part).decode("utf-8")
    start = r"^(?:<\?xml[^>]*\?>\s*)?"
    head = re.match(start, text)
    assert head is not None
    assert why(changed(path, part, start, head[0] + LAUGHS)) == "broken"


@pytest.mark.parametrize(
    "row",
    [
        ods_row("x", attributes='table:number-rows-repeated="1000000000"'),
        '<table:table-row><table:table-cell table:number-columns-repeated="900000000"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>",
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell'
        ' table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row>',
        '<table:table-row table:number-rows-repeated="900"><table:table-cell table:number-columns-spanned="900000000">'
        "<text:p>x</text:p></table:table-cell></table:table-row>",
    ],
)
def test_cells_that_are_repeated_to_no_end_are_refused(tmp_path: Path, row: str) -> None:
    """Sixty bytes can stand for a billion cells."""
    assert why(write_ods(tmp_path / "list.ods", [ods_row("member"), row])) == "too_large"


def test_spaces_that_are_counted_are_a_few(tmp_path: Path) -> None:
    """A count of spaces is not believed whatever it says."""
    table = open_table(write_ods(tmp_path / "list.ods", [ods_row("member", 'a<text:s text:c="2000000000"/>b')]))
    assert len(table.rows[0][1].text) < 2000


@pytest.mark.parametrize(
    "becomes",
    [
        '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        "</sheetData><mergeCells><mergeCell ref='A1:&#x58;FD&#49;048576'/></mergeCells>",
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    ],
)
def test_a_workbook_whose_cells_lie_as_far_as_can_be_is_refused(tmp_path: Path, becomes: str) -> None:
    """Merged areas and a last cell: what lies between would be laid out."""
    path = write_xlsx(tmp_path / "list.xlsx", [AMINE])
    assert why(changed(path, "xl/worksheets/sheet1.xml", "</sheetData>", becomes)) == "too_large"


def test_the_second_reader_is_asked_for_no_more_than_the_first(tmp_path: Path) -> None:
    """The strict form, which goes to another library: all that lies before the last cell would be laid out."""
    path = write_xlsx(tmp_path / "list.xlsx", [AMINE])
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    changed(path, "xl/worksheets/sheet1.xml", "</sheetData>", far)
    for was, becomes in STRICT.items():
        rewritten(path, lambda _, part, was=was, becomes=becomes: part.replace(was, becomes))  # type: ignore[misc]
    assert why(path) == "too_large"


def test_areas_that_cover_each_other_without_end_are_refused() -> None:
    """A hundred thousand areas of a hundred thousand cells each are a day's work."""
    rows = [[Cell("x")] * 40 for _ in range(2500)]
    with pytest.raises(FileUnreadable) as refused:
        spread(rows, ((0, 0, 2499, 39) for _ in range(100_000)))
    assert refused.value.why == "too_large"


def test_a_list_with_a_stray_cell_far_below_is_read(tmp_path: Path) -> None:
    """Programs leave such cells behind; nothing of the list is lost for it."""
    path = write_xlsx(tmp_path / "list.xlsx", [AMINE])
    changed(
        path, "xl/worksheets/sheet1.xml", "</sheetData>", '<row r="9000"><c r="B9000"><v>1</v></c></row></sheetData>'
    )
    assert open_table(path).rows[1][0].text == AMINE[0]
