"""Whose pages may speak to this server: its own, whatever address they were opened at, and those that settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


class Origins:
    """The server's own origin, and further ones."""

    def __init__(self, further: tuple[str, ...] = ()) -> None:
        """`further` are web origins (scheme, host and port) besides the server's own."""
        self._further = frozenset(one.lower().rstrip("/") for one in further)

    def may(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Whether a page of `origin` may speak: one that was opened at the address that it asks, or one that is named.

        `environ` is the WSGI environment of the request, which tells the address that was asked.
        """
        if not origin:
            return False
        asked = str(environ.get("HTTP_HOST", "")).lower()
        said = origin.lower()
        try:
            own = urlsplit(said).netloc
        except ValueError:
            return False
        return said in self._further or (bool(own) and own == asked)
