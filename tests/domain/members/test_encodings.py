"""Which encoding a list is in: by what the letters of each word mix."""

from __future__ import annotations

import pytest

from checkin_server.domain.members import encodings
from checkin_server.domain.members.encodings import Undecided, mixes_scripts, read, was_misread

HEAD = "member;name_ar;name_la;category;unit\r\n"
CAPITALS = HEAD + "A1;;ÉLISE AÏCHA BÉNANI;active;u\r\nA2;;NOËL HÔTÉ;active;u\r\n"
SMALL = HEAD + "A1;;Elise Aïcha Bénani;active;u\r\nA2;;Noël Hôte;active;u\r\n"
ONE = HEAD + "A1;;ÉMILE INVENTÉ;active;u\r\n"
ARABIC = HEAD + "A1;أمين مخترع;;active;u\r\nA2;هند العلمي;;active;u\r\nA3;مصطفى الغازي;;active;u\r\n"
LIGATURES = HEAD + "A1;;François Lœvenbruck;active;u\r\nA2;;ŒUVRARD Maëlle;active;u\r\nA3;;Sœur Hôte;active;u\r\n"
BOTH = HEAD + "A1;أمين مخترع;Amine Inventé;active;u\r\nA2;هند العلمي;HIND INVENTEE;active;u\r\n"


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        (CAPITALS, "cp1252", "Windows-1252"),
        (CAPITALS, "mac_roman", "MacRoman"),
        (CAPITALS, "cp850", "DOS-850"),
        (LIGATURES, "iso8859_15", "ISO-8859-15"),
        (LIGATURES, "cp1252", "Windows-1252"),
        (SMALL, "cp1252", "Windows-1252"),
        (SMALL, "mac_roman", "MacRoman"),
        (SMALL, "cp850", "DOS-850"),
        (ONE, "cp1252", "Windows-1252"),
        (ONE, "mac_roman", "MacRoman"),
        (ARABIC, "cp1256", "Windows-1256"),
        (ARABIC, "iso8859_6", "ISO-8859-6"),
        (ARABIC, "mac_arabic", "MacArabic"),
        (ARABIC, "cp720", "DOS-720"),
        (BOTH, "cp1256", "Windows-1256"),
        (BOTH, "utf-8", "UTF-8"),
        (BOTH, "utf-8-sig", "UTF-8"),
        (BOTH, "utf-16", "UTF-16"),
        (BOTH, "utf-16-le", "UTF-16"),
        (BOTH, "utf-16-be", "UTF-16"),
    ],
)
def test_every_letter_arrives_in_every_encoding(text: str, encoding: str, named: str) -> None:
    """And the encoding is said, with words to judge by where only the letters tell it."""
    reading = read(text.encode(encoding))
    assert (reading.text, reading.encoding) == (text, named)
    assert bool(reading.samples) is not named.startswith("UTF")
    assert all(word in text and not word.isascii() for word in reading.samples)


def test_accented_capitals_are_no_arabic_letters() -> None:
    """What Windows-1256 would make of them (ةLISE) mixes scripts in a word."""
    reading = read(CAPITALS.encode("cp1252"))
    assert "ÉLISE" in reading.samples and "ة" not in reading.text


def test_what_the_letters_do_not_tell_is_asked() -> None:
    """The same bytes are a French and an Arabic word: both readings are shown, and one can be named."""
    content = (HEAD + "A1;;ÈÏÑ;active;u\r\n").encode("cp1252")
    with pytest.raises(Undecided) as refused:
        read(content)
    assert refused.value.readings == {"Windows-1252": ("ÈÏÑ",), "Windows-1256": ("بدر",)}
    assert "بدر" in read(content, "Windows-1256").text
    with pytest.raises(UnicodeDecodeError):
        read(content, "UTF-8")


def test_one_spoiled_letter_makes_no_other_encoding_of_a_file() -> None:
    """The rest of it stays right; the row with the letter is bad."""
    content = (BOTH * 3).encode().replace("هند".encode(), b"\xd9" + "هند".encode(), 1)
    reading = read(content)
    assert reading.encoding == "UTF-8" and reading.text.replace("\ufffd", "", 1) == BOTH * 3


def test_another_alphabet_is_not_forced_into_one_of_ours() -> None:
    """Nothing is guessed."""
    with pytest.raises(Undecided):
        read((HEAD + "A1;;Пример Имени Фамилии;active;u\r\n").encode("cp1251"))


@pytest.mark.parametrize("before", ["cp1252", "cp1256", "mac_roman"])
@pytest.mark.parametrize("name", ["ÉLISE", "Inventé", "أحمد مخترع"])
def test_letters_that_another_program_misread_are_seen(name: str, before: str) -> None:
    """UTF-8 that was opened as something else and saved."""
    try:
        garbled = name.encode().decode(before)
    except UnicodeDecodeError:
        pytest.skip("this program would have refused it")
    assert was_misread(garbled)
    assert not was_misread(name)


def test_arabic_that_was_opened_as_french_is_seen() -> None:
    """The other way of garbling."""
    assert was_misread("أحمد مخترع".encode("cp1256").decode("cp1252"))
    assert not any(map(was_misread, ("Aïcha N’Aït", "MÜLLER", "Łukasz", "Nuñez", "أحمد", "ⵎⵓⵃⵎⵎⴷ", "Ahmed")))


@pytest.mark.parametrize(
    ("text", "mixed"), [("ةLISE", True), ("Mоhamed", True), ("محمد Alami", False), ("Aït-علي", False), ("أحمد", False)]
)
def test_one_word_has_letters_of_one_script(text: str, mixed: bool) -> None:
    """The second has a Cyrillic о."""
    assert mixes_scripts(text) is mixed


def test_every_encoding_has_a_name_without_spaces() -> None:
    """It is typed on a command line."""
    assert all(" " not in name for name in encodings.ENCODINGS)
