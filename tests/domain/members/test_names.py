"""Finding people by name."""

from __future__ import annotations

import pytest

from checkin_server.domain.members.names import fold, matches


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aït-Hansirane", "ait hansirane"),
        ("فَاطِمَة", "فاطمه"),
        ("أحمد إدريس آيت", "احمد ادريس ايت"),
        ("مصطفى", "مصطفي"),
        ("مـحـمـد", "محمد"),
        ("O’Brian  N'Ait", "obrian nait"),
    ],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    """Accents, vowel signs, lengthened letters, hyphens, and letters that people write in two ways."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fat", True),
        ("boub fat", True),
        ("فاط بوب", True),
        ("fat بوب", True),
        ("atima", False),
        ("fatima x", False),
        ("m0000", True),
    ],
)
def test_every_word_begins_a_word_of_a_name(wanted: str, found: bool) -> None:
    """In any order and either script; the middle of a word is nobody's name."""
    assert matches(fold(wanted), "فاطمة بوبكلازاتي", "Fatima Boubeklazati", "M000012") is found
