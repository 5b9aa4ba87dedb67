"""A screen that comes back is known by the session it offers, before anything dear is done for it."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from checkin_server.common import certificates
from checkin_server.running.vouchers import Vouchers, is_whole, sessions_offered


@pytest.fixture(scope="module")
def server_side(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """What a server speaks TLS with, from certificates as `riwaq tls init` makes them."""
    folder = tmp_path_factory.mktemp("tls")
    wanted = certificates.Wanted(
        names=("riwaq.local",), addresses=("127.0.0.1",), until=datetime(2099, 1, 1, tzinfo=UTC)
    )
    now = datetime.now(UTC)
    ca, ca_key = certificates.new_authority("Rabat", wanted, now)
    leaf, leaf_key = certificates.new_leaf(ca, ca_key, wanted, now)
    certificates.write(folder, ca, leaf, leaf_key)
    made = certificates.context(folder)
    assert made is not None
    return made


class Both:
    """Two ends of one connection, in memory."""

    def __init__(self, server: ssl.SSLContext, client: ssl.SSLContext, session: ssl.SSLSession | None = None) -> None:
        self._out, self._back = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.server = server.wrap_bio(self._out, self._back, server_side=True)
        self.client = client.wrap_bio(self._back, self._out, server_hostname="riwaq.local", session=session)
        with pytest.raises(ssl.SSLWantReadError):
            self.client.do_handshake()
        self.hello = self._out.read()
        self._out.write(self.hello)
        for end in (self.server, self.client, self.server, self.client):
            with suppress(ssl.SSLWantReadError):
                end.do_handshake()
        self.server.write(b"x")
        assert self.client.read(1) == b"x"


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def browser(request: pytest.FixtureRequest) -> ssl.SSLContext:
    """A client of each version."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.maximum_version = request.param
    return made


def test_a_session_that_a_token_was_shown_in_counts_once(server_side: ssl.SSLContext, browser: ssl.SSLContext) -> None:
    """Shown again, or by somebody who has read it in the air, it says nothing; the next session counts anew."""
    vouchers = Vouchers()
    first = Both(server_side, browser)
    assert not vouchers.redeem(first.hello)
    assert first.server.session is not None
    vouchers.note(first.server.session.id)
    again = Both(server_side, browser, first.client.session)
    assert is_whole(again.hello) and not is_whole(again.hello[:-1])
    assert not vouchers.redeem(again.hello[: len(again.hello) // 3])
    assert vouchers.redeem(again.hello)
    assert not vouchers.redeem(again.hello)
    assert again.server.session is not None
    vouchers.note(again.server.session.id)
    assert vouchers.redeem(Both(server_side, browser, again.client.session).hello)


def test_a_session_in_which_nothing_was_shown_says_nothing(
    server_side: ssl.SSLContext, browser: ssl.SSLContext
) -> None:
    """Anybody may have one."""
    stranger = Both(server_side, browser)
    assert not Vouchers().redeem(Both(server_side, browser, stranger.client.session).hello)


def test_no_bytes_are_a_fault(server_side: ssl.SSLContext, browser: ssl.SSLContext) -> None:
    """Cut anywhere, changed anywhere, or noise: nothing is offered, or something that is not known."""
    hello = Both(server_side, browser).hello
    vouchers = Vouchers()
    vouchers.note(os.urandom(32))
    for at in range(len(hello)):
        assert not vouchers.redeem(hello[:at])
        assert not vouchers.redeem(hello[:at] + b"\xff" + hello[at + 1 :])
        assert all(len(one) <= len(hello) for one in sessions_offered(hello[:at] + b"\xff\xff" + hello[at + 2 :]))
    assert not vouchers.redeem(b"\x16\x03" + os.urandom(600))


def test_the_newest_are_kept() -> None:
    """However many screens come and go."""
    vouchers = Vouchers(most=10)
    for number in range(1000):
        vouchers.note(number.to_bytes(32, "big"))
    assert len(vouchers._sessions) == 10
