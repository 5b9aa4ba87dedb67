"""`riwaq day …`: open and close service days."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from checkin_server.services.day.ending import Ended

from checkin_server.commands import DEMO_FOLDER, fail, of_a_venue, opened


@click.group()
def day() -> None:
    """Open and close service days. A running server follows within a second."""


@day.command("list")
@of_a_venue
def day_list(config: Path | None, folder: Path | None) -> None:
    """List the planned days: open, closing, closed or still planned; hours are the venue's own.

    Example: riwaq day list --config venue.toml
    """
    from checkin_server.services.day import open_and_close
    from checkin_server.services.times import hours_at_venue

    with opened(config, folder) as venue:
        known = {row["id"]: row for row in open_and_close.known_days(venue)}
        for planned in venue.plan.days:
            row = known.get(planned.id)
            state = row["state"] if row else "planned"
            if row and state == "closed" and row["ended_at"] is None:
                state = "closing"  # who is at a counter is still served
            opens, closes = (row["opens_at"], row["closes_at"]) if row else (planned.opens_at, planned.closes_at)
            came = f"  admitted {row['admitted']}, numbers {row['last_number']}" if row else ""
            click.echo(f"{planned.id}  {state:<7}  {hours_at_venue(opens, closes, venue.plan.timezone)}{came}")


@day.command("open")
@click.argument("wanted", metavar="DAY")
@of_a_venue
def day_open(wanted: str, config: Path | None, folder: Path | None) -> None:
    """Open the planned DAY for its planned hours, or go on with it after it was closed.

    An earlier day that was left open overnight, or was still closing, ends first.

    A demo's day is opened for nine hours from now, whatever its date.

    Example: riwaq day open 2019-12-28 --config venue.toml
    """
    from checkin_server.services.day import open_and_close
    from checkin_server.services.times import hours_at_venue
    from checkin_server.venues import demo

    with opened(config, folder) as venue:
        planned = next((d for d in venue.plan.days if d.id == wanted), None)
        if planned is None:
            fail(f"there is no day {wanted} in this venue: {', '.join(d.id for d in venue.plan.days)}", 2)
        try:
            rehearsal = config is not None
            if config is None:
                venue, rehearsal = demo.as_it_runs(venue)
            opened_day = (
                open_and_close.open_day(venue, planned, planned.opens_at, planned.closes_at)
                if rehearsal
                else demo.open_now(venue, planned)
            )
        except ValueError as error:
            fail(f"{error}: riwaq day close {_of(config, folder)}")
        for ended in opened_day.ended:
            click.echo(f"{ended.day} had not ended; it has now. {_settled(ended)}")
        if opened_day.back:
            click.echo(f"Visits that are inside again: {opened_day.back}.")
        row = open_and_close.current_day(venue)
        assert row is not None
        hours = hours_at_venue(row["opens_at"], row["closes_at"], venue.plan.timezone)
        click.echo(f"{wanted} is open, {hours}.")
        if not row["opens_at"] <= venue.now() < row["closes_at"]:
            click.echo("It is not within these hours now: kiosks refuse cards (outside_hours).", err=True)


@day.command("close")
@click.option("--yes", is_flag=True, help="Also while visitors are called or served; they can still be finished.")
@click.option("--now", "at_once", is_flag=True, help="End the day at once, whoever is at a counter; also a closed one.")
@of_a_venue
def day_close(yes: bool, at_once: bool, config: Path | None, folder: Path | None) -> None:
    """Close the open day: nobody is admitted or called any more. Says who is still inside.

    Who is called or being served is served to the end. The day ends with the last of them, half an hour later
    ([rules] day_end_minutes), or at once with --now: what is left then ends as incomplete, counters are closed and
    staff are signed out.

    Example: riwaq day close --yes --config venue.toml
    """
    from checkin_server.common.zones import local
    from checkin_server.services.day import open_and_close
    from checkin_server.venues import demo

    with opened(config, folder) as venue:
        if config is None:
            venue, _ = demo.as_it_runs(venue)
        closing = None if at_once else open_and_close.closing_day(venue)
        try:
            closed = open_and_close.close_day(venue, anyway=yes, now=at_once)
        except open_and_close.StillBusy as busy:
            fail(
                f"{busy.at_counters} visitors are called or being served; nothing was closed. Wait for them, or close "
                "anyway with --yes: they can still be finished at their counters"
            )
    if closed is None and closing is not None:
        fail(f"no day is open; {closing['id']} is closed and ends with its last visitor: to end it now, add --now")
    if closed is None:
        fail("no day is open")
    click.echo(f"{closed.day} is closed.")
    if closed.inside:
        click.echo(f"Visits that still wanted something: {closed.inside}.")
    if closed.ended is not None:
        click.echo(f"It has ended. {_settled(closed.ended)}")
    elif closed.ends_by is not None:
        click.echo(f"Still to be finished at counters: {closed.at_counters}.")
        until = local(closed.ends_by, venue.plan.timezone)
        click.echo(f"It ends with the last of them, or at {until:%H:%M}. To end it now, add --now.")


@day.command("log")
@click.argument("wanted", metavar="DAY")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a CSV file; else to the terminal.")
@of_a_venue
def day_log(wanted: str, out: Path | None, config: Path | None, folder: Path | None) -> None:
    """Write what happened on a DAY as CSV: one line an event, without names or card codes.

    A rehearsal takes such a file as its pattern: riwaq rehearse --scenario FILE.

    Example: riwaq day log 2019-12-27 --out friday.csv --config venue.toml
    """
    from checkin_server.commands import write_file
    from checkin_server.services.reports import day_log as log

    with opened(config, folder) as venue:
        if wanted not in {d.id for d in venue.plan.days}:
            fail(f"there is no day {wanted} in this venue: {', '.join(d.id for d in venue.plan.days)}", 2)
        text = log.as_csv(venue, wanted)
        if out is None:
            click.echo(text, nl=False)
        else:
            write_file(out, text.encode())
            click.echo(f"{out}: {text.count(chr(10)) - 1} events of {wanted}.", err=True)


@day.command("fairness")
@click.argument("wanted", metavar="DAY")
@click.option("--json", "as_json", is_flag=True, help="For programs: the answer of `GET /fairness/DAY`.")
@of_a_venue
def day_fairness(wanted: str, as_json: bool, config: Path | None, folder: Path | None) -> None:
    """Say who was overtaken on DAY and by how much, and whether the bound held: read again from the event log.

    Exit 1 when somebody was overtaken beyond the bound.

    Example: riwaq day fairness 2019-12-28 --config venue.toml
    """
    from checkin_server.domain.refusal import Refusal
    from checkin_server.services.reports import fairness

    with opened(config, folder) as venue:
        report = fairness.of_day(venue, wanted)
    if isinstance(report, Refusal):
        fail(f"the day {wanted} was never opened: riwaq day list {_of(config, folder)}", 2)
    if as_json:
        click.echo(json.dumps(report))
    else:
        click.echo(f"Visitors sent or called: {report['choices']}.")
        for row in report["categories"]:
            longest = f", by at most {row['longest_s'] // 60} min" if row["overtaken"] else ""
            click.echo(f"  {row['category']}: {row['overtaken']} of {row['visits']} visits were overtaken{longest}")
        bound = f"{report['bound_minutes']:g} minutes and the head start"
        if report["held"]:
            click.echo(f"The bound held: nobody was overtaken by who had asked more than {bound} later.")
        for case in report["cases"]:
            click.echo(
                f"  event {case['seq']}: number {case['by']} before {case['number']} at {case['service']}, "
                f"{case['minutes']} minutes later ({case['bound_minutes']:g} allowed)"
            )
    if not report["held"]:
        fail(f"{report['beyond']} choices were beyond the bound")


def _settled(ended: Ended) -> str:
    """Say what the end of a day settled."""
    return (
        f"Visits that ended incomplete: {ended.incomplete}, of them at counters: {ended.at_counters}. "
        f"Tickets that will not print any more: {ended.tickets}."
    )


def _of(config: Path | None, folder: Path | None) -> str:
    return f"--config {config}" if config is not None else f"--dir {folder or DEMO_FOLDER}"
