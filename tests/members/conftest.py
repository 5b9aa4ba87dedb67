"""The venue fixtures of the services' tests: every rule is tried on both databases."""

from __future__ import annotations

from tests.services.conftest import new_site, site

__all__ = ["new_site", "site"]
