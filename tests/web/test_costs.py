"""What strangers may ask costs little: nobody can keep the server busy by asking for what everybody may have."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from checkin_server.running.application import Application
from checkin_server.web.auth import PUBLIC
from tests.web.conftest import demo_application

_MOST = 8
"""Times what a route costs that does nothing."""
_TIMES = 40
_VALUES = {
    "filename": "tokens.css", "lang": "ar", "language": "ar", "file": "x.wav", "name": "picture.png", "changed": "0",
    "secret": "s" * 43, "code": "123456", "role": "board", "station": "hall", "pairing_id": "a_" + "0" * 24,
}  # fmt: skip


def cost(application: Any, environ: dict[str, Any]) -> float:
    """Return the processor seconds of one request: the least of many, as other threads and processes disturb some."""
    taken = []
    for _ in range(_TIMES):
        fresh = dict(environ)
        began = time.process_time()
        body, _, _ = run_wsgi_app(application, fresh)
        for _ in body:
            pass
        taken.append(time.process_time() - began)
    return min(taken)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """A demo as it is served: nobody holds its answers against their types, which costs."""
    with demo_application(tmp_path_factory.mktemp("costs")) as application:
        application.probe.start()
        try:
            yield application
        finally:
            application.probe.stop()


def public_requests(application: Application) -> dict[str, dict[str, Any]]:
    """Return a request for each route that needs no device, by its rule."""
    flask = application.flask
    found: dict[str, dict[str, Any]] = {}
    with flask.test_request_context():
        for rule in flask.url_map.iter_rules():
            known = application.doorkeeper.rule(rule.endpoint)
            if known is None or known.roles != PUBLIC:
                continue
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            values = {name: _VALUES[name] for name in rule.arguments}
            path = flask.url_map.bind("localhost").build(rule.endpoint, values, method)
            body = {"secret": "s" * 43} if method == "POST" else None
            found[f"{method} {rule.rule}"] = EnvironBuilder(path=path, method=method, json=body).get_environ()
    for path in ("/not-paired?gone=x&screen=/board/hall", "/?lang=fr", "/pair-screen/000001.svg?screen=/kiosk/K1"):
        found[f"GET {path}"] = EnvironBuilder(path=path).get_environ()
    return found


def test_no_public_route_costs_much_more_than_one_that_does_nothing(served: Application) -> None:
    """In processor time, each asked again and again as an attacker would; those that differ by the address too."""
    bare = Flask("bare")
    bare.add_url_rule("/", view_func=lambda: "done")
    asked = public_requests(served)
    assert len(asked) > 20
    for environ in asked.values():
        cost_once = run_wsgi_app(served.flask, dict(environ))
        list(cost_once[0])
    nothing = cost(bare, EnvironBuilder(path="/").get_environ())
    found = {name: cost(served.flask, environ) / nothing for name, environ in asked.items()}
    dear = {name: round(times, 1) for name, times in found.items() if times > _MOST}
    print({name: round(times, 1) for name, times in sorted(found.items(), key=lambda pair: -pair[1])})
    assert dear == {}


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/i18n/fr.json"])
def test_what_never_changes_is_sent_once(served: Application, path: str) -> None:
    """Whoever has it is told so."""
    first = served.flask.test_client().get(path)
    again = served.flask.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
