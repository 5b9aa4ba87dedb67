"""The pictures and films that boards show, from our own origin."""

from __future__ import annotations

from flask import Blueprint, Response, abort, send_file

from checkin_server.services.boards.media import Playlist
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import PUBLIC, Api, Result
from checkin_server.web.auth import Doorkeeper, Rule


def register(api: Api, venue: Venue, playlist: Playlist) -> None:
    """Serve the list."""

    @api.operation("GET", "/media", roles=("board", "organizer"), answer=models.MediaAnswer)
    def get_media() -> Result:
        """List what boards show beside the calls, in order."""
        items = playlist.items()
        return {
            "items": [{"url": f"/media/{item.changed:x}/{item.name}", "kind": item.kind} for item in items.values()],
            "image_seconds": venue.plan.media.image_seconds,
        }


def pages(playlist: Playlist, doorkeeper: Doorkeeper) -> Blueprint:
    """Serve the files: they hang on public screens, so anybody may see them."""
    blueprint = Blueprint("media", __name__)
    doorkeeper.allow("media.file", Rule(PUBLIC))

    @blueprint.get("/media/<changed>/<name>")
    def file(changed: str, name: str) -> Response:
        """Return a picture or a film, or the part of it that was asked for."""
        item = playlist.items().get(name)
        if item is None or not item.path.is_file():
            abort(404)
        answer = send_file(item.path, mimetype=item.mimetype, conditional=True)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        # A file of the venue is a picture or a film and nothing else, whatever is in it.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    return blueprint
