"""What a settings file says of backups."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Backup:
    """Where backups go, for whom, how often, and how many are kept."""

    folder: Path | None = None
    """None: none is made by itself."""
    recipients: tuple[str, ...] = ()
    """Who can read them (age); the machine that writes them can't."""
    every_minutes: int = 60
    """0: only when somebody asks."""
    keep: int = 24
