"""`riwaq members …`: the member list."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened


@click.group()
def members() -> None:
    """Take member lists in."""


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows in although others are bad.")
@of_a_venue
def members_import(file: Path, dry_run: bool, skip_bad: bool, config: Path | None, folder: Path | None) -> None:
    """Take a list in: CSV (UTF-8 or Windows-1256, "," or ";") or XLSX. All or nothing unless --skip-bad.

    Each bad row is named with its number, column and why. New members without a code get a new card. The same file
    again changes nothing. Columns: member, name_ar, name_la, category, unit, locale, family, needs, code.

    Example: riwaq members import members.xlsx --dry-run --config venue.toml
    """
    from checkin_server.domain.members import member_list
    from checkin_server.services.members.import_members import import_members
    from checkin_server.services.members.member_file import open_table

    with opened(config, folder) as venue:
        table = open_table(file)
        try:
            read = member_list.read(venue.plan, table.rows)
        except member_list.NotAList as error:
            fail(f"{file}: {error} (read as {table.kind})")
        click.echo(f"Read as {table.kind}.")
        if read.ignored:
            click.echo(f"Columns that mean nothing here: {', '.join(read.ignored)}.")
        outcome = import_members(venue, read, dry_run=dry_run, skip_bad=skip_bad)
    for bad in outcome.bad:
        click.echo(f"row {bad.row}, {bad.column}: {bad.why}", err=True)
    refused = bool(outcome.bad) and not skip_bad
    if outcome.done:
        click.echo("Taken in.")
    elif refused:
        click.echo(f"Bad rows: {outcome.skipped}. Nothing was changed. Mend them, or leave them out with --skip-bad.")
    elif outcome.nothing_new:
        click.echo("Nothing was changed: everything in this list is known already.")
    else:
        click.echo("Nothing was changed: this was a dry run.")
    click.echo(
        f"{'' if outcome.done or refused or outcome.nothing_new else 'Would be: '}"
        f"new {outcome.added}, changed {outcome.changed}, the same {outcome.unchanged}, new cards {outcome.cards}, "
        f"bad rows {outcome.skipped}"
    )
    if outcome.revoked:
        click.echo(f"Codes of revoked cards, which stay revoked: {outcome.revoked}.")
    if refused:
        sys.exit(1)
