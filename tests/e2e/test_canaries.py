"""Names that nobody else has walk through a day: they stand on paper and screens, and nowhere that outlives them."""

from __future__ import annotations

import csv
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from checkin_server.domain.members import codes
from tests.screens.kiosk_pages import key_strokes
from tests.support.server import Client, DemoServer, Programs, demo_server

LATIN, ARABIC, STAFF, TYPED = "Qanariou Zzyzx", "قناريو ظظيظ", "Wachika Pfefferkorn", "Xyloglotte vieille"
CANARIES = ("qanariou", "zzyzx", "قناريو", "ظظيظ", "wachika", "pfefferkorn", "xyloglotte")
CARD = codes.make(codes.CARD, b"a canary's card.")
_STORED = """async () => { const found = {...localStorage, ...sessionStorage};
  for (const base of await indexedDB.databases()) found["base " + base.name] = "";
  for (const name of await caches.keys()) for (const kept of await (await caches.open(name)).keys())
    found["cache " + kept.url] = "";
  return JSON.stringify(found) + document.cookie + location.href; }"""


def named(text: str) -> list[str]:
    """Return which canaries a text names, percent-encoded or not."""
    small = requests.utils.unquote(text).casefold()  # type: ignore[attr-defined]  # it has it from urllib
    return [one for one in CANARIES if one in small]


@pytest.fixture
def served(tmp_path: Path, programs: Programs) -> Any:
    """A demo whose list has the canary, its staff too."""
    rows = [("member", "name_ar", "name_la", "category", "unit", "locale", "family", "needs", "code")]
    rows.append(("Q1", ARABIC, LATIN, "active", "rabat-prefecture", "fr", "QF1", "", CARD))
    with demo_server(tmp_path, "--members", "40") as server:
        with (tmp_path / "list.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        for words, typed in (
            (("members", "import", str(tmp_path / "list.csv")), ""),
            (("staff", "add", STAFF, "--role", "counter", "--pin", "-"), "4826"),
        ):
            made = server.riwaq(*words, stdin=typed)
            assert made.returncode == 0, made.stderr
        yield server


def _through_the_screens(server: DemoServer, browser: Browser) -> list[str]:
    """Show the card at a kiosk, search at the desk; return what the pages asked for and what they kept."""
    seen: list[str] = []
    for role, station in (("kiosk", "K1"), ("counter", "health-1"), ("welcome", "desk"), ("board", "hall")):
        context = browser.new_context()
        page = context.new_page()
        _listen(page, seen)
        page.goto(server.link(role, station))
        if role == "kiosk":
            _at_the_kiosk(page)
        page.wait_for_timeout(500)
        seen.append(str(page.evaluate(_STORED)))
        seen += [str(cookie) for cookie in context.cookies()]
        context.close()
    return seen


def _listen(page: Page, seen: list[str]) -> None:
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))


def _at_the_kiosk(page: Page) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", "attract")
    key_strokes(page, CARD)
    expect(page.locator("body")).to_have_attribute("data-state", re.compile("greeting|services"))
    expect(page.locator("body")).to_contain_text("Qanariou")


def _through_the_api(server: DemoServer) -> None:
    kiosk, desk = server.client("kiosk", "K2"), server.client("welcome", "desk")
    visit = kiosk.scan(CARD)["visit"]["id"]
    kiosk.choose(visit, "health")
    assert kiosk.scan(visit)["member"] is None
    kiosk.command(f"/visits/{visit}/feedback", scores={"health": 1}, text=TYPED, kind="opinion")
    signed = desk.post("/session", {"staff": "Salma", "pin": "3691"})["session_token"]
    desk.session.headers["X-Session"] = signed
    found = desk.get(f"/members?q={LATIN.split()[0]}&reason={TYPED}")["members"]
    assert named(str(found))
    desk.raw("GET", f"/members?q={LATIN}&reason=x")
    person = {"name_la": LATIN, "category": "active", "unit": "rabat-prefecture", "locale": "fr"}
    desk.command("/walk-ins", person=person, reason=TYPED)
    desk.raw(
        "POST", "/walk-ins", {"command_id": str(uuid.uuid4()), "person": {**person, "unit": LATIN}, "reason": TYPED}
    )
    tablet = server.client("counter", "health-1")
    _sign_in(tablet)
    tablet.command("/counters/health-1/open")
    if tablet.command("/counters/health-1/call-next")["outcome"] == "called":
        tablet.command("/counters/health-1/note", text=TYPED)
        tablet.command("/counters/health-1/start")
        tablet.command("/counters/health-1/finish", outcome="referred", referral={"office": "rabat", "subject": TYPED})
    for path in (f"/visits/{LATIN}", f"/boards/{ARABIC}/snapshot", f"/members/{LATIN}/card"):
        desk.raw("GET", path)
    desk.session.post(f"{server.base}/api/v1/scans", data=f'{{"scan_id": "{LATIN}', timeout=30)


def _sign_in(tablet: Client) -> None:
    tablet.raw("POST", "/session", {"staff": STAFF, "pin": "0000"})
    tablet.session.headers["X-Session"] = tablet.post("/session", {"staff": STAFF, "pin": "4826"})["session_token"]


def test_a_name_is_in_no_log_address_metric_storage_picture_or_process(
    served: DemoServer, browser: Browser, tmp_path: Path
) -> None:
    """Searched for in all that the day leaves behind, after it was found on the screens that show it."""
    seen = _through_the_screens(served, browser)
    _through_the_api(served)
    assert {text for text in seen if named(text)} == set()
    for words in (("doctor",), ("db", "check"), ("db", "backup", str(tmp_path / "copy.db")), ("devices", "list")):
        done = served.riwaq(*words)
        assert named(done.stdout + done.stderr) == [], words
    assert named(requests.get(f"{served.base}/metrics", timeout=30).text) == []
    assert named(requests.get(f"{served.base}/readyz", timeout=30).text) == []
    assert served.process is not None
    number = served.process.pid
    children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    for each in (str(number), *children):
        assert named(Path(f"/proc/{each}/cmdline").read_text(errors="replace")) == []
    served.stop()
    assert named("".join(served.output)) == []
    held = []
    for path in tmp_path.rglob("*"):
        at = path.relative_to(tmp_path)
        if named(str(at)):
            held.append(f"{at}: its name")
        if path.is_file() and path.name != "list.csv" and named(path.read_bytes().decode("utf-8", "ignore")):
            held.append(str(at))
    assert held == []
