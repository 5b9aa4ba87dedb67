"""The day through the API, with real devices' tokens: scan, choose, call, serve."""

from __future__ import annotations

import time
import uuid

from tests.support.server import DemoServer


def test_a_scanned_card_becomes_a_served_visitor(demo: DemoServer) -> None:
    """The whole story: admitted, one number, ticket printed, called, served, counted."""
    kiosk = demo.client("kiosk", "K1")
    card = demo.cards()[0]
    scanned = kiosk.scan(card["code"])
    assert scanned["outcome"] == "admitted"
    assert scanned["visit"]["number"] is None
    bank = demo.counter("bank-1")
    visit = kiosk.choose(scanned["visit"]["id"], "bank", "education")
    assert visit["number"] == 1
    assert [step["service"] for step in visit["steps"]] == ["bank", "education"]
    assert visit["ticket"]["state"] == "queued"

    called = bank.command("/counters/bank-1/call-next")
    assert called["outcome"] == "called"
    assert called["visit"]["number"] == 1
    assert called["why"]["code"] == "longest_wait"
    board = demo.client("board", "hall").get("/boards/hall/snapshot")["data"]
    assert board["calls"][0]["number"] == 1
    assert kiosk.scan(card["code"])["visit"]["next"]["kind"] == "go"
    assert bank.command("/counters/bank-1/start")["step"]["state"] == "serving"
    assert bank.command("/counters/bank-1/finish")["step"]["state"] == "served"

    dashboard = demo.client("organizer", "office").get("/dashboard/snapshot")["data"]
    assert (dashboard["arrivals"], dashboard["inside"], dashboard["served"]) == (1, 1, 1)
    for _ in range(400):
        visit = kiosk.get(f"/visits/{visit['id']}")
        if visit["ticket"]["state"] == "printed":
            break
        time.sleep(0.1)
    assert visit["ticket"]["state"] == "printed"
    job = demo.folder / "printers" / "P1" / f"{visit['ticket']['print_job']}.bin"
    assert job.read_bytes().startswith(b"\x1b@")


def test_two_counters_never_get_the_same_visit(demo: DemoServer) -> None:
    """One visit waits for two services; only one of two counters that ask gets it."""
    kiosk = demo.client("kiosk", "K1")
    adult = next(card for card in demo.cards() if card["category"] == "active")
    visit = kiosk.scan(adult["code"])["visit"]["id"]
    kiosk.choose(visit, "bank", "education")
    bank, education = demo.counter("bank-1"), demo.counter("education-1")
    assert bank.command("/counters/bank-1/call-next")["outcome"] == "called"
    nobody = education.command("/counters/education-1/call-next")
    assert nobody["outcome"] == "nobody"
    assert nobody["next_expected"] is not None


def test_the_same_scan_id_gets_the_first_answer(demo: DemoServer) -> None:
    """A retry after a lost answer changes nothing; the id with another code is refused."""
    kiosk = demo.client("kiosk", "K1")
    first, second = demo.cards()[2]["code"], demo.cards()[3]["code"]
    scan_id = str(uuid.uuid4())
    answer = kiosk.scan(first, scan_id)
    assert kiosk.scan(first, scan_id) == answer
    reused = kiosk.raw("POST", "/scans", {"scan_id": scan_id, "code": second})
    assert (reused.status_code, reused.json()["code"]) == (409, "id_reused")
