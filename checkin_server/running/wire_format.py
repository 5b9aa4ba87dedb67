"""The head of a request as it comes over the wire, read strictly: what two readers could read in two ways is refused.

RFC 9112. Lines end with CR and LF; a body's length is said once, by one way; names are names. What a proxy in front of
us takes for one request must not be two for us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LINE = 16_384
"""Bytes of a line, its end included. The longest are cookies of a browser with many screens."""
MOST_HEAD = 49_152
MOST_HEADERS = 100
LARGEST_BODY = 64 * 1024

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (/[\x21-\x7e\x80-\xff]*|\*) (HTTP/1\.[01])\r\n")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
# Each is one class of signs: two of them side by side that share a sign can be matched in a thousand ways, each tried.
_LENGTH = re.compile(r"[0-9]{1,15}")


class Malformed(Exception):
    """Not a request; `status` is what it is answered with."""

    def __init__(self, status: str = "400 Bad Request") -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Head:
    """A request's line and headers; names in small letters."""

    method: str
    target: str
    version: str
    headers: dict[str, str]
    length: int
    """Of the body that follows; 0 without one."""
    chunked: bool

    @property
    def keeps_open(self) -> bool:
        """Whether the connection goes on after the answer."""
        said = _tokens(self.headers.get("connection", ""))
        return "keep-alive" in said if self.version == "HTTP/1.0" else "close" not in said

    @property
    def upgrades(self) -> bool:
        """Whether a socket is wanted."""
        wants = self.headers.get("upgrade", "").lower() == "websocket"
        return self.method == "GET" and wants and "upgrade" in _tokens(self.headers.get("connection", ""))


def _tokens(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(",")}


def read(lines: Iterable[bytes]) -> Head | None:
    """Read a head from its lines; None when the other side hung up. Raises `Malformed`."""
    coming = iter(lines)
    first = next(coming, b"")
    if first == b"\r\n":
        first = next(coming, b"")  # one empty line before a request is an old custom
    if not first:
        return None
    line = _LINE.fullmatch(first)
    if line is None and not first.endswith(b"\n") and len(first) < MOST_LINE:
        return None  # hung up in the middle of a line
    if line is None:
        raise Malformed("414 URI Too Long" if len(first) >= MOST_LINE else "400 Bad Request")
    headers: dict[str, str] = {}
    size, count = len(first), 0
    for one in coming:
        if one == b"\r\n":
            method, target, version = (part.decode("latin-1") for part in line.groups())
            return _whole(method, target, version, headers)
        size, count = size + len(one), count + 1
        if size > MOST_HEAD or count > MOST_HEADERS or len(one) >= MOST_LINE:
            raise Malformed("431 Request Header Fields Too Large")
        if not one.endswith(b"\n"):
            return None  # hung up in the middle of a line
        name, value = _header(one)
        if name not in headers:
            headers[name] = value
        elif name in ("content-length", "transfer-encoding", "host"):
            raise Malformed
        else:
            headers[name] += ("; " if name == "cookie" else ", ") + value
    return None


def _header(line: bytes) -> tuple[str, str]:
    name, colon, value = line.removesuffix(b"\r\n").partition(b":")
    if not (line.endswith(b"\r\n") and colon and _NAME.fullmatch(name) and _VALUE.fullmatch(value)):
        raise Malformed
    return name.decode("ascii").lower(), value.strip(b" \t").decode("latin-1")


def _whole(method: str, target: str, version: str, headers: dict[str, str]) -> Head:
    said, coding = headers.get("content-length"), headers.get("transfer-encoding")
    if coding is not None and (said is not None or version == "HTTP/1.0" or coding.lower() != "chunked"):
        raise Malformed
    if said is not None and _LENGTH.fullmatch(said) is None:
        raise Malformed
    length = int(said or 0)
    if method == "HEAD" and (length or coding):
        raise Malformed
    return Head(method, target, version, headers, length, coding is not None)
