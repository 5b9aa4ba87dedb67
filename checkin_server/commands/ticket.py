"""`riwaq ticket …`: look at tickets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checkin_server.commands import fail, plain_errors, write_file
from checkin_server.common.places import FONTS, TICKET_TEMPLATE
from checkin_server.domain.plan import LANGUAGES

if TYPE_CHECKING:
    from checkin_server.domain.plan import Plan
    from printers.render import TicketLayout
    from printers.ticket import TicketSpec

_LOOK_AGAIN_S = 0.3


@click.group()
def ticket() -> None:
    """Look at tickets."""


@ticket.command("preview")
@click.option("--lang", type=click.Choice(LANGUAGES), default="ar", show_default=True, help="The visitor's language.")
@click.option("--width", type=click.Choice(["80", "58"]), default="80", show_default=True, help="Paper in millimetres.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The picture, a PNG file.")
@click.option("--template", type=click.Path(path_type=Path), help="A template of your own, to be tried.")
@click.option("--bilingual", is_flag=True, help="With a second language also where the venue has none.")
@click.option("--number", type=click.IntRange(1, 99_999), default=147, show_default=True)
@click.option("--watch", is_flag=True, help="Draw again whenever the template is saved, until Ctrl-C.")
@click.option("--config", type=click.Path(path_type=Path), help="A real venue's settings file (default: the demo's).")
# size: click gives one argument an option
def preview(
    lang: str,
    width: str,
    out: Path,
    template: Path | None,
    bilingual: bool,
    number: int,
    watch: bool,
    config: Path | None,
) -> None:
    """Draw a ticket as the printer would, dot for dot, from the venue's plan; no server and no database are needed.

    Example: riwaq ticket preview --lang ar --width 58 --out ticket.png
    """
    from checkin_server.services.paper import sample_ticket
    from checkin_server.settings import load_settings, load_venue
    from checkin_server.translations import Catalogues
    from checkin_server.venues import demo
    from printers.render import LayoutError, TicketLayout
    from printers.ticket import TicketSpec

    source = template or TICKET_TEMPLATE
    with plain_errors():
        plan: Plan = load_settings(config).plan if config else load_venue(demo.CONFIG)
        contents = sample_ticket.sample(plan, Catalogues().words, lang, number, bilingual=bilingual)
        spec = TicketSpec.from_dict(contents)
        try:
            layout = TicketLayout(source, FONTS)
            _draw(layout, spec, int(width), out)
        except LayoutError as error:
            if not watch or not source.is_file():
                fail(str(error))
            click.echo(f"riwaq: {error}", err=True)
        if watch:
            click.echo(f"Watching {source}; stop with Ctrl-C.")
            _watch(layout, spec, int(width), out, source)


def _draw(layout: TicketLayout, spec: TicketSpec, width_mm: int, out: Path) -> None:
    import io

    picture = layout.picture(spec, width_mm)
    png = io.BytesIO()
    picture.save(png, "PNG")
    write_file(out, png.getvalue())
    click.echo(f"Written: {out} ({picture.width} x {picture.height} dots, {picture.height / 8:.0f} mm of paper)")


def _watch(layout: TicketLayout, spec: TicketSpec, width_mm: int, out: Path, source: Path) -> None:
    """Draw again at each change of the template; a mistake in it is said, and the next change tried."""
    from printers.render import LayoutError

    seen = _saved(source)
    while True:
        time.sleep(_LOOK_AGAIN_S)
        if (now := _saved(source)) == seen:
            continue
        seen = now
        try:
            _draw(layout, spec, width_mm, out)
        except LayoutError as error:
            click.echo(f"riwaq: {error}", err=True)


def _saved(path: Path) -> int:
    """Return when a file was last saved; 0 in the moment in which an editor replaces it."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
