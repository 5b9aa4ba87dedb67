"""Reading workbooks of the old form (XLS), with the number formats that say how an id is shown."""

from __future__ import annotations

import io
from typing import Any

from checkin_server.domain.members.cells import Cell, number
from checkin_server.services.members.table import FileUnreadable, Sheet, spread

_EMPTY = (0, 6)
_TEXT, _NUMBER, _DATE, _TRUTH, _ERROR = 1, 2, 3, 4, 5


def read(content: bytes) -> list[Sheet]:
    """Read every sheet.

    Raises `FileUnreadable` when the workbook is protected or broken.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        return [_sheet(book, sheet) for sheet in book.sheets()]
    except Exception as error:  # a broken file may trip the library anywhere
        protected = isinstance(error, xlrd.XLRDError) and "encrypt" in str(error).lower()
        raise FileUnreadable("password" if protected else "broken", "" if protected else "XLS") from error


def _sheet(book: Any, sheet: Any) -> Sheet:
    rows = [[_cell(book, sheet.cell(row, at)) for at in range(sheet.ncols)] for row in range(sheet.nrows)]
    spread(rows, ((top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells))
    hidden_rows = {row + 1 for row, how in sheet.rowinfo_map.items() if how.hidden}
    hidden_columns = {at for at, how in sheet.colinfo_map.items() if how.hidden}
    return Sheet(sheet.name, rows, sheet.visibility == 0, frozenset(hidden_rows), frozenset(hidden_columns))


def _cell(book: Any, cell: Any) -> Cell:
    import xlrd

    if cell.ctype in _EMPTY:
        return Cell("")
    if cell.ctype == _NUMBER or cell.ctype == _DATE:
        return number(cell.value, book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
    if cell.ctype == _TRUTH:
        return Cell("TRUE" if cell.value else "FALSE", "truth")
    if cell.ctype == _ERROR:
        error = str(xlrd.error_text_from_code.get(cell.value, "#?"))
        return Cell(error, "error", error)
    return Cell(str(cell.value))
