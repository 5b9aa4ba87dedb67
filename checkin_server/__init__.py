"""Riwaq's server: one venue, one service day at a time."""

__version__ = "0.1.0"
"""The release, in one place: the package, `riwaq --version`, OpenAPI and every screen's foot say it from here."""
