"""Commands of signed cards (`riwaq cards …`): made where the member list is, for venues that have none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from checkin_server.commands import fail, of_a_venue, plain_errors, write_file
from checkin_server.commands.passphrases import PASSPHRASE, device_of, passphrase_of
from checkin_server.common.places import CARD_TEMPLATE, FONTS

if TYPE_CHECKING:
    from checkin_server.domain.members.member_list import Entry
    from checkin_server.domain.plan import Plan
    from checkin_server.services.members.sign_cards import Made, Term

_WHOSE = "the key that signs cards"
_FILE = click.Path(path_type=Path, dir_okay=False)
_REGISTER = click.option(
    "--register", type=_FILE, required=True, help="Which member has which card; it stays with the list."
)


@click.group()
def keys() -> None:
    """Make the keys of signed cards, and see which ones a venue takes."""


@keys.command("make")
@click.option("--out", type=_FILE, required=True, help="Where the private key is kept: where cards are signed.")
@PASSPHRASE
@click.option("--no-passphrase", is_flag=True, help="Unencrypted, readable by its owner only.")
@of_a_venue
def make(
    out: Path, passphrase_file: IO[str] | None, no_passphrase: bool, config: Path | None, folder: Path | None
) -> None:
    """Make a key that signs cards, and print what a venue needs to know them by.

    The private key is written to --out alone, never into a venue's data folder; with --config it is seen that neither
    is it on the same disk unencrypted. Several keys are valid at a time.

    Example: riwaq cards keys make --out /media/stick/cards.key
    """
    from checkin_server.common import ed25519
    from checkin_server.domain.card_keys import key_id

    with plain_errors():
        if out.exists():
            fail(f"{out} exists; it is not overwritten", 2)
        data = _data_folder(config, folder)
        if data is not None and out.resolve().is_relative_to(data.resolve()):
            fail("the private key must not lie in the data folder: name a file on a stick", 2)
        passphrase = passphrase_of(_WHOSE, passphrase_file, none=no_passphrase, confirm=True)
        if passphrase is None and data is not None and device_of(out) == device_of(data):
            fail("without a passphrase the key must lie on another medium than the data: name a file on a stick", 2)
        key = ed25519.new_key()
        ed25519.write_key(out, key, passphrase)
    public = key.public_key().public_bytes_raw()
    click.echo(f"Wrote the private key {key_id(public)} to {out}. It signs cards: keep it where the member list is.")
    click.echo("A venue takes its cards with this in its file, beside those of other keys:\n")
    click.echo(f'[[card_key]]\npublic = "{public.hex()}"')


@keys.command("list")
@of_a_venue
def list_keys(config: Path | None, folder: Path | None) -> None:
    """Show whose signed cards a venue takes.

    Example: riwaq cards keys list --config venue.toml
    """
    with plain_errors():
        plan = _plan(config, folder)
    for key in plan.card_keys:
        click.echo(f"{key.id}  until {key.last_day}" if key.last_day else key.id)
    if not plan.card_keys:
        click.echo("This venue takes no signed cards: its file has no [[card_key]].")


@click.command("sign")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, required=True, help="The private key.")
@PASSPHRASE
@_REGISTER
@click.option("--member", "wanted", multiple=True, help="Only this member of the list; may be given several times.")
@click.option("--replace", "replaced", multiple=True, help="Give this member a new card; the old one ends.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day; by default today.")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day; by default the tour's last.")
@click.option("--single", is_flag=True, help="A page of a card's size for each, for card printers.")
@click.option("--out", type=_FILE, required=True, help="The PDF file.")
@click.option("--codes", type=_FILE, help="Also write what each QR code holds, as CSV.")
@click.option("--template", type=click.Path(path_type=Path), help="A template of your own.")
@of_a_venue
def sign(file: Path, config: Path | None, folder: Path | None, **how: Any) -> None:
    """Sign cards for the members of a list and lay them out as a PDF, as `riwaq cards render` does.

    Categories and units are those of the venue's plan; its database is not opened. A card says pseudonym, category,
    unit, language and days, and no name; a name that the list has is printed on its face. A member keeps the card's
    number when it is printed again, until --replace. All files are readable by their owner only.

    Example: riwaq cards sign members.csv --key cards.key --register cards.csv --out cards.pdf --config venue.toml
    """
    from checkin_server.common import ed25519
    from checkin_server.services.members.cose_card import Signer
    from checkin_server.services.members.sign_cards import Register

    with plain_errors():
        plan = _plan(config, folder)
        data = _data_folder(config, folder)
        if data is not None and how["register"].resolve().is_relative_to(data.resolve()):
            fail("the register must not lie in the data folder: no venue has it", 2)
        entries = _chosen(_listed(plan, file), {*how["wanted"], *how["replaced"]})
        term = _term(plan, how["first"], how["last"])
        sealed = ed25519.is_under_passphrase(how["key"])
        secret = passphrase_of(_WHOSE, how["passphrase_file"], none=not sealed)
        signer = Signer(ed25519.read_key(how["key"], secret))
        register = Register.read(how["register"])
        register.end(how["replaced"])
        made = list(register.make(entries, signer, term, os.urandom))
        pdf = _pdf(plan, made, how["template"], single=how["single"])
        # First: a card that the register does not know could never be revoked by its member.
        write_file(how["register"], register.text().encode())
        write_file(how["out"], pdf)
        if how["codes"] is not None:
            rows = "".join(f'{one.entry.member},"{one.text}"\n' for one in made)
            write_file(how["codes"], ("member,code\n" + rows).encode())
    pages = len(made) if how["single"] else -(-len(made) // 10)
    click.echo(f"Written: {how['out']} (cards: {len(made)}, pages: {pages}, until {term.last_day})")
    if signer.id not in {key.id for key in plan.card_keys}:
        click.echo(f"Note: this venue's file has no [[card_key]] of {signer.id}: it will not know these cards.")
    if how["replaced"]:
        click.echo("The cards before are to be ended at each venue: riwaq cards revoked --register … --out ended.txt")


@click.command("revoked")
@_REGISTER
@click.option("--member", "ended", multiple=True, help="End this member's card first; may be given several times.")
@click.option("--out", type=_FILE, required=True, help="The list for `riwaq cards revoke --list`.")
def revoked_list(register: Path, ended: tuple[str, ...], out: Path) -> None:
    """Write the numbers of all signed cards that have ended: what every venue is given. It names nobody.

    Example: riwaq cards revoked --register cards.csv --member M000012 --out ended.txt
    """
    from checkin_server.services.members.sign_cards import Register

    with plain_errors():
        if not register.exists():
            fail(f"there is no register {register}", 2)
        known = Register.read(register)
        if ended:
            known.end(ended)
            write_file(register, known.text().encode())
        ids = known.ended()
        write_file(out, "".join(f"{one}\n" for one in ids).encode())
    click.echo(f"Written: {out} (cards: {len(ids)}). At each venue: riwaq cards revoke --list {out} --config F")


def _plan(config: Path | None, folder: Path | None) -> Plan:
    """Return a venue's plan without opening its database: cards are signed where there is none."""
    from checkin_server.commands import DEMO_FOLDER
    from checkin_server.settings import load_settings
    from checkin_server.venues import demo

    if config is not None and folder is not None:
        raise click.UsageError("give --config (a real venue) or --dir (a demo's folder), not both")
    return load_settings(config).plan if config is not None else demo.plan_of(folder or Path(DEMO_FOLDER))


def _data_folder(config: Path | None, folder: Path | None) -> Path | None:
    from checkin_server.settings import load_settings

    return load_settings(config).data_dir if config is not None else folder


def _listed(plan: Plan, file: Path) -> Sequence[Entry]:
    from checkin_server.domain.members import member_list
    from checkin_server.services.members.import_report import Report
    from checkin_server.services.members.member_file import open_table
    from checkin_server.services.members.table import FileUnreadable

    report = Report(plan, "en")
    try:
        table = open_table(file)
        read = member_list.read(plan, table.rows, faults=table.faults, parted_by_marks=table.parted_by_marks)
    except FileUnreadable as error:
        fail("\n".join(report.unreadable(file, error)))
    except member_list.NotAList as error:
        fail(report.not_a_list(file, error, table))
    if read.bad:
        fail("\n".join(report.bad(read, bad) for bad in read.bad) + "\nNothing was signed: mend the list first")
    return read.entries


def _chosen(entries: Sequence[Entry], wanted: set[str]) -> Sequence[Entry]:
    if missing := sorted(wanted - {entry.member for entry in entries}):
        fail(f"{missing[0]} is not in the list", 2)
    chosen = [entry for entry in entries if not wanted or entry.member in wanted]
    return chosen or fail("there is nobody in the list")


def _term(plan: Plan, first: datetime | None, last: datetime | None) -> Term:
    from checkin_server.services.members.sign_cards import Term

    begins = first.date().isoformat() if first else None
    ends = last.date().isoformat() if last else max(city.last_day for city in plan.event.cities)
    tour = min(city.first_day for city in plan.event.cities)
    term = Term(begins or min(date.today().isoformat(), tour), ends)
    if not "1970-01-01" <= term.first_day <= term.last_day < "2149-01-01":
        fail(f"cards can't count from {term.first_day} to {term.last_day}", 2)
    return term


def _pdf(plan: Plan, made: Sequence[Made], template: Path | None, *, single: bool) -> bytes:
    from printers.cards import CardLayout, CardSpec
    from printers.render import LayoutError

    def spec(one: Made) -> CardSpec:
        name = plan.categories[one.entry.category].name
        arabic, latin = one.entry.name_ar or one.entry.name_la or "", one.entry.name_la or one.entry.name_ar or ""
        return CardSpec(one.text, arabic, latin, name["ar"], name["fr"], letters=f"R{one.row.card}")

    event = plan.event.name
    try:
        layout = CardLayout(template or CARD_TEMPLATE, FONTS)
        return layout.pdf([spec(one) for one in made], event_ar=event["ar"], event_fr=event["fr"], single=single)
    except LayoutError as error:
        fail(str(error))
