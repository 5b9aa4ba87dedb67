"""The command `riwaq`. Exit 0 done, 1 failed, 2 wrong use; every command has `--help` with an example."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from checkin_server.app import Application
    from checkin_server.services.venue import Venue

DEMO_FOLDER = "riwaq-demo"


def _fail(message: str, code: int = 1) -> NoReturn:
    click.echo(f"riwaq: {message}", err=True)
    sys.exit(code)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn the faults that people can mend into a message and an exit code; others keep their traceback."""
    from checkin_server.faults import Fault
    from checkin_server.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        _fail(str(error), 2)
    except Fault as fault:
        _fail(str(fault), fault.exit_code)


@contextmanager
def _open(config: Path | None, folder: Path | None) -> Iterator[Venue]:
    """Open a venue's database for one command, also while its server runs."""
    from checkin_server import demo, venues
    from checkin_server.clock import SystemClock
    from checkin_server.settings import load_settings, load_venue

    with _plain_errors():
        if config is not None and folder is not None:
            raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
        if config is not None:
            venue = venues.open_venue(load_settings(config))
        else:
            venue = demo.open_venue(folder or Path(DEMO_FOLDER), load_venue(demo.CONFIG), SystemClock())
        try:
            yield venue
        finally:
            venue.db.close()


def _of_a_venue(command: Any) -> Any:
    command = click.option(
        "--dir", "folder", type=click.Path(path_type=Path), help=f"A demo's folder (default: {DEMO_FOLDER})."
    )(command)
    return click.option(
        "--config", type=click.Path(path_type=Path), help="A real venue's settings file; see config/example.toml."
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="riwaq")
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
def demo(port: int, host: str, members: int, folder: Path, virtual_clock: bool) -> None:
    """Run the demo venue: the Rabat edition with invented members.

    Example: riwaq demo --port 8080 --dir /tmp/rabat
    """
    _patch()
    from checkin_server import demo as demo_venue
    from checkin_server import server

    with _plain_errors():
        listener = server.listen(host, port)
        running = demo_venue.set_up(folder.absolute(), members, virtual_clock=virtual_clock)
        application = running.application()
        host_shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        base = f"http://{host_shown}:{listener.getsockname()[1]}"
        _announce(running, base)
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
    click.echo(f"  Dashboard          {base}{running.link('organizer', 'dashboard')}")
    click.echo("\nSign in on a tablet with: " + ", ".join(f"{name} {pin}" for name, pin in running.staff))
    click.echo(f"Cards of all members: {running.folder / 'demo-cards.csv'}; tickets: {running.folder / 'printers'}")
    click.echo("Stop with Ctrl-C. Started again on the same folder, the day goes on where it was.\n")
    sys.stdout.flush()


@main.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The venue's settings file.")
def init(config: Path) -> None:
    """Create a real venue's key and database.

    Example: riwaq init --config venue.toml
    """
    from checkin_server import venues
    from checkin_server.settings import load_settings

    with _plain_errors():
        for line in venues.create(load_settings(config)):
            click.echo(line)


@main.command()
@click.option("--config", type=click.Path(path_type=Path), required=True, help="The venue's settings file.")
@click.option("--host", help="Listen here and not where the settings say.")
@click.option("--port", type=click.IntRange(0, 65535))
@click.option("--day", help="Open this planned day, for example 2019-12-27; by default the day that is open goes on.")
def serve(config: Path, host: str | None, port: int | None, day: str | None) -> None:
    """Run a real venue.

    Example: riwaq serve --config venue.toml --day 2019-12-27
    """
    _patch()
    from checkin_server import server, venues
    from checkin_server.app import Application, Options
    from checkin_server.settings import load_settings

    with _plain_errors():
        settings = load_settings(config)
        listener = server.listen(host or settings.host, settings.port if port is None else port)
        venue = venues.open_venue(settings)
        try:
            if day is not None:
                venues.open_day(venue, day)
            options = Options(settings.data_dir, settings.allowed_origins, "gevent")
            click.echo(f"Riwaq listens on http://{listener.getsockname()[0]}:{listener.getsockname()[1]}")
            sys.stdout.flush()
            _serve(Application(venue, options), listener)
        finally:
            venue.db.close()


def _patch() -> None:
    """Make the standard library cooperative, before anything of ours is imported."""
    from gevent import monkey

    monkey.patch_all()


def _serve(application: Application, listener: Any) -> None:
    import gevent

    from checkin_server.server import server_for

    logging.basicConfig(level=os.environ.get("RIWAQ_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    server = server_for(application, listener)
    application.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.stop, 3)
    try:
        server.serve_forever()
    finally:
        application.stop()
        click.echo("Stopped; everything is stored.")


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
@click.option("--config", type=click.Path(path_type=Path), required=True)
def db_upgrade(config: Path) -> None:
    """Bring the schema to this release; make a backup first.

    Example: riwaq db upgrade --config venue.toml
    """
    from checkin_server import venues
    from checkin_server.settings import load_settings

    with _plain_errors():
        click.echo(venues.upgrade(load_settings(config)))


@db.command("check")
@_of_a_venue
def db_check(config: Path | None, folder: Path | None) -> None:
    """Check the database's integrity and the rules that numbers and places keep.

    Example: riwaq db check --dir riwaq-demo
    """
    from checkin_server.services.check import check

    with _open(config, folder) as venue:
        problems = check(venue)
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            sys.exit(1)
        click.echo("The database is sound.")


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@_of_a_venue
def db_backup(file: Path, config: Path | None, folder: Path | None) -> None:
    """Write an encrypted copy (same key), also while the server runs.

    Example: riwaq db backup /media/usb/rabat.db --config venue.toml
    """
    from checkin_server.db.backup import BackupFailed, backup

    with _open(config, folder) as venue:
        try:
            backup(venue.db.engine, file)
        except BackupFailed as error:
            _fail(str(error))
        click.echo(f"Written: {file}")


@main.group()
def devices() -> None:
    """Pair, list and cut off devices."""


@devices.command("add")
@click.option("--role", required=True, help="board, kiosk, counter, welcome, organizer, privacy or print_agent.")
@click.option("--station", required=True, help="Where it stands: a kiosk's, board's or counter's id in the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print {device_id, token}.")
@_of_a_venue
def devices_add(role: str, station: str, as_json: bool, config: Path | None, folder: Path | None) -> None:
    """Make a device token without the pairing screen, for scripts. It is shown once.

    Example: riwaq devices add --role kiosk --station K1 --json --dir riwaq-demo
    """
    from checkin_server.services import access

    with _open(config, folder) as venue:
        try:
            paired = access.add_device(venue, role, station)
        except ValueError as error:
            _fail(str(error), 2)
    if as_json:
        click.echo(json.dumps({"device_id": paired.device_id, "token": paired.token}))
    else:
        click.echo(f"Device {paired.device_id} ({role} {station}). Its token, shown only now:\n{paired.token}")


@devices.command("link")
@click.option("--role", required=True)
@click.option("--station", required=True)
@_of_a_venue
def devices_link(role: str, station: str, config: Path | None, folder: Path | None) -> None:
    """Make a one-time link that turns the browser that opens it into a device.

    Example: riwaq devices link --role board --station hall --config venue.toml
    """
    from checkin_server.services import access

    with _open(config, folder) as venue:
        try:
            click.echo(f"/pair/{access.make_link(venue, role, station)}")
        except ValueError as error:
            _fail(str(error), 2)


@devices.command("list")
@click.option("--json", "as_json", is_flag=True)
@_of_a_venue
def devices_list(as_json: bool, config: Path | None, folder: Path | None) -> None:
    """List the devices.

    Example: riwaq devices list --dir riwaq-demo
    """
    from checkin_server.services import access
    from checkin_server.services.times import rfc3339

    with _open(config, folder) as venue:
        rows = access.list_devices(venue)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        state = "cut off" if row["revoked_at"] else f"seen {rfc3339(row['last_seen']) or 'never'}"
        click.echo(f"{row['id']}  {row['role']:<12} {row['station']:<14} {state}")


@devices.command("revoke")
@click.argument("device_id")
@_of_a_venue
def devices_revoke(device_id: str, config: Path | None, folder: Path | None) -> None:
    """Cut a device off within two seconds, its socket too.

    Example: riwaq devices revoke d_0123456789abcdef01234567 --dir riwaq-demo
    """
    from checkin_server.services import access

    with _open(config, folder) as venue:
        if not access.revoke_device(venue, device_id):
            _fail(f"there is no device {device_id}, or it was cut off before; see `riwaq devices list`")
    click.echo("Cut off.")


@main.group()
def staff() -> None:
    """Look after staff accounts."""


@staff.command("add")
@click.argument("name")
@click.option("--role", default="counter", show_default=True)
@click.option("--pin", prompt=True, hide_input=True, help="4 to 8 digits.")
@_of_a_venue
def staff_add(name: str, role: str, pin: str, config: Path | None, folder: Path | None) -> None:
    """Add a member of staff.

    Example: riwaq staff add Salma --role counter --pin 2468 --config venue.toml
    """
    from checkin_server.services import access

    with _open(config, folder) as venue:
        try:
            access.add_staff(venue, name, role, pin)
        except ValueError as error:
            _fail(str(error), 2)
    click.echo(f"{name} can sign in on a paired counter.")


if __name__ == "__main__":
    main()
