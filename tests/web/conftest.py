"""The server inside the test's own process, for tests that ask it very many short questions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from checkin_server.domain.refusal import Refusal
from checkin_server.running.application import Application
from checkin_server.services import access
from checkin_server.venues import demo
from tests.support import checked

STATIONS = {
    "kiosk": "K2",
    "board": "hall",
    "counter": "bank-2",
    "print_agent": "P2",
    "welcome": "desk",
    "organizer": "office",
    "privacy": "office",
}


@dataclass
class InProcess:
    """A demo venue's server with a virtual clock: with every route there is."""

    application: Application
    folder: Path
    devices: dict[str, access.Paired] = field(default_factory=dict)
    sessions: dict[tuple[str, str], str] = field(default_factory=dict)

    def device(self, role: str) -> access.Paired:
        """Return a device of a role at its station of `STATIONS`, paired once."""
        if role not in self.devices:
            self.devices[role] = access.add_device(self.application.venue, role, STATIONS[role])
        return self.devices[role]

    def session(self, role: str, person: str) -> str:
        """Return the token of a session on a role's device, of somebody with the other role; signed in once."""
        device = self.device(role).device_id
        if (role, person) not in self.sessions or access.session_of(
            self.application.venue, self.sessions[role, person], device
        ) is None:
            with contextlib.suppress(ValueError):
                access.add_staff(self.application.venue, f"a {person}", person, "2580")
            answer = access.sign_in(self.application.venue, device, f"a {person}", "2580", role)
            assert not isinstance(answer, Refusal), answer
            self.sessions[role, person] = answer["session_token"]
        return self.sessions[role, person]

    def client(self) -> FlaskClient:
        """Return a client without cookies."""
        return self.application.flask.test_client(use_cookies=False)


@contextlib.contextmanager
def demo_application(folder: Path) -> Iterator[Application]:
    """A demo with thirty members, a picture and a chime, served in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RIWAQ_KEY_FILE", str(folder / "key"))
        running = demo.set_up(folder / "venue", 30, virtual_clock=True)
    for name in ("media", "voice"):
        (running.folder / name).mkdir(exist_ok=True)
    Image.new("RGB", (64, 48), "teal").save(running.folder / "media" / "picture.png")
    (running.folder / "voice" / "chime.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    try:
        yield running.application("threading")
    finally:
        running.close()


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    """The demo; its answers are held against their types."""
    folder = tmp_path_factory.mktemp("in-process")
    with demo_application(folder) as application:
        checked.hold(application)
        yield InProcess(application, folder / "venue")
