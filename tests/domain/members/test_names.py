"""Finding people by name."""

from __future__ import annotations

import pytest

from checkin_server.domain.members.names import fits, look_for


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fat", True),
        ("boub fat", True),
        ("فاط بوب", True),
        ("fat بوب", True),
        ("atima", False),
        ("fatima x", False),
        ("m0000", False),
        ("m000012", True),
        ("fa", False),
        ("f b", False),
        ("fa بو", False),
        ("م٠٠٠٠١٢", False),
        ("M٠٠٠٠١٢", True),
    ],
)
def test_every_word_begins_a_word_of_a_name(wanted: str, found: bool) -> None:
    """In any order and either script; the middle of a word is nobody's name, nor is a letter or two. Ids are whole."""
    assert (fits(look_for(wanted), "M000012", "فاطمة بوبكلازاتي", "Fatima Boubeklazati") == 2) is found


@pytest.mark.parametrize(
    ("wanted", "found"), [("طه", 2), ("مي", 0), ("مخ", 0), ("ta", 0), ("t", 0), ("طه م", 0), ("12", 0)]
)
def test_two_letters_are_a_whole_name_or_nothing(wanted: str, found: int) -> None:
    """Some names have no more; a beginning of two would be a list."""
    assert fits(look_for(wanted), "M000012", "طه مخترع", "Taha Mokhtari") == found
