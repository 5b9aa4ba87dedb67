"""Private keys that are kept away from the data: their passphrase, and the medium that they lie on."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from checkin_server.commands import fail

PASSPHRASE = click.option(
    "--passphrase-file", type=click.File("r"), help="Read the passphrase from a file, - for standard input; else asked."
)
_SHORTEST = 8


def passphrase_of(whose: str, file: IO[str] | None, *, none: bool, confirm: bool = False) -> str | None:
    """Read the passphrase of a key from a file, or ask for it; with `none` there is none."""
    if file is not None:
        text = str(file.readline()).rstrip("\r\n")
    elif none:
        return None
    else:
        text = str(click.prompt(f"Passphrase of {whose}", hide_input=True, confirmation_prompt=confirm))
    if confirm and len(text) < _SHORTEST:
        fail(f"a passphrase has {_SHORTEST} signs or more", 2)
    return text


def device_of(path: Path) -> int:
    """Return the medium that a path lies on, or would."""
    there = path.absolute()
    while not there.exists():
        there = there.parent
    return there.stat().st_dev
