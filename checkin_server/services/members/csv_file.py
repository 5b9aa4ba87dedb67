"""Reading CSV as offices save it: in several encodings, with several marks, with what Excel puts above and around."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checkin_server.domain.members import encodings, member_list
from checkin_server.domain.members.cells import Cell, column_letters
from checkin_server.services.members.table import FileUnreadable, Table

MARKS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r'^"?sep=(.)"?[^\S\r\n]*(?:\r\n|\r|\n)', re.IGNORECASE)
_QUOTED_TEXT = re.compile(r'="([^"=]*)"')
_STRAY = "stray_quote"
_STRAY_QUOTE = re.compile(r'^"(?:[^"]|"")*"[^"]|^"(?:[^"]|"")*$')
csv.field_size_limit(1_000_000)


@dataclass(slots=True)
class _Parsed:
    rows: list[list[Cell]]
    faults: dict[int, tuple[str, str]]


def read(content: bytes, encoding: str | None) -> Table:
    """Read CSV; the encoding by its letters unless it is given, the mark by the header that is understood.

    Raises `FileUnreadable` when the letters don't tell or are not in the encoding that is given.
    """
    try:
        reading = encodings.read(content, encoding)
    except encodings.Undecided as error:
        raise FileUnreadable("encoding_undecided" if error.readings else "no_text", readings=error.readings) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable("encoding_wrong", encoding or "UTF-16") from error
    text = reading.text.rstrip("\x1a")
    said = _SEP_LINE.match(text)
    if said:  # a line for Excel, which it does not show
        text = text[said.end() :]
    if "\x00" in text:
        raise FileUnreadable("no_text")
    parsed = {mark: _parse(text, mark) for mark in ((said[1],) if said else MARKS)}
    mark = max(parsed, key=lambda each: member_list.understood_columns(parsed[each].rows))
    best = parsed[mark]
    return Table(best.rows, "CSV", best.faults, reading.encoding, reading.samples, mark)


def _parse(text: str, mark: str) -> _Parsed:
    """Part a text into rows. A row with a quotation mark that can't be right is read as it stands, and is a fault."""
    lines = list(io.StringIO(text, newline=""))
    parsed = _Parsed([], {})
    at = 0
    while at < len(lines):
        source = _Lines(lines, at)
        reader = csv.reader(source, delimiter=mark, strict=True)
        try:
            for row in reader:
                parsed.rows.append([_cell(text) for text in row])
                at = source.at
            break
        except csv.Error:
            # Only this line: the mark that opened here would swallow those that follow.
            parts = lines[at].rstrip("\r\n").split(mark)
            parsed.rows.append([_cell(text) for text in parts])
            at += 1
            first = next((place for place, text in enumerate(parts) if _STRAY_QUOTE.search(text)), 0)
            parsed.faults[len(parsed.rows)] = (_STRAY, f"{column_letters(first)}{len(parsed.rows)}")
    return parsed


class _Lines:
    """Lines from one on, and how far they have been read."""

    def __init__(self, lines: list[str], at: int) -> None:
        self._lines = lines
        self.at = at

    def __iter__(self) -> Iterator[str]:
        while self.at < len(self._lines):
            self.at += 1
            yield self._lines[self.at - 1]


def _cell(text: str) -> Cell:
    """A cell; ``="0012"`` is how text is kept from being taken for a number."""
    kept = _QUOTED_TEXT.fullmatch(text.strip())
    return Cell(kept[1] if kept else text)
