"""Backups that the machine which writes them can't read: cut, changed, for others, under a passphrase, tried out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from checkin_server.common import keys
from checkin_server.db import sealed
from checkin_server.db.copies import RestoreFailed
from checkin_server.db.engine import sqlcipher_engine
from checkin_server.settings import SettingsError, load_settings
from checkin_server.settings.server import Settings
from checkin_server.venues import backups, real
from tests.settings.folder import CONFIG


@pytest.fixture
def identity() -> tuple[bytes, str]:
    """An identity and its recipient."""
    return sealed.new_identity()


@pytest.fixture
def settings(tmp_path: Path, identity: tuple[bytes, str]) -> Settings:
    """A real venue that keeps two backups on a stick."""
    (tmp_path / "stick").mkdir()
    file = tmp_path / "riwaq.toml"
    file.write_text(
        f'venue = "{CONFIG / "demo" / "rabat.toml"}"\n[data]\ndir = "data"\n'
        '[database]\npath = "riwaq.db"\nkey_file = "key/database.key"\n'
        f'[backup]\ndir = "stick"\nrecipients = ["{identity[1]}"]\nkeep = 2\n'
    )
    made = load_settings(file, {})
    real.create(made)
    return made


def make(settings: Settings, name: str = "") -> Path:
    """Make a backup; under another name when two fall into one second."""
    assert settings.database_path is not None and settings.key_file is not None
    engine = sqlcipher_engine(settings.database_path, keys.read(settings.key_file))
    try:
        file = backups.make(settings, engine)
    finally:
        engine.dispose()
    return file.rename(file.with_name(name)) if name else file


def test_a_backup_holds_nothing_that_the_laptop_s_key_opens(settings: Settings, identity: tuple[bytes, str]) -> None:
    """The database, and the key that opens it, are inside; only the identity gets them out. It is its owner's alone."""
    file = make(settings)
    assert settings.key_file is not None
    key = keys.read(settings.key_file)
    assert key.encode() not in file.read_bytes() and file.stat().st_mode & 0o777 == 0o600
    inside = sealed.unseal(file, sealed.identities(identity[0]))
    assert inside.key == key and len(inside.database) > 10_000
    other, _ = sealed.new_identity()
    with pytest.raises(sealed.SealBroken, match="for others"):
        sealed.unseal(file, sealed.identities(other))


def test_a_cut_or_changed_file_is_noticed_without_a_key(settings: Settings) -> None:
    """At any byte: the beginning, the middle, the end."""
    file = make(settings)
    whole = file.read_bytes()
    assert not backups.drill(settings, None, None, None).whole
    for length in (0, 40, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(sealed.SealBroken):
            backups.drill(settings, file, None, None)
    for place in (3, 200, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(sealed.SealBroken):
            sealed.look(file)
            sealed.unseal(file, [])
    file.write_bytes(whole + b"\0")
    with pytest.raises(sealed.SealBroken, match="cut or grown"):
        sealed.look(file)


def test_a_drill_restores_checks_and_wipes(settings: Settings, identity: tuple[bytes, str]) -> None:
    """Nothing of it stays in the data folder, whatever it found."""
    make(settings)
    before = sorted(path.name for path in settings.data_dir.iterdir())
    tried = backups.drill(settings, None, identity[0], None)
    assert tried.whole and tried.problems == []
    assert sorted(path.name for path in settings.data_dir.iterdir()) == before


def test_a_drill_says_what_db_check_would(settings: Settings, identity: tuple[bytes, str]) -> None:
    """A backup of a database in which a number is missing is no good one."""
    assert settings.database_path is not None and settings.key_file is not None
    engine = sqlcipher_engine(settings.database_path, keys.read(settings.key_file))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO service_day (id, state, opens_at, closes_at, admitted, last_number, opened_at) "
                "VALUES ('2019-12-27', 'open', 0, 1, 0, 7, 0)"
            )
        )
        connection.commit()
    engine.dispose()
    make(settings)
    assert backups.drill(settings, None, identity[0], None).problems


def test_only_the_newest_stay(settings: Settings) -> None:
    """The oldest go once a newer one is whole; what is not this venue's stays."""
    old = [make(settings, f"{settings.plan.venue}-2019122{day}-120000.riwaq") for day in (6, 7)]
    other = settings.backup.folder
    assert other is not None
    (other / "notes.txt").write_text("x")
    newest = make(settings)
    assert backups.every(settings) == [old[1], newest] and (other / "notes.txt").exists()
    shutil.rmtree(other)
    with pytest.raises(backups.NoBackup, match="is the stick in"):
        make(settings)
    assert not backups.due(settings)


def test_a_running_server_needs_the_key_s_stick_at_its_start_only(
    settings: Settings, identity: tuple[bytes, str]
) -> None:
    """Its backups go on with the stick in a pocket, and hold the key."""
    assert settings.database_path is not None and settings.key_file is not None
    key = keys.read(settings.key_file)
    engine = sqlcipher_engine(settings.database_path, key)
    keeper = backups.Keeper(settings, engine)
    settings.key_file.unlink()
    keeper.look()
    keeper.look()
    engine.dispose()
    (file,) = backups.every(settings)
    assert sealed.unseal(file, sealed.identities(identity[0])).key == key


def test_it_comes_back_on_another_laptop_under_that_one_s_key(
    settings: Settings, identity: tuple[bytes, str], tmp_path: Path
) -> None:
    """With the identity; without it the command says what is missing, and nothing is changed."""
    assert settings.key_file is not None and settings.database_path is not None
    file = make(settings)
    first = keys.read(settings.key_file)
    shutil.rmtree(settings.data_dir)
    settings.key_file.unlink()
    real.create(settings)
    assert keys.read(settings.key_file) != first
    before = settings.database_path.read_bytes()
    with pytest.raises(sealed.SealBroken, match="--identity"):
        real.restore(settings, file)
    assert settings.database_path.read_bytes() == before
    real.restore(settings, file, identity[0])
    venue = real.open_venue(settings)
    venue.db.close()
    with pytest.raises((RestoreFailed, sealed.SealBroken)):
        real.restore(settings, tmp_path / "nothing", identity[0])


@pytest.fixture(scope="module")
def under_passphrase() -> tuple[bytes, str]:
    """An identity's file and its recipient; age makes each try dear on purpose, so it is made once."""
    return sealed.new_identity("seven words")


def test_an_identity_may_be_under_a_passphrase(under_passphrase: tuple[bytes, str]) -> None:
    """Another one opens nothing."""
    content, public = under_passphrase
    assert sealed.needs_passphrase(content) and b"AGE-SECRET-KEY" not in content
    assert str(sealed.identities(content, "seven words")[0].to_public()) == public
    for wrong, why in (("eight words", "not the passphrase"), ("", "none was given"), (None, "none was given")):
        with pytest.raises(sealed.SealBroken, match=why):
            sealed.identities(content, wrong)
    with pytest.raises(sealed.SealBroken, match="no identity"):
        sealed.identities(b"hello")


def test_a_machine_too_slow_for_a_passphrase_does_not_call_it_wrong(under_passphrase: tuple[bytes, str]) -> None:
    """Age measures how quick a machine is at the moment; a busy one is told to try again."""
    first, work, rest = re.split(rb" (\d+)\n", under_passphrase[0], maxsplit=1)
    with pytest.raises(sealed.SealBroken, match="too busy"):
        sealed.identities(first + b" 40\n" + rest, "seven words")
    assert int(work) < 40


@pytest.mark.parametrize(
    ("entry", "why"),
    [('dir = "stick"', "for nobody"), ('dir = "stick"\nrecipients = ["age1x"]', "no recipient")],
)
def test_a_wrong_setting_is_named(settings: Settings, entry: str, why: str) -> None:
    """With what to do."""
    text_of = settings.source.read_text()
    settings.source.write_text(text_of[: text_of.index("[backup]")] + f"[backup]\n{entry}\n")
    with pytest.raises(SettingsError, match=why):
        load_settings(settings.source, {})
