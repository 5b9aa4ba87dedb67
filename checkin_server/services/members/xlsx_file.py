"""Reading XLSX workbooks as they are shown; with openpyxl, and with calamine what openpyxl can't open."""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from checkin_server.domain.members.cells import Cell, number
from checkin_server.services.members.table import FileUnreadable, Sheet, bounded, spread

_STYLES = "xl/styles.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(content: bytes) -> list[Sheet]:
    """Read every sheet of an XLSX workbook, or of an XLSB one.

    Raises `FileUnreadable` when nothing can read it, or when it would unfold to more than a list is.
    """
    from defusedxml.common import DefusedXmlException

    for each in (content, None):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and drawings that it passes over
                sheets = _by_openpyxl(each if each is not None else _plain_styles(content))
        except FileUnreadable:
            raise
        except Exception as error:  # a broken file, or one that is unlike what openpyxl knows, may trip it anywhere
            # Entities are declared by no program that people write lists with. Openpyxl says so in its own words.
            if isinstance(error, DefusedXmlException) or isinstance(error.__context__, DefusedXmlException):
                raise FileUnreadable("broken", "XLSX") from error
            continue
        if sheets:
            return sheets
    try:
        _cells_within_bounds(content)
        return _by_calamine(content)
    except FileUnreadable:
        raise
    except Exception as error:  # the same
        raise FileUnreadable("broken", "XLSX") from error


def _merged_within_bounds(content: bytes) -> None:
    """Look at merged areas before openpyxl does: it makes a cell for each place of them."""
    from openpyxl.utils import range_boundaries

    for elements in _parts_with(content, b"mergeCell"):
        cells = 0
        for name, element in elements:
            if name == "mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref"))
                cells += bounded(bottom - top + 1, right - left + 1, cells=cells)


def _cells_within_bounds(content: bytes) -> None:
    """Look where the last cell is before calamine does: it lays out all that lies before it."""
    from openpyxl.utils.cell import coordinate_to_tuple

    for elements in _parts_with(content, b"sheetData"):
        row = height = width = across = 0
        for name, element in elements:
            if name == "row":
                row, across = int(element.get("r", row + 1)), 0
            elif name == "c":
                place = element.get("r")
                row, across = coordinate_to_tuple(place) if place else (row, across + 1)
                height, width = max(height, row), max(width, across)
                bounded(height, width)


def _parts_with(content: bytes, word: bytes) -> Iterator[Iterator[tuple[str, ElementTree.Element]]]:
    """The parts in which a word stands: each element as it begins, with its name without a namespace."""
    from defusedxml.ElementTree import iterparse

    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        part = archive.read(name)
        if word in part.replace(b"\0", b""):  # in UTF-16 too
            yield _begun(iterparse(io.BytesIO(part), events=("start", "end")))


def _begun(parse: Iterator[tuple[str, ElementTree.Element]]) -> Iterator[tuple[str, ElementTree.Element]]:
    for event, element in parse:
        if event == "start":
            yield element.tag.rpartition("}")[2], element
        else:
            element.clear()


def _by_openpyxl(content: bytes) -> list[Sheet]:
    from openpyxl import load_workbook

    _merged_within_bounds(content)
    workbook = load_workbook(io.BytesIO(content), data_only=False, rich_text=False)
    formulas = any(cell.data_type == "f" for sheet in workbook.worksheets for cell in sheet._cells.values())
    shown = load_workbook(io.BytesIO(content), data_only=True) if formulas else workbook
    return [_sheet(sheet, shown[sheet.title]) for sheet in workbook.worksheets]


def _sheet(sheet: Any, shown: Any) -> Sheet:
    # The cells that the file holds, by row and column. Openpyxl's own ways through a sheet make a cell for every place
    # up to the last that has a style: a column that was coloured whole has a million.
    held = {place: cell for place, cell in sheet._cells.items() if cell.value is not None}
    height = max((row for row, _ in held), default=0)
    width = max((column for _, column in held), default=0)
    bounded(height, width)
    rows = [[Cell("")] * width for _ in range(height)]
    for (row, column), cell in held.items():
        rows[row - 1][column - 1] = _cell(cell, shown._cells.get((row, column), cell))
    spread(rows, ((a.min_row - 1, a.min_col - 1, a.max_row - 1, a.max_col - 1) for a in sheet.merged_cells.ranges))
    hidden_rows = {row for row, how in sheet.row_dimensions.items() if how.hidden and row <= len(rows)}
    hidden = (how for how in sheet.column_dimensions.values() if how.hidden and how.min)
    hidden_columns = {at - 1 for how in hidden for at in range(how.min, min(how.max, width) + 1)}
    return Sheet(
        sheet.title,
        rows,
        sheet.sheet_state == "visible",
        frozenset(hidden_rows),
        frozenset(at for at in hidden_columns if 0 <= at < width),
    )


def _cell(cell: Any, shown: Any) -> Cell:
    value = shown.value
    if value is None:  # a formula whose result is an empty text, or is not in the file
        return Cell("", "" if shown.data_type in ("str", "s") else "no_result")
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", "truth")
    if isinstance(value, int | float):
        return number(value, shown.number_format)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return Cell(str(value), "date")
    if shown.data_type == "e":
        return Cell(str(value), "error", str(value))
    from openpyxl.utils.escape import unescape

    return Cell(unescape(str(value)))


def _plain_styles(content: bytes) -> bytes:
    """The same workbook with no styles but number formats: programs write fills and fonts that openpyxl refuses."""
    from defusedxml.ElementTree import fromstring

    source = zipfile.ZipFile(io.BytesIO(content))
    old = fromstring(source.read(_STYLES))
    new = ElementTree.Element(f"{_MAIN}styleSheet")
    if (formats := old.find(f"{_MAIN}numFmts")) is not None and len(formats):
        new.append(formats)
    for name, inner in (("fonts", "font"), ("fills", "fill"), ("borders", "border")):
        part = ElementTree.SubElement(new, f"{_MAIN}{name}", count="1")
        one = ElementTree.SubElement(part, f"{_MAIN}{inner}")
        if inner == "fill":
            ElementTree.SubElement(one, f"{_MAIN}patternFill", patternType="none")
    ElementTree.SubElement(ElementTree.SubElement(new, f"{_MAIN}cellStyleXfs", count="1"), f"{_MAIN}xf", numFmtId="0")
    cells = ElementTree.SubElement(new, f"{_MAIN}cellXfs")
    for form in old.findall(f"{_MAIN}cellXfs/{_MAIN}xf"):
        ElementTree.SubElement(cells, f"{_MAIN}xf", numFmtId=form.get("numFmtId", "0"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(name, ElementTree.tostring(new) if name == _STYLES else source.read(name))
    return target.getvalue()


def _by_calamine(content: bytes) -> list[Sheet]:
    """What openpyxl can't open; number formats are not told, so numbers are odd where they would be ids."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = []
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        rows = [[_calamine_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        areas = sheet.merged_cell_ranges or ()
        spread(rows, ((top, left, bottom, right) for (top, left), (bottom, right) in areas))
        sheets.append(Sheet(about.name, rows, about.visible == SheetVisibleEnum.Visible))
    return sheets


def _calamine_cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", "truth")
    if isinstance(value, int | float):
        return number(value, None)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return Cell(str(value), "date")
    return Cell(str(value))
