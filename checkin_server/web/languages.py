"""Message catalogues for the screens' scripts."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, abort

from checkin_server.translations import Catalogues
from checkin_server.web.answers import unchanging
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule


def pages(catalogues: Catalogues, doorkeeper: Doorkeeper) -> Blueprint:
    """Serve `/i18n/<lang>.json`; the words hold no data, so anybody may read them."""
    blueprint = Blueprint("languages", __name__)
    doorkeeper.allow("languages.messages", Rule(PUBLIC))
    documents = {
        language: json.dumps(catalogues.messages(language), ensure_ascii=False).encode()
        for language in catalogues.languages
    }
    etags = {lang: hashlib.sha256(text).hexdigest()[:16] for lang, text in documents.items()}

    @blueprint.get("/i18n/<lang>.json")
    def messages(lang: str) -> Response:
        """Return a language's messages."""
        if lang not in documents:
            abort(404)
        return unchanging(documents[lang], etags[lang], "application/json")

    return blueprint
