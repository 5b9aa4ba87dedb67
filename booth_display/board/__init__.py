"""The public board: the newest call in large, the last calls, where to go, waits and offers.

Renders one page; everything on it comes from ``GET /boards/{id}/snapshot`` and its pushes (numbers only).
"""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint(
    "board", __name__, template_folder="templates", static_folder="static", static_url_path="/static/board"
)


@blueprint.get("/board/<station>")
def board(station: str) -> str:
    """Page of the board `station`. Whether the board exists and may be seen is the application's to decide."""
    return render_template("board/board.html", screen={"name": "board", "role": "board", "station": station})
