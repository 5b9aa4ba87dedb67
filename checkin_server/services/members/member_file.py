"""Opening a member list as offices send it: CSV of several kinds, or a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkin_server.common.faults import Fault
from checkin_server.domain.members import member_list

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class FileUnreadable(Fault):
    """The file is no member list; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows as text, the header first."""

    rows: list[list[str]]
    kind: str
    """How the file was read, for people."""


def open_table(path: Path) -> Table:
    """Read a file: CSV in UTF-8 or Windows-1256 with ``,`` or ``;``, or the first sheet of an XLSX workbook.

    Raises `FileUnreadable`, naming the remedy, when it is neither.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"cannot read {path}: {error.strerror}") from error
    if content.startswith(_ZIP):
        return Table(list(_workbook(path, content)), "XLSX, first sheet")
    if content.startswith(_OLD_EXCEL):
        raise FileUnreadable(f"{path} is a workbook of an old form (XLS); save it as XLSX")
    if content.startswith(_UTF_16) or b"\x00" in content[:4096]:
        raise FileUnreadable(f"{path} is not a text that can be read here; save it as CSV UTF-8, or as XLSX")
    try:
        text, encoding = content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        # The Windows code page of Arabic offices; French letters have the places in it that they have in Latin ones.
        text, encoding = content.decode("cp1256"), "Windows-1256"
    tables: dict[str, list[list[str]]] = {}
    wrong = ""
    for mark in ",;":
        try:
            tables[mark] = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
        except csv.Error as error:
            wrong = str(error)
    if not tables:
        raise FileUnreadable(f"{path} is not whole CSV: {wrong}")
    mark = max(tables, key=lambda mark: _understood(tables[mark]))
    return Table(tables[mark], f'CSV, {encoding}, "{mark}" between columns')


def _understood(rows: list[list[str]]) -> int:
    return sum(member_list.column_named(cell) is not None for cell in rows[0]) if rows else 0


def _workbook(path: Path, content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size
        for row in sheet.iter_rows(values_only=True):
            yield [_text(cell) for cell in row]
        workbook.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise FileUnreadable(f"{path} is not a whole XLSX workbook; save it anew") from error


def _text(cell: Any) -> str:
    """A cell as a person reads it: an id that a spreadsheet took for a number has no decimals."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
