"""`riwaq db …`: look after the database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checkin_server.commands import DEMO_FOLDER, fail, of_a_venue, opened, plain_errors
from checkin_server.commands.lock import protect_key


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
@click.argument("file", type=click.Path(path_type=Path), required=False)
@of_a_venue
def db_backup(file: Path | None, config: Path | None, folder: Path | None) -> None:
    """Write an encrypted copy (same key) to FILE, also while the server runs.

    Without FILE: one more of the backups that the server makes by itself, into the folder of [backup] in the settings,
    which only its recipients can read.

    Example: riwaq db backup /media/usb/rabat.db --config venue.toml
    """
    from checkin_server.db.copies import BackupFailed, backup

    if file is None:
        _backup_sealed(config)
        return
    with opened(config, folder) as venue:
        try:
            backup(venue.db.engine, file)
        except BackupFailed as error:
            fail(str(error))
        click.echo(f"Written: {file}")


def _backup_sealed(config: Path | None) -> None:
    from checkin_server.settings import load_settings
    from checkin_server.venues import backups

    if config is None:
        raise click.UsageError("name a FILE, or a real venue with --config whose settings have [backup]")
    with opened(config, None) as venue, plain_errors():
        click.echo(f"Written: {backups.make(load_settings(config), venue.db.engine)}")


@db.command("identity")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file, on a stick of its own.")
@click.option("--passphrase", "asks", is_flag=True, help="Put it under a passphrase, which is asked for.")
def db_identity(out: Path, asks: bool) -> None:
    """Make an identity that reads backups, and print its recipient for [backup] in the settings.

    Example: riwaq db identity --out /media/safe/riwaq-identity.txt --passphrase
    """
    from checkin_server.db import sealed

    secret = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if asks else None
    content, public = sealed.new_identity(secret)
    try:
        sealed.write(out, content)
    except OSError as error:
        fail(f"cannot write {out}: {error.strerror}")
    click.echo(f"Written: {out}. Keep it apart from the laptop and from the backups; without it nobody reads them.")
    click.echo(f'recipients = ["{public}"]')


def _identity(file: Path | None) -> tuple[bytes | None, str | None]:
    """Return an identity's file and its passphrase, asked for where it has one."""
    from checkin_server.db import sealed

    if file is None:
        return None, None
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"cannot read {file}: {error.strerror}")
    if not sealed.needs_passphrase(content):
        return content, None
    if sys.stdin.isatty():
        return content, click.prompt("Passphrase of the identity", hide_input=True)
    return content, sys.stdin.readline().rstrip("\n")


@db.command("drill")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--identity", type=click.Path(path_type=Path), help="The file (on a stick) that opens the backup.")
@click.option("--config", type=click.Path(path_type=Path), required=True)
def db_drill(file: Path | None, identity: Path | None, config: Path) -> None:
    """Would a backup work? The newest one, or FILE. Nothing of the venue is touched.

    Without an identity: is it complete and unchanged; more can't be said. With it: it is restored into a scratch
    folder, checked as `riwaq db check` does, and wiped. A passphrase is asked for, or read from standard input.

    Example: riwaq db drill --identity /media/safe/riwaq-identity.txt --config venue.toml
    """
    from checkin_server.settings import load_settings
    from checkin_server.venues import backups

    with plain_errors():
        tried = backups.drill(load_settings(config), file, *_identity(identity))
    click.echo(f"{tried.file}: made {tried.head.at} by {tried.head.release}, {tried.head.size} bytes, digest right.")
    if not tried.whole:
        click.echo("It is complete and unchanged. That is all that can be said without its identity (--identity FILE).")
        return
    for problem in tried.problems:
        click.echo(problem, err=True)
    if tried.problems:
        sys.exit(1)
    click.echo("It was opened, restored into a scratch folder, found sound, and wiped: this backup works.")


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--identity", type=click.Path(path_type=Path), help="The file that opens a sealed backup.")
@of_a_venue
def db_restore(file: Path, identity: Path | None, config: Path | None, folder: Path | None) -> None:
    """Put a backup in the place of the database; the server must be stopped.

    It is checked first, whole or not at all. The replaced database is kept beside it, under a name with the date.
    A sealed backup (of [backup] in the settings) is opened with its identity; it comes back under this venue's key.

    Example: riwaq db restore /media/usb/rabat.db --config venue.toml
    """
    from checkin_server.settings import load_settings
    from checkin_server.venues import demo, real

    if config is not None and folder is not None:
        raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
    with plain_errors():
        if config is not None:
            done = real.restore(load_settings(config), file, *_identity(identity))
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


db.add_command(protect_key)
