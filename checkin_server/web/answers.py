"""Answers that several routes give alike."""

from __future__ import annotations

from flask import Response, request


def unchanging(content: bytes, etag: str, mimetype: str) -> Response:
    """Answer with what stays the same while the server runs, or with 304 to whoever has it; `etag` without quotes."""
    kept = request.if_none_match.contains(etag)
    answer = Response(status=304) if kept else Response(content, mimetype=mimetype)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
