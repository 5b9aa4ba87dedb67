"""A copy of the demo's files that a test may spoil."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from checkin_server.settings import Problem, SettingsError, load_settings, load_venue

CONFIG = Path(__file__).parents[2] / "config"
VENUES = ("casablanca", "marrakech", "rabat", "tangier")


@dataclass(frozen=True)
class Folder:
    """A folder with `example.toml` and `demo/`."""

    path: Path

    @classmethod
    def copy_to(cls, path: Path) -> Folder:
        """Copy what is shipped under `config/`."""
        shutil.copytree(CONFIG / "demo", path / "demo")
        shutil.copy(CONFIG / "example.toml", path)
        return cls(path)

    @property
    def rabat(self) -> Path:
        """The venue file most tests spoil."""
        return self.path / "demo" / "rabat.toml"

    @property
    def tour(self) -> Path:
        """The tour's file."""
        return self.path / "demo" / "tour.toml"

    @property
    def example(self) -> Path:
        """The settings file."""
        return self.path / "example.toml"

    def replace(self, file: Path, old: str, new: str) -> int:
        """Replace the first `old` in a file; return the line it begins in."""
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file.name}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def venue_problems(self) -> tuple[Problem, ...]:
        """Load the Rabat venue, which must fail, and return why."""
        with pytest.raises(SettingsError) as caught:
            load_venue(self.rabat)
        return caught.value.problems

    def venue_problem(self) -> Problem:
        """Load the Rabat venue, which must fail for exactly one reason, and return it."""
        (problem,) = self.venue_problems()
        return problem

    def settings_problems(self, environ: dict[str, str] | None = None) -> tuple[Problem, ...]:
        """Load the settings file, which must fail, and return why."""
        with pytest.raises(SettingsError) as caught:
            load_settings(self.example, environ or {})
        return caught.value.problems
