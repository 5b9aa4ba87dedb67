"""Who was not where they had been sent is called ahead on the board, by number and by voice."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.screens.booths import screen, visitor
from tests.support.server import Programs


def test_a_visitor_who_was_not_there_is_called_to_the_next_stand_before_a_counter_calls(
    tmp_path: Path, browser: Browser, programs: Programs
) -> None:
    """In large, with the stand and what to do, once by voice; then the counter's call takes its place."""
    with programs.demo(tmp_path, "--virtual-clock") as server:
        kiosk, board = server.client("kiosk", "K1"), server.client("board", "hall")
        now = datetime.fromisoformat(board.get("/boards/hall/snapshot")["data"]["now"])

        def wait(minutes: int) -> None:
            nonlocal now
            now += timedelta(minutes=minutes)
            kiosk.post("/clock", {"now": now.isoformat()})

        bank = server.counter("bank-1")
        visit = visitor(server, "bank", "health")
        assert board.get("/boards/hall/snapshot")["data"]["headed"][0]["numbers"] == [visit["number"]]
        wait(12)
        assert bank.command("/counters/bank-1/call-next")["visit"]["number"] == visit["number"]
        wait(4)
        bank.command("/counters/bank-1/start")
        wait(6)
        with screen(browser, server, "board", "hall", 1920, 1080) as page:
            page.locator("#waits .wait").first.wait_for()
            health = server.counter("health-1")
            bank.command("/counters/bank-1/finish", outcome="served")
            large = page.locator("#newest .fresh")
            expect(large).to_have_attribute("data-number", str(visit["number"]))
            expect(large.locator(".on[lang=fr] .where-counter")).to_have_text("Rejoignez votre zone")
            expect(page.locator("#newest [lang=ar] .where-booth").first).to_be_visible()
            (ahead,) = board.get("/boards/hall/snapshot")["data"]["called_ahead"]
            ask = {"command_id": str(uuid.uuid4()), "call": ahead["call"], "recall": 0}
            assert board.post("/boards/hall/announcements", ask)["outcome"] in ("speak", "said")
            ask["command_id"] = str(uuid.uuid4())
            assert board.post("/boards/hall/announcements", ask)["outcome"] == "said"
            health.command("/counters/health-1/call-next")
            expect(page.locator("#newest .where-counter").first).not_to_have_text("Rejoignez votre zone")
