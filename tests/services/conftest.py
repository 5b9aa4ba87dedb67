"""A venue on each of the two databases; both are real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from checkin_server.services.venue import Venue
from tests.support.venue import DATABASES, Site, postgres_site, sqlcipher_site

MakeSite = Callable[..., AbstractContextManager[Site]]


@pytest.fixture(params=DATABASES)
def new_site(request: pytest.FixtureRequest, tmp_path: Path) -> MakeSite:
    """Return what makes a venue, for tests that need another plan or crowd than `site`."""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres_url")
        return lambda **how: postgres_site(server, **how)

    def make(**how: Any) -> AbstractContextManager[Site]:
        return sqlcipher_site(tmp_path, **how)

    return make


@pytest.fixture
def site(new_site: MakeSite) -> Iterator[Site]:
    """A venue with the small plan, on its first day at opening time."""
    with new_site() as made:
        yield made


@pytest.fixture
def venue(site: Site) -> Venue:
    """The venue of `site`, for tests that need no more."""
    return site.venue
