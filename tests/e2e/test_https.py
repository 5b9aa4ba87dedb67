"""HTTPS by the server itself, from `riwaq tls init` to a screen's socket and a print agent."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import socketio

from printers.agent import Line, LineError, Refused
from tests.support import ports
from tests.support.server import Programs

EXAMPLE = Path("config/demo/rabat.toml").resolve()
PASSPHRASE = "long enough\n"


@dataclass
class Hall:
    """A venue that speaks HTTPS."""

    config: Path
    port: int
    programs: Programs

    @property
    def ca(self) -> str:
        """The authority's certificate, as each device has it."""
        return str(self.config.parent / "data/tls/ca.crt")

    def riwaq(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of this venue."""
        command = [*self.programs.riwaq, *arguments, "--config", str(self.config)]
        home = {**os.environ, "XDG_CONFIG_HOME": str(self.config.parent)}
        return subprocess.run(command, capture_output=True, text=True, input=typed, env=home, timeout=300)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[Hall]:
    """A real venue with certificates, made by the commands, and its server."""
    folder = tmp_path_factory.mktemp("https")
    made = Hall(folder / "riwaq.toml", ports.free_port(), programs)
    made.config.write_text(
        f'venue = "{EXAMPLE}"\n[server]\nhost = "127.0.0.1"\nport = {made.port}\n'
        '[database]\npath = "riwaq.db"\nkey_file = "riwaq.key"\n[data]\ndir = "data"\n'
    )
    assert made.riwaq("init").returncode == 0
    inside = made.riwaq(
        "tls", "init", "--ca-key", str(folder / "data/ca.key"), "--passphrase-file", "-", typed=PASSPHRASE
    )
    assert inside.returncode == 2 and "must not lie in the data folder" in inside.stderr
    words = ("--passphrase-file", "-")
    bare = made.riwaq("tls", "init", "--ca-key", str(folder / "ca.key"), "--no-passphrase")
    assert bare.returncode == 2 and "another medium" in bare.stderr
    done = made.riwaq("tls", "init", "--ca-key", str(folder / "ca.key"), *words, typed=PASSPHRASE)
    assert done.returncode == 0, done.stderr
    serve = [*programs.riwaq, "serve", "--config", str(made.config)]
    process = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            try:
                requests.get(f"https://127.0.0.1:{made.port}/healthz", verify=made.ca, timeout=30)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield made
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_a_device_that_trusts_the_authority_is_served_and_another_is_not(hall: Hall) -> None:
    """The chain, the name and the constraints hold for OpenSSL too; this machine may go on in plain HTTP."""
    secure = f"https://localhost:{hall.port}"
    assert requests.get(f"{secure}/healthz", verify=hall.ca, timeout=30).json() == {"status": "ok"}
    assert requests.get(f"http://127.0.0.1:{hall.port}/api/v1/venue", timeout=30).status_code == 401
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{secure}/healthz", timeout=30)
    page = requests.get(f"http://127.0.0.1:{hall.port}/trust?to=/kiosk/K1", timeout=30)
    assert f"https://127.0.0.1:{hall.port}/kiosk/K1" in page.text
    handed = requests.get(f"http://127.0.0.1:{hall.port}/trust/riwaq-ca.crt", timeout=30).content
    assert handed == ssl.PEM_cert_to_DER_cert(Path(hall.ca).read_text("ascii"))


def test_a_screens_socket_and_a_print_agent_speak_it(hall: Hall) -> None:
    """Snapshots are pushed through TLS; the agent takes the authority from `--ca`, and no other server."""
    told = json.loads(hall.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json").stdout)
    session = requests.Session()
    session.verify = hall.ca
    screen = socketio.Client(http_session=session, reconnection=False)
    seen: list[str] = []
    screen.on("snapshot", lambda snapshot: seen.append(snapshot["topic"]))
    base = f"https://127.0.0.1:{hall.port}"
    screen.connect(base, headers={"Authorization": f"Bearer {told['token']}"}, transports=["websocket"])
    give_up = time.monotonic() + 60
    while not seen and time.monotonic() < give_up:
        time.sleep(0.1)
    assert seen[0] == "board:hall"
    screen.disconnect()
    time.sleep(0.5)
    with pytest.raises(Refused):
        Line(base, told["token"], Path(hall.ca)).send("POST", "/printers/P1/next-job", {})
    with pytest.raises(LineError):
        Line(base, told["token"]).send("POST", "/printers/P1/next-job", {})


def test_handshakes_that_never_end_hold_nobody_up_and_are_closed(hall: Hall) -> None:
    """A hostile phone begins two hundred: others are served meanwhile, and all of its connections end."""
    hostile = []
    for _ in range(200):
        one = socket.socket()
        one.bind(("127.0.0.2", 0))
        one.connect(("127.0.0.1", hall.port))
        one.sendall(b"\x16\x03\x01")
        hostile.append(one)
    assert requests.get(f"https://127.0.0.1:{hall.port}/healthz", verify=hall.ca, timeout=30).ok
    for one in hostile:
        one.settimeout(60)
        with contextlib.suppress(ConnectionResetError):
            assert one.recv(1) == b""
        one.close()


def _ask(hall: Hall, context: ssl.SSLContext, token: str, session: ssl.SSLSession | None) -> ssl.SSLSocket:
    """Connect from the screens' own address and ask for something as a device."""
    line = socket.create_connection(("127.0.0.1", hall.port), 30, ("127.0.0.9", 0))
    secured = context.wrap_socket(line, server_hostname="localhost", session=session)
    secured.sendall(f"GET /api/v1/venue HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    assert secured.recv(65_536).startswith(b"HTTP/1.1 200")
    return secured


def test_a_flood_of_handshakes_from_the_screens_own_address_keeps_out_no_screen_that_was_there(hall: Hall) -> None:
    """One router stands for all: whoever comes back offers a session in which a token was shown, and needs no share."""
    told = json.loads(hall.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json").stdout)
    context = ssl.create_default_context(cafile=hall.ca)
    before = _ask(hall, context, told["token"], None)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    first_words = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        first_words.do_handshake()
    hello = outgoing.read()
    flood = []
    for _ in range(1100):
        with contextlib.suppress(OSError):
            one = socket.create_connection(("127.0.0.1", hall.port), 30, ("127.0.0.9", 0))
            flood.append(one)
            one.sendall(hello)
    with pytest.raises(OSError):
        _ask(hall, context, told["token"], None)
    _ask(hall, context, told["token"], before.session).close()
    assert requests.get(f"https://127.0.0.1:{hall.port}/healthz", verify=hall.ca, timeout=30).ok
    for one in (*flood, before):
        one.close()


def test_another_hall_gets_another_leaf_of_the_same_authority(hall: Hall) -> None:
    """`tls renew` needs the stick and its passphrase; devices have to trust nothing anew."""
    before = Path(hall.ca).read_bytes()
    key = str(hall.config.parent / "ca.key")
    renew = ["tls", "renew", "--ca-key", key, "--address", "192.168.77.2", "--passphrase-file", "-"]
    wrong = hall.riwaq(*renew, typed="not the words\n")
    assert wrong.returncode == 1 and "cannot read the authority's key" in wrong.stderr
    done = hall.riwaq(*renew, typed=PASSPHRASE)
    assert done.returncode == 0 and "192.168.77.2" in done.stdout
    assert Path(hall.ca).read_bytes() == before
    renew[5] = "8.8.8.8"
    assert hall.riwaq(*renew, typed=PASSPHRASE).returncode == 1
