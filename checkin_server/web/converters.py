"""What may stand in an address: one rule for every part of every path, and for what pages read behind the `?`.

The rule is part of the pattern by which an address is found: what breaks it is no address, whatever the method.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from werkzeug.routing import PathConverter, UnicodeConverter

from checkin_server.domain.texts import DROPPED, code

LONGEST_PART = 200
"""Signs of one part of a path; the longest id has 64."""
_LONGEST_PATH = 1000


class Part(UnicodeConverter):
    """One part of a path, clean; anything else is an address that does not exist."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.regex = f"[^/{DROPPED}]{{1,{LONGEST_PART}}}"


class Way(PathConverter):
    """Several parts of a path, as of a file; clean as well."""

    regex = f"[^/{DROPPED}][^{DROPPED}]{{0,{_LONGEST_PATH}}}?"


def register(app: Flask) -> None:
    """Read every part of every address of `app` by these rules; before its routes are added."""
    app.url_map.converters.update({"default": Part, "string": Part, "path": Way})


def asked(name: str, otherwise: str = "") -> str:
    """Return what a page was asked for behind the ``?``, clean; API routes declare a `query` instead."""
    return code(request.args.get(name, otherwise)[:_LONGEST_PATH])
