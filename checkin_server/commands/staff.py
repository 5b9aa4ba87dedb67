"""`riwaq staff …`: staff accounts."""

from __future__ import annotations

from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened
from checkin_server.common.roles import STAFF_ROLES


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
    help="Where they sign in: at counters, or (welcome, organizer) at the welcome desk too.",
)
@click.option("--pin", prompt=True, hide_input=True, help="4 to 8 digits.")
@of_a_venue
def staff_add(name: str, role: str, pin: str, config: Path | None, folder: Path | None) -> None:
    """Add a member of staff.

    Example: riwaq staff add Salma --role counter --pin 2468 --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue:
        try:
            access.add_staff(venue, name, role, pin)
        except ValueError as error:
            fail(str(error), 2)
    where = "on a paired counter" if role == "counter" else "on a paired counter and at the welcome desk"
    click.echo(f"{name} can sign in {where}.")
