"""What makes a signed card refused, and how it names things."""

from __future__ import annotations

import pytest

from checkin_server.domain.card_keys import is_public_key
from checkin_server.domain.members import codes, signed
from checkin_server.domain.members.signed import Claims

MINE = Claims("0A" * 8, "0B" * 8, 2, "2019-12-27", "2019-12-28", "active", "rabat", "fr")


def row(card: str = MINE.card, turn: int | None = 2, revoked_at: int | None = None) -> dict[str, object]:
    """What is kept of a card."""
    return {"card": card, "turn": turn, "revoked_at": revoked_at}


@pytest.mark.parametrize(
    ("rows", "ended"),
    [
        ([], False),
        ([row()], False),
        ([row(revoked_at=5)], True),
        ([row(turn=None, revoked_at=5)], True),
        ([row("0C" * 8, turn=1, revoked_at=5)], False),
        ([row("0C" * 8, turn=3)], True),
        ([row("0C" * 8, turn=3, revoked_at=5)], True),
    ],
)
def test_a_card_has_ended_when_it_was_revoked_or_a_later_one_of_its_member_is_known(
    rows: list[dict[str, object]], ended: bool
) -> None:
    """That an earlier one was revoked says nothing of this one."""
    assert signed.is_replaced(MINE, rows) is ended


@pytest.mark.parametrize(
    ("seen_at", "now", "elsewhere"),
    [(None, 0, False), (0, 89_999, True), (0, 90_000, False), (90_001, 90_000, False), (90_000, 90_000, True)],
)
def test_a_card_is_elsewhere_while_nobody_can_have_walked(seen_at: int | None, now: int, elsewhere: bool) -> None:
    """A minute and a half on foot; what a wrong clock left in the future counts for nothing."""
    assert signed.is_elsewhere(seen_at, 1.5, now) is elsewhere


def test_a_long_id_is_named_by_its_digest_and_found_again() -> None:
    """Every plan's ids fit on a card, of letters that take several bytes too."""
    names = ["active", "casablanca-prefecture", "casablanca-prefecture-2", "x" * 40]
    for name in names:
        word = signed.word_of(name)
        assert len(word) <= 8 and signed.meant(word, names) == name
    assert signed.meant("guest", names) == "" and signed.meant(b"\0" * 8, names) == ""


@pytest.mark.parametrize("text", ["R1:", "r1:ABC", " R1:ABC"])
def test_a_signed_card_is_told_by_its_prefix(text: str) -> None:
    """Which no card and no ticket has."""
    assert signed.is_signed(text) and codes.parse(text) is None


@pytest.mark.parametrize("kind", [codes.CARD, codes.VISIT])
def test_no_card_and_no_ticket_is_taken_for_a_signed_one(kind: str) -> None:
    """Nor is its printed number a code."""
    assert not signed.is_signed(codes.make(kind, bytes(16)))
    assert codes.parse("R00112233445566AA") is None


@pytest.mark.parametrize("text", ["R 0011 2233 4455 66aa", "00112233445566AA", "r-0011-2233-4455-66AA"])
def test_the_number_on_a_card_is_read_as_people_write_it(text: str) -> None:
    """In groups, with or without the R."""
    assert signed.card_id(text) == "00112233445566AA"


@pytest.mark.parametrize("text", ["", "0011", "R00112233445566A", "R00112233445566AAB", "C00112233445566AA", "M000012"])
def test_anything_else_is_no_number_of_a_card(text: str) -> None:
    """Members' ids, halves, codes."""
    assert signed.card_id(text) is None


@pytest.mark.parametrize("number", [0, 1, 2**255 - 20, 2**255 - 19, 2**255 - 18, 2**255, 2**255 + 1])
def test_a_point_that_anybody_signs_for_is_no_key(number: int) -> None:
    """In each way to write it."""
    assert not is_public_key(number.to_bytes(32, "little"))


def test_a_key_has_32_bytes() -> None:
    """One that is none of those is one."""
    good = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    assert is_public_key(good) and not is_public_key(good[:-1]) and not is_public_key(good + b"\0")
