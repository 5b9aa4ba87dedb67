"""Away from the server's own machine a camera needs HTTPS: the kiosk there reads a card by it."""

from __future__ import annotations

import base64
import hashlib
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, expect

from checkin_server.domain.members import codes
from tests.support import chromium, clip, ports
from tests.support.faked_clock import library
from tests.support.server import ROOT, Programs

CARD = codes.make(codes.CARD, b"held up, in TLS.")
NAME = "riwaq.local"
_LIST = f"member,name_ar,name_la,category,unit,locale,code\nQ1,هبة,Hiba,active,rabat-prefecture,fr,{CARD}\n"


class Hall:
    """A venue with certificates, on the morning of its day, and its server."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        self._riwaq, self._config, self.port = programs.riwaq, folder / "riwaq.toml", ports.free_port()
        self._config.write_text(
            f'venue = "{ROOT / "config/demo/rabat.toml"}"\n[server]\nhost = "127.0.0.1"\nport = {self.port}\n'
            '[database]\npath = "riwaq.db"\nkey_file = "riwaq.key"\n[data]\ndir = "data"\n'
        )
        morning = {"FAKETIME": "@2019-12-27 09:30:00", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self._environment = {**os.environ, "XDG_CONFIG_HOME": str(folder), "LD_PRELOAD": library(), **morning}
        (folder / "list.csv").write_text(_LIST, encoding="utf-8")
        self.run("init")
        key = ("--ca-key", str(folder / "ca.key"), "--passphrase-file", "-", "--name", NAME)
        self.run("tls", "init", *key, typed="long enough\n")
        self.run("members", "import", str(folder / "list.csv"))
        self.run("day", "open", "2019-12-27")
        command = [*self._riwaq, "serve", "--config", str(self._config)]
        self.output = (folder / "output").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.STDOUT, env=self._environment)
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            try:
                requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=30)
                return
            except requests.ConnectionError:
                time.sleep(0.2)

    def run(self, *words: str, typed: str = "") -> str:
        """Run a command of this venue; return what it printed."""
        command = [*self._riwaq, *words, "--config", str(self._config)]
        done = subprocess.run(
            command, input=typed, capture_output=True, text=True, env=self._environment, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def trusted(self) -> str:
        """Return the switch by which a browser trusts this server's key, as a device that took the authority in."""
        leaf = x509.load_pem_x509_certificate(ssl.get_server_certificate(("127.0.0.1", self.port)).encode())
        key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        told = base64.b64encode(hashlib.sha256(key).digest()).decode()
        return f"--ignore-certificate-errors-spki-list={told}"


@pytest.fixture
def hall(tmp_path: Path, programs: Programs) -> Iterator[Hall]:
    """The server is stopped afterwards."""
    made = Hall(tmp_path, programs)
    yield made
    made.process.terminate()
    made.process.wait(60)
    made.output.close()


def test_the_camera_of_a_kiosk_in_the_hall_reads_a_card(hall: Hall, browser: Browser, tmp_path: Path) -> None:
    """By a name that is not this machine's own, so that only HTTPS gives the page a camera; who leaves is no fault."""
    film = tmp_path / "film.mjpeg"
    clip.write_film(film, clip.card(CARD))
    link = hall.run("devices", "link", "--role", "kiosk", "--station", "K1")
    here = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    switches = [hall.trusted(), here, "--disable-gpu", *clip.CAMERA_SWITCHES, clip.camera_file(film)]
    # The Chromium that has windows: the other one has no camera.
    started = browser.browser_type.launch(
        executable_path=chromium.find_chromium(), headless=True, chromium_sandbox=False, args=switches
    )
    try:
        context = started.new_context()
        context.grant_permissions(["camera"])
        page = context.new_page()
        page.goto(f"https://{NAME}:{hall.port}{link}")
        expect(page.locator("body")).to_have_attribute("data-state", "attract")
        assert page.evaluate("isSecureContext && location.protocol") == "https:"
        with page.expect_response("**/scans", timeout=90_000) as scanned:
            page.click("[data-testid=open-camera]")
        sent: Any = scanned.value.request.post_data_json
        assert (sent["code"], scanned.value.json()["outcome"]) == (CARD, "admitted")
        context.close()
    finally:
        started.close()
    hall.process.terminate()
    hall.process.wait(60)
    hall.output.seek(0)
    assert "Traceback" not in hall.output.read()
