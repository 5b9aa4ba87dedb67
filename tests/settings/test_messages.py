"""What is said about a wrong setting in a venue's or a tour's file: file, line, key, what, remedy."""

from __future__ import annotations

import pytest

from checkin_server.settings import SettingsError, load_venue
from tests.settings.folder import Folder

# What is replaced by what, the key that is named, what is said and the remedy; parts of the text suffice.
VENUE_MISTAKES = [
    pytest.param('zone = "C"', 'zoen = "C"', "booth[bank].zoen", "not known", '"zone"', id="misspelt key"),
    pytest.param("[[kiosk]]", "[[kioks]]", "kioks", "not known", '"kiosk"', id="misspelt table"),
    pytest.param('name.fr = "Banque"', 'name.xx = "Banque"', "service[bank].name.xx", "not known", "fr", id="language"),
    pytest.param('name.fr = "Banque"\n', "", "service[bank].name.fr", "missing", 'Add "fr"', id="missing language"),
    pytest.param('name.fr = "Banque"', 'name.fr = " "', "service[bank].name.fr", "empty", "words", id="empty text"),
    pytest.param('label = "1"', 'label = "\u0661"', "counter[reception-1].label", "digits", "0-9", id="digits"),
    pytest.param("prior_minutes = 9\n", "", "service[bank].prior_minutes", "missing", "Add", id="missing key"),
    pytest.param(
        "prior_minutes = 9", 'prior_minutes = "9"', "service[bank].prior_minutes", "number", "value", id="type"
    ),
    pytest.param("prior_minutes = 9", "prior_minutes = 0", "service[bank].prior_minutes", "more than 0", "", id="zero"),
    pytest.param(
        "prior_minutes = 9", "prior_minutes = inf", "service[bank].prior_minutes", "number", "", id="infinite"
    ),
    pytest.param("missed_limit = 2", "missed_limit = true", "rules.missed_limit", "whole number", "", id="bool"),
    pytest.param(
        'partner.fr = "Tazrout Banque"', "partner.fr = 7", "booth[bank].partner.fr", "quotes", '"7"', id="not text"
    ),
    pytest.param('id = "bank"', 'id = "the bank"', "booth[the bank].id", "not an id", "no spaces", id="id"),
    pytest.param('opens = "09:00"', 'opens = "9 am"', "day[1].opens", "not a time of day", '"09:00"', id="time"),
    pytest.param('closes = "18:00"', 'closes = "24:30"', "day[1].closes", "not a time of day", '"09:00"', id="late"),
    pytest.param('closes = "18:00"', 'closes = "08:00"', "day[1].closes", "not after opening", "later", id="closing"),
    pytest.param('closes = "18:00"', 'closes = "09:00"', "day[1].closes", "not after opening", "later", id="no hours"),
    pytest.param("date = 2019-12-27", 'date = "27/12"', "day[1].date", "not a date", "2019-12-27", id="date"),
    pytest.param("date = 2019-12-27", "date = 2019-12-26", "day[1].date", "not a day of the tour", "", id="other day"),
    pytest.param(
        "date = 2019-12-28", "date = 2019-12-27", "day[2].date", "already defined", "own date", id="day twice"
    ),
    pytest.param("Africa/Casablanca", "Africa/Casablanka", "timezone", "not a time zone", "Casablanca", id="timezone"),
    pytest.param("Africa/Casablanca", "../etc", "timezone", "not a time zone", "Africa/", id="timezone path"),
    pytest.param('"circle"', '"cirle"', "zone[A].shape", "not possible", '"circle"', id="shape"),
    pytest.param('"#0072B2"', '"blue"', "zone[A].colour", "not a colour", "#RRGGBB", id="colour"),
    pytest.param('ink = "#14211B"', 'ink = "#FFFFFF"', "zone[E].ink", "can't be read", "#14211B", id="contrast"),
    pytest.param('pictogram = "landmark"', 'pictogram = "a/b"', "service[bank].pictogram", "icon", "Lucide", id="icon"),
    pytest.param("width_mm = 58", "width_mm = 57", "printer[P3].width_mm", "not possible", "58", id="paper width"),
    pytest.param('zone = "C"', 'zone = "G"', "booth[bank].zone", 'no zone "G"', "A, B, C", id="unknown zone"),
    pytest.param(
        'welcome_zone = "A"', 'welcome_zone = "Z"', "welcome_zone", 'no zone "Z"', "A, B, C", id="welcome desk"
    ),
    pytest.param('booth = "bank"', 'booth = "banc"', "service[bank].booth", 'no booth "banc"', '"bank"', id="booth"),
    pytest.param('printer = "P2"', 'printer = "P9"', "kiosk[K2].printer", 'no printer "P9"', "P1, P2", id="printer"),
    pytest.param('["P2", "P3"]', '["P2", "Q"]', "kiosk[K1].neighbours[2]", 'no printer "Q"', "P1, P2", id="neighbour"),
    pytest.param(
        "missed_limit = 2",
        'missed_limit = 2\n[tickets]\nsecond_language = "es"',
        "tickets.second_language",
        "not possible",
        "ar, en, fr, zgh",
        id="language",
    ),
    pytest.param('["A", "B"]', '["A", "Q"]', "walk[1].between[2]", 'no zone "Q"', "A, B, C", id="walk to nowhere"),
    pytest.param('["A", "B"]', '["A", "A"]', "walk[1].between", "itself", "two zones", id="walk to itself"),
    pytest.param('["A", "D"]', '["B", "A"]', "walk[2].between", "already stands", "both directions", id="walk twice"),
    pytest.param(
        'pictogram = "landmark"',
        'pictogram = "landmark"\nafter = ["bnak"]',
        "service[bank].after[1]",
        'no service "bnak"',
        '"bank"',
        id="after what",
    ),
    pytest.param(
        'pictogram = "landmark"',
        'pictogram = "landmark"\nafter = ["bank"]',
        "service[bank].after",
        "after itself",
        "Remove",
        id="after itself",
    ),
    pytest.param('["P2", "P3"]', '["P1"]', "kiosk[K1].neighbours[1]", "own printer", "other", id="own neighbour"),
    pytest.param(
        'service = "bank"', 'service = "bnak"', "offer[bank-account].service", "no service", '"bank"', id="offer"
    ),
    pytest.param(
        '["child", "dep', '["kid", "dep', "offer[education-languages].categories[1]", "no cat", "", id="category"
    ),
    pytest.param(
        'zones = ["A", "B", "C"]', 'zones = ["X"]', "board[zones-abc].zones[1]", "no zone", "", id="board zone"
    ),
    pytest.param("zones = [", 'zones = "A" #[', "board[hall].zones", "list", 'zones = ["A"]', id="no list"),
    pytest.param(
        'zones = ["A", "B", "C"]', "zones = []", "board[zones-abc].zones", "at least one", "", id="empty list"
    ),
    pytest.param('city = "rabat"', 'city = "rabta"', "city", 'no city "rabta"', '"rabat"', id="city"),
    pytest.param(
        'id = "bank-2"', 'id = "bank-1"', "counter[bank-1].id", "already defined in line", "own id", id="twice"
    ),
    pytest.param(
        'label = "2"', 'label = "1"', "counter[reception-2].label", "same booth", "own label", id="label twice"
    ),
    pytest.param(
        'label = "2"',
        'label = "2"\nservices = ["bank"]',
        "counter[reception-2].services[1]",
        "at the booth",
        "",
        id="elsewhere",
    ),
    pytest.param(
        'kind = "virtual"', 'kind = "network"', "printer[P1].host", "needs its address", "host =", id="no host"
    ),
    pytest.param(
        'kind = "virtual"', 'kind = "virtual"\nhost = "x"', "printer[P1].host", "no address", "network", id="host"
    ),
    pytest.param(
        'kind = "virtual"',
        'kind = "agent"\nhost = "x"',
        "printer[P1].host",
        "no address here",
        "print-agent",
        id="agent",
    ),
    *(
        pytest.param(
            'kind = "virtual"', f'kind = "{kind}"', f"printer[P1].{key}", f"needs its {called}", f"{key} =", id=kind
        )
        for kind, key, called in (
            ("serial", "device", "device"),
            ("lp", "queue", "queue"),
            ("file", "path", "file"),
        )
    ),
    pytest.param(
        'kind = "virtual"',
        'kind = "lp"\nqueue = "q"\nbaud = 9600',
        "printer[P1].baud",
        "no baud",
        'kind = "serial"',
        id="key of another kind",
    ),
    pytest.param(
        "eligible = false", 'eligible = "no"', "unit[casablanca-prefecture].eligible", "true or false", "", id="flag"
    ),
    pytest.param('tour = "tour.toml"', 'tour = "tuor.toml"', "tour", 'no file "tuor.toml"', "relative", id="no tour"),
]


@pytest.mark.parametrize(("old", "new", "key", "what", "remedy"), VENUE_MISTAKES)
def test_a_mistake_is_named_with_file_line_key_and_remedy(
    folder: Folder, old: str, new: str, key: str, what: str, remedy: str
) -> None:
    """Each kind of mistake gives exactly one problem, and it points at the right line."""
    line = folder.replace(folder.rabat, old, new)
    problem = folder.venue_problem()
    assert problem.file == str(folder.rabat)
    assert problem.key == key
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.remedy.endswith((".", "?"))
    if "missing" in problem.what or "needs" in problem.what:
        # There is no line to point at: where the table begins that lacks the key is named.
        start = "name.ar" if ".name." in key else "[["
        above = folder.rabat.read_text(encoding="utf-8").split("\n")[:line]
        line = max(number for number, text in enumerate(above, 1) if text.startswith(start))
    # Where a line was added below the first one, the mistake is in the added one.
    assert problem.line == line + new.count("\n")


def test_a_message_is_one_line_that_begins_with_file_and_line(folder: Folder) -> None:
    """Editors and terminals turn `file:line` into a link."""
    line = folder.replace(folder.rabat, "prior_minutes = 9", "prior_minuts = 9")
    with pytest.raises(SettingsError) as caught:
        load_venue(folder.rabat)
    assert str(caught.value) == (
        "1 setting is wrong:\n"
        f"  {folder.rabat}:{line}: service[bank].prior_minuts: this setting is not known."
        ' Did you mean "prior_minutes"?'
    )


def test_several_mistakes_are_listed_at_once_in_the_files_order(folder: Folder) -> None:
    """Nobody wants to start the server five times to find five slips."""
    lines = [
        folder.replace(folder.rabat, 'timezone = "Africa/Casablanca"', 'timezone = "Nowhere"'),
        folder.replace(folder.rabat, "missed_limit = 2", "missed_limit = 0"),
        folder.replace(folder.rabat, "width_mm = 58", 'width_mm = "58"'),
    ]
    assert [problem.line for problem in folder.venue_problems()] == lines


def test_mistakes_in_the_venue_and_in_its_tour_are_listed_together(folder: Folder) -> None:
    """Both files are read whatever is wrong in the other."""
    folder.replace(folder.rabat, "missed_limit = 2", "missed_limit = 0")
    folder.replace(folder.tour, 'id = "retired"', "id = 1")
    assert {problem.file for problem in folder.venue_problems()} == {str(folder.rabat), str(folder.tour)}


def test_services_that_wait_for_one_another_are_reported_each(folder: Folder) -> None:
    """A detour is as bad as a service that comes after itself: nobody could ever begin."""
    for pictogram, other in (("landmark", "education"), ("graduation-cap", "bank")):
        line = f'pictogram = "{pictogram}"'
        folder.replace(folder.rabat, line, f'{line}\nafter = ["{other}"]')
    problems = folder.venue_problems()
    assert [problem.key for problem in problems] == ["service[bank].after", "service[education].after"]
    assert all("after itself" in problem.what for problem in problems)


def test_a_service_without_a_counter_is_reported_unless_it_is_closed(folder: Folder) -> None:
    """Members would wait for it in vain."""
    folder.replace(folder.rabat, '[[counter]]\nid = "education-1"\nbooth = "education"\nlabel = "1"\n', "")
    problem = folder.venue_problem()
    assert (problem.key, problem.what) == ("service[education].id", "no counter gives this service")
    folder.replace(folder.rabat, 'pictogram = "graduation-cap"', 'pictogram = "graduation-cap"\nclosed = true')
    assert load_venue(folder.rabat).services["education"].closed


def test_a_setting_below_the_first_table_is_told_where_it_belongs(folder: Folder) -> None:
    """In TOML a key belongs to the table above it, which is easy to overlook."""
    folder.replace(folder.rabat, 'timezone = "Africa/Casablanca"\n', "")
    line = folder.replace(folder.rabat, "[rules]", '[rules]\ntimezone = "Africa/Casablanca"')
    unknown = next(problem for problem in folder.venue_problems() if problem.line == line + 1)
    assert unknown.remedy == '"timezone" belongs at the top of the file, above the first [table].'


def test_a_list_of_tables_in_single_brackets_is_told_to_double_them(folder: Folder) -> None:
    """`[board]` instead of `[[board]]`."""
    text = folder.rabat.read_text(encoding="utf-8")
    start, end = text.index("[[board]]"), text.index("\n# Kiosks")
    board = '[board]\nid = "hall"\nzones = ["A"]\n'
    folder.rabat.write_text(text[:start] + board + text[end:], encoding="utf-8")
    assert folder.venue_problem().remedy == "Write [[board]] with double brackets."


def test_a_time_that_a_clock_change_skips_is_reported(folder: Folder) -> None:
    """Casablanca's clocks went from 2:00 to 3:00 on 24 June 2018."""
    folder.replace(folder.tour, "last_day = 2019-12-29", "last_day = 2019-12-29 # spoiled")
    folder.replace(folder.tour, "first_day = 2019-12-27", "first_day = 2018-06-17")
    folder.replace(folder.rabat, "date = 2019-12-27", "date = 2018-06-17")
    folder.replace(folder.rabat, 'opens = "09:00"', 'opens = "02:30"')
    problem = folder.venue_problem()
    assert problem.key == "day[1].opens"
    assert "put forward" in problem.what


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('partner.fr = "Tazrout Banque"', 'partner.fr = "Tazrout Banque', "not closed"),
        ('partner.fr = "Tazrout Banque"', "partner.fr = Tazrout Banque", "can't be read"),
        ('partner.fr = "Tazrout Banque"', 'partner.fr "Tazrout Banque"', "no = after the key"),
        ('zone = "C"', 'zone = "C" "D"', "something follows"),
        ('timezone = "Africa/Casablanca"', 'id = "again"', "set twice"),
        ("[[zone]]", "[[zone]", "not TOML"),
    ],
)
def test_what_is_not_toml_is_reported_with_its_line(folder: Folder, old: str, new: str, what: str) -> None:
    """The line is the one with the slip, and the words are plain."""
    line = folder.replace(folder.rabat, old, new)
    problem = folder.venue_problem()
    assert (problem.file, problem.line) == (str(folder.rabat), line)
    assert what in problem.what


def test_a_file_that_ends_in_the_middle_is_reported_at_its_last_line(folder: Folder) -> None:
    """The parser only says "at end of document" there."""
    folder.rabat.write_text('tour = "tour.toml"\nzones = [\n  "A",\n', encoding="utf-8")
    assert folder.venue_problem().line == 3


def test_a_file_that_is_not_utf8_is_reported_with_its_line(folder: Folder) -> None:
    """Saved as Windows-1256 by an old editor."""
    folder.rabat.write_bytes('tour = "tour.toml"\nid = "قاعة"\n'.encode("cp1256"))
    problem = folder.venue_problem()
    assert (problem.line, problem.remedy) == (2, "Save it with the encoding UTF-8.")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder: Folder) -> None:
    """Notepad writes both; lines are still counted right."""
    line = folder.replace(folder.rabat, "prior_minutes = 9", "prior_minuts = 9")
    text = folder.rabat.read_text(encoding="utf-8")
    folder.rabat.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert folder.venue_problem().line == line


def test_a_missing_file_is_reported_by_its_name(folder: Folder) -> None:
    """There is no line to name."""
    folder.rabat.unlink()
    problem = folder.venue_problem()
    assert str(problem) == f"{folder.rabat}: there is no such file. Check the path."


def test_a_folder_is_not_taken_for_a_file(folder: Folder) -> None:
    """A slip of tab completion."""
    folder.rabat.unlink()
    folder.rabat.mkdir()
    assert "folder" in folder.venue_problem().what


def test_an_end_before_the_beginning_of_a_city_is_reported_in_the_tours_file(folder: Folder) -> None:
    """Found in the tour although the venue was asked for."""
    line = folder.replace(folder.tour, "last_day = 2019-12-08", "last_day = 2019-12-05")
    problem = folder.venue_problem()
    assert (problem.file, problem.line, problem.key) == (str(folder.tour), line, "city[casablanca].last_day")


GOOD_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        (['public = "abc"'], "no public key"),
        ([f'public = "{"0" * 64}"'], "anybody can sign"),
        ([f'public = "{GOOD_KEY}"\nlast_day = "soon"'], "not a date"),
        ([f'public = "{GOOD_KEY}"', f'public = "{GOOD_KEY.upper()}"'], "already defined"),
    ],
)
def test_a_key_of_signed_cards_that_is_none_is_named(folder: Folder, keys: list[str], what: str) -> None:
    """A slip in copying would refuse every card; a key of zeros would take any."""
    text = folder.rabat.read_text(encoding="utf-8")
    folder.rabat.write_text(text + "".join(f"\n[[card_key]]\n{key}\n" for key in keys), encoding="utf-8")
    problem = folder.venue_problem()
    assert what in problem.what and problem.key.startswith("card_key[")


def test_the_keys_of_signed_cards_are_the_plan_s(folder: Folder) -> None:
    """In the file's order; a venue without any takes none."""
    assert load_venue(folder.rabat).card_keys == ()
    key = f'\n[[card_key]]\npublic = "{GOOD_KEY.upper()}"\nlast_day = 2019-12-29\n'
    folder.rabat.write_text(folder.rabat.read_text(encoding="utf-8") + key, encoding="utf-8")
    (read,) = load_venue(folder.rabat).card_keys
    assert (read.public, read.last_day, len(read.id)) == (GOOD_KEY, "2019-12-29", 8)


@pytest.mark.parametrize("kind", ["city", "office", "category"])
def test_an_id_may_stand_once_in_the_tours_file(folder: Folder, kind: str) -> None:
    """Two offices of one id could not be told apart in the report."""
    text = folder.tour.read_text(encoding="utf-8")
    first = text[text.index(f"[[{kind}]]") :].split("\n\n")[0]
    folder.tour.write_text(f"{text}\n{first}\n", encoding="utf-8")
    problem = folder.venue_problem()
    assert problem.key.startswith(f"{kind}[")
    assert "already defined" in problem.what
