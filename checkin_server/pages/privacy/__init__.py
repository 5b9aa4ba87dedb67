"""The page of who answers for the data: a member's rights, who looked at whom, what is forgotten when.

The page holds no data of its own; it asks ``/api/v1/privacy`` and ``/api/v1/audit``, which answer a person with the
role ``privacy`` only, on whichever of the office's devices they are signed in.
"""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint(
    "privacy",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/privacy",
)


@blueprint.get("/privacy")
def page() -> str:
    """The page itself; the app lets only devices with the role ``organizer`` or ``privacy`` reach it."""
    return render_template("privacy/privacy.html", screen={"name": "privacy", "role": "privacy", "station": "privacy"})
