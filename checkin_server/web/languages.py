"""Message catalogues for the screens' scripts."""

from __future__ import annotations

import hashlib
import json

from flask import Blueprint, Response, abort, request

from checkin_server.translations import Catalogues
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule


def pages(catalogues: Catalogues, doorkeeper: Doorkeeper) -> Blueprint:
    """Serve `/i18n/<lang>.json`; the words hold no data, so anybody may read them."""
    blueprint = Blueprint("languages", __name__)
    doorkeeper.allow("languages.messages", Rule(PUBLIC))
    documents = {
        language: json.dumps(catalogues.messages(language), ensure_ascii=False) for language in catalogues.languages
    }
    etags = {lang: hashlib.sha256(text.encode()).hexdigest()[:16] for lang, text in documents.items()}

    @blueprint.get("/i18n/<lang>.json")
    def messages(lang: str) -> Response:
        """Return a language's messages."""
        if lang not in documents:
            abort(404)
        if request.if_none_match.contains(etags[lang]):
            answer = Response(status=304)
        else:
            answer = Response(documents[lang], mimetype="application/json")
        answer.set_etag(etags[lang])
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return blueprint
