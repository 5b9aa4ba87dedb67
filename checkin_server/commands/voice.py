"""`riwaq voice …`: what can be said aloud, and what is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import DEMO_FOLDER, of_a_venue, plain_errors

if TYPE_CHECKING:
    from checkin_server.domain.plan import Plan


@click.group()
def voice() -> None:
    """Calls that are said aloud."""


@voice.command("check")
@click.option("--numbers", type=click.IntRange(1, 9999), help="Highest number that will be called (default: capacity).")
@click.option("--kiosks", is_flag=True, help="Also what kiosks say as spoken guidance.")
@click.option("--json", "as_json", is_flag=True, help="Print {ok, languages: {ar: {recorded, missing, spoken_by}}}.")
@of_a_venue
def check(numbers: int | None, kiosks: bool, as_json: bool, config: Path | None, folder: Path | None) -> None:
    """List the recordings that calls of this venue need and that are missing, language by language.

    Exits with 1 if a language has nobody to speak it; boards chime then and show the call. No server is needed.

    Example: riwaq voice check --dir riwaq-demo
    """
    from checkin_server.services.checkup import voice_check
    from checkin_server.settings import load_settings
    from checkin_server.venues import demo

    with plain_errors():
        if config is not None and folder is not None:
            raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
        plan: Plan = load_settings(config).plan if config else demo.plan_of(folder or Path(DEMO_FOLDER))
    found = voice_check.look(plan, numbers or voice_check.highest_number(plan), kiosks=kiosks)
    if as_json:
        document = {"ok": all(one.spoken_by != "nobody" for one in found), "languages": {}}
        document["languages"] = {
            one.language: {"recorded": one.recorded, "missing": list(one.missing), "spoken_by": one.spoken_by}
            for one in found
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(f"Recordings in {plan.voice.folder or '(no folder: set folder in [voice])'}")
        for one in found:
            click.echo(voice_check.line(one))
            for row in voice_check.rows(one.missing):
                click.echo(f"    {row}")
    sys.exit(0 if all(one.spoken_by != "nobody" for one in found) else 1)
