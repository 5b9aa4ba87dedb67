"""A request's head is read in one way only, or not at all."""

from __future__ import annotations

import io

import pytest

from checkin_server.running import wire_format
from checkin_server.running.proxies import Proxies
from checkin_server.running.wire_format import Head, Malformed


def read(text: bytes) -> Head | None:
    """Read a head as it comes from a connection."""
    file = io.BytesIO(text)
    return wire_format.read(iter(lambda: file.readline(wire_format.MOST_LINE), b""))


def head(*lines: str, first: str = "POST /api/v1/scans HTTP/1.1") -> bytes:
    """Write a head."""
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1")


def test_an_ordinary_request_is_read() -> None:
    """Names in small letters, spaces around values gone, cookies and lists joined as HTTP says."""
    found = read(head("Host: riwaq:8080", "COOKIE:a=1", "Cookie: b=2", "Accept:  x ", "accept: y", "Content-Length: 5"))
    assert found is not None
    assert (found.method, found.target, found.length, found.chunked) == ("POST", "/api/v1/scans", 5, False)
    assert found.headers["cookie"] == "a=1; b=2"
    assert found.headers["accept"] == "x, y"
    assert found.keeps_open and not found.upgrades


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 5"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5, 5"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["Transfer-Encoding: xchunked"],
        *[[f"Content-Length: {length}"] for length in ("-1", "+5", "0x5", "5 5", "", "5.0", "1e3", "\xb2", "9" * 16)],
        ["Content-Length : 5"],
        [" Content-Length: 5"],
        ["X: a", "\tfolded"],
        ["no colon"],
        [": no name"],
        ["X: a\x00b"],
        ["X: a\rb"],
        ["Host: a", "Host: b"],
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(lines: list[str]) -> None:
    """Two lengths, a length beside a coding, folded lines, control characters: 400."""
    with pytest.raises(Malformed, match="400"):
        read(head(*lines))


@pytest.mark.parametrize(
    "first",
    [
        "GET /",
        "GET / HTTP/0.9",
        "GET / HTTP/2.0",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET http://elsewhere/ HTTP/1.1",
        "GET /\x01 HTTP/1.1",
        "G(T / HTTP/1.1",
        " GET / HTTP/1.1",
    ],
)
def test_a_line_that_is_none_is_refused(first: str) -> None:
    """No HTTP/0.9, no spaces to guess at, no address of somebody else."""
    with pytest.raises(Malformed):
        read(head(first=first))


@pytest.mark.parametrize("text", [b"GET / HTTP/1.1\n\n", b"GET / HTTP/1.1\r\nHost: a\n\r\n", b"GET / HTTP/1.1\r\n\n"])
def test_lines_end_with_both_characters(text: bytes) -> None:
    """A bare line feed ends nothing."""
    with pytest.raises(Malformed):
        read(text)


def test_a_head_has_an_end() -> None:
    """Too long a line, too many headers, too much of all: 414 or 431."""
    with pytest.raises(Malformed, match="414"):
        read(head(first=f"GET /{'x' * 20_000} HTTP/1.1"))
    for lines in (["X: " + "x" * 20_000], ["X: x"] * 200, [f"X{n}: {'x' * 10_000}" for n in range(6)]):
        with pytest.raises(Malformed, match="431"):
            read(head(*lines))


@pytest.mark.parametrize(
    "line",
    [
        b"X: " + b" " * 16_000 + b"\x01",
        b"X: a" + b" \t" * 8000 + b"\x01",
        b"X:" + b" a" * 8000 + b"\x7f",
        b"X" * 16_000,
        b"X" * 8000 + b":" * 8000 + b"\0",
    ],
    ids=["spaces", "tabs", "words", "a name", "colons"],
)
def test_no_line_takes_long_to_read(line: bytes) -> None:
    """A header of a few kilobytes could be matched in so many ways that trying them all took hours."""
    with pytest.raises(Malformed):
        read(b"GET / HTTP/1.1\r\n" + line + b"\r\n\r\n")


def test_blanks_around_a_value_are_none_of_it() -> None:
    """Those within it are, however many."""
    found = read(b"GET / HTTP/1.1\r\nHost:\t a \r\nX:" + b" " * 9000 + b"b  c" + b"\t" * 6000 + b"\r\n\r\n")
    assert found is not None and found.headers == {"host": "a", "x": "b  c"}


@pytest.mark.parametrize("cut", range(len(b"GET / HTTP/1.1\r\nHost: a\r\n")))
def test_whoever_hangs_up_in_the_middle_has_asked_nothing(cut: int) -> None:
    """No answer, no error."""
    assert read(b"GET / HTTP/1.1\r\nHost: a\r\n"[:cut]) is None


def test_a_listed_proxy_is_believed_and_nobody_else() -> None:
    """The last address that is none of the proxies' counts; what stands before it anybody could have written."""
    proxies = Proxies(["127.0.0.1", "10.9.0.0/16"])
    said = {"x-forwarded-for": "1.1.1.1, 10.0.0.7, 10.9.0.3", "x-forwarded-proto": "https", "x-forwarded-host": "riwaq"}
    found = proxies.origin("127.0.0.1", said)
    assert (found.address, found.scheme, found.host) == ("10.0.0.7", "https", "riwaq")
    assert proxies.origin("10.0.0.8", said).address == "10.0.0.8"
    assert proxies.origin("10.0.0.8", said).scheme is None
    assert proxies.origin("::ffff:127.0.0.1", said).address == "10.0.0.7"
    assert proxies.origin("127.0.0.1", {"x-forwarded-for": "nonsense"}).address == "127.0.0.1"
    assert proxies.origin("127.0.0.1", {"x-forwarded-proto": "gopher"}).scheme is None
    assert Proxies().origin("127.0.0.1", said).address == "127.0.0.1"
