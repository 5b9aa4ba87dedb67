"""Recordings for tests: short tones, made by the standard library."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Iterable
from pathlib import Path

RATE = 8_000


def record(folder: Path, language: str, names: Iterable[str], seconds: float = 0.12) -> None:
    """Write a recording for each name: a tone with silence at its ends."""
    (folder / language).mkdir(parents=True, exist_ok=True)
    silence = [0] * int(RATE * 0.05)
    tone = [round(9_000 * math.sin(2 * math.pi * 440 * at / RATE)) for at in range(int(RATE * seconds))]
    samples = [*silence, *tone, *silence]
    for name in names:
        with wave.open(str(folder / language / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
