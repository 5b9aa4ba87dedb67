"""What every kind of answer says about itself: kept by nobody unless it may be, never guessed at; cookies."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http.cookies import SimpleCookie

import pytest
from werkzeug.test import TestResponse

from checkin_server import __version__
from checkin_server.db import days
from checkin_server.services import access
from tests.web.conftest import STATIONS, InProcess

NO_STORE, ASK_AGAIN, A_DAY = "no-store", "no-cache", "public, max-age=86400"
Ask = Callable[[InProcess], TestResponse]


def get(path: str, role: str = "", **headers: str) -> Ask:
    """Ask for an address as a role's device."""
    return lambda server: server.client().get(path, headers=_as(server, role) | headers)


def post(path: str, role: str = "", **body: object) -> Ask:
    """Send a body as a role's device."""
    return lambda server: server.client().post(path, json=body, headers=_as(server, role))


def _as(server: InProcess, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {server.device(role).token}"} if role else {}


def page(path: str, role: str) -> Ask:
    """Open a screen in a browser that is paired for it."""

    def ask(server: InProcess) -> TestResponse:
        device = server.device(role)
        return server.client().get(path, headers={"Cookie": f"riwaq_{device.device_id}={device.token}"})

    return ask


def once_more(path: str, role: str = "") -> Ask:
    """Ask again for what has not changed."""

    def ask(server: InProcess) -> TestResponse:
        etag = get(path, role)(server).headers["ETag"]
        return get(path, role, **{"If-None-Match": etag})(server)

    return ask


def id_reused(server: InProcess) -> TestResponse:
    """Scan another card under an id that was used."""
    scan_id = str(uuid.uuid4())
    for code in ("C1", "C2"):
        answer = post("/api/v1/scans", "kiosk", scan_id=scan_id, code=code)(server)
    return answer


def fault(server: InProcess) -> TestResponse:
    """Ask for a snapshot whose making fails."""
    topic = server.application.live._topics["welcome"]
    build, topic.build, topic.due = topic.build, lambda: {"now": 1 // 0}, 0.0
    try:
        return get("/api/v1/welcome/snapshot", "welcome")(server)
    finally:
        topic.build, topic.due = build, 0.0


def picture(server: InProcess) -> TestResponse:
    """Ask for a picture that boards show."""
    (item,) = get("/api/v1/media", "board")(server).json["items"]  # type: ignore[index]
    return server.client().get(item["url"])


def recording(server: InProcess) -> TestResponse:
    """Ask for the venue's chime."""
    return server.client().get("/voice/chime")


KINDS: dict[str, tuple[Ask, int, str]] = {
    "a screen": (page("/kiosk/K2", "kiosk"), 200, NO_STORE),
    "a screen's redirect": (get("/kiosk/K2"), 303, NO_STORE),
    "the page of an unpaired browser": (get("/not-paired"), 401, NO_STORE),
    "a link that was used": (get("/pair/nobody-knows-it"), 303, NO_STORE),
    "an answer": (get("/api/v1/venue", "kiosk"), 200, NO_STORE),
    "the API's description": (get("/api/v1/openapi.json"), 200, ASK_AGAIN),
    "a command's answer": (post("/api/v1/scans", "kiosk", scan_id=str(uuid.uuid4()), code="C0"), 200, NO_STORE),
    "a snapshot": (get("/api/v1/boards/hall/snapshot", "board"), 200, ASK_AGAIN),
    "a snapshot that has not changed": (once_more("/api/v1/boards/hall/snapshot", "board"), 304, ASK_AGAIN),
    "problem 400": (post("/api/v1/scans", "kiosk"), 400, NO_STORE),
    "problem 401": (get("/api/v1/venue"), 401, NO_STORE),
    "problem 403": (get("/api/v1/dashboard/snapshot", "board"), 403, NO_STORE),
    "problem 404 of a route": (get("/api/v1/boards/none/snapshot", "organizer"), 404, NO_STORE),
    "problem 404 of no route": (get("/nothing/here"), 404, NO_STORE),
    "problem 405": (post("/api/v1/venue", "kiosk"), 405, NO_STORE),
    "problem 409": (id_reused, 409, NO_STORE),
    "problem 413": (post("/api/v1/scans", "kiosk", code="x" * 70_000), 413, NO_STORE),
    "problem 500": (fault, 500, NO_STORE),
    "a script": (get("/static/shared/api.js"), 200, ASK_AGAIN),
    "a script that is not there": (get("/static/shared/none.js"), 404, ASK_AGAIN),
    "a library": (get("/static/shared/vendor/socket.io.esm.min.js"), 200, A_DAY),
    "words": (get("/i18n/fr.json"), 200, ASK_AGAIN),
    "words that have not changed": (once_more("/i18n/fr.json"), 304, ASK_AGAIN),
    "a picture": (picture, 200, A_DAY),
    "a picture that is not there": (get("/media/0/none.png"), 404, NO_STORE),
    "a recording": (recording, 200, ASK_AGAIN),
    "a recording that is not there": (get("/voice/fr/none.wav"), 404, NO_STORE),
    "health": (get("/healthz"), 200, NO_STORE),
    "readiness": (get("/readyz"), 200, NO_STORE),
    "metrics": (get("/metrics"), 200, NO_STORE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_says_what_may_be_kept_and_that_nothing_is_guessed(
    in_process: InProcess, kind: str
) -> None:
    """`nosniff`, no referrer, a content policy that frames nothing, and no copy kept except of what holds no data."""
    ask, status, kept = KINDS[kind]
    answer = ask(in_process)
    assert answer.status_code == status, answer.text
    assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.getlist("Referrer-Policy") == ["no-referrer"]
    assert answer.headers.getlist("Cache-Control") == [kept]
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert ("default-src 'self'" in policy and "frame-ancestors 'none'" in policy) or "sandbox" in policy
    assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy
    assert ("wasm-unsafe-eval" in policy) == (kind in ("a screen", "a screen's redirect")), "the kiosk's page alone"
    # Whoever opens its page uses a device's token, which is good for longer then.
    kept_on = [SimpleCookie(written) for written in answer.headers.getlist("Set-Cookie")]
    assert [name[:8] for cookie in kept_on for name in cookie] == (["riwaq_d_"] if kind == "a screen" else [])
    if status >= 400 and kind.startswith("problem"):
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None and answer.json["status"] == status
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(in_process: InProcess, scheme: str) -> None:
    """A device's and a session's, set and deleted: HttpOnly, SameSite=Strict, whole site; Secure where the way is."""
    base = f"{scheme}://venue.example"
    link = access.make_link(in_process.application.venue, "counter", STATIONS["counter"])
    paired = in_process.client().get(f"/pair/{link}", base_url=base)
    device = in_process.device("counter")
    signed_in = in_process.client().post(
        "/api/v1/session",
        json={"staff": "Nadia", "pin": "2580"},
        headers={"Authorization": f"Bearer {device.token}"},
        base_url=base,
    )
    assert (paired.status_code, signed_in.status_code) == (303, 200), signed_in.text
    as_long_as_the_event = 26 * 86_400  # 6 to 29 December, and two days more
    for answer, name, longest in ((paired, "riwaq_d_", as_long_as_the_event), (signed_in, "riwaq_s_", 14 * 3600)):
        (written,) = answer.headers.getlist("Set-Cookie")
        (cookie,) = SimpleCookie(written).values()
        assert cookie.key.startswith(name)
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
        assert bool(cookie["secure"]) == (scheme == "https")
        assert int(cookie["max-age"]) == longest and not cookie["domain"]
        assert answer.headers["Cache-Control"] == NO_STORE
        assert cookie.value not in answer.text.replace(cookie.value, "", int(name == "riwaq_s_")), "once at most"


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/kiosk/{}", "kiosk"),
        ("/board/{}", "board"),
        ("/tablet/{}", "counter"),
        ("/dashboard", "organizer"),
        ("/welcome/{}", "welcome"),
        ("/not-paired", ""),
    ],
)
def test_every_screen_says_which_release_runs(in_process: InProcess, path: str, role: str) -> None:
    """The technician who stands before it reads it at its foot."""
    ask = page(path.format(STATIONS[role]), role) if role else get(path)
    assert f'<body data-release="Riwaq {__version__}">' in ask(in_process).text


def test_a_screen_hears_which_day_its_numbers_are_of_and_what_it_has_shown_is_not_given_again(
    in_process: InProcess,
) -> None:
    """In one header each way, with whatever it asks; of another database, or unreadable, it says nothing."""
    application = in_process.application
    application.probe.ask()
    as_kiosk, numbers = _as(in_process, "kiosk"), application.venue.numbers

    def ask(shown: str) -> str:
        answer = in_process.client().get("/api/v1/venue", headers=as_kiosk | {"X-Riwaq-Shown": shown})
        assert answer.status_code == 200
        return str(answer.headers["X-Riwaq-Day"])

    said = ask("")
    assert said.startswith(f"{numbers.database}/")
    last = application.venue.db.read(days.open_day)["last_number"]  # type: ignore[index]  # a demo has an open day
    for shown in (f"l_other/{said.partition('/')[2]}={last + 9}", f"{said}=many", f"{said}={last + 7}", f"{said}=1"):
        ask(shown)
    assert application.venue.db.read(days.open_day)["last_number"] == last + 7  # type: ignore[index]
    assert "X-Riwaq-Day" not in in_process.client().get("/healthz").headers
