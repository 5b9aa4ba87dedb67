"""`riwaq tls …`: certificates of the venue's own, so that screens speak HTTPS without the internet."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from checkin_server.commands import fail, plain_errors
from checkin_server.commands.passphrases import PASSPHRASE, device_of, passphrase_of

if TYPE_CHECKING:
    from checkin_server.common.certificates import Wanted
    from checkin_server.settings import Settings

_AFTER_TOUR_DAYS = 14
_LEAST_DAYS = 90
_WHOSE = "the authority's key"
_CONFIG = click.option("--config", type=click.Path(path_type=Path), required=True, help="The venue's settings file.")
_CA_KEY = click.option(
    "--ca-key", type=click.Path(path_type=Path), required=True, help="Where the authority's key is kept: on a stick."
)
_NAMES = click.option("--name", "names", multiple=True, help="A further name of the server, such as riwaq.lan.")
_ADDRESSES = click.option("--address", "addresses", multiple=True, help="A further address, such as 192.168.10.2.")


@click.group()
def tls() -> None:
    """Make the venue's own certificates; `riwaq serve` then speaks HTTPS."""


@tls.command("init")
@_CONFIG
@_CA_KEY
@PASSPHRASE
@_NAMES
@_ADDRESSES
@click.option("--no-passphrase", is_flag=True, help="The key on another medium than the data, unencrypted.")
@click.option("--replace", is_flag=True, help="Make a new authority: every device must be told to trust it again.")
# size: click gives one argument an option
def init(
    config: Path,
    ca_key: Path,
    passphrase_file: IO[str] | None,
    names: tuple[str, ...],
    addresses: tuple[str, ...],
    no_passphrase: bool,
    replace: bool,
) -> None:
    """Make an authority for local names and addresses only, and the server's certificate.

    Both hold until two weeks after the tour. The authority's key is written to --ca-key alone, never to the data.

    Example: riwaq tls init --config venue.toml --ca-key /media/stick/ca.key --name riwaq.local
    """
    from checkin_server.common import certificates
    from checkin_server.services.checkup.machine_check import lan_addresses
    from checkin_server.settings import load_settings

    with plain_errors():
        settings = load_settings(config)
        there = certificates.held(settings.data_dir) if not replace else None
        if there is not None:
            fail("there are certificates already: `riwaq tls renew` makes another leaf, --replace a new authority")
        if ca_key.resolve().is_relative_to(settings.data_dir.resolve()):
            fail("the authority's key must not lie in the data folder: name a file on a stick", 2)
        if ca_key.exists() and not replace:
            fail(f"{ca_key} exists; it is not overwritten", 2)
        passphrase = passphrase_of(_WHOSE, passphrase_file, none=no_passphrase, confirm=True)
        if passphrase is None and device_of(ca_key) == device_of(settings.data_dir):
            fail("without a passphrase the key must lie on another medium than the data: name a file on a stick", 2)
        now = certificates.now()
        wanted = _wanted(settings, names, (*lan_addresses(), *addresses))
        ca, key = certificates.new_authority(settings.plan.event.id, wanted, now)
        leaf, leaf_key = certificates.new_leaf(ca, key, wanted, now)
        certificates.write_private(ca_key, certificates.key_pem(key, passphrase))
        certificates.write(settings.data_dir, ca, leaf, leaf_key)
    _told(ca_key, wanted, certificates.fingerprint(ca))


@tls.command()
@_CONFIG
@_CA_KEY
@PASSPHRASE
@_NAMES
@_ADDRESSES
def renew(
    config: Path,
    ca_key: Path,
    passphrase_file: IO[str] | None,
    names: tuple[str, ...],
    addresses: tuple[str, ...],
) -> None:
    """Make another certificate of the same authority, for this hall's names and addresses; devices trust it already.

    Example: riwaq tls renew --config venue.toml --ca-key /media/stick/ca.key --address 192.168.10.2
    """
    from checkin_server.common import certificates
    from checkin_server.services.checkup.machine_check import lan_addresses
    from checkin_server.settings import load_settings

    with plain_errors():
        settings = load_settings(config)
        there = certificates.held(settings.data_dir)
        if there is None:
            fail("there is no authority yet: `riwaq tls init` makes one")
        encrypted = b"ENCRYPTED" in ca_key.read_bytes() if ca_key.is_file() else False
        key = certificates.read_key(ca_key, passphrase_of(_WHOSE, passphrase_file, none=not encrypted))
        own = [address for address in lan_addresses() if certificates.may_be(there.ca, address)]
        wanted = _wanted(settings, names, (*own, *addresses))
        leaf, leaf_key = certificates.new_leaf(there.ca, key, wanted, certificates.now())
        certificates.write(settings.data_dir, there.ca, leaf, leaf_key)
    _told(None, wanted, certificates.fingerprint(there.ca))


def _wanted(settings: Settings, names: tuple[str, ...], addresses: tuple[str, ...]) -> Wanted:
    """What the leaf is for: this machine's names and those that were named, and addresses."""
    from datetime import UTC, datetime

    from checkin_server.common import certificates

    host = socket.gethostname().split(".")[0].lower()
    own = [name for name in (f"{host}.local",) if host.isascii() and host.replace("-", "").isalnum()]
    last = max(datetime.fromisoformat(city.last_day).replace(tzinfo=UTC) for city in settings.plan.event.cities)
    now = certificates.now()
    until = max(last + timedelta(days=_AFTER_TOUR_DAYS), now + timedelta(days=_LEAST_DAYS))
    return certificates.Wanted(
        tuple(dict.fromkeys(("localhost", "riwaq.local", *own, *(name.lower() for name in names)))),
        tuple(dict.fromkeys(("127.0.0.1", *addresses))),
        until,
    )


def _told(ca_key: Path | None, wanted: Wanted, fingerprint: str) -> None:
    if ca_key is not None:
        click.echo(f"Wrote the authority's key to {ca_key}: take it away, it is needed only to renew.")
    click.echo(f"The server is {', '.join((*wanted.names, *wanted.addresses))}, until {wanted.until:%Y-%m-%d}.")
    click.echo(f"Each device trusts it once, at http://SERVER:PORT/trust. The authority's fingerprint:\n{fingerprint}")
    click.echo("Start `riwaq serve` again; it speaks HTTPS now.")
