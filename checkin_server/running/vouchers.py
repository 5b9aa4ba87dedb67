"""How a screen is known before its handshake: its browser offers to go on with a session that a token was shown in.

TLS begins before anybody can show a token, and begins dearly. So the server notes the sessions in which one was shown;
a browser that comes back offers the last (RFC 8446, 4.2.11; RFC 5246, 7.3), in its first message and in the clear. Each
counts once: the next is told in secret, so whoever reads along in the air gains nothing. It opens no door, it only
keeps a flood from the screens' own address from closing one.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterator

_HELLO_BEGINS = b"\x16\x03"
_PRE_SHARED_KEY = 41


class _Cut(Exception):
    """The message ends before it is whole."""


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        if self._at + size > len(self._data):
            raise _Cut
        self._at += size
        return self._data[self._at - size : self._at]

    def sized(self, length_bytes: int) -> bytes:
        return self.take(int.from_bytes(self.take(length_bytes), "big"))

    @property
    def more(self) -> bool:
        return self._at < len(self._data)


def is_whole(hello: bytes) -> bool:
    """Whether the first record is here with all its bytes; of what is no TLS nothing more is waited for."""
    if hello[:2] != _HELLO_BEGINS:
        return bool(hello)
    return len(hello) >= 5 and len(hello) >= 5 + int(struct.unpack(">H", hello[3:5])[0])


def sessions_offered(hello: bytes) -> Iterator[bytes]:
    """Give the sessions that a client's first message offers to go on with; what is no such message offers none."""
    if hello[:2] != _HELLO_BEGINS:
        return
    try:
        reader = _Reader(hello)
        reader.take(5 + 4 + 2 + 32)  # record, message, version, random
        yield reader.sized(1)
        reader.sized(2)
        reader.sized(1)
        extensions = _Reader(reader.sized(2))
        while extensions.more:
            kind, what = int.from_bytes(extensions.take(2), "big"), extensions.sized(2)
            if kind == _PRE_SHARED_KEY:
                identities = _Reader(_Reader(what).sized(2))
                while identities.more:
                    yield identities.sized(2)
                    identities.take(4)
    except _Cut:
        return


class Vouchers:
    """Sessions in which a device has shown its token, the newest of them."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._sessions: OrderedDict[bytes, None] = OrderedDict()

    def note(self, session: bytes) -> None:
        """A device has shown its token in this session."""
        if session:
            self._sessions[session] = None
            if len(self._sessions) > self._most:
                self._sessions.popitem(last=False)

    def redeem(self, hello: bytes) -> bool:
        """Whether a first message offers a session that is known; it counts this once."""
        for session in sessions_offered(hello):
            if session in self._sessions:
                del self._sessions[session]
                return True
        return False
