"""Whether a typed reason says anything."""

from __future__ import annotations

import pytest

from checkin_server.domain.reasons import says_something

NONE = (
    *("", " ", "...", "....", "?!?", "———", "12345", "00:00", "1", "✓✓✓"),
    *("aaa", "AAAA", "aaaaaaab", "aaaabca", "a a a", "ab", "abab", "hahaha", "lalala", "xxyyxx", "hhhhh k"),
    *("bla", "bla bla", "blablabla", "testtest", "test test", "non non", "asdasd"),
    *("ok", "non", "oui", "yes", "bof", "hm", "why", "eau", "rdv"),
    *("azerty", "qwerty", "asdf", "qsdf", "lkjh", "wxcv", "abcd", "zyxw", "dfgh", "xzkt"),
    *("ششش", "....ا", "لا", "من", "هههه", "ههه ههه", "لالا", "نعم نعم", "شسيب", "ضصثق", "ابتث", "ـــــ", "اااااب"),
    *("ⴰⴰⴰ", "ⵓⵀⵓ", "ⴰⵣⵍ", "ⵉⵀ", "ⴰⴱⴳⴷ"),
    *("áàâ", "e\u0301e\u0300e", "m\u200bm\u200bm"),
)
SOME = (
    *("card_forgotten", "card_lost", "help_wanted", "registered_at_desk", "no card with her", "lost", "as before"),
    *("a child is ill", "asked by the member", "printer", "help", "forgot it", "her card is at home, N° 12"),
    *("oublié", "perdue", "carte oubliée à la maison", "vérification", "erreur de saisie", "décès"),
    *("نسي البطاقة", "ضاعت", "فقد", "نسي", "بطاقة ضائعة", "طلب من المعني", "خطأ", "نَسِيَت", "مرض"),
    *("ⵜⴰⴽⴰⵕⴹⴰ ⵜⵣⵍⴰ", "ⵓⵔ ⵜⵍⵍⵉ ⵜⴽⴰⵕⴹⴰ", "ⵉⵜⵜⵓ"),
    *("banana", "ananas", "Mama est malade"),
)


@pytest.mark.parametrize("typed", NONE)
def test_what_a_hand_falls_on_is_no_reason(typed: str) -> None:
    """Points, one letter, the same again, a keyboard's row, a single syllable; in each of the four languages."""
    assert not says_something(typed)


@pytest.mark.parametrize("typed", SOME)
def test_a_word_that_says_why_is_a_reason(typed: str) -> None:
    """Short ones too, and the codes that screens send."""
    assert says_something(typed)
