"""Paper in a real venue: printers that fail, one after the other and all at once, and a power cut in mid-ticket."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.paper import Paper, paper_venue
from tests.support.server import Client

PATIENCE = 1.0


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    """Three kiosks, three network printers, one second of patience."""
    with paper_venue(tmp_path, PATIENCE) as running:
        yield running


def arrive(paper: Paper, kiosk: str = "K1") -> tuple[Client, dict[str, Any]]:
    """Check the next member in at a kiosk; give its client and the visit."""
    client = paper.server.client("kiosk", kiosk)
    for card in paper.server.cards():
        scanned = client.scan(card["code"])
        if scanned["outcome"] == "admitted" and card["category"] == "active":
            return client, client.choose(scanned["visit"]["id"], "health")
    raise AssertionError("everybody is here")


def until(what: Callable[[], Any], within: float = 60.0) -> Any:
    """Ask until the answer is true; give it."""
    deadline = time.monotonic() + within
    while not (answer := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return answer


def ticket_when(client: Client, visit: dict[str, Any], *states: str) -> dict[str, Any]:
    """Wait until a visit's ticket is in one of some states; give it."""

    def look() -> dict[str, Any] | None:
        ticket: dict[str, Any] = client.get(f"/visits/{visit['id']}")["ticket"]
        return ticket if ticket["state"] in states else None

    found: dict[str, Any] = until(look)
    return found


def trouble(paper: Paper) -> dict[str, dict[str, Any]]:
    """Return the dashboard's troubles with printers, by printer."""
    data = paper.server.client("organizer", "office").get("/dashboard/snapshot")["data"]
    return {item["printer"]: item for item in data["trouble"] if item["code"] == "printer_failing"}


def test_with_no_paper_at_the_kiosk_the_ticket_comes_out_at_its_neighbour(paper: Paper) -> None:
    """Once, and there only; staff are told which kiosk has no paper."""
    paper.fail(P1="paper_out")
    client, visit = arrive(paper)
    ticket = ticket_when(client, visit, "printed")
    assert (ticket["printer"], ticket["duplicate"]) == ("P2", False)
    assert [len(p.tickets) for p in paper.printers.values()] == [0, 1, 0]
    told = until(lambda: trouble(paper).get("P1"))
    assert (told["error"], told["kiosk"]) == ("paper_out", "K1")
    paper.fail(P1="ok")
    until(lambda: not trouble(paper))
    client, visit = arrive(paper)
    assert ticket_when(client, visit, "printed")["printer"] == "P1"


def test_with_every_printer_dead_the_ticket_has_failed_and_the_number_stands(paper: Paper) -> None:
    """The visitor gets the number at once, and its code to photograph; when a printer is back, the paper."""
    paper.fail(P1="cover_open", P2="offline", P3="paper_out")
    client, visit = arrive(paper)
    assert visit["number"] == 1
    ticket = ticket_when(client, visit, "failed")
    assert ticket["error"] in ("cover_open", "offline", "paper_out")
    assert client.raw("GET", f"/visits/{visit['id']}/qr").text.startswith("<svg")
    again, later = arrive(paper)
    before = time.monotonic()
    ticket_when(again, later, "failed")
    assert time.monotonic() - before < 15 * PATIENCE, "who comes later does not wait for printers known to be down"
    assert [len(p.tickets) for p in paper.printers.values()] == [0, 0, 0]
    paper.fail(P1="ok", P2="ok", P3="ok")
    until(lambda: not trouble(paper))
    assert client.get(f"/visits/{visit['id']}")["ticket"]["state"] == "failed", "nothing comes out behind their back"
    reprinted = client.command(f"/visits/{visit['id']}/reprint")
    assert (reprinted["number"], reprinted["ticket"]["duplicate"]) == (visit["number"], True)
    ticket_when(client, visit, "printed")
    assert [len(p.tickets) for p in paper.printers.values()] == [1, 0, 0]


def test_a_power_cut_while_a_ticket_is_sent_leaves_it_in_doubt_and_prints_it_no_second_time(paper: Paper) -> None:
    """SIGKILL between the last byte and the acknowledgement: the paper is out, and nobody knows."""
    paper.fail(P1="no_ack")
    client, visit = arrive(paper)
    until(lambda: paper.printers["P1"].tickets)
    paper.server.stop(signal.SIGKILL)
    paper.fail(P1="ok")
    paper.server.start()
    client = paper.server.client("kiosk", "K1")
    ticket = ticket_when(client, visit, "uncertain")
    assert ticket["error"] == "interrupted"
    _, other = arrive(paper)
    assert ticket_when(client, other, "printed")["printer"] == "P1"
    assert len(paper.printers["P1"].tickets) == 2, "one each"
    assert client.get(f"/visits/{visit['id']}")["ticket"]["state"] == "uncertain"


def test_a_power_cut_before_the_first_byte_leaves_nobody_in_doubt(paper: Paper) -> None:
    """A ticket that waits for a printer without paper is printed after the restart, as the first one."""
    paper.fail(P1="mute", P2="mute", P3="mute")
    client, visit = arrive(paper)
    paper.server.stop(signal.SIGKILL)
    assert visit["ticket"]["state"] == "queued"
    paper.fail(P1="ok", P2="ok", P3="ok")
    paper.server.start()
    client = paper.server.client("kiosk", "K1")
    assert ticket_when(client, visit, "printed")["duplicate"] is False
    assert sum(len(p.tickets) for p in paper.printers.values()) == 1


def test_a_printer_that_recovers_in_time_prints_what_waits_for_it(tmp_path: Path) -> None:
    """A lid opened and closed: nobody is sent to another kiosk."""
    with paper_venue(tmp_path, patience=30.0) as paper:
        paper.fail(P1="cover_open")
        visits = [arrive(paper) for _ in range(3)]
        until(lambda: trouble(paper).get("P1"))
        paper.fail(P1="ok")
        for client, visit in visits:
            assert ticket_when(client, visit, "printed")["printer"] == "P1"
        assert [len(p.tickets) for p in paper.printers.values()] == [3, 0, 0]


def test_printers_that_acknowledge_nothing_print_each_ticket_and_are_in_no_trouble(tmp_path: Path) -> None:
    """`acknowledge = "none"`: what they have taken is `sent`, never `printed`, whether or not they tell their state."""
    with paper_venue(tmp_path, patience=30.0, settings='acknowledge = "none"') as paper:
        paper.fail(P1="mute", P2="no_ack", P3="mute")
        visits = [arrive(paper, kiosk) for kiosk in ("K1", "K2", "K3", "K1", "K1", "K1")]
        for client, visit in visits:
            ticket = ticket_when(client, visit, "sent", "printed", "uncertain", "failed")
            assert (ticket["state"], ticket["error"]) == ("sent", None)
        assert [len(p.tickets) for p in paper.printers.values()] == [4, 1, 1]
        assert not trouble(paper)
        printers = paper.server.client("organizer", "office").get("/printers")["printers"]
        assert {each["id"]: each["state"] for each in printers if each["id"] in paper.printers} == dict.fromkeys(
            paper.printers, "ok"
        )
        client, visit = visits[0]
        again = client.command(f"/visits/{visit['id']}/reprint")
        assert again["ticket"]["duplicate"] is True
        assert ticket_when(client, visit, "sent")["duplicate"] is True
