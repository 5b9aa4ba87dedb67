"""`riwaq devices …`: pair, list and cut off devices."""

from __future__ import annotations

import json
from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened


@click.group()
def devices() -> None:
    """Pair, list and cut off devices."""


@devices.command("add")
@click.option("--role", required=True, help="board, kiosk, counter, welcome, organizer, privacy or print_agent.")
@click.option("--station", required=True, help="Where it stands: a kiosk's, board's or counter's id in the plan.")
@click.option("--json", "as_json", is_flag=True, help="Print {device_id, token}.")
@of_a_venue
def devices_add(role: str, station: str, as_json: bool, config: Path | None, folder: Path | None) -> None:
    """Make a device token without the pairing screen, for scripts. It is shown once.

    Example: riwaq devices add --role kiosk --station K1 --json --dir riwaq-demo
    """
    from checkin_server.services import access

    with opened(config, folder) as venue:
        try:
            paired = access.add_device(venue, role, station)
        except ValueError as error:
            fail(str(error), 2)
    if as_json:
        click.echo(json.dumps({"device_id": paired.device_id, "token": paired.token}))
    else:
        click.echo(f"Device {paired.device_id} ({role} {station}). Its token, shown only now:\n{paired.token}")


@devices.command("link")
@click.option("--role", required=True)
@click.option("--station", required=True)
@of_a_venue
def devices_link(role: str, station: str, config: Path | None, folder: Path | None) -> None:
    """Make a one-time link that turns the browser that opens it into a device.

    Example: riwaq devices link --role board --station hall --config venue.toml
    """
    from checkin_server.services import access

    with opened(config, folder) as venue:
        try:
            click.echo(f"/pair/{access.make_link(venue, role, station)}")
        except ValueError as error:
            fail(str(error), 2)


@devices.command("list")
@click.option("--json", "as_json", is_flag=True)
@of_a_venue
def devices_list(as_json: bool, config: Path | None, folder: Path | None) -> None:
    """List the devices.

    Example: riwaq devices list --dir riwaq-demo
    """
    from checkin_server.services import access
    from checkin_server.services.times import at_venue

    with opened(config, folder) as venue:
        rows, timezone = access.list_devices(venue), venue.plan.timezone
        over = {row["id"] for row in rows if not access.is_good(venue, row)}
    if as_json:
        click.echo(json.dumps([{**row, "expired": row["id"] in over} for row in rows]))
        return
    for row in rows:
        seen = "never" if row["last_seen"] is None else at_venue(row["last_seen"], timezone)
        state = "cut off" if row["revoked_at"] else f"seen {seen}"
        if row["id"] in over and not row["revoked_at"]:
            state = f"{state}, too long ago: pair it anew"
        click.echo(f"{row['id']}  {row['role']:<12} {row['station']:<14} {state}")


@devices.command("revoke")
@click.argument("device_id")
@of_a_venue
def devices_revoke(device_id: str, config: Path | None, folder: Path | None) -> None:
    """Cut a device off within two seconds, its socket too.

    Example: riwaq devices revoke d_0123456789abcdef01234567 --dir riwaq-demo
    """
    from checkin_server.services import access

    with opened(config, folder) as venue:
        if not access.revoke_device(venue, device_id):
            fail(f"there is no device {device_id}, or it was cut off before; see `riwaq devices list`")
    click.echo("Cut off.")
