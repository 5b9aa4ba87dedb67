"""`riwaq rehearse`: play a day before the doors open."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import DEMO_FOLDER, of_a_venue, opened, plain_errors, write_file
from checkin_server.common.places import FONTS

if TYPE_CHECKING:
    from checkin_server.domain.plan import DayPlan, Plan
    from checkin_server.rehearsal.past import PastDay
    from checkin_server.rehearsal.report import Report
    from checkin_server.rehearsal.run import Rehearsal, Setting


@click.command()
@click.option("--day", help="The planned day whose hours are played; the first one by default.")
@click.option(
    "--scenario",
    default="busy",
    show_default=True,
    help="calm, busy, rush, breakdown, mixed, short, far or reception; a CSV file of a past day; or a day of this "
    "venue that has been.",
)
@click.option(
    "--visitors", type=click.IntRange(1, 50_000), help="Visits; by default what the scenario's load asks for."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The same seed gives the same day.")
@click.option("--seeds", type=click.IntRange(1, 50), default=1, show_default=True, help="Play so many days.")
@click.option(
    "--policy",
    "policies",
    multiple=True,
    help="What to compare the router with: independent, one-at-a-time, shortest-queue (these three by default), "
    "least-wait, or riwaq for nothing else. May be given several times.",
)
@click.option(
    "--what-if",
    "wishes",
    multiple=True,
    help='Play with another number of counters, for example "bank=3", or with visitors invited by time slot: '
    '"arrivals=slots".',
)
@click.option("--ignoring", type=click.IntRange(0, 100), help="So many in 100 visitors don't go where they are sent.")
@click.option("--advice/--no-advice", default=True, help="Try what to open, and arrivals by time slot.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Draw the day into a .pdf or .png file.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON instead of tables.")
@click.option("--json-schema", is_flag=True, help="Print the JSON Schema of what --json prints, and nothing else.")
@click.option("--live", metavar="URL", help="Play through the HTTP API of a demo server on this machine.")
@click.option("--speed", type=click.FloatRange(0.1, 3600), help="With --live: simulated minutes a minute.")
@click.option("--virtual-clock", is_flag=True, help="With --live: the demo was started with --virtual-clock.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Days played at a time; one a processor by default.")
@of_a_venue
# size: click gives one argument an option
def rehearse(
    config: Path | None,
    folder: Path | None,
    day: str | None,
    scenario: str,
    visitors: int | None,
    seed: int,
    seeds: int,
    policies: tuple[str, ...],
    wishes: tuple[str, ...],
    ignoring: int | None,
    advice: bool,
    out: Path | None,
    as_json: bool,
    json_schema: bool,
    live: str | None,
    speed: float | None,
    virtual_clock: bool,
    jobs: int | None,
) -> None:
    """Play a day against this venue's own plan with the router it will run with. Nothing of the venue is changed.

    Invented visitors come, walk, wait and are served at the plan's counters. The tables say how long they wait, which
    booth lacks counters and which has too many, what the day would be with other ways of calling, and what to change.
    --config takes a settings file or a venue's file; without it a demo's venue is played.

    With --live the same visitors and staff use a demo that runs on this machine: screens move and printers print.

    Example: riwaq rehearse --config venue.toml --scenario busy --what-if "bank=3" --out saturday.pdf
    """
    if json_schema:
        from checkin_server.rehearsal.report import Report

        click.echo(json.dumps(Report.model_json_schema(), indent=2))
        return
    _check_use(config, folder, out, live, wishes, speed=speed, virtual_clock=virtual_clock, seeds=seeds)
    with plain_errors():
        from checkin_server.rehearsal import run

        setting = run.prepare(
            _plan(config, folder),
            day=day,
            scenario=scenario,
            past=lambda name, planned: _past_day(config, folder, name, planned),
            visitors=visitors,
            seeds=range(seed, seed + seeds),
            policies=policies,
            what_if=wishes,
            advice=advice and live is None,
            ignoring=None if ignoring is None else ignoring / 100,
        )
        if live is None:
            with _progress() as tell:
                rehearsal = run.rehearse(setting, tell, jobs)
        else:
            rehearsal = _live(setting, live, folder, speed=speed, virtual_clock=virtual_clock)
        _show(rehearsal.report, as_json=as_json)
        if out is not None:
            _draw(rehearsal, out)


# size: the options that must fit one another, as click gave them
def _check_use(
    config: Path | None,
    folder: Path | None,
    out: Path | None,
    live: str | None,
    wishes: tuple[str, ...],
    *,
    speed: float | None,
    virtual_clock: bool,
    seeds: int,
) -> None:
    if config is not None and folder is not None:
        raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
    if out is not None and out.suffix.lower() not in (".pdf", ".png"):
        raise click.UsageError(f"--out {out}: give a name that ends in .pdf or .png")
    if out is not None and not out.absolute().parent.is_dir():
        raise click.UsageError(f"--out {out}: there is no folder {out.absolute().parent}")
    if live is None:
        if speed is not None or virtual_clock:
            raise click.UsageError("--speed and --virtual-clock belong to --live")
        return
    if config is not None:
        raise click.UsageError(
            "a live rehearsal plays on a demo, never on a real venue: start `riwaq demo --virtual-clock --venue FILE "
            "--dir D` with this venue's file, then give --live URL --dir D"
        )
    if any(wish.replace(" ", "") != "arrivals=slots" for wish in wishes):
        raise click.UsageError(
            "--what-if with counters changes the plan, and a running demo's is fixed: change a copy of the venue's "
            "file and start `riwaq demo --venue FILE` on it"
        )
    if seeds != 1:
        raise click.UsageError("a live rehearsal plays one day: give --seed, not --seeds")


def _plan(config: Path | None, folder: Path | None) -> Plan:
    """Return the plan to play: of a settings file, of a venue's file, or of a demo."""
    from checkin_server.settings import load_settings, load_venue
    from checkin_server.venues import demo

    if config is None:
        return demo.plan_of(folder or Path(DEMO_FOLDER))
    return load_venue(config) if _is_venue_file(config) else load_settings(config).plan


def _is_venue_file(path: Path) -> bool:
    """A venue's file names its tour; a settings file names the venue's file."""
    import tomllib

    try:
        return "tour" in tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # whoever reads it next says what is wrong, and where


def _past_day(config: Path | None, folder: Path | None, name: str, planned: DayPlan) -> PastDay | None:
    """Return a past day by its file or, in a venue with a database, by its id; None when there is neither."""
    from checkin_server.rehearsal import past
    from checkin_server.services.reports import day_log

    file = Path(name)
    if file.suffix or file.exists():
        return past.from_file(file, _local_hours(planned, _plan(config, folder).timezone))
    if name not in {day.id for day in _plan(config, folder).days}:
        return None
    if config is not None and _is_venue_file(config):
        raise click.UsageError(f"the days that have been are in a venue's database: give its settings file for {name}")
    with opened(config, folder) as venue:
        return past.from_events(name, day_log.read(venue, name))


def _local_hours(day: DayPlan, timezone: str) -> tuple[float, float]:
    """Return when a day opens and closes on the wall clock, as shares of 24 hours."""
    from checkin_server.common.zones import local

    opens = local(day.opens_at, timezone)
    share = opens.hour / 24 + opens.minute / 1440
    return share, share + (day.closes_at - day.opens_at) / 86_400_000


@contextmanager
def _progress(what: str = "days") -> Iterator[Callable[[int, int], None]]:
    """Show how far it has come, on a terminal; nothing anywhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("rehearsing"), BarColumn(), MofNCompleteColumn(), TextColumn(what), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("rehearsing", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _live(setting: Setting, url: str, folder: Path | None, *, speed: float | None, virtual_clock: bool) -> Rehearsal:
    from checkin_server.rehearsal import live_run
    from checkin_server.rehearsal.wire import Line, address
    from checkin_server.venues import demo

    base = address(url)
    if (left_out := live_run.left_out(setting)) is not None:
        click.echo(left_out, err=True)
    with opened(None, folder) as venue, _progress("visits") as tell:
        clocked, _ = demo.as_it_runs(venue)
        return live_run.rehearse(
            setting, clocked, Line(base), list(demo.STAFF), speed=speed, virtual_clock=virtual_clock, tell=tell
        )


def _show(report: Report, *, as_json: bool) -> None:
    from rich.console import Console

    from checkin_server.rehearsal import table

    if as_json:
        click.echo(report.model_dump_json(indent=2))
    elif sys.stdout.isatty():
        Console(highlight=False).print(table.tables(report))
    else:
        click.echo(table.write(report), nl=False)


def _draw(rehearsal: Rehearsal, out: Path) -> None:
    from checkin_server.rehearsal import plots

    write_file(out, plots.draw(rehearsal.report, rehearsal.played, out.suffix.lower(), FONTS))
    click.echo(f"Drawn: {out}", err=True)
