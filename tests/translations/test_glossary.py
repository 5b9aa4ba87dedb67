"""docs/glossary.md is kept: where the English has a term, each language has its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from checkin_server.translations import extract
from checkin_server.translations.check import PLACEHOLDER

PAGE = (extract.ROOT / "docs/glossary.md").read_text(encoding="utf-8")
COLUMNS = ("en", "fr", "ar", "zgh")
MESSAGES = {
    language: {
        (m.id if isinstance(m.id, str) else m.id[0]): extract.forms_of(m)
        for m in extract.read(extract.file_of(extract.ROOT, language), language)
        if m.id
    }
    for language in COLUMNS
}


def rows(heading: str) -> Iterator[dict[str, list[str]]]:
    """The rows of the table under a heading: for each language the term and its other forms."""
    section = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    for line in re.findall(r"^\| (.+) \|$", section, re.MULTILINE)[1:]:
        yield {language: forms(cell) for language, cell in zip(COLUMNS, line.split(" | ")[:4], strict=True)}


def forms(cell: str) -> list[str]:
    """``term (other, forms)`` as a list."""
    term, _, others = cell.strip().rstrip(")").partition(" (")
    return [term, *(form.strip() for form in others.split(",") if form.strip())]


TERMS = [row for heading in ("The field", "Screens and devices") for row in rows(heading)]
ACTIONS = list(rows("What staff press, and how a stop stands"))
# A longer term hides the shorter one in it: a welcome desk is no office, a QR code has a row of its own.
_LONGEST_FIRST = sorted({form for row in TERMS for form in row["en"]}, key=len, reverse=True)
_ANY = re.compile(rf"\b({'|'.join(map(re.escape, _LONGEST_FIRST))})s?\b", re.IGNORECASE)


# Where the English word means another thing.
_OTHERWISE = {
    ("number", "Your name or staff number"): "in French a matricule",
    ("stand", "Keep this ticket. Show it at any kiosk to see where you stand."): "a verb",
}


def messages_with(row: dict[str, list[str]]) -> list[str]:
    """The messages whose English has the row's term."""
    terms = {term.lower() for term in row["en"]}
    return [
        key
        for key in MESSAGES["en"]
        if (row["en"][0], key) not in _OTHERWISE
        and any(hit.lower() in terms for hit in _ANY.findall(PLACEHOLDER.sub("", key)))
    ]


@pytest.mark.parametrize("row", TERMS, ids=lambda row: row["en"][0])
def test_a_term_is_said_by_its_own_word_in_every_language(row: dict[str, list[str]]) -> None:
    """Each translation of a message with the term has one of the forms that the glossary gives."""
    found = messages_with(row)
    strays = [
        (language, key, text)
        for key in found
        for language in COLUMNS[1:]
        for text in MESSAGES[language][key]
        if not any(form.lower() in text.lower() for form in row[language])
    ]
    assert found, "no message has this term: take the row out"
    assert not strays


def test_exceptions_are_of_messages_that_exist() -> None:
    """One that went takes its exception along."""
    assert not [key for _, key in _OTHERWISE if key not in MESSAGES["en"]]


def test_visitors_and_staff_read_stand_and_never_booth() -> None:
    """*Booth* is the code's word; one thing has one name on the screens."""
    assert not [
        text
        for texts in MESSAGES["en"].values()
        for text in texts
        if re.search(r"\bbooth", PLACEHOLDER.sub("", text), re.IGNORECASE)
    ]


@pytest.mark.parametrize("row", ACTIONS, ids=lambda row: row["en"][0])
def test_an_action_or_a_state_has_exactly_one_name(row: dict[str, list[str]]) -> None:
    """The button, and whatever speaks of it, say the same."""
    said = {language: MESSAGES[language][row["en"][0]] for language in COLUMNS[1:]}
    assert said == {language: row[language] for language in COLUMNS[1:]}


def test_the_demo_names_the_buttons_as_they_are() -> None:
    """Who follows the demo's story finds each button under the word it was told."""
    story = {
        "Open a tablet of one of those booths, sign in, open the counter, and press Next.": ["Next"],
        "See the number on the board. On the tablet press Start, then Finish.": ["Start", "Finish"],
    }
    for key, buttons in story.items():
        for language in COLUMNS:
            for button in buttons:
                assert MESSAGES[language][button][0] in MESSAGES[language][key][0]
