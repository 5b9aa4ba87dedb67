"""A marker outside the database: which numbers may have been given, and how far the log had come.

What stands inside a database is older again when a copy of it is brought back; what stands here is not. It lies in two
places where there are two (the data folder, and beside the key), so that bringing back one folder whole does not bring
back the marker with it (docs/adr/0019-numbers-in-blocks.md).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from checkin_server.common.durable import on_the_disk

NAME = "numbers.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one marker says."""

    database: str
    """The first life of the database that it is of."""
    life: str
    """The life in which it was written."""
    seq: int = 0
    """The log had come so far, at least."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """By service day, the highest number that may have been given."""
    restored: bool = False
    """Whether a copy was put in the database's place since (`riwaq db restore`)."""


class Marker:
    """The marker's files."""

    def __init__(self, *paths: Path) -> None:
        self.paths: Sequence[Path] = tuple(dict.fromkeys(paths))

    def read(self) -> list[Mark]:
        """Return what each place says; nothing of one that is missing or can't be read."""
        return [mark for path in self.paths if (mark := _read(path)) is not None]

    def write(self, mark: Mark) -> dict[Path, OSError]:
        """Write the marker, safely on the disk; return the places where that failed, and why."""
        text = json.dumps(asdict(mark), sort_keys=True)
        failed: dict[Path, OSError] = {}
        for path in self.paths:
            try:
                _write(path, text)
            except OSError as error:
                failed[path] = error
        return failed

    def places(self) -> dict[Path, str]:
        """Return each place, and why it can't be written; an empty text where it can. Nothing is written."""
        return {path: _why_not(path) for path in self.paths}

    def note_restored(self) -> None:
        """Say in each place that a copy was put in the database's place: the next start must not trust its numbers."""
        for path in self.paths:
            mark = _read(path)
            if mark is not None:
                _write(path, json.dumps(asdict(replace(mark, restored=True)), sort_keys=True))


def _why_not(path: Path) -> str:
    if not path.parent.is_dir():
        return "there is no such folder"
    if path.is_dir():
        return "a folder stands there"
    return "" if os.access(path.parent, os.W_OK) else "this user may not write there"


def _read(path: Path) -> Mark | None:
    try:
        said: Any = json.loads(path.read_text("utf-8"))
        numbers = {str(day): int(number) for day, number in said["numbers"].items()}
        return Mark(str(said["database"]), str(said["life"]), int(said["seq"]), numbers, bool(said["restored"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        # For its owner alone, as the key is that it lies beside.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        on_the_disk(path.parent)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
