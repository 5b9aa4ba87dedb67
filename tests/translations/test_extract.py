"""What the extraction finds, what it refuses, and how it writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checkin_server.domain.plan import LANGUAGES
from checkin_server.translations import extract


def put(root: Path, name: str, text: str) -> None:
    """Write a file of a small repository."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ids(root: Path) -> list[str | tuple[str, str]]:
    """The messages of a small repository."""
    return [message.id for message in extract.wanted(root)]


def test_words_are_found_in_scripts_templates_and_services(tmp_path: Path) -> None:
    """`t` and `tn` in JavaScript, `_` and its kin in Jinja, `.gettext` and `.ngettext` in the services."""
    put(tmp_path, "kiosk/static/kiosk.js", 'show(t("Back"), tn("{n} day", "{n} days", n));\n')
    put(tmp_path, "booth_display/board/static/board.js", "t('Go to your zone', {});\n")
    put(tmp_path, "checkin_server/web/templates/web/pair.html", "<h1>{{ _('Pair') }}</h1>{{ gettext(\"Code\") }}\n")
    put(tmp_path, "checkin_server/services/paper/ticket.py", 'a = words.gettext("Your number")\n')
    put(tmp_path, "checkin_server/services/hall/waits.py", 'b = w.ngettext("{n} hour", "{n} hours", 3)\n')
    assert ids(tmp_path) == [
        "Go to your zone",
        ("{n} hour", "{n} hours"),
        "Your number",
        "Pair",
        "Code",
        "Back",
        ("{n} day", "{n} days"),
    ]


def test_words_inside_a_template_string_are_found(tmp_path: Path) -> None:
    """`${t("…")}` within backticks is a call like any other."""
    put(tmp_path, "kiosk/static/kiosk.js", 'node.title = `${name}: ${t("closed")}`;\n')
    assert ids(tmp_path) == ["closed"]


def test_libraries_of_others_are_left_out(tmp_path: Path) -> None:
    """What lies under `vendor` has functions called `t` of its own."""
    put(tmp_path, "checkin_server/shared/static/vendor/io.js", 't("not ours"); t(x);\n')
    assert ids(tmp_path) == []


def test_a_note_to_translators_comes_along(tmp_path: Path) -> None:
    """The comment above a call stands in the catalogue, where it is needed."""
    put(tmp_path, "kiosk/static/a.js", '// TRANSLATORS: a state, not an order.\nt("open");\n')
    assert extract.wanted(tmp_path)[0].comments == ("a state, not an order.",)


def test_every_note_to_translators_in_the_scripts_reaches_the_catalogues() -> None:
    """A note must stand right above the line of its `t(`; a formatter that moves the call must not lose it."""
    reached = {comment for message in extract.wanted() for comment in message.comments}
    lost = [
        (path.relative_to(extract.ROOT).as_posix(), note)
        for method, pattern in extract.SOURCES
        if method == "javascript"
        for path in extract.ROOT.glob(pattern)
        for note in re.findall(r"// TRANSLATORS: (.*)", path.read_text(encoding="utf-8"))
        if note not in reached
    ]
    assert reached and lost == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kiosk/static/a.js", "\nt(words);\n"),
        ("kiosk/static/a.js", '\nt("Go to " + zone);\n'),
        ("kiosk/static/a.js", "\nt(`Go to ${zone}`);\n"),
        ("kiosk/static/a.js", '\nt(busy ? "Wait" : "Go");\n'),
        ("kiosk/static/a.js", '\ntn("{n} day", days, n);\n'),
        ("kiosk/templates/kiosk/a.html", "\n{{ _(words) }}\n"),
        ("checkin_server/services/a.py", "\nx = words.gettext(text)\n"),
        ("checkin_server/services/a.py", '\nx = words.ngettext("{n} day", many, 3)\n'),
    ],
)
def test_words_that_are_not_literals_are_refused_with_their_line(tmp_path: Path, name: str, text: str) -> None:
    """Nobody could translate them; the message says where they stand."""
    put(tmp_path, name, text)
    with pytest.raises(extract.NotExtractable, match=rf"^{name}:2: "):
        extract.wanted(tmp_path)


def test_methods_definitions_and_comments_are_not_calls(tmp_path: Path) -> None:
    """`x.t(y)`, `function t(msgid)` and a comment that speaks of t(x) ask for no words."""
    put(tmp_path, "kiosk/static/a.js", "/** calls t(x) */\nexport function t(msgid) {}\nx.t(y); // tn(a)\n")
    put(tmp_path, "kiosk/templates/kiosk/a.html", "{# _(x) #}\n")
    assert ids(tmp_path) == []


def test_one_english_text_is_not_used_with_and_without_a_count(tmp_path: Path) -> None:
    """A catalogue has one entry for it, with plural forms or without."""
    put(tmp_path, "kiosk/static/a.js", 't("{n} min");\n')
    put(tmp_path, "kiosk/static/b.js", 'tn("{n} min", "{n} min", n);\n')
    with pytest.raises(extract.NotExtractable, match=r"b\.js:1: “\{n\} min”.*a\.js"):
        extract.wanted(tmp_path)


def test_catalogues_keep_translations_and_lose_what_is_not_used(tmp_path: Path) -> None:
    """A second run keeps the translated message, adds the new one empty and drops the one that went."""
    put(tmp_path, "kiosk/static/a.js", 't("Back");\nt("Stay");\n')
    assert extract.main(tmp_path) == 0
    path = extract.file_of(tmp_path, "fr")
    text = path.read_text(encoding="utf-8")
    put(tmp_path, path.relative_to(tmp_path).as_posix(), text.replace('"Back"\nmsgstr ""', '"Back"\nmsgstr "Retour"'))
    put(tmp_path, "kiosk/static/a.js", 't("Go");\nt("Back");\n')
    extract.main(tmp_path)
    catalog = extract.read(path, "fr")
    assert {message.id: message.string for message in catalog if message.id} == {"Go": "", "Back": "Retour"}


def test_english_words_stand_for_themselves_until_somebody_betters_them(tmp_path: Path) -> None:
    """A new message is not empty in English, and a bettered one is kept."""
    put(tmp_path, "kiosk/static/a.js", 't("Back"); tn("{n} day", "{n} days", n);\n')
    extract.main(tmp_path)
    path = extract.file_of(tmp_path, "en")
    catalog = extract.read(path, "en")
    assert [message.string for message in catalog if message.id] == ["Back", ("{n} day", "{n} days")]
    put(
        tmp_path,
        path.relative_to(tmp_path).as_posix(),
        path.read_text("utf-8").replace('msgstr "Back"', 'msgstr "Return"'),
    )
    extract.main(tmp_path)
    assert next(message.string for message in extract.read(path, "en") if message.id) == "Return"


def test_a_catalogue_is_written_the_same_twice_without_dates_or_line_numbers(tmp_path: Path) -> None:
    """Moving a line or running it tomorrow changes no file."""
    put(tmp_path, "kiosk/static/a.js", 't("Back", {});\ntn("{n} day", "{n} days", n);\n')
    extract.main(tmp_path)
    before = {language: extract.file_of(tmp_path, language).read_bytes() for language in LANGUAGES}
    put(tmp_path, "kiosk/static/a.js", '\n\n\nt("Back", {});\n\ntn("{n} day", "{n} days", n);\n')
    extract.main(tmp_path)
    assert {language: extract.file_of(tmp_path, language).read_bytes() for language in LANGUAGES} == before
    text = before["ar"].decode()
    assert "Date" not in text and "a.js:" not in text and "format" not in text
    assert text.count("msgstr[") == 6 and '"Plural-Forms: nplurals=6;' in text


def test_the_loader_reads_what_the_extraction_writes() -> None:
    """Each language's own catalogue is read with as many forms as it says."""
    for language, forms in (("ar", 6), ("fr", 2), ("zgh", 2), ("en", 2)):
        catalog = extract.read(extract.file_of(extract.ROOT, language), language)
        assert catalog.num_plurals == forms
        assert {len(extract.forms_of(message)) for message in catalog if isinstance(message.id, (tuple, list))} == {
            forms
        }
