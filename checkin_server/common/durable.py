"""What is written must outlast a power cut: a file, and the name that its folder has for it."""

from __future__ import annotations

import os
from pathlib import Path


def on_the_disk(path: Path) -> None:
    """Wait until a file, or a folder with the names in it, is on the disk. Raises OSError when it can't be."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
