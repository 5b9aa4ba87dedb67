from __future__ import annotations

import pytest

from checkin_server.domain.plan import Plan
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG
from tests.services.conftest import new_site, site

__all__ = ["new_site", "plan", "site"]


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The Rabat edition."""
    return load_venue(CONFIG)
