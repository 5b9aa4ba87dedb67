"""The servers that tests start hold each answer and each snapshot against its type: here is a server that breaks it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkin_server.running.application import Application
from checkin_server.venues import demo
from checkin_server.web import venue as venue_routes
from tests.support import checked
from tests.support.server import DemoServer, demo_server


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    """A demo's application in this process, checked like a test's server."""
    monkeypatch.setenv("RIWAQ_KEY_FILE", str(tmp_path / "key"))
    running = demo.set_up(tmp_path / "venue", 1, virtual_clock=True)
    made = running.application("threading")
    checked.hold(made)
    yield made
    running.close()


def test_every_server_of_a_test_is_checked_unless_the_test_says_otherwise() -> None:
    """A default that is lost would switch the check off in silence."""
    assert inspect.signature(demo_server).parameters["module"].default == "tests.support.checked"
    assert DemoServer(Path(), Path()).module == "tests.support.checked"


def test_an_answer_with_a_field_too_many_is_said(application: Application, capfd: pytest.CaptureFixture[str]) -> None:
    """And is no answer: the test that asked fails as well."""
    client = application.flask.test_client()
    assert client.get("/api/v1/openapi.json").status_code == 200
    operation = next(one for one in application.api.operations if one.path == "/openapi.json")
    endpoint = f"api.{operation.name}"
    plain = application.flask.view_functions[endpoint]

    def too_much(**arguments: Any) -> Any:
        answer = application.flask.make_response(plain(**arguments))  # type: ignore[arg-type]
        answer.set_data(answer.get_data().replace(b"{", b'{"member": "M1", ', 1))
        return answer

    application.flask.view_functions[endpoint] = too_much
    assert client.get("/api/v1/openapi.json").status_code == 500
    assert checked.MISFIT in capfd.readouterr().out


def test_a_snapshot_with_a_field_too_many_is_not_built(
    application: Application, capfd: pytest.CaptureFixture[str]
) -> None:
    """The data of a topic is built through the check."""
    topic = application.live._topics["kiosk"]
    good = topic.build()
    assert good
    assert checked.MISFIT not in capfd.readouterr().out
    bad = Application.__new__(Application)
    bad.api, bad.flask, bad.live = application.api, demo_flask(), application.live
    topic.build = lambda: {**good, "member": "M1"}  # nothing is missing, one is too many
    checked.hold(bad)
    with pytest.raises(ValueError, match="member"):
        topic.build()
    assert checked.MISFIT in capfd.readouterr().out


def demo_flask() -> Any:
    """A bare application: the check of answers has its own test."""
    from flask import Flask

    return Flask(venue_routes.__name__)
