"""Where each key of a TOML text stands.

`tomllib` tells values but not lines, and none of the maintained TOML libraries for Python keeps positions. So the text
is walked once more, only after `tomllib` has accepted it: this scanner relies on the text being valid TOML 1.0.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]
"""A place in the data: table keys, and positions (from 0) in arrays."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of each table, key and array element of the valid TOML `text`."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.pos = 0
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}
        """How many elements each array of tables has so far."""
        self._line = 1
        self._counted = 0

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(_BLANK)
        while self.pos < len(self.text):
            if self.text.startswith("[[", self.pos):
                table = self._header(2)
            elif self.text.startswith("[", self.pos):
                table = self._header(1)
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.found

    def _header(self, brackets: int) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the path of the table it opens."""
        line = self._here()
        self.pos += brackets
        *parents, last = self._key()
        self.pos += brackets
        path: Path = ()
        for part in parents:
            path = self._last((*path, part), line)
        path = (*path, last)
        if brackets == 2:
            self._note(path, line)
            count = self.tables.get(path, 0)
            self.tables[path] = count + 1
            path = (*path, count)
        self._note(path, line)
        return path

    def _last(self, path: Path, line: int) -> Path:
        """Return `path`, or its newest element if it names an array of tables."""
        self._note(path, line)
        count = self.tables.get(path, 0)
        return (*path, count - 1) if count else path

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for part in self._key():
            path = (*path, part)
            self._note(path, line)
        self.pos += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        """Read a dotted key up to what follows it."""
        parts = []
        while True:
            self._skip(_SPACE)
            if self.text[self.pos] in "\"'":
                raw = self._take(_BASIC if self.text[self.pos] == '"' else _LITERAL)
                parts.append(str(tomllib.loads(f"key = {raw}")["key"]))
            else:
                parts.append(self._take(_BARE_KEY))
            self._skip(_SPACE)
            if self.text[self.pos] != ".":
                return parts
            self.pos += 1

    def _value(self, path: Path) -> None:
        here = self.text[self.pos]
        if here == "[":
            self._array(path)
        elif here == "{":
            self._inline_table(path)
        elif self.text.startswith('"""', self.pos):
            self._take(_LONG_BASIC)
        elif self.text.startswith("'''", self.pos):
            self._take(_LONG_LITERAL)
        elif here == '"':
            self._take(_BASIC)
        elif here == "'":
            self._take(_LITERAL)
        else:
            self._take(_SCALAR)

    def _array(self, path: Path) -> None:
        self.pos += 1
        index = 0
        self._skip(_BLANK)
        while self.text[self.pos] != "]":
            element = (*path, index)
            self._note(element, self._here())
            self._value(element)
            index += 1
            self._skip(_BLANK)
            if self.text[self.pos] == ",":
                self.pos += 1
                self._skip(_BLANK)
        self.pos += 1

    def _inline_table(self, path: Path) -> None:
        self.pos += 1
        self._skip(_BLANK)
        while self.text[self.pos] != "}":
            self._pair(path)
            self._skip(_BLANK)
            if self.text[self.pos] == ",":
                self.pos += 1
                self._skip(_BLANK)
        self.pos += 1

    def _here(self) -> int:
        """Line of the present position; positions only grow, so each line break is counted once."""
        self._line += self.text.count("\n", self._counted, self.pos)
        self._counted = self.pos
        return self._line

    def _note(self, path: Path, line: int) -> None:
        self.found.setdefault(path, line)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.pos)
        if match is None:  # cannot happen in text that tomllib accepted
            raise ValueError(f"unexpected text at line {self._here()}")
        self.pos = match.end()
        return match[0]
