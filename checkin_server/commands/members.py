"""`riwaq members …`: the member list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from checkin_server.commands import fail, of_a_venue, opened
from checkin_server.domain.members.encodings import ENCODINGS
from checkin_server.services.members.import_words import LANGUAGES


@click.group()
def members() -> None:
    """Take member lists in."""


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and show words that the encoding decides.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows in although others are bad.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    show_default=True,
    envvar="RIWAQ_LANG",
    show_envvar=True,
    help="The report's language.",
)
@click.option(
    "--encoding", type=click.Choice(list(ENCODINGS), case_sensitive=False), help="A CSV's encoding, if known."
)
@click.option("--sheet", help="The sheet of a workbook; else the first that is shown and holds a list.")
@click.option("--ids-as-written", is_flag=True, help="Ids that look like a number, a date or another's are right.")
@of_a_venue
def members_import(file: Path, lang: str, config: Path | None, folder: Path | None, **how: Any) -> None:
    """Take a list in: CSV ("," ";" or tabs), XLSX, XLS or ODS. All or nothing unless --skip-bad.

    Each bad row is named with its cell and why: also what a spreadsheet made of an id. New members without a code get a
    new card. The same file again changes nothing. Columns: member, name_ar, name_la, category, unit, locale, family,
    needs, code, in English, French or Arabic.

    Example: riwaq members import members.xlsx --dry-run --lang fr --config venue.toml
    """
    from checkin_server.domain.members import member_list
    from checkin_server.services.members.import_members import import_members
    from checkin_server.services.members.import_report import Report
    from checkin_server.services.members.member_file import open_table
    from checkin_server.services.members.table import FileUnreadable

    with opened(config, folder) as venue:
        report = Report(venue.plan, lang)
        try:
            table = open_table(file, encoding=how["encoding"], sheet=how["sheet"])
        except FileUnreadable as error:
            fail("\n".join(report.unreadable(file, error)))
        try:
            read = member_list.read(
                venue.plan,
                table.rows,
                faults=table.faults,
                parted_by_marks=table.parted_by_marks,
                ids_as_written=how["ids_as_written"],
            )
        except member_list.NotAList as error:
            fail(report.not_a_list(file, error, table))
        for line in report.before(table, read, dry_run=how["dry_run"]):
            click.echo(line)
        outcome = import_members(
            venue,
            read,
            dry_run=how["dry_run"],
            skip_bad=how["skip_bad"],
            ids_as_written=how["ids_as_written"],
        )
    for bad in outcome.bad:
        click.echo(report.bad(read, bad), err=True)
    for line in report.after(outcome, skip_bad=how["skip_bad"]):
        click.echo(line)
    if outcome.bad and not how["skip_bad"]:
        sys.exit(1)
