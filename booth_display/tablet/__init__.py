"""The counter's tablet: sign in with a PIN, call the next visitor, start, finish.

Renders one page; state comes from ``GET /counters/{id}/snapshot`` and its pushes, commands go over HTTP.
"""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint(
    "tablet", __name__, template_folder="templates", static_folder="static", static_url_path="/static/tablet"
)


@blueprint.get("/tablet/<station>")
def tablet(station: str) -> str:
    """Page of the counter `station`. Whether the counter exists and may be worked is the application's to decide."""
    return render_template("tablet/tablet.html", screen={"name": "tablet", "role": "counter", "station": station})
