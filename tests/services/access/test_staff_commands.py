"""`riwaq staff …` as it is typed, on a real venue's settings file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkin_server.cli import main
from checkin_server.services import access
from checkin_server.settings import load_settings
from checkin_server.venues import real

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped example beside the demo's hall, with a database of its own."""
    folder = tmp_path_factory.mktemp("staff")
    shutil.copytree(ROOT / "config" / "demo", folder / "demo")
    file = folder / "riwaq.toml"
    text = 'venue = "demo/rabat.toml"\n[data]\ndir = "data"\n[database]\npath = "riwaq.db"\nkey_file = "../key"\n'
    file.write_text(text, encoding="utf-8")
    real.create(load_settings(file, {}))
    return file


def typed(config: Path, *words: str, stdin: str = "") -> Result:
    """Type a command and what it asks for."""
    return CliRunner().invoke(main, ["staff", *words, "--config", str(config)], input=stdin)


def listed(config: Path) -> dict[str, dict[str, object]]:
    """Return the staff list by name."""
    return {one["name"]: one for one in json.loads(typed(config, "list", "--json").stdout)}


def test_a_pin_is_asked_for_twice_and_not_shown_or_read_from_standard_input(config: Path) -> None:
    """Only in an argument can others on the machine read it; then there is a warning, on standard error."""
    asked = typed(config, "add", "Salma", stdin="8642\n8642\n")
    assert (asked.exit_code, "8642" in asked.output) == (0, False), asked.output
    piped = typed(config, "add", "Amina", "--role", "organizer", "--pin", "-", stdin="9753\n")
    assert (piped.exit_code, piped.stderr) == (0, ""), piped.output
    old = typed(config, "add", "Karim", "--pin", "1379")
    assert old.exit_code == 0
    assert "warning" in old.stderr and "--pin -" in old.stderr and "warning" not in old.stdout
    for words, stdin in (
        (("add", "Omar"), "8642\n8643\n"),
        (("add", "Omar", "--pin", "-"), ""),
        (("pin", "Salma"), "1\n1\n"),
    ):
        refused = typed(config, *words, stdin=stdin)
        assert refused.exit_code != 0 and refused.output.strip()
    assert set(listed(config)) == {"Salma", "Amina", "Karim"}


def test_somebody_is_disabled_and_enabled_given_a_pin_and_unlocked(config: Path) -> None:
    """Each says what it did; nobody of that name is wrong use."""
    venue = real.open_venue(load_settings(config, {}))
    try:
        person = access.add_staff(venue, "Leila", "counter", "4682")
        device = access.add_device(venue, "counter", "bank-1").device_id
        for _ in range(access.FREE_ATTEMPTS):
            access.sign_in(venue, device, person, "0000")
    finally:
        venue.db.close()
    assert "locked at bank-1" in typed(config, "list").stdout
    assert "bank-1" in typed(config, "unlock", "Leila").stdout
    assert listed(config)["Leila"]["locked"] == []
    assert typed(config, "disable", "Leila").exit_code == 0
    assert listed(config)["Leila"]["state"] == "disabled"
    assert "disabled" in typed(config, "list").stdout
    assert typed(config, "enable", person).exit_code == 0
    assert listed(config)["Leila"]["state"] == "active"
    assert typed(config, "pin", "Leila", "--pin", "-", stdin="9999\n").exit_code == 0
    for command in (("disable",), ("enable",), ("unlock",), ("pin", "--pin", "-")):
        nobody = typed(config, command[0], "Nobody", *command[1:], stdin="1234\n")
        assert nobody.exit_code == 2 and "riwaq staff list" in nobody.stderr
    assert typed(config, "unlock").exit_code == 2
    assert typed(config, "unlock", "--at", "nowhere").exit_code == 2
