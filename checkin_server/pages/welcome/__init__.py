"""The welcome desk's screen: who stands here, where is their ticket, what is wrong with the printers.

The page holds no data of its own; it asks the API, and is kept live over the socket's topic ``welcome``.
"""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint(
    "welcome",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/welcome",
)


@blueprint.get("/welcome/<station>")
def page(station: str) -> str:
    """The page itself; the app lets only the desk's own device reach it."""
    return render_template("welcome/welcome.html", screen={"name": "welcome", "role": "welcome", "station": station})
