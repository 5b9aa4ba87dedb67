"""A file's rows as a spreadsheet shows them, and what else is to be said about the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from checkin_server.common.faults import Fault
from checkin_server.domain.members import member_list
from checkin_server.domain.members.cells import MERGED, MERGED_ACROSS, Cell, column_letters

HIDDEN = "hidden"
MOST_BYTES = 400_000_000
"""What a workbook may unpack to: a list of 100,000 members takes a tenth."""

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""What the programs that write workbooks can have."""
MOST_CELLS = 20_000_000
"""What a sheet may unfold to (repeated, merged and empty cells count): a few bytes of a file can stand for millions."""


class FileUnreadable(Fault):
    """The file is no member list; `why` is a code that `import_report.py` has words for."""

    def __init__(self, why: str, detail: str = "", readings: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail
        self.readings = readings or {}
        """By encoding: words as they would be in it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    rows: list[list[Cell]]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of the rows that are not shown, from 1."""
    hidden_columns: frozenset[int] = frozenset()
    """Places of the columns that are not shown, from 0."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; the header is one of the first."""

    rows: list[list[Cell]]
    form: str
    """``CSV``, ``XLSX``, ``XLS``, ``XLSB`` or ``ODS``."""
    faults: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Rows that can't be taken in whatever they hold: number to code and detail."""
    encoding: str = ""
    samples: tuple[str, ...] = ()
    """Words that show whether the encoding is right; none where there is no doubt."""
    mark: str = ""
    """What stands between columns, of a CSV."""
    sheet: str = ""
    other_lists: tuple[str, ...] = ()
    """Other sheets that hold a list too."""
    hidden_columns: tuple[str, ...] = ()
    """Letters of columns that are not shown."""

    @property
    def parted_by_marks(self) -> bool:
        """Whether a mark inside a cell would part it."""
        return bool(self.mark)


def of_sheets(form: str, sheets: Sequence[Sheet], wanted: str | None) -> Table:
    """Choose the sheet that holds the list: the first that is shown and has a header, or the one that is `wanted`.

    Raises `FileUnreadable` when there is no such sheet.
    """
    if wanted is not None:
        chosen = next((sheet for sheet in sheets if sheet.name == wanted), None)
        if chosen is None:
            raise FileUnreadable("no_sheet", ", ".join(sheet.name for sheet in sheets))
        others: list[Sheet] = []
    else:
        shown = [sheet for sheet in sheets if sheet.visible]
        lists = [sheet for sheet in shown if member_list.has_header(sheet.rows)]
        if not shown:
            raise FileUnreadable("no_sheet", ", ".join(sheet.name for sheet in sheets))
        chosen = lists[0] if lists else shown[0]
        others = [sheet for sheet in sheets if sheet is not chosen and member_list.has_header(sheet.rows)]
    return Table(
        chosen.rows,
        form,
        dict.fromkeys(chosen.hidden_rows, (HIDDEN, "")),
        sheet=chosen.name,
        other_lists=tuple(sheet.name for sheet in others),
        hidden_columns=tuple(column_letters(at) for at in sorted(chosen.hidden_columns)),
    )


def bounded(rows: int, columns: int, *, cells: int = 0, before: int = 0) -> int:
    """Return how many cells a block has.

    Args:
        rows: of the block.
        columns: of the block.
        cells: of the sheet that were counted before.
        before: rows of the sheet that lie before the block.

    Raises `FileUnreadable` when the sheet would be more than a list can be.
    """
    more = max(rows, 0) * max(columns, 0)
    if before + rows > MOST_ROWS or columns > MOST_COLUMNS or cells + more > MOST_CELLS:
        raise FileUnreadable("too_large")
    return more


def spread(rows: list[list[Cell]], areas: Iterable[tuple[int, int, int, int]]) -> None:
    """Lay merged areas out as they are seen: the first column has the area's value in each row, others have nothing.

    `areas` are top, left, bottom and right, from 0, the last ones included. What a merged cell means depends on its
    column: a family may share one, two members never share an id.

    Raises `FileUnreadable` when areas cover each other without end.
    """
    within = [area for area in areas if area[0] < len(rows) and area[1] < len(rows[area[0]])]
    cells = 0
    for top, left, bottom, right in within:
        cells += bounded(min(bottom + 1, len(rows)) - top, min(right + 1, len(rows[top])) - left, cells=cells)
    for top, left, bottom, right in within:
        value = rows[top][left]
        area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
        for row in rows[top : bottom + 1]:
            for at in range(left, min(right + 1, len(row))):
                if at > left:
                    row[at] = Cell("", MERGED_ACROSS, area)
                else:
                    row[at] = value if top == bottom or value.odd else Cell(value.text, MERGED, area)
