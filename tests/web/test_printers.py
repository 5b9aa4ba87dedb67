"""Printers over HTTP: how they are, test prints, reprints from a counter, and the code for when there is no paper."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
import zxingcpp
from PIL import Image, ImageDraw

from tests.support.schemas import must_fit
from tests.support.server import Client, DemoServer


@pytest.fixture(scope="module")
def server(shared_demo: DemoServer) -> DemoServer:
    """One server for this module."""
    return shared_demo


@pytest.fixture(scope="module")
def visits(server: DemoServer) -> Iterator[dict[str, Any]]:
    """Visits with a number, each used once."""
    kiosk = server.client("kiosk", "K1")
    cards = (card["code"] for card in server.cards() if card["category"] == "active")
    return (kiosk.choose(kiosk.scan(code)["visit"]["id"], "health") for code in cards)


def until(what: Callable[[], Any]) -> Any:
    """Ask until the answer is true; give it."""
    deadline = time.monotonic() + 60
    while not (answer := what()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return answer


def test_the_printers_say_how_they_are_and_whose_they_are(server: DemoServer) -> None:
    """As the document of the API describes them, in the plan's order."""
    office = server.client("organizer", "office")
    until(lambda: all(p["state"] == "ok" for p in office.get("/printers")["printers"]))
    answer = office.get("/printers")
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    schema = {"$ref": "#/components/schemas/Printers", "components": document["components"]}
    must_fit(answer, schema)
    shown = [(p["id"], p["kind"], p["kiosks"], p["state"], p["last_error"]) for p in answer["printers"]]
    assert shown == [(f"P{n}", "virtual", [f"K{n}"], "ok", None) for n in (1, 2, 3)]
    assert all(p["since"] for p in answer["printers"])


def test_a_test_print_comes_out_and_is_no_ticket(server: DemoServer) -> None:
    """It is counted with nobody's tickets, and says what became of it."""
    office = server.client("organizer", "office")
    before = {p["id"]: p["printed"] for p in office.get("/printers")["printers"]}
    asked = office.command("/printers/P2/test")
    assert (asked["printer"], asked["state"]) == ("P2", "queued")

    def printed() -> Any:
        test = office.get("/printers")["printers"][1]["test"]
        return test if test and test["state"] == "printed" else None

    assert until(printed)["print_job"] == asked["print_job"]
    assert (server.folder / "printers" / "P2" / f"{asked['print_job']}.bin").is_file()
    assert {p["id"]: p["printed"] for p in office.get("/printers")["printers"]} == before
    unknown = office.raw("POST", "/printers/P9/test", {"command_id": str(uuid.uuid4())})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_printer")


def test_a_test_print_asked_for_twice_with_one_id_comes_out_once(server: DemoServer) -> None:
    """A tap that was sent again is the same tap."""
    office = server.client("organizer", "office")
    body = {"command_id": str(uuid.uuid4())}
    first = office.post("/printers/P3/test", body)
    assert office.post("/printers/P3/test", body) == first


def test_a_counter_prints_a_ticket_again_once_somebody_is_signed_in(
    server: DemoServer, visits: Iterator[dict[str, Any]]
) -> None:
    """On a kiosk's printer, with the number kept; a tablet alone may not."""
    visit = next(visits)
    tablet = server.client("counter", "bank-1")
    refused = tablet.raw("POST", f"/visits/{visit['id']}/reprint", {"command_id": str(uuid.uuid4())})
    assert (refused.status_code, refused.json()["code"]) == (401, "no_session")
    again = server.counter("bank-1").command(f"/visits/{visit['id']}/reprint")
    assert (again["number"], again["ticket"]["duplicate"]) == (visit["number"], True)
    assert again["ticket"]["printer"] in ("P1", "P2", "P3")


def test_the_welcome_desk_prints_a_ticket_again(server: DemoServer, visits: Iterator[dict[str, Any]]) -> None:
    """Nobody needs to sign in there."""
    visit = next(visits)
    assert visit["ticket"]["duplicate"] is False
    again = server.client("welcome", "desk").command(f"/visits/{visit['id']}/reprint")
    assert (again["number"], again["ticket"]["duplicate"]) == (visit["number"], True)


def test_the_code_of_a_visit_is_an_image_that_reads_as_its_reference(
    server: DemoServer, visits: Iterator[dict[str, Any]]
) -> None:
    """What a photograph of the kiosk's screen holds; it opens the visit at any kiosk."""
    visit, kiosk = next(visits), server.client("kiosk", "K2")
    answer = kiosk.raw("GET", f"/visits/{visit['id']}/qr")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    read = zxingcpp.read_barcodes(_drawn(answer.text))
    assert [code.text for code in read] == [visit["id"]]
    assert kiosk.scan(read[0].text)["visit"]["number"] == visit["number"]
    unknown = kiosk.raw("GET", "/visits/V0/qr")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_visit")


def _drawn(svg: str) -> Image.Image:
    """Draw the rows of a code's path, ten pixels a module."""
    root = ElementTree.parse(io.StringIO(svg)).getroot()
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side * 10, side * 10), 255)
    draw = ImageDraw.Draw(image)
    (path,) = (element.attrib["d"] for element in root if "fill" not in element.attrib)
    for run in path.split("M")[1:]:
        start, _, rest = run.partition("h")
        x, y = (int(value) for value in start.split())
        width = int(rest.split("v")[0])
        draw.rectangle([x * 10, y * 10, (x + width) * 10 - 1, y * 10 + 9], fill=0)
    return image


def test_only_organisers_see_the_printers(server: DemoServer) -> None:
    """A kiosk asks for its visitor's ticket, not for the machines."""
    kiosk: Client = server.client("kiosk", "K1")
    assert kiosk.raw("GET", "/printers").status_code == 403
