"""Certificates of a venue's own: an authority that speaks for local names and addresses only, and the server's leaf.

The authority lives as long as the tour, so that each device is told once to trust it; its key lies on a stick or under
a passphrase, and is needed only to make another leaf. RFC 5280: name constraints 4.2.1.10, key usage 4.2.1.3.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from checkin_server.common.faults import Fault

FOLDER = "tls"
"""Below the data folder."""
CA, LEAF, KEY = "ca.crt", "server.crt", "server.key"
LONGEST_DAYS = 820
"""Devices of Apple take no leaf of more than 825 days."""
LOCAL_NAMES = ("local", "lan", "home.arpa", "internal", "localhost")
LOCAL_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
)
"""Addresses and names that no other place in the world has: the authority can speak for nobody else."""
_EARLIER = timedelta(hours=26)
"""Clocks of tablets are wrong by a day at times; a certificate holds from before it was made."""


class NoCertificate(Fault):
    """A certificate cannot be made, read or used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a leaf is for."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    until: datetime
    """The end of the tour; the authority and the leaf end then."""


@dataclass(frozen=True, slots=True)
class Held:
    """The certificates in a data folder."""

    ca: x509.Certificate
    leaf: x509.Certificate
    key_file: Path

    @property
    def names(self) -> list[str]:
        """Names and addresses that the leaf is for."""
        san = self.leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [*san.get_values_for_type(x509.DNSName), *map(str, san.get_values_for_type(x509.IPAddress))]


def new_authority(venue: str, wanted: Wanted, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make an authority for a tour: local names and networks, no authority below it.

    Of other addresses it may speak for those alone that this machine has now, one by one.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Riwaq {venue} {now:%Y-%m-%d}"[:64])])
    allowed: list[x509.GeneralName] = [x509.DNSName(each) for each in LOCAL_NAMES]
    networks = [*LOCAL_NETWORKS, *(each for each in wanted.addresses if not _inside(each, LOCAL_NETWORKS))]
    allowed += [x509.IPAddress(ipaddress.ip_network(each)) for each in networks]
    made = (
        _begin(name, name, key.public_key(), wanted.until, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made, key


def new_leaf(
    ca: x509.Certificate, ca_key: ec.EllipticCurvePrivateKey, wanted: Wanted, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make the server's certificate. Raises `NoCertificate` for a name or address outside what the authority may."""
    for name in wanted.names:
        if name.rpartition(".")[2] not in LOCAL_NAMES and not name.endswith(".home.arpa"):
            raise NoCertificate(
                f"{name} is not a local name: it must end in {', '.join('.' + n for n in LOCAL_NAMES[:4])}"
            )
    for address in wanted.addresses:
        if not may_be(ca, address):
            raise NoCertificate(f"{address} is no local address, nor one that this authority was made for")
    key = ec.generate_private_key(ec.SECP256R1())
    san: list[x509.GeneralName] = [x509.DNSName(name) for name in wanted.names]
    san += [x509.IPAddress(ipaddress.ip_address(each)) for each in wanted.addresses]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Riwaq")])
    made = (
        _begin(subject, ca.subject, key.public_key(), min(wanted.until, ca.not_valid_after_utc), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(san), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    return made, key


def may_be(ca: x509.Certificate, address: str) -> bool:
    """Whether an authority may speak for an address."""
    allowed = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    return _inside(address, [str(each.value) for each in allowed if isinstance(each, x509.IPAddress)])


def _inside(address: str, networks: Sequence[str]) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in networks)


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, until: datetime, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(min(until, now + timedelta(days=LONGEST_DAYS)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def pem(certificate: x509.Certificate) -> bytes:
    """Write a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key: ec.EllipticCurvePrivateKey, passphrase: str | None = None) -> bytes:
    """Write a key as PEM, encrypted when there is a passphrase."""
    how: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        how = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


def read_key(path: Path, passphrase: str | None = None) -> ec.EllipticCurvePrivateKey:
    """Read an authority's key. Raises `NoCertificate`."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except (OSError, ValueError, TypeError) as error:
        raise NoCertificate(f"cannot read the authority's key {path}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NoCertificate(f"{path} is not a key that `riwaq tls init` made")
    return key


def write(data_dir: Path, ca: x509.Certificate, leaf: x509.Certificate, leaf_key: ec.EllipticCurvePrivateKey) -> None:
    """Put an authority's certificate, the server's and its key into a data folder; the key first, so that none fits."""
    folder = data_dir / FOLDER
    write_private(folder / KEY, key_pem(leaf_key))
    write_private(folder / CA, pem(ca))
    write_private(folder / LEAF, pem(leaf))


def held(data_dir: Path) -> Held | None:
    """Return the certificates of a data folder; None when there are none. Raises `NoCertificate` for broken ones."""
    folder = data_dir / FOLDER
    if not (folder / LEAF).exists() and not (folder / CA).exists():
        return None
    try:
        ca, leaf = (x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in (CA, LEAF))
        return Held(ca, leaf, folder / KEY)
    except (OSError, ValueError) as error:
        raise NoCertificate(
            f"cannot read the certificates in {folder}: {error}. `riwaq tls init` makes new ones"
        ) from error


def context(data_dir: Path) -> ssl.SSLContext | None:
    """Return what the server speaks TLS with; None without certificates. Raises `NoCertificate`."""
    found = held(data_dir)
    if found is None:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    # No renegotiation, which costs the one who is asked more than the one who asks. No tickets that we could not
    # recognise: a browser offers a session by its name (`checkin_server/running/vouchers.py`).
    made.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_TICKET
    made.num_tickets = 1
    try:
        made.load_cert_chain(data_dir / FOLDER / LEAF, found.key_file)
    except (OSError, ssl.SSLError) as error:
        raise NoCertificate(
            f"the server's key in {found.key_file.parent} is missing or belongs to another certificate: {error}. "
            "`riwaq tls renew` makes both anew"
        ) from error
    return made


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in pairs, as devices show it."""
    digest = hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest().upper()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def missing(found: Held, addresses: Sequence[str]) -> list[str]:
    """Return those of this machine's addresses that the leaf is not for."""
    return [address for address in addresses if address not in found.names]


def private_keys(folder: Path) -> Iterator[Path]:
    """Find keys in a folder that are no server's: an authority's key must not lie there."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != KEY and path.suffix in (".key", ".pem") and path.stat().st_size < 10_000:
            with path.open("rb") as file:
                if b"PRIVATE KEY" in file.read():
                    yield path


def now() -> datetime:
    """Return the machine's time; certificates know no other."""
    return datetime.now(UTC).replace(microsecond=0)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, never half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
