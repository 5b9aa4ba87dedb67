"""Names for a screen where everybody passes by."""

from __future__ import annotations

import pytest

from checkin_server.domain.members import initials


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Amina Tazi", "Amina T."),
        ("Khadija El Idrissi", "Khadija I."),
        ("Mohamed Amine Ben Ali", "Mohamed A. A."),
        ("Abd El Kader Alaoui", "Abd El Kader A."),
        ("Moulay Ali Alaoui", "Moulay Ali A."),
        ("إدريس بنعلي", "إدريس ب."),
        ("أمينة البقالي", "أمينة ب."),
        ("عبد الله التازي", "عبد الله ت."),
        ("  Amina   Tazi ", "Amina T."),
        ("Amina", "Amina"),
        ("عبد", "عبد"),
        ("Said El", "Said E."),
        ("", ""),
    ],
)
def test_the_given_name_stays_and_of_the_others_the_initial(name: str, shown: str) -> None:
    """In either script; what is no name by itself goes with the next word."""
    assert initials.short(name) == shown


def test_two_of_a_family_who_would_be_called_alike_keep_a_given_name_more() -> None:
    """Who ticks must know whom; who is called alike in full stays so."""
    assert initials.of_family(["Mohamed Amine Tazi", "Mohamed Adam Tazi", "Sara Tazi"]) == [
        "Mohamed Amine T.",
        "Mohamed A. T.",
        "Sara T.",
    ]
    assert initials.of_family(["Sara Tazi", "Sara Tazi"]) == ["Sara T.", "Sara T."]
