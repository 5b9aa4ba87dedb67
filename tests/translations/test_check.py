"""Each kind of trouble in a catalogue stops the check, which names the file and the message."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from checkin_server.translations import check, extract

CODE = """
t("Go to zone {zone}.");
t("Really?");
t("Press “{button}”: it is free");
t("Scan the QR code");
tn("{n} person", "{n} people", n);
"""
GOOD: dict[str, dict[str, str | tuple[str, ...]]] = {
    "ar": {
        "Go to zone {zone}.": "توجهوا إلى المنطقة {zone}.",
        "Really?": "حقا؟",
        "Press “{button}”: it is free": "اضغطوا على «{button}»، فهو مجاني",
        "Scan the QR code": "امسحوا رمز QR",
        "{n} person": ("لا أحد", "شخص واحد", "شخصان", "{n} أشخاص", "{n} شخصا", "{n} شخص"),
    },
    "fr": {
        "Go to zone {zone}.": "Allez à la zone {zone}.",
        "Really?": "C’est vrai\u00a0?",
        "Press “{button}”: it is free": "Appuyez sur «\u00a0{button}\u00a0»\u00a0: c’est gratuit, de 9:00 à 18:00",
        "Scan the QR code": "Lisez le code QR",
        "{n} person": ("{n} personne", "{n} personnes"),
    },
    "zgh": {
        "Go to zone {zone}.": "ⴷⴷⵓⵜ ⵖⵔ ⵜⵎⵏⴰⴹⵜ {zone}.",
        "Really?": "ⵙ ⵜⵉⴷⵜ?",
        "Press “{button}”: it is free": "ⴰⴷⵔⴰⵜ ⵅⴼ «{button}»: ⴱⵍⴰ ⴰⵜⵉⴳ",
        "Scan the QR code": "ⵖⵔⴰⵜ ⵜⴰⵏⴳⴰⵍⵜ QR",
        "{n} person": ("{n} ⵏ ⵓⴼⴳⴰⵏ", "{n} ⵏ ⵉⴼⴳⴰⵏⵏ"),
    },
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A small repository whose catalogues are in order."""
    code = tmp_path / "kiosk/static/kiosk.js"
    code.parent.mkdir(parents=True)
    code.write_text(CODE, encoding="utf-8")
    assert extract.main(tmp_path) == 0
    for language, texts in GOOD.items():
        catalog = extract.empty(language)
        for message in extract.wanted(tmp_path):
            catalog.add(message.id, texts[message.singular], locations=[("kiosk/static/kiosk.js", 0)])
        extract.file_of(tmp_path, language).write_bytes(extract.written(language, catalog))
    return tmp_path


def edit(root: Path, language: str, old: str, new: str) -> None:
    """Change a catalogue by hand."""
    path = extract.file_of(root, language)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_catalogues_in_order_pass(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to put right is said with the count of messages."""
    assert check.main(repository) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 messages, each in 4 languages"


@pytest.mark.parametrize(
    ("language", "old", "new", "message", "trouble"),
    [
        ("ar", 'msgstr "حقا؟"', 'msgstr ""', "Really?", "is not translated"),
        ("ar", 'msgstr[4] "{n} شخصا"', 'msgstr[4] ""', "{n} person", "is not translated"),
        ("fr", 'msgid "Really?"', '#, fuzzy\nmsgid "Really?"', "Really?", "is marked fuzzy"),
        ("zgh", 'msgid "Really?"', 'msgid "Truly?"', "Truly?", "is not used any more"),
        ("zgh", 'msgid "Really?"', 'msgid "Truly?"', "Really?", "is missing"),
        ("en", 'msgid_plural "{n} people"', 'msgid_plural "{n} persons"', "{n} person", "another plural"),
        ("ar", 'msgstr[5] "{n} شخص"\n', "", "{n} person", "is not translated"),
        ("ar", "المنطقة {zone}.", "المنطقة.", "Go to zone {zone}.", "other placeholders"),
        ("fr", "la zone {zone}.", "la zone {zones}.", "Go to zone {zone}.", "other placeholders"),
        ("ar", "{n} أشخاص", "أشخاص", "{n} person", "other placeholders"),
        ("ar", 'رمز QR"', 'رمز QR ٣"', "Scan the QR code", "digits other than 0-9"),
        ("zgh", 'ⵜⴰⵏⴳⴰⵍⵜ QR"', 'ⵜⴰⵏⴳⴰⵍⵜ QR ۳"', "Scan the QR code", "digits other than 0-9"),
        ("fr", "C’est", "C'est", "Really?", "’ for the apostrophe"),
        ("fr", "vrai\u00a0?", "vrai ?", "Really?", "no-break space"),
        ("fr", "vrai\u00a0?", "vrai?", "Really?", "no-break space"),
        ("fr", "\u00a0»\u00a0:", "\u00a0» :", "Press “{button}”: it is free", "no-break space"),
        ("fr", "«\u00a0{button}", "«{button}", "Press “{button}”: it is free", "no-break space"),
        ("fr", "«\u00a0{button}\u00a0»", "“{button}”", "Press “{button}”: it is free", "« » for quotes"),
        ("zgh", "ⵖⵔⴰⵜ ⵜⴰⵏⴳⴰⵍⵜ", "ⵖⵔⴰⵜ tangalt", "Scan the QR code", "no Latin words"),
        ("zgh", "ⵖⵔⴰⵜ ⵜⴰⵏⴳⴰⵍⵜ", "ⵖⵔⴰⵜ رمز", "Scan the QR code", "without Arabic letters"),
        ("ar", "امسحوا رمز", "امسحوا code", "Scan the QR code", "no Latin words"),
        ("ar", "»، فهو", "», فهو", "Press “{button}”: it is free", "، ؛ ؟"),
        ("ar", "حقا؟", "حقا?", "Really?", "، ؛ ؟"),
        ("fr", 'QR"', 'QR "', "Scan the QR code", "other spaces"),
        ("en", '"Scan the QR code"\nmsgstr "', '"Scan the QR code"\nmsgstr " ', "Scan the QR code", "other spaces"),
        ("fr", "Lisez le", "Lisez  le", "Scan the QR code", "two spaces"),
        ("fr", 'code QR"', 'code QR."', "Scan the QR code", "ends otherwise"),
    ],
)
# size: fixtures and the values of one case
def test_a_trouble_is_named_with_its_file_and_message(
    repository: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
    old: str,
    new: str,
    message: str,
    trouble: str,
) -> None:
    """Exit 1 and a line that says which file, which message, and what is wrong."""
    edit(repository, language, old, new)
    capsys.readouterr()
    assert check.main(repository) == 1
    lines = capsys.readouterr().out.splitlines()
    file = extract.file_of(repository, language).relative_to(repository).as_posix()
    assert any(line.startswith(f"{file}: “{message}” ") and trouble in line for line in lines), lines


def test_too_few_plural_forms_are_a_trouble() -> None:
    """Arabic has six, and none of them may be left out."""
    message = Message(("{n} person", "{n} people"), ("{n} شخص",) * 5)
    assert list(check.of_message("ar", message, 6)) == ["has 5 plural forms, ar needs 6"]


def test_a_file_that_is_no_catalogue_is_a_trouble(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A form too many, or a line that means nothing, is named with its file."""
    edit(repository, "fr", 'msgstr[1] "{n} personnes"', 'msgstr[1] "{n} personnes"\nmsgstr[2] "{n} gens"')
    capsys.readouterr()
    assert check.main(repository) == 1
    assert capsys.readouterr().out.startswith("checkin_server/translations/fr/LC_MESSAGES/messages.po: ")


def test_a_header_that_counts_otherwise_is_a_trouble(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The forms would be read in another order than the screens do."""
    edit(repository, "fr", "plural=(n > 1);", "plural=(n != 1);")
    capsys.readouterr()
    assert check.main(repository) == 1
    assert "fr/LC_MESSAGES/messages.po: must say: Plural-Forms: nplurals=2; plural=(n > 1);" in capsys.readouterr().out


def test_words_that_cannot_be_extracted_are_a_trouble(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The check stops at them and names their line."""
    (repository / "kiosk/static/more.js").write_text("t(x);\n")
    capsys.readouterr()
    assert check.main(repository) == 1
    assert capsys.readouterr().out.startswith("kiosk/static/more.js:1: ")


def test_the_catalogues_of_this_repository_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    """Every word of every screen, in four languages."""
    assert check.main() == 0, capsys.readouterr().out
