"""Certificates of the venue's own: for whom the authority may speak, until when, and what the doctor says of them."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checkin_server.common import certificates
from checkin_server.common.certificates import Wanted
from checkin_server.running.secure import only_secure
from checkin_server.services.checkup.tls_check import check_tls

NOW = datetime(2026, 12, 1, tzinfo=UTC)
WANTED = Wanted(("riwaq.local",), ("192.168.10.2", "127.0.0.1"), NOW + timedelta(days=60))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with certificates."""
    ca, key = certificates.new_authority("tour", WANTED, NOW)
    leaf, leaf_key = certificates.new_leaf(ca, key, WANTED, NOW)
    certificates.write(tmp_path, ca, leaf, leaf_key)
    return tmp_path


def _says(folder: Path, own: Iterable[str] = ("192.168.10.2",), last: str = "2026-12-20", now: datetime = NOW) -> str:
    return "\n".join(map(str, check_tls(folder, "0.0.0.0", list(own), last, now)))


@pytest.mark.parametrize("name", ["bank.ma", "riwaq.example.com", "locals"])
def test_the_authority_speaks_for_no_name_of_the_world(name: str) -> None:
    """Whoever steals it can't be a bank: names and addresses are bounded in the certificate itself."""
    ca, key = certificates.new_authority("tour", WANTED, NOW)
    with pytest.raises(certificates.NoCertificate, match="local name"):
        certificates.new_leaf(ca, key, Wanted((name,), (), WANTED.until), NOW)
    with pytest.raises(certificates.NoCertificate, match=r"8\.8\.8\.8"):
        certificates.new_leaf(ca, key, Wanted((), ("8.8.8.8",), WANTED.until), NOW)


def test_an_address_of_the_machine_itself_is_allowed_alone() -> None:
    """A laptop on a network with public addresses gets a certificate for its own, and for no neighbour's."""
    ca, _ = certificates.new_authority("tour", Wanted((), ("192.0.2.2",), WANTED.until), NOW)
    assert certificates.may_be(ca, "192.0.2.2")
    assert not certificates.may_be(ca, "192.0.2.3")


def test_files_are_for_their_owner_and_hold_no_key_of_the_authority(folder: Path) -> None:
    """The server's own key is there, 0600; the authority's is not."""
    assert {path.stat().st_mode & 0o777 for path in (folder / "tls").iterdir()} == {0o600}
    assert list(certificates.private_keys(folder)) == []
    (folder / "tls" / "forgotten.pem").write_bytes((folder / "tls" / "server.key").read_bytes())
    assert "no place in the data folder" in _says(folder)


def test_an_authoritys_key_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    """The stick is found by somebody: without the words it is of no use."""
    _, key = certificates.new_authority("tour", WANTED, NOW)
    certificates.write_private(tmp_path / "ca.key", certificates.key_pem(key, "long enough"))
    assert certificates.read_key(tmp_path / "ca.key", "long enough").private_numbers() == key.private_numbers()
    for wrong in ("wrong", None):
        with pytest.raises(certificates.NoCertificate, match="cannot read"):
            certificates.read_key(tmp_path / "ca.key", wrong)


def test_a_tls_client_that_trusts_the_authority_is_served(folder: Path) -> None:
    """The context loads; TLS below 1.2 is not spoken."""
    made = certificates.context(folder)
    assert made is not None
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2


def test_the_doctor_says_what_would_warn_a_screen_off(folder: Path, tmp_path: Path) -> None:
    """No certificates are a note; an end before the venue's, an address without one, a wrong clock stop the day."""
    assert _says(folder).startswith("OK")
    assert _says(tmp_path / "none").startswith("NOTE")
    assert "192.168.10.9" in _says(folder, own=("192.168.10.9",))
    assert "before the venue does" in _says(folder, last="2027-06-01")
    assert "ended on" in _says(folder, now=NOW + timedelta(days=61))
    assert "clock is behind" in _says(folder, now=NOW - timedelta(days=3))
    (folder / "tls" / "server.key").chmod(0o644)
    assert "chmod 600" in _says(folder)
    (folder / "tls" / "server.key").unlink()
    assert _says(folder).startswith("STOP")


def test_a_leaf_of_another_authority_is_noticed(folder: Path) -> None:
    """A folder that was mixed from two tours."""
    other, _ = certificates.new_authority("other", WANTED, NOW)
    (folder / "tls" / "ca.crt").write_bytes(certificates.pem(other))
    assert "not of the authority" in _says(folder)


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"wsgi.url_scheme": "https", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/api/v1/venue"}, "200"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "127.0.0.1", "PATH_INFO": "/api/v1/venue"}, "200"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/healthz"}, "200"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/trust/riwaq-ca.crt"}, "200"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/api/v1/venue"}, "403"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/socket.io/"}, "403"),
        ({"wsgi.url_scheme": "http", "REMOTE_ADDR": "10.0.0.9", "PATH_INFO": "/trustworthy"}, "403"),
        (
            {
                "wsgi.url_scheme": "http",
                "REMOTE_ADDR": "10.0.0.9",
                "PATH_INFO": "/kiosk/K1",
                "REQUEST_METHOD": "GET",
                "HTTP_ACCEPT": "text/html,*/*",
            },
            "303",
        ),
    ],
)
def test_in_plain_http_the_hall_gets_health_and_trust_only(environ: dict[str, Any], status: str) -> None:
    """Tokens and names travel in TLS; this machine itself goes on as before."""
    said: list[str] = []

    def served(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return [b""]

    list(only_secure(served)({"REQUEST_METHOD": "POST", **environ}, lambda code, headers, *_: said.append(code)))
    assert said[0].startswith(status)


def test_a_fingerprint_is_written_as_devices_show_it(folder: Path) -> None:
    """Thirty-two pairs of hexadecimal digits."""
    held = certificates.held(folder)
    assert held is not None
    assert re.fullmatch("([0-9A-F]{2}:){31}[0-9A-F]{2}", certificates.fingerprint(held.ca))
