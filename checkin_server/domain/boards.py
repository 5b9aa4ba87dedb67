"""Settings of boards: the pictures and films that they show beside calls, and the voice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Media:
    """Pictures and films that boards show beside the calls."""

    folder: str = ""
    """Where they lie; empty: there are none."""
    image_seconds: float = 10.0
    max_image_mb: int = 10
    max_video_mb: int = 200


@dataclass(frozen=True, slots=True)
class Voice:
    """How calls are said aloud."""

    folder: str = ""
    """Where the recordings lie, one folder a language; empty: there are none."""
    parts: tuple[str, ...] = ("number", "booth", "counter")
    """What is said of a call, in this order: ``number``, ``booth``, ``zone``, ``counter``."""
    synthetic: tuple[str, ...] = ("fr", "en")
    """Languages that the computer's own voice may speak where recordings are missing."""
    volume: float = 0.9
