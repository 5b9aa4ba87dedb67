"""What every screen shares: base template, design tokens, fonts, words, the one socket client."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "shared",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static/shared",
)
"""Serves `/static/shared/…` and the template `shared/base.html`. Public: it holds no data."""
