"""A release is one command: number, CHANGELOG entry, commit and tag, or nothing at all."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from checkin_server import __version__
from scripts import release
from tests.support.server import DemoServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a release behind it and something to release."""
    (tmp_path / "checkin_server").mkdir()
    shutil.copyfile(ROOT / "checkin_server" / "__init__.py", tmp_path / "checkin_server" / "__init__.py")
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Something.\n\n## [0.0.9] - 2019-12-01\n\n- Before.\n"
    )
    for words in (
        ["init", "-q"],
        ["config", "user.name", "Example"],
        ["config", "user.email", "example@example.org"],
        ["add", "."],
        ["commit", "-q", "-m", "Before"],
        ["tag", "v0.0.9"],
    ):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


def said(place: Path, *words: str) -> str:
    """What git says."""
    return subprocess.run(["git", *words], cwd=place, check=True, capture_output=True, text=True).stdout


def test_a_release_changes_number_and_changelog_in_one_tagged_commit(checkout: Path) -> None:
    """And leaves room for what comes next."""
    release.release(checkout, "9.1.0")
    assert '__version__ = "9.1.0"' in (checkout / "checkin_server" / "__init__.py").read_text()
    log = (checkout / "CHANGELOG.md").read_text()
    assert re.search(r"## \[Unreleased\]\n\n## \[9\.1\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- Something\.", log)
    assert said(checkout, "tag", "--points-at", "HEAD").strip() == "v9.1.0"
    assert said(checkout, "log", "-1", "--format=%s").strip() == "Release 9.1.0"
    assert said(checkout, "status", "--porcelain") == ""


@pytest.mark.parametrize("version", ["0.0.1", __version__, "1.0", "v1.2.3", "1.2.3-rc1", ""])
def test_a_number_that_is_none_or_not_above_the_last_is_refused(checkout: Path, version: str) -> None:
    """With nothing changed."""
    with pytest.raises(release.Refused):
        release.release(checkout, version)
    assert said(checkout, "status", "--porcelain") == ""
    assert said(checkout, "tag", "--list").split() == ["v0.0.9"]


def test_the_first_release_may_have_the_number_that_is_there(checkout: Path) -> None:
    """Nothing came before it."""
    said(checkout, "tag", "-d", "v0.0.9")
    release.release(checkout, __version__)
    assert said(checkout, "tag", "--points-at", "HEAD").strip() == f"v{__version__}"


def test_a_changed_tree_is_refused(checkout: Path) -> None:
    """Somebody's half-done work is no part of a release."""
    (checkout / "CHANGELOG.md").write_text("half done")
    with pytest.raises(release.Refused, match="commit them"):
        release.release(checkout, "9.1.0")


def test_nothing_to_release_is_refused() -> None:
    """An entry that says nothing helps nobody."""
    with pytest.raises(release.Refused, match="nothing under"):
        release.with_entry("## [Unreleased]\n\n## [0.0.9] - 2019-12-01\n\n- Before.\n", "9.1.0", date(2019, 12, 27))


def test_the_command_says_which_release_it_is(shared_demo: DemoServer) -> None:
    """`riwaq --version`, the API's document and every screen's foot say the same."""
    told = subprocess.run([ROOT / ".venv/bin/riwaq", "--version"], capture_output=True, text=True, check=True).stdout
    assert told.strip().endswith(__version__)
    document = shared_demo.client("kiosk", "K1").get("/openapi.json")
    assert document["info"]["version"] == __version__
