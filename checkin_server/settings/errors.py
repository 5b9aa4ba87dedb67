"""How a wrong setting is reported: which file, which line, which key, what is wrong, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the settings."""

    file: str
    """The file as it was named on the command line, or ``environment``."""
    line: int | None
    """Line in that file, counted from 1; None where there is no line (the environment, a file that can't be read)."""
    key: str
    """The setting, for example ``service[bank].prior_minutes``; empty when the whole file is meant."""
    what: str
    """What is wrong, without a full stop."""
    remedy: str
    """What to do about it, a whole sentence."""

    def __str__(self) -> str:
        """Write ``file:line: key: what. Remedy.`` on one line; editors turn the head into a link."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.key + ': ' if self.key else ''}{self.what}. {self.remedy}"


class SettingsError(Exception):
    """The settings can't be used. Its text lists every problem that was found, one a line, in the files' order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, sorted by file and line, each once."""
        unique = dict.fromkeys(problems)
        self.problems = tuple(sorted(unique, key=lambda p: (p.file, p.line or 0)))
        head = "1 setting is wrong:" if len(self.problems) == 1 else f"{len(self.problems)} settings are wrong:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


def suggest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Write a remedy for a `word` that is not among the `known` ones: the likely one, or all of them."""
    choices = sorted(known)
    if not choices:
        return "None is defined yet: add it first."
    near = difflib.get_close_matches(word, choices, n=1, cutoff=cutoff)
    if near:
        return f'Did you mean "{near[0]}"?'
    return "Known here: " + ", ".join(choices) + "."
