"""`riwaq cards …`: print members' cards, replace them, revoke them; signed ones are made in `signed_cards`."""

from __future__ import annotations

from pathlib import Path

import click

from checkin_server.commands import fail, of_a_venue, opened, plain_errors, write_file
from checkin_server.commands.signed_cards import keys, revoked_list, sign
from checkin_server.common.places import CARD_TEMPLATE, FONTS
from checkin_server.domain.members import codes


@click.group()
def cards() -> None:
    """Print members' cards, replace them, revoke them; sign cards for venues without a member list."""


@cards.command("render")
@click.option("--member", "wanted", multiple=True, help="A member's id; may be given several times.")
@click.option("--all", "everybody", is_flag=True, help="Every valid card of this event.")
@click.option("--single", is_flag=True, help="A page of a card's size for each, for card printers.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF file.")
@click.option("--template", type=click.Path(path_type=Path), help="A template of your own.")
@of_a_venue
# size: click gives one argument an option
def render(
    wanted: tuple[str, ...],
    everybody: bool,
    single: bool,
    out: Path,
    template: Path | None,
    config: Path | None,
    folder: Path | None,
) -> None:
    """Lay cards out as a PDF: A4 sheets of ten with crop marks, or single cards. Print it at 100 %.

    The file holds names and valid codes: keep it as safe as the cards.

    Example: riwaq cards render --all --out cards.pdf --dir riwaq-demo
    """
    if bool(wanted) == everybody:
        raise click.UsageError("give --all, or --member with an id")
    from checkin_server.services.members import cards as service

    with opened(config, folder) as venue:
        printed = service.lay_out(venue, None if everybody else wanted)
        event = venue.plan.event.name
    if not printed:
        fail("there is no valid card of this event")
    from printers.cards import CardLayout, CardSpec
    from printers.render import LayoutError

    with plain_errors():
        try:
            layout = CardLayout(template or CARD_TEMPLATE, FONTS)
            specs = [
                CardSpec(c.code, c.name_ar, c.name_la, c.category_ar, c.category_fr, short=codes.short(c.code))
                for c in printed
            ]
            pdf = layout.pdf(specs, event_ar=event["ar"], event_fr=event["fr"], single=single)
        except LayoutError as error:
            fail(str(error))
        write_file(out, pdf)
    pages = len(printed) if single else -(-len(printed) // 10)
    click.echo(f"Written: {out} (cards: {len(printed)}, pages: {pages})")


@cards.command("issue")
@click.argument("member")
@of_a_venue
def issue(member: str, config: Path | None, folder: Path | None) -> None:
    """Give MEMBER a new card; the old one is refused from now on. A visit under way goes on.

    Example: riwaq cards issue M000012 --dir riwaq-demo
    """
    from checkin_server.services.members import cards as service

    with opened(config, folder) as venue:
        revoked = service.issue(venue, member)
    click.echo(f"{member} has a new card; cards revoked: {revoked}.")
    click.echo(f"Print it: riwaq cards render --single --member {member} --out card.pdf")


@cards.command("revoke")
@click.argument("member", required=False)
@click.option(
    "--list",
    "listed",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Numbers of signed cards, one a line.",
)
@of_a_venue
def revoke(member: str | None, listed: Path | None, config: Path | None, folder: Path | None) -> None:
    """Revoke the cards of MEMBER (an id), or one card: by its code, or a signed one by the number printed on it.

    With --list all signed cards of a list that `riwaq cards revoked` wrote; what is revoked already stays so. Signed
    cards may be revoked before they were ever shown here.

    Example: riwaq cards revoke M000012 --dir riwaq-demo
    """
    if (member is None) == (listed is None):
        raise click.UsageError("give a member, a card, or --list")
    from checkin_server.services.members import cards as service
    from checkin_server.services.members import signed_cards

    with opened(config, folder) as venue:
        if member is not None:
            revoked = service.revoke(venue, member)
        else:
            assert listed is not None
            revoked = signed_cards.revoke_ids(venue, signed_cards.read_ids(listed))
    click.echo(f"Cards revoked: {revoked}.")


for command in (keys, sign, revoked_list):
    cards.add_command(command)
