"""A real venue without a member list: cards are signed elsewhere, and a day is walked with them."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import requests
import zxingcpp
from playwright.sync_api import Browser, Page, expect

from tests.support import warm
from tests.support.ports import free_port
from tests.support.server import ROOT, Client, Programs

LIST = (
    "member,name_ar,name_la,category,unit,locale\n"
    "HQ-4711,هبة زرودين,Hiba Zeroudine,active,rabat-prefecture,fr\n"
    "HQ-4712,يونس المختار,Younes Elmokhtar,retired,sale-police,ar\n"
    "HQ-4713,أمينة التازي,Amina Tazi,active,rabat-prefecture,fr\n"
)
NAMES = ("Hiba", "Zeroudine", "هبة", "زرودين", "Younes", "Elmokhtar", "HQ-4711", "HQ-4712")
FRENCH = {
    "Digit4": "4", "Digit5": "5", "Digit8": "8", "Equal": "+", "Minus": ")", "Period": ":", "Slash": "!",
    "Semicolon": "M", "Digit1": "&", "KeyA": "Q", "KeyQ": "A", "KeyZ": "W", "KeyW": "Z",
}  # fmt: skip
SHIFTED = {"$": "Digit4", "%": "Digit5", "*": "Digit8", "+": "Equal", ":": "Semicolon"}
PLAIN = {" ": "Space", "-": "Minus", ".": "Period", "/": "Slash"}


class Served:
    """`riwaq serve` on a copy of the example files; its hall is open all of today."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.folder, self._riwaq = folder, programs.riwaq
        self.office = folder / "office"
        self.office.mkdir()
        shutil.copytree(ROOT / "config" / "demo", folder / "etc" / "demo")
        text = (ROOT / "config" / "example.toml").read_text(encoding="utf-8")
        text = text.replace("/var/lib/riwaq", str(folder / "data")).replace("/etc/riwaq", str(folder / "etc"))
        self.config = folder / "etc" / "riwaq.toml"
        # The hall's own printers are virtual.
        self.config.write_text(text[: text.index("# The venue's printers as they are")], encoding="utf-8")
        self._today()
        made = self.run("cards", "keys", "make", "--out", str(self.key), "--passphrase-file", "-", stdin="long enough")
        self.venue_file.write_text(
            self.venue_file.read_text(encoding="utf-8") + made[made.index("[[card_key]]") :], encoding="utf-8"
        )
        self.run("init")
        self.run("staff", "add", "Nadia", "--pin", "-", stdin="2580")
        self.run("staff", "add", "Salma", "--role", "welcome", "--pin", "-", stdin="3691")
        self._serve()

    @property
    def key(self) -> Path:
        """The private key."""
        return self.office / "cards.key"

    @property
    def venue_file(self) -> Path:
        """The hall."""
        return self.folder / "etc" / "demo" / "rabat.toml"

    def _today(self) -> None:
        today = datetime.now(ZoneInfo("Africa/Casablanca")).date()
        text = self.venue_file.read_text(encoding="utf-8")
        for place, old in enumerate(("2019-12-27", "2019-12-28", "2019-12-29")):
            text = text.replace(old, (today + timedelta(days=place)).isoformat())
        text = text.replace('opens = "09:00"', 'opens = "00:00"').replace('closes = "18:00"', 'closes = "23:59"')
        self.venue_file.write_text(text, encoding="utf-8")
        tour = self.venue_file.with_name("tour.toml")
        text = tour.read_text(encoding="utf-8").replace("2019-12-27", today.isoformat())
        tour.write_text(text.replace("2019-12-29", (today + timedelta(days=2)).isoformat()), encoding="utf-8")
        self.today: date = today

    def _serve(self) -> None:
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [
                *self._riwaq, "serve", "--config", str(self.config), "--host", "127.0.0.1", "--port", str(port),
                "--day", self.today.isoformat(),
            ],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("w"),
        )  # fmt: skip
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            try:
                if requests.get(f"{self.base}/healthz", timeout=30).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    @property
    def _environment(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("RIWAQ_")}

    def run(self, *words: str, stdin: str = "", config: bool = True) -> str:
        """Run a command; return what it printed."""
        done = warm.run(
            [*self._riwaq, *words, *(("--config", str(self.config)) if config else ())],
            input=stdin,
            env=self._environment,
            cwd=ROOT,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def sign(self, *more: str) -> dict[str, str]:
        """Sign the list's cards, as the office does; return their codes by member."""
        members, codes = self.office / "members.csv", self.office / "codes.csv"
        members.write_text(LIST, encoding="utf-8")
        self.run(
            "cards", "sign", str(members), "--key", str(self.key), "--passphrase-file", "-",
            "--register", str(self.office / "cards.csv"), "--out", str(self.office / "cards.pdf"),
            "--codes", str(codes), *more, stdin="long enough",
        )  # fmt: skip
        with codes.open(encoding="utf-8") as file:
            return {row["member"]: row["code"] for row in csv.DictReader(file)}

    def client(self, role: str, station: str) -> Client:
        """Return a client that speaks as a new device."""
        made = self.run("devices", "add", "--role", role, "--station", station, "--json")
        return Client(self.base, json.loads(made)["token"])

    def stop(self) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.wait(60)


@pytest.fixture
def served(tmp_path: Path, programs: Programs) -> Iterator[Served]:
    """A venue as its technician sets it up, that has never seen a member list."""
    venue = Served(tmp_path, programs)
    yield venue
    venue.stop()


def typed(page: Page, code: str) -> None:
    """Have a scanner that is set to the US layout type a code on a machine with the French one."""
    keys = []
    for sign in code:
        key = SHIFTED.get(sign) or PLAIN.get(sign) or (f"Digit{sign}" if sign.isdigit() else f"Key{sign}")
        keys.append([key, FRENCH.get(key, sign), sign in SHIFTED or sign.isalpha()])
    page.evaluate(
        """keys => {
          let at = performance.now();
          for (const [code, key, shiftKey] of [...keys, ["Enter", "Enter", false]]) {
            const event = new KeyboardEvent("keydown", { code, key, shiftKey, bubbles: true, cancelable: true });
            Object.defineProperty(event, "timeStamp", { value: (at += 5) });
            (document.activeElement ?? document.body).dispatchEvent(event);
          }
        }""",
        keys,
    )


def told(client: Client, method: str, path: str, body: Any = None) -> Any:
    """Ask, see that no name of the list is in the answer, and return it."""
    answer = client.raw(method, path, body)
    assert answer.ok, answer.text
    assert not [name for name in NAMES if name in answer.text]
    return answer.json()


# size: one walk, read from the kiosk to the doctor
def test_a_day_without_a_member_list(served: Served, browser: Browser) -> None:
    """Kiosk, ticket, counter, desk, doctor; a replaced card and a copy are refused; a name is nowhere."""
    cards = served.sign()
    with_quotes = (served.office / "cards.csv").read_text(encoding="utf-8")
    assert all(path.stat().st_mode & 0o077 == 0 for path in served.office.iterdir() if path.name != "members.csv")
    assert not [name for name in NAMES[:6] if name in with_quotes]
    document = pypdfium2.PdfDocument((served.office / "cards.pdf").read_bytes())
    read = {code.text for code in zxingcpp.read_barcodes(document[0].render(scale=4).to_pil())}
    assert read == set(cards.values()), "each card is read from its paper"

    # The kiosk greets in the card's language and without a name, and gives a number.
    link = served.run("devices", "link", "--role", "kiosk", "--station", "K1").splitlines()[-1].strip()
    page = browser.new_context(viewport={"width": 1080, "height": 1920}).new_page()
    page.goto(served.base + re.sub(r"^https?://[^/]+", "", link))
    body = page.locator("body")
    expect(body).to_have_attribute("data-state", "attract", timeout=40_000)
    typed(page, cards["HQ-4711"])
    expect(page.get_by_role("heading", name="Bienvenue", exact=True)).to_be_visible(timeout=40_000)
    expect(body).to_have_attribute("data-state", "services", timeout=40_000)
    page.locator("[data-service='bank']").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("number")).to_have_text("1", timeout=40_000)
    assert not [name for name in NAMES if name in page.content()]
    page.context.close()

    # A copy at the next kiosk, a moment later, is for a person.
    kiosk = served.client("kiosk", "K2")
    answer = told(kiosk, "POST", "/scans", {"scan_id": str(uuid.uuid4()), "code": cards["HQ-4711"]})
    assert (answer["outcome"], answer["reason"]) == ("refused", "card_elsewhere")

    # The ticket's bytes, and what they were made of.
    folder = served.folder / "data" / "printers" / "P1"
    give_up = time.monotonic() + 60
    while not list(folder.glob("*.png")) and time.monotonic() < give_up:
        time.sleep(0.2)
    assert list(folder.glob("*.png")), "a ticket was printed"
    for path in folder.iterdir():
        assert not [name for name in NAMES if name.encode() in path.read_bytes()]

    # Called, started by the card, finished.
    tablet = served.client("counter", "bank-1")
    tablet.session.headers["X-Session"] = tablet.post("/session", {"staff": "Nadia", "pin": "2580"})["session_token"]
    told(tablet, "POST", "/counters/bank-1/open", {"command_id": str(uuid.uuid4())})
    called = told(tablet, "POST", "/counters/bank-1/call-next", {"command_id": str(uuid.uuid4())})
    assert called["step"]["state"] == "called"
    scanned = {"command_id": str(uuid.uuid4()), "code": cards["HQ-4711"]}
    assert told(tablet, "POST", "/counters/bank-1/scan", scanned)["outcome"] == "started"
    told(tablet, "POST", "/counters/bank-1/finish", {"command_id": str(uuid.uuid4())})

    # At the welcome desk: by card, by number.
    desk = served.client("welcome", "desk")
    desk.session.headers["X-Session"] = desk.post("/session", {"staff": "Salma", "pin": "3691"})["session_token"]
    answer = told(desk, "POST", "/scans", {"scan_id": str(uuid.uuid4()), "code": cards["HQ-4712"]})
    assert (answer["outcome"], answer["member"]["category"]) == ("admitted", "retired")
    assert told(desk, "GET", "/visits?number=1")["visit"]["state"] == "done"

    # Replaced: the old one has ended here before the new one was ever shown.
    new = served.sign("--replace", "HQ-4713")["HQ-4713"]
    served.run("cards", "revoked", "--register", str(served.office / "cards.csv"), "--out",
               str(served.office / "ended.txt"), config=False)  # fmt: skip
    assert "revoked: 1" in served.run("cards", "revoke", "--list", str(served.office / "ended.txt"))
    outcome = [kiosk.scan(code)["reason"] or "let in" for code in (cards["HQ-4713"], new)]
    assert outcome == ["revoked_card", "let in"]

    findings = json.loads(_doctor(served))["checks"]
    verdicts = {(one["check"], one["verdict"]) for one in findings}
    assert {("members", "OK"), ("cards", "OK")} <= verdicts and ("cards", "STOP") not in verdicts
    assert not [name for name in NAMES[:6] if name in (served.folder / "log").read_text(encoding="utf-8")]


def _doctor(served: Served) -> str:
    """What the doctor says; that printers and devices are missing is none of this test's."""
    done = warm.run(
        [*Programs.riwaq, "doctor", "--json", "--port", served.base.rpartition(":")[2], "--config", str(served.config)],
        env=served._environment, cwd=ROOT, timeout=300,
    )  # fmt: skip
    return str(done.stdout)
