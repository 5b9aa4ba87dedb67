"""How a device learns to trust this venue's server: the authority's certificate, and what to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from flask import Blueprint, Response, abort, render_template, request

from checkin_server.common import certificates
from checkin_server.translations import Catalogues
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule
from checkin_server.web.converters import asked


def pages(data_dir: Path, doorkeeper: Doorkeeper, catalogues: Catalogues) -> Blueprint:
    """Serve `/trust` and the authority's certificate; both are 404 where the server has no certificates."""
    blueprint = Blueprint("trust", __name__)
    for name in ("page", "authority"):
        doorkeeper.allow(f"trust.{name}", Rule(PUBLIC))

    def found() -> certificates.Held:
        held = certificates.held(data_dir)
        if held is None:
            abort(404)
        return held

    def tongues() -> Iterator[tuple[str, str, object]]:
        for language in catalogues.languages:
            yield language, "rtl" if language == "ar" else "ltr", catalogues.words(language).gettext

    @blueprint.get("/trust")
    def page() -> str:
        """Say, in every language, how this device is made to trust the server; once."""
        wanted = asked("to")
        path = wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/"
        print_of_it = certificates.fingerprint(found().ca)
        return render_template(
            "web/trust.html",
            tongues=list(tongues()),
            secure=f"https://{request.host}{path}",
            fingerprint=print_of_it,
        )

    @blueprint.get("/trust/riwaq-ca.crt")
    def authority() -> Response:
        """Hand out the authority's certificate, as every device can read it."""
        content = found().ca.public_bytes(serialization.Encoding.DER)
        answer = Response(content, mimetype="application/x-x509-ca-cert")
        answer.headers["Content-Disposition"] = 'attachment; filename="riwaq-ca.crt"'
        return answer

    return blueprint
