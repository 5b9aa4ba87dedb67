"""`riwaq staff …`: who may sign in, and with which PIN."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened
from checkin_server.common.roles import STAFF_ROLES

_WHERE = {
    "counter": "on a paired counter",
    "welcome": "on a paired counter and at the welcome desk",
    "organizer": "on a paired counter, at the welcome desk and on the dashboard",
    "privacy": "on a paired counter and on the dashboard",
}
_PIN_HELP = "4 to 8 digits. Left out, it is asked for and not shown; `-` reads it from standard input."


_with_pin = click.option("--pin", metavar="PIN|-", help=_PIN_HELP)


def _read_pin(given: str | None) -> str:
    """Return the PIN: asked for, from standard input, or, in scripts of old, as it was given."""
    if given is None:
        asked: str = click.prompt("PIN", hide_input=True, confirmation_prompt=True)
        return asked
    if given == "-":
        return sys.stdin.readline().strip()
    click.echo(
        "riwaq: warning: a PIN on the command line can be read by everybody on this machine, and stays in the "
        "shell's history. Leave --pin out, or give it on standard input with `--pin -`.",
        err=True,
    )
    return given


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Say who is not on the list, or what is no PIN: wrong use."""
    try:
        yield
    except ValueError as error:
        fail(str(error), 2)


@click.group()
def staff() -> None:
    """Look after staff accounts."""


@staff.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(STAFF_ROLES),
    default="counter",
    show_default=True,
    help="Where they sign in: at counters; welcome, organizer: at the welcome desk too; organizer, privacy: dashboard.",
)
@_with_pin
@of_a_venue
def staff_add(name: str, role: str, pin: str | None, config: Path | None, folder: Path | None) -> None:
    """Add a member of staff.

    Example: riwaq staff add Salma --role counter --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue, _said_plainly():
        access.add_staff(venue, name, role, _read_pin(pin))
    click.echo(f"{name} can sign in {_WHERE[role]}.")


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print {id, name, role, state, signed_in, locked} of each.")
@of_a_venue
def staff_list(as_json: bool, config: Path | None, folder: Path | None) -> None:
    """List staff: role, whether they may sign in, where they are signed in, where wrong PINs have locked them.

    Example: riwaq staff list --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue:
        people = access.list_staff(venue)
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False))
        return
    for one in people:
        notes = [f"signed in at {', '.join(one['signed_in'])}"] if one["signed_in"] else []
        notes += [f"locked at {held['station']} until {held['until']}" for held in one["locked"]]
        said = f"  {'; '.join(notes)}" if notes else ""
        click.echo(f"{one['id']}  {one['role']:<10} {one['state']:<9} {one['name']}{said}")


@staff.command("pin")
@click.argument("name")
@_with_pin
@of_a_venue
def staff_pin(name: str, pin: str | None, config: Path | None, folder: Path | None) -> None:
    """Give somebody another PIN. Whoever is signed in with the old one is signed out.

    Example: riwaq staff pin Salma --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue, _said_plainly():
        access.set_pin(venue, name, _read_pin(pin))
    click.echo(f"{name} has another PIN.")


@staff.command("disable")
@click.argument("name")
@of_a_venue
def staff_disable(name: str, config: Path | None, folder: Path | None) -> None:
    """Take somebody off the list: signed out everywhere within two seconds, and let in nowhere.

    Example: riwaq staff disable Salma --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue, _said_plainly():
        changed = access.disable(venue, name)
    click.echo(f"{name} can't sign in any more." if changed else f"{name} could not sign in before either.")


@staff.command("enable")
@click.argument("name")
@of_a_venue
def staff_enable(name: str, config: Path | None, folder: Path | None) -> None:
    """Let somebody sign in again who was taken off the list; the PIN is the same.

    Example: riwaq staff enable Salma --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue, _said_plainly():
        changed = access.enable(venue, name)
    click.echo(f"{name} can sign in again." if changed else f"{name} could sign in already.")


@staff.command("unlock")
@click.argument("name", required=False)
@click.option("--at", "station", metavar="STATION", help="Every wrong PIN that was typed at this place instead.")
@of_a_venue
def staff_unlock(name: str | None, station: str | None, config: Path | None, folder: Path | None) -> None:
    """Forget the wrong PINs that were typed for somebody, and those of the tablets they were typed on.

    Example: riwaq staff unlock Salma --config venue.toml
    """
    from checkin_server.services import access

    if (name is None) == (station is None):
        raise click.UsageError("say whose wrong PINs are forgotten, or with --at where they were typed")
    with opened(config, folder) as venue, _said_plainly():
        freed = access.unlock(venue, name) if name is not None else access.unlock_at(venue, station or "")
    click.echo(f"Unlocked at {', '.join(freed)}." if freed else f"No wrong PIN stands against {name or station}.")
