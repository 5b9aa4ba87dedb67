"""The demo's public pages: where a stranger starts, member cards to scan from the screen, and all parts of all screens.

They exist in ``riwaq demo`` only. Whoever knows the secret in the address may open every screen of the demo, so the
secret is compared in constant time and a wrong one is 404, like a page that isn't there.

``/demo/parts`` needs no secret: it opens nothing and asks this server for nothing but static files. What it shows is
invented and stands in them; what its screens would ask or command is answered in the browser (``parts/edge.js``).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from checkin_server.common.qr import qr_path
from checkin_server.domain.plan import LANGUAGES, Booth, Counter, Plan
from checkin_server.domain.tour import Text

DASHBOARD_STATION = "dashboard"
"""The one station of the role ``organizer`` that the demo opens."""
PRIVACY_STATION = "privacy"
"""The one of the role ``privacy``."""


PARTS: Mapping[str, tuple[str, str, str]] = {
    "kiosk": ("kiosk/kiosk.html", "kiosk", "K1"),
    "board": ("board/board.html", "board", "hall"),
    "tablet": ("tablet/tablet.html", "counter", "bank-1"),
    "dashboard": ("dashboard/dashboard.html", "organizer", DASHBOARD_STATION),
    "desk": ("welcome/welcome.html", "welcome", "desk"),
    "privacy": ("privacy/privacy.html", "privacy", PRIVACY_STATION),
    "elements": ("demo_pages/parts.html", "", ""),
}
"""The screens whose parts `/demo/parts` shows: each one's own page, its role and the station it stands for."""


class Demo(Protocol):
    """What the pages need to know about the running demo."""

    @property
    def secret(self) -> str:
        """The unguessable part of the pages' address."""

    @property
    def plan(self) -> Plan:
        """The venue's plan: kiosks, boards, booths and counters to open."""

    @property
    def staff(self) -> Sequence[tuple[str, str]]:
        """Name and PIN of the people who can sign in at a tablet."""

    @property
    def welcome_staff(self) -> tuple[str, str]:
        """Name and PIN of somebody who can sign in at the welcome desk."""

    @property
    def organizer(self) -> tuple[str, str]:
        """Name and PIN of somebody who can sign in on the dashboard."""

    @property
    def privacy(self) -> tuple[str, str]:
        """Name and PIN of somebody who answers for the data."""

    @property
    def sample_cards(self) -> Sequence[Mapping[str, str | int]]:
        """Cards to scan: ``name_ar, name_la, category, locale, family_size, code``."""

    @property
    def cases(self) -> Sequence[tuple[str, str]]:
        """Special cards: the refusal's reason, or ``new_card`` that takes a revoked one's place, and the code."""

    def link(self, role: str, station: str) -> str:
        """Mint a one-time pairing link; the path ``/pair/…`` that opens `station` as `role`."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A booth with its counters, as the start page lists it."""

    booth: Booth
    counters: tuple[Counter, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A member's card on the cards page."""

    name_ar: str
    name_la: str
    category: Text
    locale: str
    family_size: int
    code: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Case:
    """A special card: one that the kiosk refuses, and why, or the one that takes its place."""

    reason: str
    code: str
    path: str
    size: int


# size: one route after the other, each short
def make_blueprint(demo: Demo) -> Blueprint:
    """Build the demo's pages for `demo`.

    Routes: ``GET /demo/<secret>`` (start), ``GET /demo/<secret>/cards``,
    ``POST /demo/<secret>/open/<role>/<station>``, which redirects to a fresh one-time pairing link, and
    ``GET /demo/parts``, whose ``part`` (``kiosk.services``), ``language`` and ``mode`` choose what it shows.
    """
    blueprint = Blueprint(
        "demo_pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static/demo_pages",
    )

    def check(secret: str) -> None:
        if not hmac.compare_digest(secret.encode(), demo.secret.encode()):
            abort(404)

    @blueprint.get("/demo/<secret>")
    def start(secret: str) -> str:
        check(secret)
        return render_template(
            "demo_pages/start.html",
            screen={"name": "demo", "role": "", "station": ""},
            secret=secret,
            plan=demo.plan,
            kiosks=tuple(demo.plan.kiosks.values()),
            boards=tuple(demo.plan.boards.values()),
            stands=_stands(demo.plan),
            staff=demo.staff,
            welcome_staff=demo.welcome_staff,
            organizer=demo.organizer,
            privacy=demo.privacy,
            desks=tuple(demo.plan.desks.values()),
            dashboard=DASHBOARD_STATION,
            privacy_station=PRIVACY_STATION,
        )

    @blueprint.get("/demo/parts")
    def parts() -> str:
        language = request.args.get("language", "ar")
        if language not in LANGUAGES:
            abort(404)
        words = {"lang": language, "dir": "rtl" if language == "ar" else "ltr", "device_id": ""}
        if "part" not in request.args:
            screen = {"name": "parts", "role": "", "station": ""}
            return render_template("demo_pages/parts.html", screen=screen, **words)
        name = request.args["part"].partition(".")[0]
        if name not in PARTS:
            abort(404)
        page, role, station = PARTS[name]
        screen = {"name": name, "role": role, "station": station}
        return render_template("demo_pages/part.html", screen=screen, screen_page=page, modules=(), **words)

    @blueprint.get("/demo/<secret>/cards")
    def cards(secret: str) -> str:
        check(secret)
        return render_template(
            "demo_pages/cards.html",
            screen={"name": "demo", "role": "", "station": ""},
            secret=secret,
            plan=demo.plan,
            cards=[_card(demo.plan, card) for card in demo.sample_cards],
            cases=[_case(reason, code) for reason, code in demo.cases],
        )

    @blueprint.post("/demo/<secret>/open/<role>/<station>")
    def open_screen(secret: str, role: str, station: str) -> Response:
        check(secret)
        if station not in _stations(demo.plan).get(role, ()):
            abort(404)
        return redirect(demo.link(role, station), code=303)

    return blueprint


def _stations(plan: Plan) -> dict[str, frozenset[str]]:
    """The stations that each role can be opened as."""
    return {
        "kiosk": frozenset(plan.kiosks),
        "board": frozenset(plan.boards),
        "counter": frozenset(plan.counters),
        "organizer": frozenset({DASHBOARD_STATION}),
        "privacy": frozenset({PRIVACY_STATION}),
        "welcome": frozenset(plan.desks),
    }


def _stands(plan: Plan) -> list[Stand]:
    """Booths that have counters, in the plan's order."""
    stands = []
    for booth in plan.booths.values():
        counters = tuple(counter for counter in plan.counters.values() if counter.booth == booth.id)
        if counters:
            stands.append(Stand(booth, counters))
    return stands


def _card(plan: Plan, card: Mapping[str, str | int]) -> Card:
    """A sample card with the words and the QR code that the page shows."""
    code, category = str(card["code"]), str(card["category"])
    known = plan.categories.get(category)
    path, size = qr_path(code)
    return Card(
        name_ar=str(card["name_ar"]),
        name_la=str(card["name_la"]),
        category=known.name if known else dict.fromkeys(LANGUAGES, category),
        locale=str(card["locale"]),
        family_size=int(card["family_size"]),
        code=code,
        path=path,
        size=size,
    )


def _case(reason: str, code: str) -> Case:
    """A special card with its QR code."""
    path, size = qr_path(code)
    return Case(reason=reason, code=code, path=path, size=size)
