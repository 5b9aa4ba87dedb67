"""`riwaq report`: the day's figures, to be taken away."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import fail, of_a_venue, opened, plain_errors, write_file, write_folder

if TYPE_CHECKING:
    from checkin_server.domain.figures.period import Period
    from checkin_server.services.reports.exports import Report
    from checkin_server.services.reports.playing import Head
    from checkin_server.services.venue import Venue

_FORMS = ".csv, .json, or a folder (its name has no ending), which gets one CSV file a dataset"


@dataclass(frozen=True)
class _Days:
    """Which days were asked for, as they were typed."""

    day: str | None
    first: str | None
    last: str | None
    tour: bool

    def among(self, known: Sequence[str]) -> list[str]:
        """Return those of the days that this venue knows, or say in a sentence what is wrong and exit."""
        there_are = f"days with figures are {', '.join(known)}" if known else "no day was opened here yet"
        ways = [self.day is not None, self.first is not None or self.last is not None, self.tour]
        if sum(ways) != 1:
            fail("say which days, in one way: --day D, --from D --to D, or --tour", 2)
        if self.tour:
            return list(known) or fail(there_are, 2)
        if self.day is not None:
            return [self.day] if self.day in known else fail(f"there is no day {self.day} here: {there_are}", 2)
        if self.first is None or self.last is None:
            fail("--from and --to go together: name the first and the last day", 2)
        if self.first > self.last:
            fail(f"--from {self.first} comes after --to {self.last}", 2)
        found = [day for day in known if self.first <= day <= self.last]
        return found or fail(f"there is no day from {self.first} to {self.last} here: {there_are}", 2)


@click.command("report")
@click.option("--day", help="One day, for example 2019-12-27.")
@click.option("--from", "first", help="The first of several days.")
@click.option("--to", "last", help="The last of several days.")
@click.option("--tour", is_flag=True, help="Every day that this database knows.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="F.csv, F.json, or a folder.")
@click.option("--partner", help="A partner's own sheet: a booth's id, or the partner's name.")
@click.option("--office", help="The cases referred to an office, by its id.")
@click.option(
    "--all", "everybody", is_flag=True, help="The organiser's, each partner's and each office's, in a folder."
)
@click.option("--force", is_flag=True, help="Replace what is there.")
@of_a_venue
# size: one argument an option of the command
def report(
    day: str | None,
    first: str | None,
    last: str | None,
    tour: bool,
    out: Path,
    partner: str | None,
    office: str | None,
    everybody: bool,
    force: bool,
    config: Path | None,
    folder: Path | None,
) -> None:
    """Write the figures of a day, of some days or of the tour; also while the day runs.

    What each figure means stands in the file itself and in docs/figures.md. Files can be read by their owner only. A
    partner's sheet holds its own figures alone, with counts below 5 rounded to 0 or 5.

    Example: riwaq report --day 2019-12-27 --out friday.csv --config venue.toml
    """
    from checkin_server.services.reports import figures

    if sum((partner is not None, office is not None, everybody)) > 1:
        fail("one reader at a time: --partner, --office or --all", 2)
    _may_write(out, everybody, force)
    with opened(config, folder) as venue:
        days = _Days(day, first, last, tour).among(figures.known_days(venue))
        head, period = _played(venue, days)
    with plain_errors():
        if everybody:
            write_folder(out, _everybodys(head, period), force=force)
        else:
            _write(out, _report(head, period, partner, office), force)
    came = sum(len(one.day.numbered) for one in period.days)
    which = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    click.echo(f"{out}: {which}, {came} visits." if came else f"{out}: {which}; nobody came.", err=True)


def _write(out: Path, told: Report, force: bool) -> None:
    from checkin_server.services.reports import exports

    if _form(out) == ".csv":
        write_file(out, exports.long_csv(told))
    elif _form(out) == ".json":
        write_file(out, exports.as_json(told))
    else:
        write_folder(out, exports.files(told), force=force)


def _form(out: Path) -> str:
    """Return what is to be written: ``.csv``, ``.json``, or nothing for a folder."""
    return "" if out.is_dir() else out.suffix


def _may_write(out: Path, everybody: bool, force: bool) -> None:
    """Look at what is to be written before anything is read."""
    form = _form(out)
    if everybody and form:
        fail(f"--all writes a folder, and {out} looks like a file", 2)
    if form not in ("", ".csv", ".json"):
        fail(f"{out} has no form that is known here: {_FORMS}", 2)
    if not form and out.exists() and not out.is_dir():
        fail(f"{out} is a file; name a folder, or a file that ends in .csv or .json", 2)
    if out.exists() and not force and (form or any(out.iterdir())):
        fail(f"{out} is there already: add --force to replace it")


def _played(venue: Venue, days: Sequence[str]) -> tuple[Head, Period]:
    from checkin_server.services.reports import figures
    from checkin_server.services.reports.playing import played

    head = figures.head_of(venue, days)
    with click.progressbar(days, label="Days", file=sys.stderr) as shown:
        lines = (line for day in shown for part in figures.lines_of(venue, [day]) for line in part)
        return head, played(head, lines)


def _report(head: Head, period: Period, partner: str | None, office: str | None) -> Report:
    from checkin_server.services.reports import exports

    if partner is not None:
        known = exports.partners_of(period)
        found = exports.find_partner(known, partner)
        if found is None:
            there_are = ", ".join(f"{one.id} ({one.names[0]})" for one in known)
            fail(f"there is no partner {partner} on these days: {there_are}", 2)
        return exports.for_partner(head, period, found)
    if office is not None:
        offices = exports.offices_of(period)
        if office not in offices:
            fail(f"there is no office {office}: {', '.join(offices)}", 2)
        return exports.for_office(head, period, office)
    return exports.for_organizer(head, period)


def _everybodys(head: Head, period: Period) -> dict[str, bytes]:
    from checkin_server.services.reports import exports

    files: dict[str, bytes] = {}

    def take(name: str, make: Callable[[], Report]) -> None:
        files.update({f"{name}/{file}": content for file, content in exports.files(make()).items()})

    take("organizer", lambda: exports.for_organizer(head, period))
    for one in exports.partners_of(period):
        take(f"partner-{one.id}", lambda one=one: exports.for_partner(head, period, one))  # type: ignore[misc]
    for office in exports.offices_of(period):
        take(f"office-{office}", lambda office=office: exports.for_office(head, period, office))  # type: ignore[misc]
    return files
