"""PINs of tests are kept by a hash that costs nothing: a demo keeps six at each start, a suite starts hundreds."""

from __future__ import annotations

from argon2 import PasswordHasher

from checkin_server.services.access import pins

REAL = pins._hasher
"""What venues hash with; `tests/services/access/test_access.py` holds it against OWASP's profile."""


def install() -> None:
    """Hash PINs of this process so; a hash says itself how it was made, so that others of both kinds are read."""
    pins._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
