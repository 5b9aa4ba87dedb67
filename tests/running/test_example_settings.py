"""`riwaq serve` from the shipped example settings: screens are live, and those behind its proxy are told apart."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests
import socketio

from tests.live.test_strangers import flood
from tests.settings.folder import Folder
from tests.support.ports import free_port
from tests.support.server import ROOT, Programs

READY_WITHIN_S = 120.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A venue of `config/example.toml` but for its folders: its address, and a board's one-time link."""
    place = tmp_path_factory.mktemp("example")
    folder = Folder.copy_to(place)
    folder.replace(folder.example, 'dir = "/var/lib/riwaq"', 'dir = "data"')
    folder.replace(folder.example, '"/etc/riwaq/database.key"', '"keys/database.key"')
    port = free_port()
    config = ("--config", str(folder.example))
    environment = {**os.environ, "XDG_CONFIG_HOME": str(place)}

    def riwaq(*arguments: str) -> str:
        made = subprocess.run(
            [*Programs.riwaq, *arguments, *config],
            capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300, check=True,
        )  # fmt: skip
        return made.stdout.strip()

    riwaq("init")
    link = riwaq("devices", "link", "--role", "board", "--station", "hall")
    process = subprocess.Popen(
        [*Programs.riwaq, "serve", *config, "--host", "127.0.0.1", "--port", str(port), "--day", "2019-12-27"],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    try:
        base = f"http://127.0.0.1:{port}"
        give_up = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < give_up:
            try:
                requests.get(f"{base}/healthz", timeout=10)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield base, link.splitlines()[-1].strip()
    finally:
        process.terminate()
        process.communicate(timeout=60)


def behind(address: str, host: str = "riwaq.local") -> dict[str, str]:
    """What the proxy says of a request."""
    return {"X-Forwarded-For": address, "X-Forwarded-Proto": "https", "X-Forwarded-Host": host}


def connects(base: str, cookie: str, **headers: str) -> bool:
    """Open a socket as a page does."""
    client = socketio.Client(reconnection=False, websocket_extra_options={"suppress_origin": True})
    try:
        client.connect(base, transports=["websocket"], headers={"Cookie": cookie, **headers}, wait_timeout=30)
    except socketio.exceptions.ConnectionError:
        return False
    client.disconnect()
    return True


def test_screens_are_live_at_every_address_of_the_server_and_behind_its_proxy(served: tuple[str, str]) -> None:
    """At the server's own address, at the proxy's, and nowhere else; behind HTTPS the cookie is for HTTPS alone."""
    base, link = served
    path = link[link.index("/pair/") :]
    paired = requests.get(base + path, headers=behind("10.0.0.9"), allow_redirects=False, timeout=30)
    assert paired.status_code == 303
    said = paired.headers["Set-Cookie"]
    assert "; Secure" in said and "HttpOnly" in said
    cookie = said.partition(";")[0]
    assert connects(base, cookie, Origin=base)
    assert connects(base, cookie, Origin="https://riwaq.local")
    assert connects(base, cookie, Origin="https://hall.example", **behind("10.0.0.9", "hall.example"))
    assert not connects(base, cookie, Origin="https://elsewhere.example")


def test_the_figures_are_for_this_machine_and_not_for_whoever_the_proxy_speaks_for(served: tuple[str, str]) -> None:
    """Prometheus on the machine reads them; a phone in the hall does not."""
    base, _ = served
    assert requests.get(f"{base}/metrics", timeout=30).status_code == 200
    assert requests.get(f"{base}/metrics", headers=behind("10.0.0.9"), timeout=30).status_code == 403


def test_addresses_behind_the_proxy_are_told_apart(served: tuple[str, str]) -> None:
    """One that floods is turned away; its neighbour is not, though all come over the proxy's own connections."""
    base, _ = served
    said = "".join(f"{name}: {value}\r\n" for name, value in behind("10.0.0.7").items())
    answers = flood(
        int(base.rsplit(":", 1)[1]), f"GET /healthz HTTP/1.1\r\nHost: r\r\n{said}\r\n".encode(), "127.0.0.1"
    )
    assert answers[:100] == [b"200"] * 100
    assert answers[-1] == b"429"
    assert requests.get(f"{base}/healthz", headers=behind("10.0.0.8"), timeout=30).status_code == 200
