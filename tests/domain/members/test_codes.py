from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checkin_server.domain.members import codes

KINDS = st.sampled_from([codes.CARD, codes.VISIT])
CHANCE = st.binary(min_size=16, max_size=16)
_NOISE = st.sampled_from([" ", "-", "\t", "\n", "\u2066", "\u2069", "\u200f", "\u200e"])


@given(KINDS, CHANCE)
def test_every_code_that_is_made_is_read_back(kind: str, chance: bytes) -> None:
    """Any 128 bits survive as 32 letters after the kind."""
    text = codes.make(kind, chance)
    assert len(text) == 33
    assert codes.parse(text) == codes.Code(kind, text)


@given(KINDS, CHANCE, CHANCE)
def test_different_bits_make_different_codes(kind: str, one: bytes, other: bytes) -> None:
    """Nothing is lost in the letters."""
    assert (codes.make(kind, one) == codes.make(kind, other)) == (one == other)


@given(KINDS, CHANCE, st.lists(st.tuples(st.integers(0, 33), _NOISE), max_size=12), st.booleans())
def test_spaces_hyphens_bidi_marks_and_case_are_forgiven(
    kind: str, chance: bytes, noise: list[tuple[int, str]], lower: bool
) -> None:
    """People type codes in groups, and right-to-left fields put marks around them."""
    text = codes.make(kind, chance)
    typed = text.lower() if lower else text
    for at, mark in noise:
        typed = typed[:at] + mark + typed[at:]
    assert codes.parse(typed) == codes.Code(kind, text)


@given(st.text())
@example("")
@example("C" * 100_000)
@example("C" + "B" * 31)
@example("C" + "B" * 33)
@example("A" + "B" * 32)
@example("C" + "A" * 32)
def test_anything_else_is_not_a_code(text: str) -> None:
    """Too short, too long, another kind, other letters: None, and never an error."""
    found = codes.parse(text)
    assert found is None or (found.kind in "CV" and len(found.text) == 33)
    if len(text) < 33:
        assert found is None


@given(KINDS, CHANCE, st.integers(0, 32), st.sampled_from("AEIOUYMQWZ0123456789çéب"))
def test_one_letter_outside_the_sixteen_spoils_a_code(kind: str, chance: bytes, at: int, letter: str) -> None:
    """A misread letter must not lead to somebody else's card."""
    text = codes.make(kind, chance)
    assert codes.parse(text[:at] + letter + text[at + 1 :]) is None


@given(CHANCE)
def test_a_card_is_never_taken_for_a_visit(chance: bytes) -> None:
    """The kind letter parts them, whatever the bits."""
    card, visit = codes.make(codes.CARD, chance), codes.make(codes.VISIT, chance)
    assert card != visit
    read = codes.parse(card)
    assert read is not None and read.kind == codes.CARD


def test_there_are_sixteen_different_letters_that_scanners_leave_alone() -> None:
    """The letters of the tried set, and the kinds among those that survive too."""
    assert len(set(codes.LETTERS)) == 16
    assert set(codes.LETTERS).isdisjoint("AQZWMY"), "these move between keyboard layouts"


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_code_takes_exactly_sixteen_random_bytes(size: int) -> None:
    """Fewer bits could be guessed."""
    with pytest.raises(ValueError, match="16 random bytes"):
        codes.make(codes.CARD, bytes(size))


def test_a_code_is_written_as_it_always_was() -> None:
    """Most significant letter first, by the letters' order: cards that are out were printed so."""
    assert codes.make(codes.CARD, bytes(range(0, 256, 17))) == "C" + "".join(letter * 2 for letter in codes.LETTERS)
    assert codes.make(codes.VISIT, bytes([0x01] * 16)) == "V" + "BC" * 16


_TABLE = json.loads((Path(__file__).parents[2] / "short_codes.json").read_text("utf-8"))


@pytest.mark.parametrize("row", _TABLE)
def test_a_short_code_leads_to_its_card_and_no_slip_of_a_finger_to_another(row: dict[str, str]) -> None:
    """Not one letter that is wrong, nor two that have changed places; the table is the screens' too."""
    short = codes.short(row["code"])
    assert short == row["short"] and codes.parse(short) is None
    for typed in (short, short.lower(), f"{short[0]} {short[1:5]}-{short[5:9]} {short[9]}"):
        assert codes.parse_short(typed) == row["code"][:9]
    slips = {short[:i] + letter + short[i + 1 :] for i in range(1, 10) for letter in codes.LETTERS}
    for i in range(1, 10):
        for j in range(i + 1, 10):
            swapped = list(short)
            swapped[i], swapped[j] = swapped[j], swapped[i]
            slips.add("".join(swapped))
    assert {slip for slip in slips if codes.parse_short(slip)} == {short}
    assert codes.parse_short(row["code"]) is None and codes.parse_short("V" + short[1:]) is None
