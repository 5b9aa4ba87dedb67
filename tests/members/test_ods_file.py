"""OpenDocument sheets hold what each cell shows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from checkin_server.services.members.member_file import open_table
from checkin_server.services.members.table import FileUnreadable
from tests.members.lists import UNIT
from tests.members.test_member_file import SHORT, read_table, whys

ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:body><office:spreadsheet><table:table table:name="Liste">{rows}
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def ods_row(*cells: str, attributes: str = "") -> str:
    """A row; a cell that begins with ``<`` stands as it is."""
    inner = "".join(
        each if each.startswith("<") else f"<table:table-cell><text:p>{each}</text:p></table:table-cell>"
        for each in cells
    )
    return f"<table:table-row {attributes}>{inner}</table:table-row>"


def ods_value(shown: str, kind: str, value: str = "", more: str = "") -> str:
    """A cell with a value beside what it shows."""
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}" {more}><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )


def write_ods(path: Path, rows: Iterable[str], manifest: str = "<manifest/>") -> Path:
    """Write an OpenDocument sheet."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows="".join(rows)))
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def test_an_open_document_is_read_as_it_is_shown(tmp_path: Path) -> None:
    """Zeros of a format, a merged family, repeated cells, a hidden row, dates, errors."""
    merged = '<table:table-cell table:number-rows-spanned="2"><text:p>FAM1</text:p></table:table-cell>'
    rows = [
        ods_row(*SHORT),
        ods_row(ods_value("0000123", "float", "123"), "Inventé <text:s/>A", "active", UNIT, merged),
        ods_row("L2", "Inventé B", "active", UNIT, "<table:covered-table-cell/>"),
        ods_row("L3", "C", "active", UNIT, attributes='table:visibility="filter"'),
        ods_row(ods_value("03/12/19", "date"), "D", "active", UNIT),
        ods_row(ods_value("12\u202f345", "float", "12345"), "E", "active", UNIT),
        ods_row(ods_value("13", "float", "12.5"), "F", "active", UNIT),
        ods_row("L8", "#N/A", "active", UNIT),
        ods_row("L9", '<table:table-cell table:formula="of:=[.A1]"/>', "active", UNIT),
    ]
    table = open_table(write_ods(tmp_path / "list.ods", rows))
    read = read_table(table)
    assert table.form == "ODS"
    assert [(e.member, e.name_la, e.family) for e in read.entries] == [
        ("0000123", "Inventé A", "FAM1"),
        ("L2", "Inventé B", "FAM1"),
    ]
    assert whys(read) == [
        (4, "", "hidden"),
        (5, "member", "date"),
        (6, "member", "grouped"),
        (7, "member", "decimal"),
        (8, "name_la", "error"),
        (9, "name_la", "no_result"),
    ]
    locked = write_ods(tmp_path / "locked.ods", rows, "<manifest:encryption-data/>")
    with pytest.raises(FileUnreadable, match="password"):
        open_table(locked)
