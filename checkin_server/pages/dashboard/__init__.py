"""The organiser's dashboard: is all well, what needs doing first, how the day goes.

The page holds no data of its own; it asks ``GET /api/v1/dashboard/snapshot`` and is kept live over the socket.
"""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint(
    "dashboard",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/dashboard",
)


@blueprint.get("/dashboard")
def page() -> str:
    """The page itself; the app lets only devices with the role ``organizer`` reach it."""
    screen = {"name": "dashboard", "role": "organizer", "station": "dashboard"}
    return render_template("dashboard/dashboard.html", screen=screen)
