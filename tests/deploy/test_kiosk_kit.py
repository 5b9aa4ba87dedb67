"""The kit that locks a kiosk down: what it installs, and that Chromium, systemd and udev take it as it is meant."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.deploy.kit import KIT, install, managed, policies
from tests.screens.kiosk_server import KioskServer
from tests.support import clip
from tests.support.ports import free_port
from tests.support.server import Programs

HOST = "riwaq.test"
"""A name as a venue's server has one: not this machine's own, which browsers trust anyway."""


@pytest.fixture(scope="module")
def port() -> int:
    """The port of the venue's server."""
    return free_port()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, port: int) -> Path:
    """A folder with all that the installer writes on a kiosk."""
    folder = tmp_path_factory.mktemp("kiosk-machine")
    done = install(folder, f"http://{HOST}:{port}/kiosk/K1", "90")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_installer_writes_the_venues_own_address_everywhere(installed: Path, port: int) -> None:
    """The address in the kit's files is only an example; run again with another page, the new one counts."""
    again = installed.with_name("again")
    for page in (f"http://{HOST}:{port}/kiosk/K1", "https://riwaq.example/kiosk/K2?baud=115200"):
        assert install(again, page).returncode == 0
    files = [path for path in (*installed.rglob("*"), *again.rglob("*")) if path.is_file()]
    assert len(files) == 14
    for path in files:
        assert "riwaq.local" not in path.read_text(encoding="utf-8"), path
    assert policies(again)["URLAllowlist"] == ["https://riwaq.example"]
    conf = (again / "etc/riwaq-kiosk.conf").read_text(encoding="utf-8")
    assert "RIWAQ_URL=https://riwaq.example/kiosk/K2?baud=115200\n" in conf
    assert "RIWAQ_ROTATE=90\n" in (installed / "etc/riwaq-kiosk.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [(), ("riwaq.local",), ("http://riwaq.local/board/hall",), ("http://r/kiosk/K1; id",)]
)
def test_the_installer_refuses_what_is_no_kiosks_page(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Before it writes anything."""
    done = install(tmp_path, *(arguments or ("",)))
    assert done.returncode == 2
    assert "http://riwaq.local:8080/kiosk/K1" in done.stderr
    assert list(tmp_path.iterdir()) == []


# ---- Chromium

READ_POLICIES = """() => {
  const rows = {};
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.tagName === "POLICY-ROW") {
        const text = (name) => node.shadowRoot.querySelector(name)?.textContent.trim() ?? "";
        rows[text(".name")] = text(".messages");
      }
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  return rows;
}"""


def test_chromium_knows_every_policy_and_takes_its_value(browser: Browser, installed: Path, tmp_path: Path) -> None:
    """chrome://policy of a Chromium that is managed by the kit: no unknown name, no wrong type, nothing outdated."""
    # The value that forbids developer tools would shut the test out as well; its name is checked all the same.
    policy = {**policies(installed), "DeveloperToolsAvailability": 1}
    wrong = {"NoSuchPolicy": 1, "TranslateEnabled": "no"}
    with managed(browser, tmp_path / "managed", {**policy, **wrong}) as chromium:
        page = chromium.new_context().new_page()
        page.goto("chrome://policy")
        page.wait_for_function(f"() => 'URLBlocklist' in ({READ_POLICIES})()")
        said = page.evaluate(READ_POLICIES)
    assert {name for name in wrong if said[name] != "OK"} == set(wrong), "what is wrong is seen"
    assert {name: said.get(name) for name in policy if name not in wrong and said.get(name) != "OK"} == {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, port: int, programs: Programs) -> Iterator[KioskServer]:
    """A demo venue that listens."""
    running = KioskServer(tmp_path_factory.mktemp("kit") / "venue", port, members=100, python=programs.python)
    running.start()
    yield running
    running.kill()


def test_a_managed_kiosk_shows_the_kiosk_with_all_its_readers_and_nothing_else(
    browser: Browser, installed: Path, server: KioskServer, tmp_path: Path
) -> None:
    """Over plain HTTP on a name of the venue's own: the camera without a question, serial ports, no other address."""
    film = tmp_path / "film.mjpeg"
    clip.write_film(film)
    policy = {**policies(installed), "DeveloperToolsAvailability": 1}
    switches = (f"--host-resolver-rules=MAP {HOST} 127.0.0.1", *clip.CAMERA_SWITCHES, clip.camera_file(film))
    with managed(browser, tmp_path / "managed", policy, *switches) as chromium:
        page = chromium.new_context().new_page()
        page.goto(f"http://{HOST}:{server.port}{server.link}")
        expect(page.locator("body")).to_have_attribute("data-state", "attract")
        assert page.evaluate("() => [isSecureContext, 'serial' in navigator]") == [True, True]
        page.click("[data-testid=open-camera]")
        expect(page.locator("dialog#camera")).to_have_attribute("data-camera", "looking")
        for address in (f"http://127.0.0.1:{server.port}/", "https://example.org/", "file:///etc/passwd"):
            assert blocked(page, address), address


def blocked(page: Page, address: str) -> bool:
    """Tell whether the administrator's policy forbids an address."""
    try:
        page.context.new_page().goto(address)
    except Error as error:
        return "ERR_BLOCKED_BY_ADMINISTRATOR" in str(error)
    return False


# ---- systemd, udev, scripts


def test_systemd_finds_nothing_wrong_with_the_unit(installed: Path, tmp_path: Path) -> None:
    """`systemd-analyze verify` on a machine with what the installer installs."""
    analyze = shutil.which("systemd-analyze")
    assert analyze, "systemd-analyze is missing: apt-get install systemd"
    machine = tmp_path / "machine"
    shutil.copytree(installed, machine)
    for program in ("usr/bin/cage", "usr/local/lib/riwaq-kiosk/start"):
        (machine / program).parent.mkdir(parents=True, exist_ok=True)
        (machine / program).touch(mode=0o755)
    units = machine / "usr/lib/systemd/system"
    units.mkdir(parents=True)
    for needed in ("sysinit.target", "basic.target", "shutdown.target", "multi-user.target", "dbus.socket"):
        if (unit := Path("/usr/lib/systemd/system", needed)).exists():
            shutil.copy(unit, units)

    def verify() -> str:
        done = subprocess.run(
            [analyze, "verify", "--man=no", "--recursive-errors=no", f"--root={machine}", "riwaq-kiosk.service"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout + done.stderr

    assert verify() == ""
    ours = machine / "etc/systemd/system/riwaq-kiosk.service"
    ours.write_text(ours.read_text(encoding="utf-8").replace("Restart=always", "Restart=allways"), encoding="utf-8")
    assert "allways" in verify(), "what is wrong is seen"


_KEYS = r"ACTION|SUBSYSTEM|KERNEL|ENV\{\w+\}|ATTR\{\w+\}"
_TAKES = r"OWNER|GROUP|MODE|SYMLINK|ENV\{\w+\}|ATTR\{\w+\}"
_TERM = re.compile(rf'(?:(?:{_KEYS})(?:==|!=)|(?:{_TAKES})\+?=)"[^"]*"')


def rules() -> list[list[str]]:
    """Return the terms of each udev rule."""
    text = (KIT / "70-riwaq-kiosk.rules").read_text(encoding="utf-8")
    return [line.split(", ") for line in text.splitlines() if line and not line.startswith("#")]


def test_each_udev_rule_has_conditions_and_takes_effect() -> None:
    """Terms udev knows, written as it reads them; a rule without a condition would hit every device."""
    assert len(rules()) == 4
    for rule in rules():
        assert [term for term in rule if not _TERM.fullmatch(term)] == []
        assert sum("==" in term for term in rule) >= 2
        assert any("==" not in term for term in rule)


@pytest.mark.parametrize(
    ("interfaces", "effects"),
    [
        (":070102:", ["MODE"]),  # a receipt printer
        (":070102:030101:", ["MODE"]),  # one that is a keyboard as well
        (":080650:", ["ATTR{authorized}"]),  # a memory stick
        (":030101:", []),  # a scanner that types
    ],
)
def test_udev_rules_meet_the_devices_they_mean(interfaces: str, effects: list[str]) -> None:
    """By the classes of interfaces that a device on USB says it has."""
    from fnmatch import fnmatchcase

    device = {"ACTION": "add", "SUBSYSTEM": "usb", "ENV{DEVTYPE}": "usb_device", "ENV{ID_USB_INTERFACES}": interfaces}
    met: list[str] = []
    for rule in rules():
        conditions = dict(term.split("==") for term in rule if "==" in term)
        if all(
            any(fnmatchcase(device.get(key, ""), pattern) for pattern in value.strip('"').split("|"))
            for key, value in conditions.items()
        ):
            met += [term.split("=")[0] for term in rule if "==" not in term and not term.startswith("GROUP")]
    assert met == effects


def test_udev_and_chromium_name_the_same_makers_of_scanners(installed: Path) -> None:
    """A scanner that may be opened by one only would not work."""
    rule = next(rule for rule in rules() if 'SUBSYSTEM=="tty"' in rule)
    vendors = next(term for term in rule if "ID_VENDOR_ID" in term).split('"')[1].split("|")
    allowed: Any = policies(installed)["SerialAllowUsbDevicesForUrls"][0]["devices"]
    assert [int(vendor, 16) for vendor in vendors] == [device["vendor_id"] for device in allowed]


def test_the_pairing_link_is_opened_once_and_then_the_page(installed: Path, tmp_path: Path) -> None:
    """After a restart the browser opens the kiosk's page, not a link that has done its work."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, says in (("chromium", 'for one; do echo "$one"; done'), ("wlr-randr", 'echo HDMI-A-1 "Display"')):
        (programs / name).write_text(f"#!/bin/sh\n{says}\n")
        (programs / name).chmod(0o755)
    state = tmp_path / "state"
    state.mkdir()
    (state / "link").write_text("http://riwaq.test:8080/pair/abc\n")
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "STATE_DIRECTORY": str(state),
        "RIWAQ_URL": "http://riwaq.test:8080/kiosk/K1",
        "RIWAQ_ROTATE": "90",
    }
    start = installed / "usr/local/lib/riwaq-kiosk/start"
    opened = []
    for _ in range(2):
        done = subprocess.run([start], env=environment, capture_output=True, text=True, timeout=10)
        assert done.returncode == 0, done.stderr
        lines = [line for line in done.stdout.splitlines() if not line.startswith("HDMI")]
        assert "--kiosk" in lines
        opened.append(lines[-1])
    assert opened == ["http://riwaq.test:8080/pair/abc", "http://riwaq.test:8080/kiosk/K1"]
