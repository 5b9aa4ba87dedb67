"""The parts of the command `riwaq`, one file a group, and what they share.

Imports stand inside the functions, so that a command starts with what it needs and no more.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from checkin_server.domain.texts import unclean

if TYPE_CHECKING:
    from checkin_server.services.venue import Venue

DEMO_FOLDER = "riwaq-demo"
"""Where a demo lives unless told otherwise, below the present folder."""


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong on standard error and exit with `code`."""
    click.echo(f"riwaq: {message}", err=True)
    sys.exit(code)


class Clean(click.Group):
    """Commands whose words hold no sign that nobody can see; the name of a file that is there may be anything."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Look at every word before any command does."""
        words = sys.argv[1:] if args is None else list(args)
        for word in words:
            if (sign := unclean(word)) and ("\0" in word or not os.path.lexists(word)):
                fail(f"{word!a} holds a sign that nobody can see ({sign}): type it again", 2)
        return super().main(words, *more, **options)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn the faults that people can mend into a message and an exit code; others keep their traceback."""
    from checkin_server.common.faults import Fault
    from checkin_server.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        fail(str(error), 2)
    except Fault as fault:
        fail(str(fault), fault.exit_code)


@contextmanager
def opened(config: Path | None, folder: Path | None) -> Iterator[Venue]:
    """Open a venue's database for one command, also while its server runs."""
    from checkin_server.common.clock import SteadyClock
    from checkin_server.services.day.clock import as_the_server
    from checkin_server.settings import load_settings
    from checkin_server.venues import demo, real

    with plain_errors():
        if config is not None and folder is not None:
            raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
        if config is not None:
            venue = real.open_venue(load_settings(config))
        else:
            folder = folder or Path(DEMO_FOLDER)
            venue = demo.open_venue(folder, demo.plan_of(folder), SteadyClock())
        try:
            as_the_server(venue)
            yield venue
        finally:
            venue.db.close()


def of_a_venue(command: Any) -> Any:
    """Give a command ``--config`` and ``--dir``: which venue it works on, also while the server runs."""
    command = click.option(
        "--dir", "folder", type=click.Path(path_type=Path), help=f"A demo's folder (default: {DEMO_FOLDER})."
    )(command)
    return click.option(
        "--config", type=click.Path(path_type=Path), help="A real venue's settings file; see config/example.toml."
    )(command)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; it can be read by its owner only, since names may stand in it.

    Raises `Fault` when the folder can't be written to.
    """
    from checkin_server.common.faults import Fault

    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Fault(f"cannot write {path}: {error.strerror}") from error


def write_folder(path: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write files into a folder that can be used by its owner only; nothing of it when they can't all be made.

    `files`: contents by their path below it. With `force` files of these names are replaced, and others stay as they
    are. Raises `Fault` when it can't be written.
    """
    from checkin_server.common.faults import Fault

    made = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if path.exists() and not force and any(path.iterdir()):
            raise Fault(f"{path} is there already: add --force to replace what is in it")
        made.mkdir(mode=0o700)
        for name, content in files.items():
            (made / name).parent.mkdir(mode=0o700, exist_ok=True)
            write_file(made / name, content)
        if not path.exists():
            made.replace(path)
            return
        for name in files:
            (path / name).parent.mkdir(mode=0o700, exist_ok=True)
            (made / name).replace(path / name)
    except OSError as error:
        raise Fault(f"cannot write {path}: {error.strerror}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
