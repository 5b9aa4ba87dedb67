"""The demo's start and cards pages: who may open them, what they open, whether the codes can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from checkin_server.common.qr import QUIET_ZONE, qr_path
from checkin_server.domain.plan import Plan
from checkin_server.pages.demo import make_blueprint
from checkin_server.settings import load_venue
from checkin_server.shared import blueprint as shared

SECRET = "kept-between-us"
CODE = "CBCDFGHJKLNPRSTVXBCDFGHJKLNPRSTVX"


class _Demo:
    """A demo as the pages see it; remembers which links it was asked for."""

    secret = SECRET
    staff: Sequence[tuple[str, str]] = (("Amina Tazi", "2580"),)
    sample_cards: Sequence[Mapping[str, str | int]] = (
        {
            "name_ar": "أمينة",
            "name_la": "Amina <b>",
            "category": "active",
            "locale": "ar",
            "family_size": 3,
            "code": CODE,
        },
    )
    welcome_staff: tuple[str, str] = ("Salma", "3691")
    organizer: tuple[str, str] = ("Yasmine", "5826")
    privacy: tuple[str, str] = ("Hind", "6147")
    cases: Sequence[tuple[str, str]] = (("revoked_card", CODE[:-1] + "B"), ("malformed_code", "HELLO"))

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.links: list[tuple[str, str]] = []

    def link(self, role: str, station: str) -> str:
        self.links.append((role, station))
        return f"/pair/{len(self.links)}"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The demo's own venue."""
    return load_venue(Path(__file__).parents[2] / "config" / "demo" / "rabat.toml")


@pytest.fixture
def demo(plan: Plan) -> _Demo:
    """A demo that nobody has opened a screen of."""
    return _Demo(plan)


@pytest.fixture
def client(demo: _Demo) -> FlaskClient:
    """A browser without cookies, before an app that has only these pages, in English."""
    app = Flask(__name__)
    app.register_blueprint(shared)
    app.register_blueprint(make_blueprint(demo))
    app.jinja_env.globals["_"] = str
    app.context_processor(lambda: {"lang": "en", "dir": "ltr", "device_id": ""})
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/cards"), ("POST", "/open/kiosk/K1"), ("POST", "/open/organizer/dashboard")],
)
def test_a_wrong_secret_is_a_page_that_does_not_exist(client: FlaskClient, demo: _Demo, method: str, path: str) -> None:
    """Whoever guesses learns nothing and opens nothing."""
    assert client.open(f"/demo/wrong{path}", method=method).status_code == 404
    assert client.open(f"/demo/{SECRET}{path}", method=method).status_code in (200, 303)
    assert len(demo.links) == (method == "POST")


def test_every_screen_of_the_plan_has_a_button_that_opens_it(client: FlaskClient, demo: _Demo, plan: Plan) -> None:
    """No kiosk, board, counter or dashboard is out of a stranger's reach."""
    page = client.get(f"/demo/{SECRET}").text
    actions = re.findall(r'action="([^"]+)"', page)
    for action in actions:
        answer = client.post(action)
        assert (answer.status_code, answer.location) == (303, f"/pair/{len(demo.links)}")
    wanted = [("kiosk", k) for k in plan.kiosks] + [("board", b) for b in plan.boards]
    wanted += [("counter", c) for c in plan.counters] + [("organizer", "dashboard"), ("privacy", "privacy")]
    wanted += [("welcome", d) for d in plan.desks]
    assert sorted(demo.links) == sorted(wanted)


@pytest.mark.parametrize("what", ["kiosk/K99", "counter/K1", "privacy/dashboard", "organizer/other"])
def test_only_stations_of_the_plan_can_be_opened(client: FlaskClient, demo: _Demo, what: str) -> None:
    """The secret gives the demo's screens, not any role one can think of."""
    assert client.post(f"/demo/{SECRET}/open/{what}").status_code == 404
    assert demo.links == []


def test_opening_a_screen_takes_a_post(client: FlaskClient, demo: _Demo) -> None:
    """A link that is only looked at (a preview, a reload) must not use up a pairing."""
    assert client.get(f"/demo/{SECRET}/open/kiosk/K1").status_code == 405
    assert demo.links == []


def test_pages_carry_no_inline_script_or_style(client: FlaskClient) -> None:
    """The content policy would drop them without a word."""
    for path in ("", "/cards"):
        page = client.get(f"/demo/{SECRET}{path}").text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)


def test_the_parts_of_the_screens_need_no_secret_and_tell_none(client: FlaskClient, demo: _Demo) -> None:
    """Everybody may look: nothing there opens a screen, names a card or runs a script that is not a file of ours."""
    for query in ("", "?language=fr", "?part=elements.signs&language=zgh&mode=large"):
        answer = client.get(f"/demo/parts{query}")
        assert answer.status_code == 200
        assert SECRET not in answer.text
        assert CODE not in answer.text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|<form", answer.text)
    assert demo.links == []


@pytest.mark.parametrize("query", ["part=welcome.find", "part=", "part=../kiosk", "language=de", "language="])
def test_a_screen_or_language_without_parts_is_a_page_that_does_not_exist(client: FlaskClient, query: str) -> None:
    """What is asked for chooses from what there is; it never becomes the name of a file."""
    assert client.get(f"/demo/parts?{query}").status_code == 404


def test_names_on_cards_are_shown_as_text(client: FlaskClient) -> None:
    """A name is data, never markup."""
    page = client.get(f"/demo/{SECRET}/cards").text
    assert "Amina &lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("code", [CODE, "HELLO"])
def test_a_card_on_the_page_reads_as_its_code(client: FlaskClient, code: str) -> None:
    """What a scanner reads from the drawn path, quiet zone included, is the code and nothing else."""
    page = client.get(f"/demo/{SECRET}/cards").text
    path, size = qr_path(code)
    assert f'<path d="{path}"' in page
    scale = 4
    image = Image.new("L", (size * scale, size * scale), 255)
    draw = ImageDraw.Draw(image)
    for x, y, length in (map(int, run) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1H\d+z", path)):
        assert x >= QUIET_ZONE
        assert x + length <= size - QUIET_ZONE
        draw.rectangle((x * scale, y * scale, (x + length) * scale - 1, (y + 1) * scale - 1), fill=0)
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [code]
