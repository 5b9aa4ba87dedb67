"""What every answer says about itself: which content the page may load, and what may be kept of it."""

from __future__ import annotations

from flask import Response, request

_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_CSP_KIOSK = _CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The kiosk's page alone may compile WebAssembly, of our own origin: the reader of codes for its camera."""


def harden(answer: Response) -> Response:
    """Set the headers of an answer; what the route has set itself stays."""
    policy = _CSP_KIOSK if request.endpoint == "kiosk.page" else _CSP
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    if not request.path.startswith("/static/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith("/static/shared/vendor/"):
        answer.headers["Cache-Control"] = "public, max-age=86400"
    else:
        answer.headers["Cache-Control"] = "no-cache"
    return answer
