"""A settings file as it was read: its data, and where each key of it stands."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from checkin_server.settings.errors import Problem, SettingsError, suggest
from checkin_server.settings.lines import Path, lines_of
from checkin_server.settings.values import Entry, keys_at

Model = TypeVar("Model", bound=Entry)

_POSITION = re.compile(r"^(.*?) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_SYNTAX_REMEDIES = {
    "Cannot overwrite a value": ("the key is set twice", "Keep one of the two lines."),
    "Cannot declare": ("the table is opened twice", "Join the two, or write [[double brackets]] for a list of them."),
    "Invalid value": ("the value can't be read", 'Put text between double quotes, for example name = "Hall".'),
    "Expected '=' after a key": ("there is no = after the key", "Write it as key = value."),
    "Expected newline or end of document": ("something follows the value", "Put each setting on its own line."),
    "Illegal character": ("a text is not closed", "Put a double quote at both ends of the text, on the same line."),
    "Unterminated string": ("a text is not closed", "Put a double quote at both ends of the text."),
    "Unclosed array": ("a list is not closed", "Add the closing bracket ]."),
}
_EXPECTED = {
    "string_type": "text between double quotes",
    "int_type": "a whole number without quotes",
    "int_from_float": "a whole number",
    "float_type": "a number without quotes",
    "bool_type": "true or false, without quotes",
    "tuple_type": "a list between square brackets",
    "model_type": "a table of settings",
}
_SECRET_KEYS = {"url"}
"""Keys whose value may hold a password, and is never repeated in a message."""


@dataclass
class Source:
    """One file's data with the line of each key; some keys may come from the environment instead."""

    name: str
    folder: FilePath
    data: dict[str, Any]
    lines: dict[Path, int]
    environment: dict[Path, str] = field(default_factory=dict)
    """Keys that an environment variable has set, and that variable's name."""

    @classmethod
    def read(cls, path: FilePath) -> Source:
        """Read a TOML file.

        Raises `SettingsError` when there is no such file, it is not UTF-8, or it is not TOML.
        """
        name = str(path)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise _unreadable(name, "there is no such file", "Check the path.") from None
        except IsADirectoryError:
            raise _unreadable(name, "this is a folder, not a file", "Name the .toml file in it.") from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise _unreadable(name, f"the file can't be read ({reason})", "Check its permissions.") from None
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            problem = Problem(name, line, "", "the file is not UTF-8 text", "Save it with the encoding UTF-8.")
            raise SettingsError([problem]) from None
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError([_syntax_problem(name, text, str(error))]) from None
        return cls(name, path.parent, data, lines_of(text))

    def override(self, path: Path, value: Any, variable: str) -> None:
        """Set the key at `path` (a table and a key) from an environment variable."""
        table, key = cast("tuple[str, str]", path)
        section = self.data.setdefault(table, {})
        if isinstance(section, dict):
            section[key] = value
            self.environment[path] = variable

    def problem(self, path: Path, what: str, remedy: str) -> Problem:
        """Describe what is wrong with the key at `path`, which may be missing: then its table's line is named."""
        if path in self.environment:
            return Problem("environment", None, self.environment[path], what, remedy)
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        return Problem(self.name, self.lines.get(at, 1), self.key(path), what, remedy)

    def key(self, path: Path) -> str:
        """Write a path for people: array elements by their id, ``service[bank].prior_minutes``."""
        written = ""
        data: Any = self.data
        for part in path:
            try:
                data = data[part]
            except (KeyError, IndexError, TypeError):
                data = None
            if isinstance(part, int):
                label = data.get("id") if isinstance(data, dict) else None
                written += f"[{label if isinstance(label, str) else part + 1}]"
            else:
                written += f".{part}" if written else part
        return written

    def check(self, model: type[Model]) -> Model:
        """Return the data as `model`; raise `SettingsError` with a problem for each thing that does not fit."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise SettingsError(self._explain(model, error)) from None

    def _explain(self, model: type[Entry], error: ValidationError) -> list[Problem]:
        found = error.errors(include_url=False)
        missing = {tuple(e["loc"]) for e in found if e["type"] == "missing"}
        problems = []
        misspelt: set[Path] = set()
        for item in found:
            path: Path = tuple(item["loc"])
            if item["type"] == "extra_forbidden":
                remedy, meant = self._remedy_for_unknown(model, path, missing)
                misspelt |= meant
                problems.append(self.problem(path, "this setting is not known", remedy))
        for item in found:
            path = tuple(item["loc"])
            kind, context = item["type"], item.get("ctx", {})
            if kind == "extra_forbidden" or path in misspelt:
                continue
            if kind == "missing":
                table = self.key(path[:-1]) or "the file"
                problems.append(self.problem(path, "this setting is missing", f'Add "{path[-1]}" to {table}.'))
            elif kind == "riwaq":
                problems.append(self.problem(path, context["what"], context["remedy"]))
            elif kind == "literal_error":
                choices = [a or b for a, b in re.findall(r"'([^']*)'|(\d+)", context["expected"])]
                what = f"{_shown(item['input'])} is not possible here"
                problems.append(self.problem(path, what, suggest(str(item["input"]), choices)))
            else:
                given = "" if path[-1] in _SECRET_KEYS else f", not {_shown(item['input'])}"
                expected = _EXPECTED.get(kind) or _limits(kind, context) or item["msg"].lower()
                remedy = self._remedy_for_value(model, path, kind, item["input"])
                problems.append(self.problem(path, f"this must be {expected}{given}", remedy))
        return problems

    def _remedy_for_value(self, model: type[Entry], path: Path, kind: str, value: object) -> str:
        """Say how a value of the wrong type is to be written."""
        if kind == "tuple_type" and isinstance(value, dict):
            return f"Write [[{path[-1]}]] with double brackets."
        if kind == "tuple_type":
            return f"Write {path[-1]} = [{_shown(value)}]."
        if kind == "model_type":
            return "Write " + ", ".join(f"{path[-1]}.{key}" for key in keys_at(model, path)) + "."
        if kind == "string_type" and not isinstance(value, list):
            return f'Write {path[-1]} = "{value}".'
        return "Correct the value."

    def _remedy_for_unknown(self, model: type[Entry], path: Path, missing: set[Path]) -> tuple[str, set[Path]]:
        """Say what an unknown key was probably meant to be, and which missing key it then explains."""
        table, word = path[:-1], str(path[-1])
        absent = {str(p[-1]) for p in missing if p[:-1] == table}
        present = self._table(table)
        for names, cutoff in ((absent, 0.5), (set(keys_at(model, table)) - set(present), 0.6)):
            remedy = suggest(word, names, cutoff)
            if remedy.startswith("Did you mean"):
                meant = remedy.split('"')[1]
                return remedy, {(*table, meant)} & missing
        if table and word in keys_at(model, ()):
            return f'"{word}" belongs at the top of the file, above the first [table].', set()
        return suggest(word, keys_at(model, table)), {(*table, a) for a in absent} if len(absent) == 1 else set()

    def _table(self, path: Path) -> dict[str, Any]:
        data: Any = self.data
        for part in path:
            data = data[part]
        return data if isinstance(data, dict) else {}


def _unreadable(name: str, what: str, remedy: str) -> SettingsError:
    return SettingsError([Problem(name, None, "", what, remedy)])


def _syntax_problem(name: str, text: str, message: str) -> Problem:
    """Say in plain words what `tomllib` found wrong, and where."""
    match = _POSITION.match(message)
    said, line = (match[1], match[2]) if match else (message, None)
    number = int(line) if line else len(text.rstrip("\n").split("\n"))
    for start, (what, remedy) in _SYNTAX_REMEDIES.items():
        if said.startswith(start):
            return Problem(name, number, "", what, remedy)
    return Problem(name, number, "", f"this is not TOML ({said})", "Compare with config/example.toml.")


def _shown(value: object) -> str:
    """Repeat a wrong value as it would stand in the file, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value[:40]}"'
    if isinstance(value, dict):
        return "a table"
    return str(value)[:40]


def _limits(kind: str, context: dict[str, Any]) -> str:
    """Say a numeric limit."""
    words = {
        "greater_than": f"more than {context.get('gt')}",
        "greater_than_equal": f"{context.get('ge')} or more",
        "less_than": f"less than {context.get('lt')}",
        "less_than_equal": f"{context.get('le')} or less",
        "too_short": "a list with at least one element",
        "finite_number": "a number",
    }
    return words.get(kind, "")
