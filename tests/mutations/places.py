"""The mutations that the data files name, and where in the product they are."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LEAST = 3
"""Mutations that each room has at least."""
SCREENS = ("checkin_server/shared/static", "checkin_server/pages", "kiosk", "booth_display")
_FIELDS = {"file", "line", "becomes", "rule", "tests", "near"}


class Misplaced(Exception):
    """A data file names what is not there; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule, broken."""

    file: str
    """Path from the project's root."""
    line: str
    """What stands there: a line or several, as they are in the file but for the white space around them."""
    becomes: str
    """What stands there instead; may be empty."""
    rule: str
    """The rule that is broken by it, in words."""
    tests: tuple[str, ...]
    """Those that should notice, as pytest names them; `.js` are node's."""
    near: str = ""
    """Where the same line stands several times: a line above it, after which the first one is meant."""

    @property
    def of_node(self) -> bool:
        """Whether node runs its tests."""
        return self.file.endswith(".js")

    def apply(self, root: Path) -> str:
        """Return the file's text with the mutation in it. Raises Misplaced."""
        path = root / self.file
        if not path.is_file():
            raise Misplaced(f"{self.file} is gone; the rule was: {self.rule}")
        text = path.read_text("utf-8")
        begin = 0
        if self.near:
            begin = _only(text, self.near.strip(), self) + len(self.near.strip())
            if self.line.strip() not in text[begin:]:
                raise Misplaced(f"{self.file}: no {self.line.strip()!r} after {self.near.strip()!r}")
            at = text.index(self.line.strip(), begin)
        else:
            at = _only(text, self.line.strip(), self)
        mutated = text[:at] + self.becomes.strip() + text[at + len(self.line.strip()) :]
        if mutated == text:
            raise Misplaced(f"{self.file}: {self.line.strip()!r} becomes itself")
        if not self.of_node:
            try:
                ast.parse(mutated)
            except SyntaxError as error:
                raise Misplaced(f"{self.file}: {self.becomes.strip()!r} is no Python there: {error}") from None
        return mutated

    def __str__(self) -> str:
        return f"{self.file}\n    - {_flat(self.line)}\n    + {_flat(self.becomes)}"


def _flat(text: str) -> str:
    return "\n      ".join(line.strip() for line in text.strip().splitlines()) or "(nothing)"


def _only(text: str, wanted: str, mutation: Mutation) -> int:
    """Return where `wanted` stands; it must stand there once, and be whole lines or the end of one."""
    found = text.count(wanted)
    if found != 1:
        times = f"{found} times; say with `near` which one is meant" if found else "not any more"
        raise Misplaced(f"{mutation.file}: {wanted!r} stands there {times} (rule: {mutation.rule})")
    return text.index(wanted)


def read(folder: Path = HERE) -> list[Mutation]:
    """Read every data file, in the order of their names. Raises Misplaced for a wrong field."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("mutation", []):
            if not set(entry) <= _FIELDS or not {"file", "line", "becomes", "rule", "tests"} <= set(entry):
                raise Misplaced(f"{path.name}: an entry has the fields {sorted(entry)}; there are {sorted(_FIELDS)}")
            found.append(Mutation(**{**entry, "tests": tuple(entry["tests"])}))
    return found


def room_of(file: str) -> str:
    """Return the room that a file of the product is in, as the layout names it."""
    parts = file.split("/")
    if file.endswith(".js"):
        return "screens"
    if parts[0] == "checkin_server" and parts[1] in ("services", "domain"):
        return "/".join(parts[1:3]) if len(parts) > 3 else f"{parts[1]}/"
    return parts[1] if parts[0] == "checkin_server" else parts[0]


def rooms(root: Path = ROOT) -> list[str]:
    """Return the rooms that must have mutations: those of `services/` and `domain/`, `db`, and the screens' scripts."""
    product = root / "checkin_server"
    files = [path for layer in ("services", "domain", "db") for path in (product / layer).rglob("*.py")]
    files += [path for where in SCREENS for path in (root / where).rglob("*.js")]
    named = [path.relative_to(root).as_posix() for path in files if path.name != "__init__.py"]
    return sorted({room_of(name) for name in named if "/vendor/" not in name})


def problems(mutations: Iterable[Mutation], root: Path = ROOT) -> list[str]:
    """Return what is wrong with the data files: places that are gone, tests that are gone, rooms with too few."""
    found, many = [], Counter[str]()
    for mutation in mutations:
        many[room_of(mutation.file)] += 1
        try:
            mutation.apply(root)
        except Misplaced as misplaced:
            found.append(str(misplaced))
        found += [f"{mutation.file}: {why}" for test in mutation.tests if (why := _no_test(test, root))]
        if not mutation.tests:
            found.append(f"{mutation.file}: no test is named (rule: {mutation.rule})")
    found += [f"the room {room} has {many[room]} mutations of {LEAST}" for room in rooms(root) if many[room] < LEAST]
    return found


def _no_test(test: str, root: Path) -> str | None:
    """Return why a test is not there: its file, or its name in the file."""
    file, _, name = test.partition("::")
    if not (root / file).exists():
        return f"{file} is gone"
    if name and f"def {name.partition('[')[0].rpartition('::')[2]}(" not in (root / file).read_text("utf-8"):
        return f"{file} has no {name}"
    return None
