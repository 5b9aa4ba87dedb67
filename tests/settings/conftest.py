"""Fixtures of the settings' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkin_server.domain.plan import Plan
from checkin_server.settings import load_venue
from tests.settings.folder import CONFIG, Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the shipped files."""
    return Folder.copy_to(tmp_path)


@pytest.fixture(scope="session")
def rabat() -> Plan:
    """The plan of the demo's own venue."""
    return load_venue(CONFIG / "demo" / "rabat.toml")
