"""What an import says, in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checkin_server.domain.members import member_list, vocabulary
from checkin_server.domain.members.member_list import Bad
from checkin_server.domain.plan import LANGUAGES, NEEDS
from checkin_server.services.members import import_words as words
from checkin_server.services.members.import_members import Outcome
from checkin_server.services.members.import_report import Report
from checkin_server.services.members.member_file import open_table
from checkin_server.services.members.table import FileUnreadable
from checkin_server.translations.check import of_text
from checkin_server.venues import demo
from tests.members.lists import HEADER, HIND, csv_bytes

PLAN = demo.plan_of(Path("none"))
TABLES = (words.WHY, words.FILE, words.SAID, words.NEEDS, words.LANGUAGE_NAMES)
SOURCES = [Path("checkin_server/domain/members"), Path("checkin_server/services/members")]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_sentence_is_written_as_its_language_is(language: str) -> None:
    """The catalogues' own rules: the same placeholders, French spaces, no Latin words in Arabic, digits 0-9."""
    at = words.LANGUAGES.index(language)
    troubles = [
        (code, trouble)
        for table in TABLES
        for code, three in table.items()
        for trouble in of_text(language, three[0], three[at])
        if language != "ar" or "other placeholders" not in trouble
    ]
    assert troubles == []


def test_arabic_inserts_the_names_of_forms_that_the_others_write_out() -> None:
    """The only placeholders that differ."""
    for table in TABLES:
        for code, three in table.items():
            wanted, arabic = (set(re.findall(r"\{\w+\}", three[at])) for at in (0, 2))
            assert arabic - wanted <= {"{xlsx}", "{csv}"} and wanted <= arabic, code


def test_every_reason_has_words() -> None:
    """Each code that the readers use, and no other."""
    source = "\n".join(path.read_text("utf-8") for folder in SOURCES for path in sorted(folder.glob("*.py")))
    source = source.replace(Path("checkin_server/services/members/import_words.py").read_text("utf-8"), "")
    for code in (*words.WHY, *words.FILE):
        written = code if not code.startswith("no_") or f'"{code}"' in source else "no_{column}"
        assert f'"{written}"' in source, code
    for code in re.findall(r'FileUnreadable\("(\w+)"|NotAList\("(\w+)"', source):
        assert "".join(code) in words.FILE
    for code in re.findall(r'_say\("?\w+"?, "(\w+)"|Bad\([^"]*"\w+", "(\w+)"\)', source):
        assert "".join(code) in words.WHY


def test_the_columns_that_the_report_names_are_understood() -> None:
    """Whoever mends a list by the report writes these."""
    for column, three in words.COLUMNS.items():
        if column in vocabulary.COLUMNS:
            assert {vocabulary.column_named(word) for word in three} == {column}
    assert set(words.NEEDS) == set(NEEDS) and set(words.LANGUAGE_NAMES) == set(LANGUAGES)
    for need, three in words.NEEDS.items():
        assert {vocabulary.needs_in(word) for word in three} == {(need,)}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "row 2, unit (E2): there is no such unit in the venue's plan; known are"),
        ("fr", "ligne 2, unit (E2)\u00a0: cette unité n’existe pas dans le plan du site\u00a0; les unités sont"),
        ("ar", "السطر 2، \u2068unit\u2069 (\u2068E2\u2069): لا توجد هذه الوحدة في مخطط الموقع"),
    ],
)
def test_a_bad_row_is_named_with_its_cell_and_what_could_stand_there(language: str, told: str) -> None:
    """By names, never by ids of the settings."""
    read = member_list.read(PLAN, [HEADER, (*HIND[:4], "nowhere", *HIND[5:])])
    line = Report(PLAN, language).bad(read, read.bad[0])
    assert line.startswith(told), line
    assert all(unit.name[language] in line and unit.id not in line for unit in PLAN.units.values())


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_reason_can_be_said_of_every_column(language: str) -> None:
    """No placeholder is left over."""
    read = member_list.read(PLAN, [HEADER, HIND])
    for why in words.WHY:
        for column in ("", "member", "name_la"):
            line = Report(PLAN, language).bad(read, Bad(7, column, why, "A2:A3"))
            assert "7" in line and "{" not in line


def test_the_encoding_is_asked_in_a_dry_run_with_words_to_judge_by(tmp_path: Path) -> None:
    """Only there: words of a list are no part of a report that is kept."""
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes([("L1", "", "ÉLISE INVENTÉE", *HIND[3:])], mark=";", encoding="cp1252"))
    table = open_table(path)
    read = member_list.read(PLAN, table.rows)
    french = "\n".join(Report(PLAN, "fr").before(table, read, dry_run=True))
    assert "Importé comme Windows-1252\u00a0: est-ce juste\u00a0? ÉLISE INVENTÉE" in french
    assert "ÉLISE" not in "\n".join(Report(PLAN, "fr").before(table, read, dry_run=False))


def test_what_was_understood_is_said(tmp_path: Path) -> None:
    """A title above, words of another office, a column that means nothing."""
    read = member_list.read(
        PLAN, [("Liste",), (*HEADER, "Téléphone"), (*HIND[:3], "Pensionnée", "rabat-prefecture", *HIND[5:])]
    )
    path = tmp_path / "list.csv"
    path.write_bytes(csv_bytes([HIND]))
    said = "\n".join(Report(PLAN, "en").before(open_table(path), read, dry_run=False))
    assert "row 2; what stands above" in said and "Téléphone" in said
    assert "“Pensionnée” is taken for Retired (rows: 1)." in said


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_file_that_cannot_be_read_says_why_in_each_language(language: str) -> None:
    """With the path, and both readings where the encoding is not sure."""
    for why in words.FILE:
        if why in ("missing", "twice"):
            continue
        lines = list(Report(PLAN, language).unreadable(Path("list.csv"), FileUnreadable(why, "x", {"UTF-8": ("é",)})))
        assert "list.csv" in lines[0] and "{" not in lines[0] and "é" in lines[1]


def test_the_end_says_what_was_done() -> None:
    """Taken in, refused, nothing new, nothing good, a dry run."""
    bad = [Bad(2, "unit", "empty")]
    report = Report(PLAN, "en")

    def said(outcome: Outcome, *, skip_bad: bool = False) -> str:
        return next(iter(report.after(outcome, skip_bad=skip_bad)))

    assert said(Outcome(done=True, added=1)) == "Taken in."
    assert said(Outcome(added=1, bad=bad)).startswith("Bad rows: 1. Nothing was changed.")
    assert said(Outcome(unchanged=1)).startswith("Nothing was changed: everything")
    assert said(Outcome()) == "Nothing was changed: the list has a header and no rows."
    assert said(Outcome(bad=bad), skip_bad=True) == "Nothing was changed: the list holds no good row."
    assert said(Outcome(added=1)) == "Nothing was changed: this was a dry run."


def test_people_who_may_be_one_are_asked_about(tmp_path: Path) -> None:
    """The same name in another spelling, in the same unit and category; they are taken in all the same."""
    path = tmp_path / "list.csv"
    unit = ("rabat-prefecture", "fr", "", "", "")
    rows = [
        ("L1", "هند مخترعة", "Hind Inventée", "active", *unit),
        ("L2", "هند مخترعه", "HIND INVENTEE", "active", *unit),
        ("L3", "هند مخترعة", "Hind Inventée", "retired", *unit),
    ]
    path.write_bytes(csv_bytes(rows))
    table = open_table(path)
    read = member_list.read(PLAN, table.rows)
    assert len(read.entries) == 3
    said = "\n".join(Report(PLAN, "en").before(table, read, dry_run=False))
    assert "are these different people? Rows 2 = 3." in said and "Hind" not in said
