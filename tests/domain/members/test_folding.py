"""One writing of words: the table of what people take for the same."""

from __future__ import annotations

import pytest

from checkin_server.domain.members.folding import fold, plain_digits, squeezed

SAME = [
    ("Aït-Hansirane", "ait hansirane"),
    ("فَاطِمَة", "فاطمه"),
    ("أحمد إدريس آيت ٱبن", "احمد ادريس ايت ابن"),
    ("مصطفى", "مصطفي"),
    ("مـحـمـد", "محمد"),
    ("هناء", "هنا"),
    ("رئيس رؤوف", "رييس رووف"),
    ("علی کریم", "علي كريم"),  # a Persian keyboard
    ("نزہة ھدى", "نزهه هدي"),  # an Urdu one
    ("أڭادير أگادير أݣادير", "اكادير اكادير اكادير"),  # three ways of writing the same Moroccan letter
    ("ﻣﺤﻤﺪ ﷲ", "محمد الله"),  # presentation forms, as PDFs give them
    ("Aït\u2011Ali", "ait ali"),
    ("Aït\u2013Ali", "ait ali"),
    ("Aït\u2212Ali_Salah", "ait ali salah"),
    ("Ait\u00adAli", "aitali"),  # a soft hyphen is not seen
    ("O’Brian  N'Ait", "obrian nait"),
    ("N`Ait N‘Ait N´Ait Nʼait N′Ait N＇Ait", "nait nait nait nait nait nait"),
    ("Œuvre Lætitia", "oeuvre laetitia"),
    ("Łukasz Søren Đorđe Ħamid Straße", "lukasz soren dorde hamid strasse"),
    ("Ɛli Aɣilas Ḥemmu", "ali aghilas hemmu"),  # Amazigh in Latin letters
    ("ＡＢＣ\u00a0ﬁ", "abc fi"),
    ("١٧ ۱۷ １７", "17 17 17"),
    ("\u200fL2\u200e\ufeff", "l2"),
    ("Benali, Ahmed.", "benali ahmed"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_people_take_for_the_same_is_the_same(one: str, other: str) -> None:
    """And what is folded stays as it is."""
    assert fold(one) == other
    assert fold(other) == other


@pytest.mark.parametrize(("one", "other"), [("Ali", "Alia"), ("حسن", "حسين"), ("12", "21"), ("Saïd", "Sadi")])
def test_names_that_differ_stay_apart(one: str, other: str) -> None:
    """Folding takes away spellings, no names."""
    assert fold(one) != fold(other)


def test_words_of_a_list_are_the_same_with_and_without_spaces() -> None:
    """A header is written ``code_carte`` here and ``Code carte`` there."""
    assert squeezed("Code-carte ") == squeezed("code_carte") == "codecarte"


def test_digits_of_any_script_are_digits_and_a_sign_stays() -> None:
    """A number is never changed into another."""
    assert [plain_digits(text) for text in ("١٧", "۱۷", "-٣", "x٣")] == ["17", "17", "-3", "x3"]
