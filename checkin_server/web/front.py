"""The front door, and what an unpaired browser sees: a code to show, and the page on which an organiser lets it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

from flask import Blueprint, Response, abort, render_template, request
from markupsafe import escape

from checkin_server.common.qr import qr_svg
from checkin_server.domain.plan import Plan
from checkin_server.domain.tour import Text
from checkin_server.services.venue import Venue
from checkin_server.translations import Catalogues
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule, charge
from checkin_server.web.converters import asked
from checkin_server.web.problems import problem

SCREENS = {
    "kiosk": "/kiosk/{}",
    "board": "/board/{}",
    "counter": "/tablet/{}",
    "organizer": "/dashboard",
    "privacy": "/privacy",
    "welcome": "/welcome/{}",
}
"""Where a device of each role goes once it is paired."""
DASHBOARD = "dashboard"
"""The station of dashboards that are let in by a code; links name their own."""
_LINKS = ("used", "unknown")
_LONGEST = 64
"""Letters of the place that a screen had."""
_CODE = re.compile(r"[0-9]{6}")
_PLACE = "\ue000"
"""Stands in a drawn page for the place that a screen had; nobody types this sign."""
_LONGEST_ADDRESS = 300
_MOST_DRAWN = 200
_DRAWING_COST = 10.0
"""Drawing a code costs what so many requests do."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the venue."""

    role: str
    station: str
    name: Text | None = None
    """What people call it; None where that is its id."""
    label: str = ""
    """Which counter of its stand."""

    @property
    def path(self) -> str:
        """Its page."""
        return SCREENS[self.role].format(quote(self.station, safe=""))


def screens_of(plan: Plan) -> dict[str, list[Screen]]:
    """Return the venue's screens by role, in the order of the plan."""
    return {
        "kiosk": [Screen("kiosk", kiosk) for kiosk in plan.kiosks],
        "board": [Screen("board", one.id, one.name) for one in plan.boards.values()],
        "counter": [
            Screen("counter", one.id, plan.booths[one.booth].name, one.label) for one in plan.counters.values()
        ],
        "welcome": [Screen("welcome", desk) for desk in plan.desks],
        "organizer": [Screen("organizer", DASHBOARD)],
    }


def screen_of(plan: Plan, path: str) -> Screen | None:
    """Return the screen whose page a path is; None for anything else that an address may hold."""
    wanted = unquote(path)
    return next((one for some in screens_of(plan).values() for one in some if unquote(one.path) == wanted), None)


def pages(venue: Venue, doorkeeper: Doorkeeper, catalogues: Catalogues) -> Blueprint:
    """Serve `/`, `/not-paired`, and `/pair-screen` for organisers with the code as a picture."""
    blueprint = Blueprint("front", __name__)
    for name in ("door", "not_paired", "code_picture"):
        doorkeeper.allow(f"front.{name}", Rule(PUBLIC))
    doorkeeper.allow("front.pair_screen", Rule(frozenset({"organizer"}), page=True))

    def tongues() -> Iterator[tuple[str, str, object]]:
        # In every language at once: nobody knows yet who reads it.
        for language in catalogues.languages:
            yield language, "rtl" if language == "ar" else "ltr", catalogues.words(language).gettext

    def language() -> str:
        wanted = asked("lang", "ar")
        return wanted if wanted in catalogues.languages else "ar"

    # Anybody may ask for these pages: they are drawn once for all who ask alike. `_lang` is what the drawing goes by.
    @lru_cache(8)
    def drawn_door(_lang: str) -> str:
        return render_template("web/door.html", plan=venue.plan, screens=screens_of(venue.plan))

    @lru_cache(128)
    def drawn_not_paired(_lang: str, link: str, path: str, gone: str) -> str:
        screen = screen_of(venue.plan, path)
        return render_template("web/not_paired.html", tongues=list(tongues()), link=link, screen=screen, gone=gone)

    @blueprint.get("/")
    def door() -> str:
        """Say what this is, which screens there are, and how one is let in."""
        return drawn_door(language())

    @blueprint.get("/not-paired")
    def not_paired() -> tuple[str, int]:
        """Show the code by which this browser is let in, and say what to do, in every language."""
        link = asked("link")
        screen = screen_of(venue.plan, asked("screen"))
        gone = asked("gone")[:_LONGEST]
        page = drawn_not_paired(
            language(), link if link in _LINKS else "", screen.path if screen else "", _PLACE if gone else ""
        )
        return page.replace(_PLACE, escape(gone)), 401

    _serve_codes(blueprint, venue)
    return blueprint


def _serve_codes(blueprint: Blueprint, venue: Venue) -> None:
    drawn: dict[str, str] = {}

    @blueprint.get("/pair-screen/<code>.svg")
    def code_picture(code: str) -> Response:
        """Draw the address at which an organiser's phone lets in the browser that shows this code."""
        if not _CODE.fullmatch(code):
            abort(404)
        screen = screen_of(venue.plan, asked("screen"))
        wanted = f"&screen={quote(screen.path, safe='')}" if screen else ""
        address = f"{request.host_url}pair-screen?code={code}{wanted}"
        if len(address) > _LONGEST_ADDRESS:
            abort(404)
        picture = drawn.get(address)
        if picture is None:
            if wait := charge(_DRAWING_COST):
                return problem("too_many_requests", retry_after=max(1, round(wait)))
            if len(drawn) >= _MOST_DRAWN:
                drawn.clear()
            picture = drawn[address] = qr_svg(address)
        return Response(picture, mimetype="image/svg+xml")

    @blueprint.get("/pair-screen")
    def pair_screen() -> str:
        """The organiser's page: which screen shows the code, and the button that lets it in."""
        code = asked("code")
        return render_template(
            "web/pair_screen.html",
            screens=screens_of(venue.plan),
            code=code if _CODE.fullmatch(code) else "",
            wanted=screen_of(venue.plan, asked("screen")),
        )
