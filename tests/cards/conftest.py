"""A venue on each of the two databases, as the tests of the services have it."""

from __future__ import annotations

from tests.services.conftest import new_site, site

__all__ = ["new_site", "site"]
