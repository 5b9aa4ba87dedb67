"""The command `riwaq`. Exit 0 done, 1 failed, 2 wrong use; every command has `--help` with an example."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checkin_server import __version__
from checkin_server.commands import DEMO_FOLDER, Clean, plain_errors
from checkin_server.commands.audit import audit
from checkin_server.commands.cards import cards
from checkin_server.commands.clock import clock
from checkin_server.commands.day import day
from checkin_server.commands.db import db
from checkin_server.commands.devices import devices
from checkin_server.commands.doctor import doctor
from checkin_server.commands.lock import lock
from checkin_server.commands.members import members
from checkin_server.commands.print_agent import print_agent
from checkin_server.commands.privacy import member
from checkin_server.commands.privacy import purge as purge_command
from checkin_server.commands.rehearse import rehearse
from checkin_server.commands.report import report
from checkin_server.commands.staff import staff
from checkin_server.commands.ticket import ticket
from checkin_server.commands.tls import tls
from checkin_server.commands.voice import voice
from checkin_server.common import hardening, places

if TYPE_CHECKING:
    from checkin_server.running.application import Application


class _Process(Clean):
    """The command of a process of its own; what calls it from Python keeps its own rights and limits."""

    def main(self, args: Any = None, *more: Any, **named: Any) -> Any:
        """Run the command line: this process's own (`args` left out), or the one given."""
        if args is None:
            hardening.keep_to_itself()
        return super().main(args, *more, **named)


@click.group(cls=_Process, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="riwaq")
def main() -> None:
    """Riwaq runs the day of a travelling outreach event."""


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets phones and tablets in.")
@click.option("--members", type=click.IntRange(1, 100_000), default=3000, show_default=True)
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=DEMO_FOLDER, show_default=True
)
@click.option("--virtual-clock", is_flag=True, help="Time stands still but for POST /api/v1/clock.")
@click.option(
    "--venue",
    "venue_file",
    type=click.Path(path_type=Path),
    help="Another venue's file instead of the Rabat edition; the folder remembers it.",
)
@click.option(
    "--scenario",
    type=click.Choice(["calm", "busy", "rush", "breakdown", "mixed"]),
    help="The plan as this scenario of `riwaq rehearse --live` has it: in mixed, some services come after others.",
)
# size: click gives one argument an option
def demo(
    port: int,
    host: str,
    members: int,
    folder: Path,
    virtual_clock: bool,
    venue_file: Path | None,
    scenario: str | None,
) -> None:
    """Run the demo venue: the Rabat edition, or your own plan, with invented members.

    Example: riwaq demo --port 8080 --dir /tmp/rabat
    """
    _patch()
    from checkin_server.rehearsal import days
    from checkin_server.running import listening
    from checkin_server.venues import demo as demo_venue

    with plain_errors():
        listener = listening.listen(host, port)
        running = demo_venue.set_up(
            folder.absolute(),
            members,
            virtual_clock=virtual_clock,
            venue_file=venue_file,
            change=None if scenario is None else partial(days.changed, scenario=days.SCENARIOS[scenario]),
        )
        application = running.application()
        host_shown = "127.0.0.1" if host in places.EVERYWHERE else host
        base = f"http://{host_shown}:{listener.getsockname()[1]}"
        _announce(running, base)
        _say(running.restored)
        _say(running.begun)
        try:
            _serve(application, listener)
        finally:
            running.close()


def _announce(running: Any, base: str) -> None:
    plan = running.plan
    click.echo(f"\nRiwaq: {plan.event.name['fr']}, {plan.city_name['fr']} (demo, invented members)\n")
    click.echo(f"  Start here   {base}/demo/{running.secret}")
    click.echo(f"  Member cards {base}/demo/{running.secret}/cards")
    click.echo("\nOne-time links (each opens its screen once; the start page makes new ones):")
    for kiosk in plan.kiosks:
        click.echo(f"  Kiosk {kiosk:<12} {base}{running.link('kiosk', kiosk)}")
    for board in plan.boards:
        click.echo(f"  Board {board:<12} {base}{running.link('board', board)}")
    for counter in plan.counters:
        click.echo(f"  Tablet {counter:<11} {base}{running.link('counter', counter)}")
    for desk in plan.desks:
        click.echo(f"  Welcome desk {desk:<5} {base}{running.link('welcome', desk)}")
    click.echo(f"  Dashboard          {base}{running.link('organizer', 'dashboard')}")
    click.echo("\nSign in on a tablet with: " + ", ".join(f"{name} {pin}" for name, pin in running.staff))
    click.echo("Sign in at the welcome desk with: " + " ".join(running.welcome_staff))
    click.echo("Sign in on the dashboard with: " + " ".join(running.organizer))
    click.echo("Sign in on the page of personal data (the start page opens it) with: " + " ".join(running.privacy))
    click.echo(f"Cards of all members: {running.folder / 'demo-cards.csv'}; tickets: {running.folder / 'printers'}")
    click.echo("Stop with Ctrl-C. Started again on the same folder, the day goes on where it was.\n")
    sys.stdout.flush()


@main.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The venue's settings file.")
def init(config: Path) -> None:
    """Create a real venue's key and database.

    Example: riwaq init --config venue.toml
    """
    from checkin_server.settings import load_settings
    from checkin_server.venues import real

    with plain_errors():
        for line in real.create(load_settings(config)):
            click.echo(line)


@main.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The venue's settings file.")
@click.option("--host", help="Listen here and not where the settings say.")
@click.option("--port", type=click.IntRange(0, 65535))
@click.option(
    "--day",
    "wanted_day",
    help="Open this planned day, for example 2019-12-27, unless it was closed; by default the open day goes on.",
)
def serve(config: Path, host: str | None, port: int | None, wanted_day: str | None) -> None:
    """Run a real venue.

    Example: riwaq serve --config venue.toml --day 2019-12-27
    """
    _patch()
    from checkin_server.common import certificates
    from checkin_server.running import listening
    from checkin_server.running.application import Application, Options
    from checkin_server.services.day import clock as day_clock
    from checkin_server.services.day import restores
    from checkin_server.services.plans import in_force
    from checkin_server.services.privacy import purge
    from checkin_server.settings import load_settings
    from checkin_server.venues import backups, real

    with plain_errors():
        settings = load_settings(config)
        # Before anything else: of a second server on this venue the message must say that, not that its port is taken.
        held = real.hold(settings)
        tls_context = certificates.context(settings.data_dir)
        listener = listening.listen(host or settings.host, settings.port if port is None else port)
        venue = real.open_venue(settings, serving=True)
        held.lead(venue)
        try:
            day_clock.begin(venue)
            _say(restores.begin(venue))
            _say(in_force.begin(venue))
            # Before anybody is served: a machine that was off for a month has missed what was due.
            for purged in purge.before_serving(venue, purge.Files.of(settings.data_dir)):
                _say(purged)
            if wanted_day is not None:
                _say(real.open_day(venue, wanted_day))
            keeper = backups.Keeper(settings, venue.db.engine)
            options = Options(settings.data_dir, settings.allowed_origins, "gevent", back_up=keeper.look)
            scheme = "http" if tls_context is None else "https"
            click.echo(f"Riwaq listens on {scheme}://{listener.getsockname()[0]}:{listener.getsockname()[1]}")
            sys.stdout.flush()
            _serve(Application(venue, options), listener, held.watch, tls_context, settings.proxies)
        finally:
            venue.db.close()
            held.close()


def _say(begun: Any) -> None:
    """Say on standard error what a start has found and done: another plan, a database that was restored."""
    if begun is not None and str(begun):
        click.echo(f"riwaq: {begun}".replace("\n", "\nriwaq: "), err=True)


def _patch() -> None:
    """Make the standard library cooperative, before anything of ours is imported."""
    from gevent import monkey

    monkey.patch_all()


def _serve(
    application: Application,
    listener: Any,
    watch: Callable[[Callable[[str], None]], None] = lambda lost: None,
    tls_context: Any = None,
    proxies: tuple[str, ...] = (),
) -> None:
    """Serve until told to stop. `watch` is given what to call with a message when this process must not go on."""
    import gevent

    from checkin_server.common.descriptors import raise_limit
    from checkin_server.common.faults import Fault
    from checkin_server.db.health import Unsaid
    from checkin_server.running.listening import server_for
    from checkin_server.running.proxies import Proxies

    logging.basicConfig(level=os.environ.get("RIWAQ_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(Unsaid())
    raise_limit()
    server = server_for(application, listener, tls_context, Proxies(proxies))
    application.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.stop, 3)
    lost: list[str] = []

    def stop(message: str) -> None:
        lost.append(message)
        gevent.spawn(server.stop, 3)  # who notices may be a request, for which stopping would wait

    watch(stop)
    try:
        server.serve_forever()
    finally:
        application.stop()
        click.echo("Stopped; everything is stored.")
    if lost:
        raise Fault(f"stopped: {lost[0]}")


for group in (
    audit,
    cards,
    clock,
    day,
    db,
    devices,
    doctor,
    lock,
    member,
    members,
    print_agent,
    purge_command,
    rehearse,
    report,
    staff,
    ticket,
    tls,
    voice,
):
    main.add_command(group)


if __name__ == "__main__":
    main()
