"""The cleaner of texts: what nobody can see is out, what people write stays."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.domain import texts


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Sal\0ma", "Salma"),
        ("\u202eamlaS\u202c", "amlaS"),
        ("Sal\u200bma\ufeff\u2060", "Salma"),
        ("Salma\u200f  El \t\r\n Idrissi ", "Salma El Idrissi"),
        ("e\u0301le\u0300ve", "élève"),
        ("مُحَمَّدٌ", "مُحَمَّدٌ"),
        ("ⵎⵓⵃⵎⵎⴷ", "ⵎⵓⵃⵎⵎⴷ"),
        ("\u0301\u0301Ali", "Ali"),
        ("\U000e0041\U000e0042x", "x"),
        ("\u3164\u2800", "\u2800"),
    ],
)
def test_a_line_keeps_what_people_write_and_nothing_that_nobody_sees(written: str, clean: str) -> None:
    """NUL, direction, no width, heaps of marks, leaders without a letter; Arabic vowels and French accents stay."""
    assert texts.one_line(written) == clean


def test_of_a_heap_of_marks_a_few_are_left() -> None:
    """Whatever its letter is composed with."""
    assert len(texts.one_line("n\u0332" + "\u0301" * 120)) <= 1 + texts.MOST_MARKS


def test_lines_keep_their_ends_and_all_ends_are_alike() -> None:
    """An opinion may have paragraphs, from any machine."""
    assert texts.lines("a\r\nb\rc\u2028d\n\n") == "a\nb\nc\nd"


UNSEEN = ("", "  ", "\u200b", "\u00a0\u3000", "\u0301", "\u064b\u064b", "\u3164", "\u2800", "\0\0")


@pytest.mark.parametrize("text", UNSEEN)
def test_what_cannot_be_seen_is_counted_as_nothing(text: str) -> None:
    """Spaces, marks without a letter, fillers, the blank of braille."""
    assert texts.seen(text) == 0
    assert texts.seen(texts.one_line(text)) == 0


@given(st.text(max_size=80))
def test_a_text_that_was_cleaned_is_clean_and_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once; nothing of what is dropped is left, and no heap of marks."""
    for clean in (texts.one_line(text), texts.lines(text)):
        assert texts.unclean(clean) == ""
        assert texts.one_line(texts.one_line(clean)) == texts.one_line(clean)
    heap = 0
    for letter in texts.one_line(text):
        heap = heap + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        assert heap <= texts.MOST_MARKS


@given(st.text(max_size=40), st.sampled_from([1, 2, 3]))
def test_the_pattern_of_the_document_is_the_rule(text: str, least: int) -> None:
    """What the document allows is taken, and nothing else."""
    assert (re.search(texts.seen_pattern(least), text) is not None) == (texts.seen(text) >= least)
    assert (re.search(texts.CLEAN_PATTERN, text) is not None) == (not texts.unclean(text))


@given(st.text(max_size=40))
def test_a_sign_too_much_makes_a_code_no_code(sign: str) -> None:
    """Only bidi marks, which our own screens print around codes, are forgiven; what is left can be kept."""
    written = texts.code(f"C{sign}BCD")
    assert texts.unclean(written) == ""
    assert written == "CBCD" or re.sub("[\u200e\u200f\u2066-\u2069]", "", sign)


def test_every_kind_of_sign_that_has_no_shape_is_known() -> None:
    """Of Unicode's controls, formats, spaces and halves none can be a name but the signs of numbers in Arabic."""
    shapeless = ("Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp")
    left = [
        chr(at)
        for at in range(0x110000)
        if unicodedata.category(chr(at)) in shapeless and texts.seen(chr(at)) and at < 0x11000
    ]
    assert {unicodedata.name(sign).split()[0] for sign in left} <= {"ARABIC", "SYRIAC"}
