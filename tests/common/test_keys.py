"""The key under a passphrase, and a server that is made to forget it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checkin_server.common import keys
from checkin_server.venues import folders

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key in the open."""
    keys.make(tmp_path / "database.key")
    return tmp_path / "database.key"


def test_a_protected_key_opens_with_its_passphrase_only(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file alone says nothing; a wrong passphrase, or none, is told from a lost key."""
    known, words = keys.read(key), key.with_name("words")
    keys.protect(key, "several long words")
    assert known.encode() not in key.read_bytes() and key.stat().st_mode & 0o777 == 0o600
    words.write_text("other words\n")
    monkeypatch.setenv(keys.PASSPHRASE_FILE, str(words))
    with pytest.raises(keys.KeyUnusable, match="not the passphrase"):
        keys.read(key)
    monkeypatch.setenv(keys.PASSPHRASE_FILE, "")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(keys.KeyUnusable, match="under a passphrase"):
        keys.read(key)
    words.write_text("several long words\n")
    monkeypatch.setenv(keys.PASSPHRASE_FILE, str(words))
    assert keys.read(key) == known
    with pytest.raises(keys.KeyUnusable, match="already"):
        keys.protect(key, "several long words")


def test_a_short_passphrase_is_refused_and_the_key_stays(key: Path) -> None:
    """Nothing is written."""
    before = key.read_bytes()
    with pytest.raises(keys.KeyUnusable, match="eight"):
        keys.protect(key, "short")
    assert key.read_bytes() == before


def test_a_server_is_ended_and_where_there_is_none_that_is_said(tmp_path: Path) -> None:
    """By the process that holds the folder; it is gone when the command comes back."""
    script = (
        "import sys, time; from pathlib import Path; from checkin_server.venues import folders\n"
        "held = folders.hold(Path(sys.argv[1]), busy='', unwritable='')\nprint('held', flush=True); time.sleep(120)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None and server.stdout.readline() == "held\n"
        assert folders.stop_server(tmp_path)
        assert server.wait(30) != 0
    finally:
        server.kill()
    assert not folders.stop_server(tmp_path) and not folders.stop_server(tmp_path / "nowhere")
