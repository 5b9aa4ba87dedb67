"""`riwaq db …`: look after the database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checkin_server.commands import DEMO_FOLDER, fail, of_a_venue, opened, plain_errors


@click.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.option("--config", type=click.Path(path_type=Path), required=True)
def db_upgrade(config: Path) -> None:
    """Bring the schema to this release; make a backup first.

    Example: riwaq db upgrade --config venue.toml
    """
    from checkin_server.settings import load_settings
    from checkin_server.venues import real

    with plain_errors():
        click.echo(real.upgrade(load_settings(config)))


@db.command("check")
@of_a_venue
def db_check(config: Path | None, folder: Path | None) -> None:
    """Check the database's integrity and the rules that numbers and places keep.

    Example: riwaq db check --dir riwaq-demo
    """
    from checkin_server.services.checkup.database_check import check

    with opened(config, folder) as venue:
        problems = check(venue)
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            sys.exit(1)
        click.echo("The database is sound.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@of_a_venue
def db_backup(file: Path, config: Path | None, folder: Path | None) -> None:
    """Write an encrypted copy (same key), also while the server runs.

    Example: riwaq db backup /media/usb/rabat.db --config venue.toml
    """
    from checkin_server.db.backup import BackupFailed, backup

    with opened(config, folder) as venue:
        try:
            backup(venue.db.engine, file)
        except BackupFailed as error:
            fail(str(error))
        click.echo(f"Written: {file}")


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@of_a_venue
def db_restore(file: Path, config: Path | None, folder: Path | None) -> None:
    """Put a backup in the place of the database; the server must be stopped.

    It is checked first, whole or not at all. The replaced database is kept beside it, under a name with the date.

    Example: riwaq db restore /media/usb/rabat.db --config venue.toml
    """
    from checkin_server.settings import load_settings
    from checkin_server.venues import demo, real

    if config is not None and folder is not None:
        raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
    with plain_errors():
        if config is not None:
            done = real.restore(load_settings(config), file)
        else:
            done = demo.restore(folder or Path(DEMO_FOLDER), file)
    click.echo(f"Restored: {file}")
    if done.kept is not None:
        click.echo(f"The database that was there is now {done.kept}")
    if done.tickets:
        click.echo(
            f"Tickets that waited in the backup: {done.tickets}. They may have been printed since, so they are not "
            "printed by themselves; the welcome desk lists them and prints them again."
        )
    click.echo("Check it with `riwaq db check`; a backup of an older release needs `riwaq db upgrade` first.")
