"""The arrival kiosk: from a shown card to a number, on one touch screen.

The package holds the page only; it speaks to the server over HTTP (`/api/v1`) and the socket, and imports nothing
of it.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, render_template

blueprint = Blueprint(
    "kiosk",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/kiosk",
)
"""Serves `/kiosk/<station>` and its static files. The application decides who may open it (device role `kiosk`)."""


MODULES = sorted(path.name for path in (Path(__file__).parent / "static").glob("*.js"))
"""All scripts of the page: it names them at once, so that a cold start does not find one only after another."""


@blueprint.get("/kiosk/<station>")
def page(station: str) -> str:
    """Return the kiosk's page for `station` (an id of the venue's plan, for example ``K1``)."""
    screen = {"name": "kiosk", "role": "kiosk", "station": station}
    return render_template("kiosk/kiosk.html", screen=screen, modules=MODULES)
