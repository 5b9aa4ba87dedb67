"""`riwaq purge` and `riwaq member …`: forgetting in time, and a member's right to know and to be forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import DEMO_FOLDER, of_a_venue, opened, plain_errors, write_file
from checkin_server.services.privacy.export_words import LANGUAGES

if TYPE_CHECKING:
    from checkin_server.services.privacy.purge import Files


@click.command()
@click.option(
    "--before", required=True, metavar="DAY", help="Forget what lies before this day, for example 2019-12-28."
)
@of_a_venue
def purge(before: str, config: Path | None, folder: Path | None) -> None:
    """Forget at once what is personal and lies before a day; figures stay the same.

    Typed texts, what was printed, and which members visits were; names and cards too once the tour is over. The server
    does the same by itself when it is due ([retention] in the venue's file).

    Example: riwaq purge --before 2019-12-28 --config venue.toml
    """
    from checkin_server.services.privacy import purge as purging

    with opened(config, folder) as venue, plain_errors():
        done = purging.by_hand(venue, files_of(config, folder), before)
    click.echo(f"Riwaq has {done}. Figures are as before.")
    if done.kept_days:
        click.echo(f"Nothing was forgotten of what has not ended: {', '.join(done.kept_days)}.")
    if "members" not in done.kinds:
        click.echo("The member list stays: the tour is not over by then.")
    click.echo("Backups and sticks hold what they held: let them go by rotation, or remove them (docs/privacy.md).")


def files_of(config: Path | None, folder: Path | None) -> Files:
    """Return what lies beside a venue's database."""
    from checkin_server.services.privacy.purge import Files
    from checkin_server.settings import load_settings

    return Files.of(load_settings(config).data_dir if config is not None else folder or Path(DEMO_FOLDER))


@click.group()
def member() -> None:
    """A member's rights: to know what is kept, and to be forgotten."""


@member.command("export")
@click.argument("member_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A new .html, .txt or .json file.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="In which language; else the member's own, else French.")
@of_a_venue
def member_export(member_id: str, out: Path | None, lang: str | None, config: Path | None, folder: Path | None) -> None:
    """Write everything that is known of a member, and who looked at it; that this was done is kept.

    As a page to print (.html), as text, or for programs (.json); without --out as text, here. The file can be read by
    its owner only: delete it once it is handed over.

    Example: riwaq member export M000012 --out M000012.html --config venue.toml
    """
    from checkin_server.services.privacy import export

    if out is not None and out.suffix not in (".html", ".txt", ".json"):
        raise click.UsageError("--out names a .html, .txt or .json file")
    with opened(config, folder) as venue, plain_errors():
        known = export.export(venue, member_id)
        language = export.language_for(known, lang)
        if out is None:
            click.echo(known.as_text(language))
            return
        written = {".html": known.as_html, ".txt": known.as_text}.get(out.suffix)
        write_file(out, (known.as_json() if written is None else written(language)).encode())
        click.echo(f"Written: {out}. It can be read by its owner only; delete it once it is handed over.")


@member.command("erase")
@click.argument("member_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@of_a_venue
def member_erase(member_id: str, yes: bool, config: Path | None, folder: Path | None) -> None:
    """Erase a member for good: name, needs, cards, and which visits were theirs. What was counted stays.

    What was typed about those visits goes too. Refused while a visit of theirs runs.

    Example: riwaq member erase M000012 --config venue.toml
    """
    from checkin_server.services.privacy import erase

    if not yes and sys.stdin.isatty():
        click.confirm(f"Erase {member_id} for good?", abort=True)
    with opened(config, folder) as venue, plain_errors():
        done = erase.erase(venue, files_of(config, folder), member_id)
    click.echo(
        f"Erased: {member_id}. Visits that are nobody's now or have one person less: {done.visits}; texts, tickets and "
        f"answers: {done.rows}; files: {done.files}. Every count is as before."
    )
    click.echo("A list that still names them brings them back: strike them off it. Backups hold what they held.")
