"""`riwaq lock` and `riwaq db protect-key`: when the laptop is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import click

from checkin_server.commands import plain_errors


@click.command()
@click.option("--config", type=click.Path(path_type=Path), required=True)
def lock(config: Path) -> None:
    """Have the running server forget the key: it ends, and with it all that it has in memory. Nothing is lost.

    Starting it again takes the passphrase of the key (`riwaq db protect-key`), or the stick that the key lies on. Where
    a service starts it again by itself, stop the service.

    Example: riwaq lock --config venue.toml
    """
    from checkin_server.common import keys
    from checkin_server.settings import load_settings
    from checkin_server.venues import folders

    with plain_errors():
        settings = load_settings(config)
        stopped = folders.stop_server(settings.data_dir)
    click.echo(
        "Locked: the server has ended, and its memory with it." if stopped else "No server runs: nothing to forget."
    )
    key = settings.key_file
    if key is None:
        click.echo("PostgreSQL keeps the data: its own server knows them still.")
    elif not key.exists():
        click.echo(f"The key is not at {key}: bring its stick back to start again.")
    elif keys.is_protected(key):
        click.echo("Starting again takes the passphrase of the key.")
    else:
        click.echo(
            f"The key lies open at {key}: take its stick away, or put it under a passphrase (riwaq db protect-key)."
        )


@click.command("protect-key")
@click.option("--config", type=click.Path(path_type=Path), required=True)
def protect_key(config: Path) -> None:
    """Put the database's key under a passphrase, which every start and every command then asks for.

    It is asked for twice, or read from the file that RIWAQ_PASSPHRASE_FILE names. Keep an open copy of the key in a
    safe: without copy and passphrase nobody reads the database.

    Example: riwaq db protect-key --config venue.toml
    """
    from checkin_server.common import keys
    from checkin_server.common.faults import WrongUse
    from checkin_server.settings import load_settings

    with plain_errors():
        key = load_settings(config).key_file
        if key is None:
            raise WrongUse("this venue runs on PostgreSQL: no key of ours is needed")
        file = os.environ.get(keys.PASSPHRASE_FILE, "").strip()
        if file:
            secret = Path(file).read_text("utf-8").rstrip("\r\n")
        else:
            secret = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True)
        keys.protect(key, secret)
    click.echo(f"{key} is under a passphrase now. Copies that were made before are not.")
