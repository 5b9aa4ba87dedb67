"""The welcome desk over HTTP: who may do what, the shapes of the answers, and the new card's paper."""

from __future__ import annotations

import uuid
from typing import Any

import pypdfium2
import pytest
import requests
import zxingcpp

from tests.support.schemas import must_fit
from tests.support.server import Client, DemoServer


@pytest.fixture(scope="module")
def server(shared_demo: DemoServer) -> DemoServer:
    """One server for this module."""
    return shared_demo


@pytest.fixture(scope="module")
def desk(server: DemoServer) -> Client:
    """The welcome desk with Salma signed in."""
    client = server.client("welcome", "desk")
    token = client.post("/session", {"staff": "Salma", "pin": "3691"})["session_token"]
    client.session.headers["X-Session"] = token
    return client


def fits(server: DemoServer, answer: Any, model: str) -> None:
    """See that an answer is as the document of the API says."""
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    schema = {"$ref": f"#/components/schemas/{model}", "components": document["components"]}
    must_fit(answer, schema)


def code(answer: requests.Response) -> tuple[int, str]:
    """A refusal's status and code."""
    return answer.status_code, answer.json()["code"]


def test_names_are_for_whoever_is_signed_in_at_the_desk_only(server: DemoServer, desk: Client) -> None:
    """Not for the desk's screen alone, not for kiosks, tablets or dashboards."""
    alone = Client(server.base, server.token("welcome", "desk"))
    for path in ("/members?q=fatima&reason=card_lost", "/visits?number=1"):
        assert code(alone.raw("GET", path)) == (401, "no_session")
        for role, station in (("kiosk", "K1"), ("organizer", "office")):
            assert code(server.client(role, station).raw("GET", path)) == (403, "forbidden")
        assert code(server.counter("bank-1").raw("GET", path)) == (403, "forbidden")
    fits(server, desk.get("/members?q=fatima&reason=card_lost"), "FoundMembers")


@pytest.mark.parametrize("query", ["", "?q=fatima", "?reason=lost", "?q=f&reason=lost", "?q=fatima&reason=x"])
def test_a_search_needs_a_name_and_a_reason(desk: Client, query: str) -> None:
    """Told by the field's name."""
    answer = desk.raw("GET", f"/members{query}")
    assert code(answer) == (400, "bad_request") and answer.json()["errors"]


@pytest.mark.parametrize("typed", ["aaa", "....", "hahaha", "azerty", "bla", "ههههه"])
def test_what_says_nothing_is_no_reason(desk: Client, typed: str) -> None:
    """Wherever one is typed: for a search, a walk-in, a new card."""
    assert code(desk.raw("GET", f"/members?q=fatima&reason={typed}")) == (403, "reason_needed")
    body = {"command_id": str(uuid.uuid4()), "member": "M000001", "reason": typed}
    assert code(desk.raw("POST", "/walk-ins", body)) == (403, "reason_needed")
    body = {"command_id": str(uuid.uuid4()), "reason": typed}
    assert code(desk.raw("POST", "/members/M000001/card", body)) == (403, "reason_needed")


def test_somebody_on_no_list_is_registered_and_gets_a_card_that_works(server: DemoServer, desk: Client) -> None:
    """The paper's code opens the visit at a kiosk."""
    venue = desk.get("/venue")
    unit = next(unit["id"] for unit in venue["units"] if unit["eligible"])
    person = {"name_la": "Sanaa Benali", "category": "active", "unit": unit, "locale": "fr"}
    arrived = desk.command("/walk-ins", person=person, reason="registered_at_desk")
    fits(server, arrived, "WalkInAnswer")
    (found,) = desk.get("/members?q=sanaa+benali&reason=card_lost")["members"]
    assert code(desk.raw("GET", f"/members/{found['id']}/card")) == (404, "unknown_member")
    fits(server, desk.command(f"/members/{found['id']}/card", reason="registered_at_desk"), "NewCard")
    paper = desk.raw("GET", f"/members/{found['id']}/card")
    assert paper.headers["Content-Type"] == "application/pdf"
    page = pypdfium2.PdfDocument(paper.content)[0]
    read = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
    visit = server.client("kiosk", "K1").scan(read[0].text)["visit"]
    assert visit["id"] == arrived["visit"]["id"]
    chosen = desk.choose(visit["id"], "health")
    fits(server, desk.get(f"/visits?number={chosen['number']}"), "FoundVisit")
    in_arabic = str(chosen["number"]).translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})
    assert desk.get(f"/visits?number={in_arabic}")["visit"]["number"] == chosen["number"]
    both = {"command_id": str(uuid.uuid4()), "member": "M1", "person": {**person, "name_ar": ""}, "reason": "as before"}
    assert code(desk.raw("POST", "/walk-ins", both)) == (400, "bad_request")


def test_the_desks_list_names_nobody(desk: Client) -> None:
    """Printers and numbers; it may stand open on a counter."""
    data = desk.get("/welcome/snapshot")["data"]
    assert set(data) == {"now", "doors", "day", "printers", "trouble", "tickets", "restored"}
    assert data["printers"][0]["desks"] == ["desk"]
