"""The venue fixtures of the services' tests: rules of the database are tried on both, too."""

from __future__ import annotations

from tests.services.conftest import new_site, site

__all__ = ["new_site", "site"]
