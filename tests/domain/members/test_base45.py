"""Base45 as RFC 9285 writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain.members import base45

VECTORS = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")]
"""Sections 4.3 and 4.4 of the RFC."""


@pytest.mark.parametrize(("content", "text"), VECTORS)
def test_the_rfc_s_own_examples_are_written_and_read(content: bytes, text: str) -> None:
    """Letter by letter."""
    assert base45.encode(content) == text
    assert base45.decode(text) == content


@pytest.mark.parametrize("text", ["GGW", ":::", "A", "AAAA", "::", "bb8", "BB8\n", "BB\u0663", "BB!", "BÉ8"])
def test_what_no_bytes_are_written_as_is_refused(text: str) -> None:
    """GGW is the RFC's example of one too many; a length of one over threes; a sign of another alphabet."""
    assert base45.decode(text) is None


@given(st.binary(max_size=200))
def test_any_bytes_come_back_and_no_text_ends_in_a_space(content: bytes) -> None:
    """So a reader that trims what it read takes nothing away."""
    text = base45.encode(content)
    assert base45.decode(text) == content
    assert text == text.rstrip()


@given(st.text(alphabet=base45.ALPHABET, max_size=60))
def test_a_text_that_is_read_is_the_only_way_to_write_its_bytes(text: str) -> None:
    """Nobody writes one card in two ways."""
    content = base45.decode(text)
    assert content is None or base45.encode(content) == text
