"""`riwaq doctor`: would the day work?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import DEMO_FOLDER, of_a_venue, plain_errors
from checkin_server.common.places import FONTS, SHARED_FILES, TICKET_TEMPLATE

if TYPE_CHECKING:
    from checkin_server.domain.plan import Plan
    from checkin_server.services.checkup.doctor import Finding
    from checkin_server.services.venue import Venue

_DEMO_PORT = 8080


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Look for the server here and not where the settings say.")
@click.option("--json", "as_json", is_flag=True, help="Print {ok, checks: [{check, verdict, what, todo}]}.")
@of_a_venue
def doctor(port: int | None, as_json: bool, config: Path | None, folder: Path | None) -> None:
    """Look at everything a day needs, one line each: OK, NOTE or STOP, and what to do.

    Exits with 1 if something would stop the day. It changes nothing, and may be run while the server runs.

    Example: riwaq doctor --dir riwaq-demo
    """
    with plain_errors():
        if config is not None and folder is not None:
            raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
        findings = []
        for finding in _of_config(config, port) if config else _of_demo(folder or Path(DEMO_FOLDER), port):
            findings.append(finding)
            if not as_json:
                click.echo(str(finding))
    stops = sum(1 for finding in findings if finding.verdict == "STOP")
    if as_json:
        click.echo(json.dumps({"ok": stops == 0, "checks": [f.as_dict() for f in findings]}, ensure_ascii=False))
    else:
        notes = sum(1 for finding in findings if finding.verdict == "NOTE")
        click.echo(f"\n{'The day would not work' if stops else 'Ready'}: {stops} to mend, {notes} to note.")
    sys.exit(1 if stops else 0)


def _of_config(config: Path, port: int | None) -> Iterator[Finding]:
    from checkin_server.services.checkup import secrecy_check
    from checkin_server.settings import load_settings
    from checkin_server.venues import backups, real

    settings = load_settings(config)
    runs = _Running(settings.host, port or settings.port)
    yield from _around(settings.plan, settings.data_dir, settings.key_file, runs)
    if settings.database_path is not None:
        yield from secrecy_check.check_backups(
            settings.backup.folder, settings.backup.every_minutes, backups.age_s(settings)
        )
    yield from _inside(lambda: real.open_venue(settings), settings.plan, runs, demo=False)


def _of_demo(folder: Path, port: int | None) -> Iterator[Finding]:
    from checkin_server.common.clock import SteadyClock
    from checkin_server.venues import demo

    plan = demo.plan_of(folder)
    runs = _Running("127.0.0.1", port or _DEMO_PORT)
    yield from _around(plan, folder.absolute(), demo.key_file(folder), runs)
    yield from _inside(lambda: demo.open_venue(folder, plan, SteadyClock()), plan, runs, demo=True)


class _Running:
    """The venue's server, and what it says of itself; ``answer`` is None when none runs there."""

    def __init__(self, host: str, port: int) -> None:
        from checkin_server.services.checkup import machine_check

        self.host = host
        self.port = port
        self.answer = machine_check.ask_server(host, port)


def _around(plan: Plan, data: Path, key: Path | None, runs: _Running) -> Iterator[Finding]:
    """Look at the machine and what is connected to it."""
    from checkin_server.common import descriptors
    from checkin_server.services.checkup import machine_check, secrecy_check
    from checkin_server.services.checkup.cards_check import check_private_keys
    from checkin_server.services.checkup.media_check import check_media
    from checkin_server.services.checkup.tls_check import check_tls
    from checkin_server.services.checkup.voice_check import check_voice
    from checkin_server.services.paper import printing
    from checkin_server.translations import Catalogues
    from printers.transports.base import Transport

    def way_to(printer: str) -> Transport | None:
        known = plan.printers[printer]
        return None if known.kind == "agent" else printing.transport_for(known, data / "printers")

    answer = runs.answer
    said = {} if answer is None else answer["checks"].get("printers", {})
    running = {printer: said[printer] for printer in plan.printers if printer in said}
    yield from machine_check.check_key(key)
    yield from secrecy_check.check_disks(key, data)
    yield from secrecy_check.check_swap()
    yield from check_tls(data, runs.host, machine_check.lan_addresses(), _last_day(plan))
    yield from check_private_keys(plan, data)
    yield from machine_check.check_disk(data)
    yield from machine_check.check_files(SHARED_FILES, plan)
    yield from machine_check.check_tickets(plan, Catalogues().words, TICKET_TEMPLATE, FONTS)
    yield from machine_check.check_printers(plan, way_to, running)
    yield from check_media(plan.media)
    yield from check_voice(plan)
    yield from machine_check.check_descriptors(descriptors.allowed())
    yield from machine_check.check_network(runs.host, runs.port, answer, machine_check.lan_addresses())


def _last_day(plan: Plan) -> str:
    return max(day.id for day in plan.days)


def _inside(open_it: Callable[[], Venue], plan: Plan, runs: _Running, *, demo: bool) -> Iterator[Finding]:
    """Look into the venue's database."""
    import time

    from checkin_server.common.faults import Fault
    from checkin_server.common.zones import system_zone
    from checkin_server.db.health import StoreUnavailable
    from checkin_server.services.checkup import cards_check, clock_check, machine_check
    from checkin_server.services.checkup import doctor as looks
    from checkin_server.services.day.clock import as_the_server

    now = time.time_ns() // 1_000_000
    yield from clock_check.check_clock(plan, now, any_day=demo, ntp=machine_check.network_time())
    says = runs.answer["checks"].get("clock") if runs.answer else None
    yield from clock_check.check_zone(plan, now, system_zone(plan.timezone), says)
    try:
        venue = open_it()
    except Fault as fault:
        yield looks.Finding("database", "STOP", str(fault))
        return
    as_the_server(venue)
    try:
        yield from looks.check_database(venue, runs.answer["checks"].get("database") if runs.answer else None)
        yield from clock_check.check_time(venue)
        yield from looks.check_day(venue)
        yield from looks.check_people(venue)
        yield from cards_check.check_signed_cards(venue)
        yield from looks.check_plan(venue)
        yield from looks.check_numbers(venue)
        yield from looks.check_retention(venue)
        yield from looks.check_devices(venue, demo=demo)
        yield from clock_check.check_screens_hours(venue)
    except StoreUnavailable:
        return  # said above; nothing more can be read
    finally:
        venue.db.close()
