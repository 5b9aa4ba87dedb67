"""A real venue's settings file and the environment over it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from checkin_server.settings import ENVIRONMENT, load_settings
from checkin_server.settings.models import SettingsFile
from checkin_server.settings.values import Entry, entry_of
from tests.settings.folder import Folder

POSTGRES = "postgresql://riwaq:s3cret@db.local/riwaq"


def test_the_shipped_example_loads_as_it_is(folder: Folder) -> None:
    """Its values arrive, and the venue it names is the Rabat one."""
    settings = load_settings(folder.example, {})
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)
    assert settings.allowed_origins == ("https://riwaq.local",)
    assert settings.proxies == ("127.0.0.1", "::1")
    assert settings.data_dir == Path("/var/lib/riwaq")
    assert settings.database_path == Path("/var/lib/riwaq/riwaq.db")
    assert settings.key_file == Path("/etc/riwaq/database.key")
    assert settings.database_url is None
    assert settings.plan.venue == "rabat"


def test_the_example_shows_every_setting(folder: Folder) -> None:
    """Who copies it has nothing left to look up; the other choice stands behind a #."""
    text = folder.example.read_text(encoding="utf-8")

    def keys(model: type[Entry]) -> set[str]:
        found: set[str] = set()
        for name, info in model.model_fields.items():
            inner = entry_of(info.annotation)
            found |= keys(inner) if inner else {name}
        return found

    shown = {line.removeprefix("# ").split(" = ")[0] for line in text.split("\n") if " = " in line}
    assert keys(SettingsFile) == shown


def test_a_printer_of_the_settings_replaces_the_venues_printer(folder: Folder) -> None:
    """The venue says that there is a printer, the machine says how it is reached."""
    settings = load_settings(folder.example, {})
    assert settings.printers["P1"].kind == "network"
    assert settings.printers["P1"].host == "192.168.10.51"
    assert settings.printers is settings.plan.printers


WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "usb": ('vendor = 0x04b8\nproduct = 0x0e15\nserial = "J5"', {"vendor": 0x04B8, "product": 0x0E15, "serial": "J5"}),
    "serial": ('device = "/dev/ttyUSB0"', {"device": "/dev/ttyUSB0", "baud": 19_200, "flow": "rtscts"}),
    "lp": ('queue = "kiosk-1"', {"queue": "kiosk-1"}),
    "file": ('path = "/dev/usb/lp0"', {"path": "/dev/usb/lp0"}),
    "virtual": ("", {}),
}


@pytest.mark.parametrize("kind", WAYS)
def test_each_way_to_a_printer_has_its_own_keys(folder: Folder, kind: str) -> None:
    """They arrive as they were written; the network's are of no use to the others."""
    keys, expected = WAYS[kind]
    folder.replace(
        folder.example,
        'kind = "network"             # how it is reached; "virtual" writes what it prints to files;'
        ' others are below\nwidth_mm = 80                # paper: 80 or 58\nhost = "192.168.10.51"\nport = 9100',
        f'kind = "{kind}"\nwidth_mm = 80\n{keys}',
    )
    printer = load_settings(folder.example, {}).printers["P1"]
    assert (printer.kind, {key: getattr(printer, key) for key in expected}) == (kind, expected)


def test_a_usb_printer_needs_both_its_numbers(folder: Folder) -> None:
    """And says where to read them."""
    folder.replace(folder.example, 'host = "192.168.10.52"', "vendor = 0x04b8")
    text = folder.example.read_text(encoding="utf-8")
    start = text.index('id = "P2"')
    folder.example.write_text(
        text[:start] + text[start:].replace("port = 9100", "", 1).replace('kind = "network"', 'kind = "usb"', 1),
        "utf-8",
    )
    (problem,) = folder.settings_problems()
    assert (problem.key, problem.what) == ("printer[P2].product", "a usb printer needs its product")
    assert "lsusb" in problem.remedy


@pytest.mark.parametrize("patience", ["0.4", "61", "true"])
def test_the_patience_with_a_printer_is_half_a_second_to_a_minute(folder: Folder, patience: str) -> None:
    """Shorter moves tickets about for nothing, longer leaves people standing."""
    folder.replace(folder.rabat, "[rules]", f"[printing]\npatience_seconds = {patience}\n[rules]")
    assert folder.venue_problem().key == "printing.patience_seconds"


def test_a_printer_the_venue_does_not_have_is_reported(folder: Folder) -> None:
    """Nothing would ever print on it."""
    line = folder.replace(folder.example, 'id = "P3"', 'id = "P4"')
    (problem,) = folder.settings_problems()
    assert (problem.line, problem.key) == (line, "printer[P4].id")
    assert problem.remedy == "Known here: P1, P2, P3."


def test_settings_cannot_be_changed_once_loaded(folder: Folder) -> None:
    """They are values, not a place to keep state."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        load_settings(folder.example, {}).port = 1  # type: ignore[misc]


def test_relative_paths_start_at_the_settings_file(folder: Folder) -> None:
    """The server may be started from anywhere; the database lies in the data folder."""
    folder.replace(folder.example, '"/var/lib/riwaq"', '"data"')
    folder.replace(folder.example, '"/etc/riwaq/database.key"', '"keys/database.key"')
    settings = load_settings(folder.example, {})
    assert settings.data_dir == folder.path / "data"
    assert settings.database_path == folder.path / "data" / "riwaq.db"
    assert settings.key_file == folder.path / "keys" / "database.key"


def test_each_environment_variable_overrides_its_key(folder: Folder) -> None:
    """Also the choice of database: the file's path is then ignored."""
    values = {"RIWAQ_HOST": "::1", "RIWAQ_PORT": "9000", "RIWAQ_KEY_FILE": "/k", "RIWAQ_DATABASE_URL": POSTGRES}
    assert set(values) == set(ENVIRONMENT)
    settings = load_settings(folder.example, values)
    assert (settings.host, settings.port, settings.key_file) == ("::1", 9000, Path("/k"))
    assert (settings.database_url, settings.database_path) == (POSTGRES, None)


def test_a_database_may_come_from_the_environment_alone(folder: Folder) -> None:
    """The file then needs no [database] at all."""
    text = folder.example.read_text(encoding="utf-8")
    start, end = text.index("[database]"), text.index("[[printer]]")
    folder.example.write_text(text[:start] + text[end:], encoding="utf-8")
    assert load_settings(folder.example, {"RIWAQ_DATABASE_URL": POSTGRES}).database_url == POSTGRES


def test_an_empty_environment_variable_counts_as_not_set(folder: Folder) -> None:
    """Service managers pass variables that nobody filled in."""
    assert load_settings(folder.example, {"RIWAQ_PORT": " "}).port == 8080


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "80.5", "-1", "\u0668\u0660"])
def test_a_bad_port_in_the_environment_is_reported_by_the_variables_name(folder: Folder, port: str) -> None:
    """There is no line in a file to send people to."""
    (problem,) = folder.settings_problems({"RIWAQ_PORT": port})
    assert str(problem).startswith("environment: RIWAQ_PORT: this must be ")


def test_a_misspelt_environment_variable_is_reported(folder: Folder) -> None:
    """It would silently do nothing; other programs' variables are left alone."""
    (problem,) = folder.settings_problems({"RIWAQ_POTR": "9000", "RIWAQ_TEST_BROWSER": "x", "PATH": "/bin"})
    assert str(problem) == 'environment: RIWAQ_POTR: this variable is not known. Did you mean "RIWAQ_PORT"?'


@pytest.mark.parametrize(
    ("old", "new", "key", "what"),
    [
        ('host = "0.0.0.0"', 'hots = "0.0.0.0"', "server.hots", "not known"),
        ("port = 8080", "port = 80800", "server.port", "65535 or less"),
        ("port = 8080", 'port = "8080"', "server.port", "a whole number without quotes"),
        ('"https://riwaq.local"', '"riwaq.local/x"', "server.allowed_origins[1]", "not a web origin"),
        ('"::1"]', '"riwaq.local"]', "server.proxies[2]", "not an address"),
        ('dir = "/var/lib/riwaq"', "", "data.dir", "missing"),
        ('path = "riwaq.db"', "", "database", "no database is named"),
        ('key_file = "/etc/riwaq/database.key"', "", "database.key_file", "needs its key"),
        ('"/etc/riwaq/database.key"', '"/var/lib/riwaq/a/key"', "database.key_file", "beside what it protects"),
        ('# url = "postgresql', 'url = "postgresql', "database.url", "not both"),
        ('venue = "demo/rabat.toml"', 'venue = "demo/rabta.toml"', "venue", "no file"),
        ('id = "P2"', 'id = "P1"', "printer[P1].id", "already defined in line"),
        ('host = "192.168.10.51"', "", "printer[P1].host", "needs its address"),
    ],
)
def test_a_mistake_in_the_settings_file_is_named(folder: Folder, old: str, new: str, key: str, what: str) -> None:
    """With its file, a line of the same table, and the key."""
    line = folder.replace(folder.example, old, new)
    (problem,) = folder.settings_problems()
    assert (problem.file, problem.key) == (str(folder.example), key)
    assert what in problem.what
    if new:
        assert problem.line == line
    else:
        lines = folder.example.read_text(encoding="utf-8").split("\n")
        assert lines[(problem.line or 0) - 1].startswith("[" + ("[" if key[:7] == "printer" else key.split(".")[0]))


def test_a_mistake_in_the_venue_and_one_in_the_settings_are_listed_together(folder: Folder) -> None:
    """Each with its own file."""
    folder.replace(folder.example, "port = 8080", "port = 0")
    folder.replace(folder.rabat, "missed_limit = 2", "missed_limit = 0")
    assert [Path(problem.file).name for problem in folder.settings_problems()] == ["rabat.toml", "example.toml"]


def test_a_database_password_is_never_shown(folder: Folder) -> None:
    """Neither in a message nor where settings are printed."""
    assert "s3cret" not in repr(load_settings(folder.example, {"RIWAQ_DATABASE_URL": POSTGRES}))
    (problem,) = folder.settings_problems({"RIWAQ_DATABASE_URL": "mysql://riwaq:s3cret@db.local/riwaq"})
    assert "s3cret" not in str(problem)
    folder.replace(folder.example, 'path = "riwaq.db"', 'url = ["postgresql://riwaq:s3cret@db.local/riwaq"]')
    assert "s3cret" not in " ".join(map(str, folder.settings_problems()))
