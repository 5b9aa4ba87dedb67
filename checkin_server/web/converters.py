"""What may stand in an address: one rule for every part of every path, and for what pages read behind the `?`."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.routing import PathConverter, UnicodeConverter, ValidationError

from checkin_server.domain.texts import code, unclean

LONGEST_PART = 200
"""Signs of one part of a path; the longest id has 64."""
_LONGEST_PATH = 1000


class Part(UnicodeConverter):
    """One part of a path, clean; anything else is an address that does not exist."""

    def to_python(self, value: str) -> str:
        """Return the part. Raises `ValidationError` for one that can be no id."""
        if unclean(value) or len(value) > LONGEST_PART:
            raise ValidationError
        return str(super().to_python(value))


class Way(PathConverter):
    """Several parts of a path, as of a file; clean as well."""

    def to_python(self, value: str) -> str:
        """Return the path. Raises `ValidationError` for one that can lead nowhere."""
        if unclean(value) or len(value) > _LONGEST_PATH:
            raise ValidationError
        return str(super().to_python(value))


def register(app: Flask) -> None:
    """Read every part of every address of `app` by these rules; before its routes are added."""
    app.url_map.converters.update({"default": Part, "string": Part, "path": Way})


def asked(name: str, otherwise: str = "") -> str:
    """Return what a page was asked for behind the ``?``, clean; API routes declare a `query` instead."""
    return code(request.args.get(name, otherwise)[:_LONGEST_PATH])
