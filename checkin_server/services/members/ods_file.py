"""Reading OpenDocument sheets (ODS): they hold what each cell shows as text, beside its value."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checkin_server.domain.members.cells import Cell, accident
from checkin_server.services.members.table import FileUnreadable, Sheet, bounded, spread

if TYPE_CHECKING:
    from xml.etree import ElementTree

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NOT_SHOWN = ("collapse", "filter")
_MOST_REPEATED = 1000
"""Empty cells and rows that are repeated to the sheet's edge are not laid out."""


def read(archive: zipfile.ZipFile) -> list[Sheet]:
    """Read every sheet.

    Raises `FileUnreadable` when the document is protected by a password, or would unfold to more than a list is.
    """
    from defusedxml.ElementTree import fromstring

    names = archive.namelist()
    if "encrypted-package" in names or b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise FileUnreadable("password")
    root = fromstring(archive.read("content.xml"))
    hidden = _hidden_styles(root)
    return [_sheet(table, hidden) for table in root.iter(f"{_TABLE}table")]


def _hidden_styles(root: ElementTree.Element) -> set[str]:
    """Names of the styles of sheets that are not shown."""
    found = set()
    for style in root.iter(f"{_STYLE}style"):
        if any(each.get(f"{_TABLE}display") == "false" for each in style.iter(f"{_STYLE}table-properties")):
            found.add(style.get(f"{_STYLE}name", ""))
    return found


def _sheet(table: ElementTree.Element, hidden_styles: set[str]) -> Sheet:
    rows: list[list[Cell]] = []
    hidden_rows: set[int] = set()
    areas: list[tuple[int, int, int, int]] = []
    cells = 0
    for element in _rows(table):
        row = list(_row(element, len(rows), areas))
        while row and row[-1] == Cell(""):
            row.pop()
        repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        if not row and repeated > _MOST_REPEATED:
            continue
        cells += bounded(repeated, len(row), cells=cells, before=len(rows))
        for _ in range(repeated):
            rows.append(list(row))
            if element.get(f"{_TABLE}visibility") in _NOT_SHOWN:
                hidden_rows.add(len(rows))
    for top, left, bottom, right in areas:
        cells += bounded(min(bottom + 1, len(rows)) - top, right + 1 - left, cells=cells)
        for row in rows[top : bottom + 1]:
            row += [Cell("")] * (right + 1 - len(row))
    spread(rows, areas)
    style = table.get(f"{_TABLE}style-name", "")
    name = table.get(f"{_TABLE}name", "")
    return Sheet(name, rows, style not in hidden_styles, frozenset(hidden_rows), frozenset(_hidden_columns(table)))


def _rows(table: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """A sheet's rows, those in groups and in repeated heads too, in their order."""
    for element in table:
        if element.tag == f"{_TABLE}table-row":
            yield element
        elif element.tag in (f"{_TABLE}table-row-group", f"{_TABLE}table-header-rows", f"{_TABLE}table-rows"):
            yield from _rows(element)


def _row(element: ElementTree.Element, number: int, areas: list[tuple[int, int, int, int]]) -> Iterator[Cell]:
    at = 0
    for each in element:
        if each.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        down = int(each.get(f"{_TABLE}number-rows-spanned", "1"))
        across = int(each.get(f"{_TABLE}number-columns-spanned", "1"))
        if down > 1 or across > 1:
            areas.append((number, at, number + down - 1, at + across - 1))
        cell = _cell(each)
        repeated = int(each.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell == Cell("") and repeated > _MOST_REPEATED:
            repeated = 0
        bounded(1, at + repeated)
        for _ in range(repeated):
            yield cell
        at += repeated


def _cell(element: ElementTree.Element) -> Cell:
    text = "\n".join(_shown(paragraph) for paragraph in element.findall(f"{_TEXT}p"))
    kind = element.get(f"{_OFFICE}value-type", "")
    if kind in ("date", "time"):
        return Cell(text, "date")
    if kind == "boolean":
        return Cell(text, "truth")
    if kind in ("float", "percentage", "currency"):
        value = float(element.get(f"{_OFFICE}value", "0"))
        if not value.is_integer():
            return Cell(text, "decimal")
        if abs(value) >= 1e15:
            return Cell(text, "too_long")
        return Cell(text, accident(text) or ("unknown_format" if not text.strip() else ""))
    if not kind and not text and element.get(f"{_TABLE}formula"):
        return Cell("", "no_result")
    return Cell(text)


def _shown(paragraph: ElementTree.Element) -> str:
    """A paragraph's text; several spaces are written as an element, notes are no part of it."""
    parts = [paragraph.text or ""]
    for each in paragraph:
        if each.tag == f"{_TEXT}s":
            parts.append(" " * min(int(each.get(f"{_TEXT}c", "1")), _MOST_REPEATED))
        elif each.tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
            parts.append(" ")
        elif each.tag != f"{_OFFICE}annotation":
            parts.append(_shown(each))
        parts.append(each.tail or "")
    return "".join(parts)


def _hidden_columns(table: ElementTree.Element) -> Iterator[int]:
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        repeated = int(column.get(f"{_TABLE}number-columns-repeated", "1"))
        if column.get(f"{_TABLE}visibility") in _NOT_SHOWN and repeated <= _MOST_REPEATED:
            yield from range(at, at + repeated)
        at += repeated
