"""The libraries, fonts and icons of the screens."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scripts import build_front

ROOT = Path(__file__).resolve().parents[2]

# Where a script names an icon: icon("name"), {iconName: "name"}, const ICONS = {state: "name"}.
ICON_PLACES = r"\bicon\([^()]*\)|\biconName: [^}]*\}|\bICONS = \{[^}]*\}"
LOADS_ELSEWHERE = r"(?:src|href|url|from|import|fetch)\W{1,3}((?:https?:)?//[^\s\"')]+)"


def screens_files(suffix: str) -> list[Path]:
    """Return the screens' own files with this suffix."""
    folders = (ROOT / "kiosk", ROOT / "booth_display", ROOT / "checkin_server")
    return [path for folder in folders for path in folder.rglob(f"*{suffix}") if build_front.VENDOR not in path.parents]


def pictograms(value: Any) -> set[str]:
    """Return every `pictogram` in a configuration file, at any depth."""
    if isinstance(value, list):
        return set().union(*map(pictograms, value))
    if isinstance(value, dict):
        own = {value["pictogram"]} if isinstance(value.get("pictogram"), str) else set()
        return own.union(*map(pictograms, value.values()))
    return set()


def test_vendor_is_complete_and_not_in_git() -> None:
    """The libraries come from npm at build time and are never committed."""
    assert build_front.is_current(build_front.VENDOR), "run `make setup`"
    command = ["git", "ls-files", str(build_front.VENDOR.relative_to(ROOT)), "node_modules"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout == ""


def test_every_icon_a_screen_draws_is_copied() -> None:
    """An icon that is not in scripts/icons.txt would be a hole on the screen."""
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in screens_files(".js")
        for place in re.findall(ICON_PLACES, path.read_text(encoding="utf-8"))
        for name in re.findall(r"(?<![=!]= )\"([a-z0-9-]+)\"", place)  # but for what a state is compared with
    }
    assert named
    assert sorted((where, name) for where, name in named if name not in build_front.ICONS) == []


def test_every_pictogram_in_config_is_copied() -> None:
    """A service's pictogram is one of the icons in scripts/icons.txt."""
    named = set().union(
        *(pictograms(tomllib.loads(p.read_text(encoding="utf-8"))) for p in (ROOT / "config").rglob("*.toml"))
    )
    assert named
    assert named - set(build_front.ICONS) == set()


def test_every_vendor_file_a_screen_names_exists() -> None:
    """Scripts, style sheets and templates ask only for files that the build copies."""
    named = {
        (str(path.relative_to(ROOT)), name)
        for suffix in (".js", ".css", ".html")
        for path in screens_files(suffix)
        for name in re.findall(r"vendor/([\w./-]+\.\w+)", path.read_text(encoding="utf-8"))
    }
    assert named
    assert sorted((where, name) for where, name in named if not (build_front.VENDOR / name).is_file()) == []


def test_no_screen_loads_anything_from_elsewhere() -> None:
    """A venue without internet shows the same screens."""
    elsewhere = [
        (str(path.relative_to(ROOT)), address)
        for suffix in (".js", ".css", ".html")
        for path in screens_files(suffix)
        for address in re.findall(LOADS_ELSEWHERE, path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []


def test_an_unknown_icon_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the icon and the file to change, and nothing is written."""
    monkeypatch.setattr(build_front, "ICONS", ("check", "no-such-icon"))
    with pytest.raises(build_front.BuildError, match=r"no-such-icon.*scripts/icons\.txt"):
        build_front.build(tmp_path / "vendor")
    assert list(tmp_path.iterdir()) == []


def test_the_licence_of_every_library_is_served_with_it() -> None:
    """MIT, ISC and the Open Font License ask that their text goes along."""
    text = (build_front.VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    assert [name for name in build_front.LICENSED if f"\n{name} " not in text] == []
    assert "SIL OPEN FONT LICENSE" in text
