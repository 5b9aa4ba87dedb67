"""`riwaq clock …`: which clock is right, after the machine's was set."""

from __future__ import annotations

from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened


@click.group()
def clock() -> None:
    """Say which clock is right, after the machine's was set. A running server follows within a second."""


@clock.command("show")
@of_a_venue
def clock_show(config: Path | None, folder: Path | None) -> None:
    """Show what time it is by Riwaq and by the machine, and whether somebody has to say which is right.

    Example: riwaq clock show --config venue.toml
    """
    from checkin_server.common.clock import machine_ms
    from checkin_server.services.day import clock as use
    from checkin_server.services.times import second_at_venue

    with opened(config, folder) as venue:
        zone = venue.plan.timezone
        asked = venue.db.read(lambda tx: use.question(tx, venue.now()))
        kept = venue.db.read(use.known_wrong)
        if asked is not None:
            click.echo(f"The machine's clock: {second_at_venue(asked.machine, zone)}")
            click.echo(f"Riwaq:               {second_at_venue(asked.riwaq, zone)}")
            click.echo("Which is right? `riwaq clock accept` (the machine's) or `riwaq clock keep` (Riwaq's).")
            return
        click.echo(f"Riwaq:               {second_at_venue(venue.now(), zone)}")
        click.echo(f"The machine's clock: {second_at_venue(machine_ms(), zone)}")
        click.echo("Somebody said that the machine's clock is wrong: set it." if kept else "Nothing is to be decided.")


@clock.command("accept")
@of_a_venue
def clock_accept(config: Path | None, folder: Path | None) -> None:
    """The machine's clock is right: Riwaq goes by it from now on, and reads anew what the wrong one gave.

    Example: riwaq clock accept --config venue.toml
    """
    _decide("machine", config, folder)


@clock.command("keep")
@of_a_venue
def clock_keep(config: Path | None, folder: Path | None) -> None:
    """Riwaq's time is right: it goes on, and the machine's clock is to be set.

    Example: riwaq clock keep --config venue.toml
    """
    _decide("riwaq", config, folder)


def _decide(right: str, config: Path | None, folder: Path | None) -> None:
    from typing import cast

    from checkin_server.domain.refusal import Refusal
    from checkin_server.services.day import clock as use
    from checkin_server.services.times import milliseconds, second_at_venue

    with opened(config, folder) as venue:
        answer = use.decide_here(venue, cast(use.Right, right), hours_follow=config is None)
        if isinstance(answer, Refusal):
            fail("nothing is to be decided: the machine's clock and Riwaq's agree")
        shown = second_at_venue(milliseconds(answer["now"]), venue.plan.timezone)
        click.echo(f"Riwaq goes by {shown}.")
        if right == "riwaq":
            click.echo("Now set the machine's clock, so that it does not ask again after a restart.")
