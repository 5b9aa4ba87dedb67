"""The contract over HTTP: outcomes, errors, roles and idempotency, with real devices' tokens."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.schemas import must_be_openapi, must_fit
from tests.support.server import Client, DemoServer
from tests.web.test_roles import VALUES


@pytest.fixture(scope="module")
def server(shared_demo: DemoServer) -> DemoServer:
    """One server for this module."""
    return shared_demo


@pytest.fixture(scope="module")
def kiosk(server: DemoServer) -> Client:
    """A kiosk."""
    return server.client("kiosk", "K1")


@pytest.fixture(scope="module")
def adults(server: DemoServer) -> Iterator[str]:
    """Codes of members whom every service is for, each used once."""
    return iter([card["code"] for card in server.cards() if card["category"] == "active"])


def _problem(answer: requests.Response) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    document = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= document.keys()
    assert document["status"] == answer.status_code
    return answer.status_code, document["code"]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("malformed_code", "malformed_code"),
        ("unknown_card", "unknown_card"),
        ("revoked_card", "revoked_card"),
        ("wrong_event", "wrong_event"),
        ("not_eligible", "not_eligible"),
    ],
)
def test_a_card_that_cannot_come_in_is_refused_with_its_reason(
    server: DemoServer, kiosk: Client, case: str, reason: str
) -> None:
    """The refusal is an answer, says why, and shows nothing of any member."""
    answer = kiosk.scan(server.cases()[case])
    assert answer == {"outcome": "refused", "reason": reason, "visit": None, "member": None, "first_seen": None}


def test_a_second_scan_returns_the_same_visit(kiosk: Client, adults: Iterator[str]) -> None:
    """Same number, first seen when first seen."""
    code = next(adults)
    first = kiosk.scan(code)
    number = kiosk.choose(first["visit"]["id"], "health")["number"]
    again = kiosk.scan(code.lower())
    assert (again["outcome"], again["visit"]["number"]) == ("returning", number)
    assert again["first_seen"] == first["first_seen"]
    assert kiosk.scan(again["visit"]["id"])["outcome"] == "returning", "the ticket's code leads there too"


def test_a_visit_that_has_left_is_closed(kiosk: Client, adults: Iterator[str]) -> None:
    """Whoever has left is sent to the welcome desk, by card and by ticket."""
    code = next(adults)
    visit = kiosk.scan(code)["visit"]["id"]
    kiosk.choose(visit, "health")
    assert kiosk.command(f"/visits/{visit}/leave")["state"] == "left"
    assert kiosk.scan(code)["reason"] == "visit_closed"
    assert kiosk.scan(visit)["reason"] == "visit_closed"
    refused = kiosk.raw("PUT", f"/visits/{visit}/services", {"command_id": str(uuid.uuid4()), "services": ["bank"]})
    assert _problem(refused) == (409, "wrong_state")


def test_services_that_cannot_be_given_are_refused_by_name_and_nothing_changes(
    kiosk: Client, adults: Iterator[str]
) -> None:
    """One unknown service refuses the whole choice; no number is given."""
    visit = kiosk.scan(next(adults))["visit"]["id"]
    answer = kiosk.raw(
        "PUT", f"/visits/{visit}/services", {"command_id": str(uuid.uuid4()), "services": ["bank", "moon"]}
    )
    assert _problem(answer) == (422, "services_refused")
    assert answer.json()["refused"] == [{"service": "moon", "reason": "unknown_service"}]
    assert kiosk.get(f"/visits/{visit}")["number"] is None


def test_numbers_are_given_with_the_first_choice_and_leave_no_gap(kiosk: Client, adults: Iterator[str]) -> None:
    """Who scans and walks off takes no number."""
    first, walker, second = (kiosk.scan(next(adults))["visit"]["id"] for _ in range(3))
    a = kiosk.choose(first, "health")["number"]
    b = kiosk.choose(second, "health")["number"]
    assert (b, kiosk.get(f"/visits/{walker}")["number"]) == (a + 1, None)


def test_a_repeated_command_returns_the_first_answer(kiosk: Client, adults: Iterator[str]) -> None:
    """Also when the repeat comes after a change; the id with another body is refused."""
    visit = kiosk.scan(next(adults))["visit"]["id"]
    body = {"command_id": str(uuid.uuid4()), "services": ["health"]}
    first = kiosk.raw("PUT", f"/visits/{visit}/services", body).json()
    kiosk.choose(visit, "health", "education")
    assert kiosk.raw("PUT", f"/visits/{visit}/services", body).json() == first
    other = kiosk.raw("PUT", f"/visits/{visit}/services", {**body, "services": ["education"]})
    assert _problem(other) == (409, "id_reused")


def test_a_reprint_keeps_the_number(kiosk: Client, adults: Iterator[str]) -> None:
    """A new job, the same visit."""
    visit = kiosk.choose(kiosk.scan(next(adults))["visit"]["id"], "health")
    again = kiosk.command(f"/visits/{visit['id']}/reprint")
    assert again["number"] == visit["number"]
    assert again["ticket"]["print_job"] != visit["ticket"]["print_job"]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", {"Content-Type": "application/json"}, (400, "not_json")),
        (b"\xff\xfe", {"Content-Type": "application/json"}, (400, "not_json")),
        (b"[1]", {"Content-Type": "application/json"}, (400, "bad_request")),
        (b'{"scan_id": 1, "code": 2}', {"Content-Type": "application/json"}, (400, "bad_request")),
        (b'{"scan_id": "x", "code": "y"}', {"Content-Type": "application/json"}, (400, "bad_request")),
        (b"scan_id=1", {"Content-Type": "application/x-www-form-urlencoded"}, (400, "not_json")),
        (b"x" * 10_000_000, {"Content-Type": "application/json"}, (413, "too_large")),
    ],
)
def test_a_bad_body_is_a_clear_problem(
    kiosk: Client, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    """Malformed JSON, wrong types, another content type, ten megabytes."""
    answer = kiosk.session.post(f"{kiosk.base}/api/v1/scans", data=body, headers=headers, timeout=30)
    assert _problem(answer) == expected


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [("/nowhere", "GET", (404, "not_found")), ("/scans", "DELETE", (405, "method_not_allowed"))],
)
def test_an_address_that_is_not_there_is_a_problem_too(
    kiosk: Client, path: str, method: str, expected: tuple[int, str]
) -> None:
    """Never HTML, never a redirect."""
    assert _problem(kiosk.raw(method, path)) == expected


def test_without_a_token_every_operation_is_denied(server: DemoServer) -> None:
    """Deny by default: each declared operation, tried by a stranger."""
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    public = {"/api/v1/openapi.json", "/api/v1/pairings", "/api/v1/pairings/{pairing_id}/claim"}
    tried = 0
    for path, methods in document["paths"].items():
        for method in methods:
            if path in public:
                continue
            tried += 1
            answer = requests.request(method, server.base + path.replace("{", "").replace("}", ""), json={}, timeout=30)
            assert _problem(answer) == (401, "unauthenticated"), (method, path)
    assert tried > 20


@pytest.mark.parametrize("role", ["board", "kiosk", "counter", "welcome", "organizer", "privacy", "print_agent"])
def test_a_role_may_do_what_is_declared_and_nothing_else(server: DemoServer, role: str) -> None:
    """Every operation, tried as every role: forbidden exactly where the role is not named."""
    station = {"kiosk": "K2", "board": "hall", "counter": "bank-2", "print_agent": "P2"}.get(role, "desk")
    client = server.client(role, station)
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "x-roles" not in operation:
                continue
            address = path.removeprefix("/api/v1").format(**VALUES)
            answer = client.raw(method.upper(), address, {})
            forbidden = answer.status_code == 403 and answer.json()["code"] == "forbidden"
            assert forbidden == (role not in operation["x-roles"]), (role, method, path, answer.text)
            assert answer.status_code < 500, answer.text


def test_a_counter_does_nothing_until_somebody_signs_in(server: DemoServer) -> None:
    """A paired tablet alone may not call; a wrong PIN says how many tries are left."""
    tablet = server.client("counter", "insurance-1")
    path, body = "/counters/insurance-1/call-next", {"command_id": str(uuid.uuid4())}
    assert _problem(tablet.raw("POST", path, body)) == (401, "no_session")
    wrong = tablet.raw("POST", "/session", {"staff": "Karim", "pin": "0000"})
    assert _problem(wrong) == (401, "wrong_pin")
    assert wrong.json()["attempts_left"] == 4
    token = tablet.post("/session", {"staff": "Karim", "pin": "1379"})["session_token"]
    tablet.session.headers["X-Session"] = token
    closed = tablet.raw("POST", path, {"command_id": str(uuid.uuid4())})
    assert (_problem(closed), closed.json()["state"]) == ((409, "wrong_state"), "closed")


def test_wrong_pins_lock_the_device(server: DemoServer) -> None:
    """After five wrong ones, for a time that the answer names."""
    tablet = server.client("counter", "insurance-2")
    for _ in range(4):
        assert _problem(tablet.raw("POST", "/session", {"staff": "nobody", "pin": "0000"}))[1] == "wrong_pin"
    locked = tablet.raw("POST", "/session", {"staff": "nobody", "pin": "0000"})
    assert _problem(locked) == (429, "locked")
    assert 0 < int(locked.headers["Retry-After"]) <= 120
    assert _problem(tablet.raw("POST", "/session", {"staff": "Omar", "pin": "7913"})) == (429, "locked")


def test_a_tablet_acts_for_its_own_counter_only(server: DemoServer) -> None:
    """The session at one counter opens no other."""
    tablet = server.counter("telecoms-1")
    other = tablet.raw("POST", "/counters/telecoms-2/open", {"command_id": str(uuid.uuid4())})
    assert _problem(other) == (403, "forbidden")


def test_actions_that_do_not_fit_say_which_state_it_is(
    server: DemoServer, kiosk: Client, adults: Iterator[str]
) -> None:
    """Start without a visitor, finish before start, call while one is called, close while one is served."""
    desk = server.counter("social-1")

    def refused(action: str) -> tuple[str, str]:
        answer = desk.raw("POST", f"/counters/social-1/{action}", {"command_id": str(uuid.uuid4())})
        return _problem(answer)[1], answer.json()["state"]

    assert refused("start") == ("wrong_state", "idle")
    kiosk.choose(kiosk.scan(next(adults))["visit"]["id"], "social")
    assert desk.command("/counters/social-1/call-next")["outcome"] == "called"
    assert refused("finish") == ("wrong_state", "called")
    assert refused("call-next") == ("wrong_state", "called")
    desk.command("/counters/social-1/recall")
    desk.command("/counters/social-1/start")
    assert refused("close") == ("wrong_state", "serving")
    done = desk.command("/counters/social-1/finish", outcome="referred", referral={"office": "rabat", "subject": "x"})
    assert done["step"]["state"] == "served"


def test_a_missed_call_frees_the_counter_and_keeps_the_place(
    server: DemoServer, kiosk: Client, adults: Iterator[str]
) -> None:
    """The visit waits on after the first miss and rests a moment."""
    desk = server.counter("reception-1")
    visit = kiosk.scan(next(adults))["visit"]["id"]
    kiosk.choose(visit, "reception")
    desk.command("/counters/reception-1/call-next")
    assert desk.command("/counters/reception-1/no-show")["step"]["state"] == "waiting"
    assert desk.command("/counters/reception-1/call-next")["outcome"] == "nobody"
    assert kiosk.get(f"/visits/{visit}")["steps"][0]["state"] == "waiting"


def test_a_snapshot_that_did_not_change_costs_no_body(server: DemoServer) -> None:
    """Epoch and version make the ETag."""
    board = server.client("board", "hall")
    first = board.raw("GET", "/boards/hall/snapshot")
    assert first.json().keys() == {"topic", "epoch", "version", "data"}
    again = board.raw("GET", "/boards/hall/snapshot", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_revoked_device_is_cut_off(server: DemoServer) -> None:
    """Over HTTP at once; the token is worth nothing any more."""
    organizer = server.client("organizer", "office")
    made = server.riwaq("devices", "add", "--role", "board", "--station", "hall", "--json").stdout
    device = json.loads(made)
    board = Client(server.base, device["token"])
    assert board.raw("GET", "/boards/hall/snapshot").ok
    assert organizer.raw("DELETE", f"/devices/{device['device_id']}").ok
    assert _problem(board.raw("GET", "/boards/hall/snapshot")) == (401, "unauthenticated")


def test_pairing_by_code_gives_the_token_once(server: DemoServer) -> None:
    """Ask, approve, claim; not before the approval, not twice."""
    asked = requests.post(f"{server.base}/api/v1/pairings", timeout=30).json()
    path = f"{server.base}/api/v1/pairings/{asked['pairing_id']}/claim"
    assert _problem(requests.post(path, json={"secret": asked["secret"]}, timeout=30)) == (409, "not_approved")
    organizer = server.client("organizer", "office")
    organizer.post("/pairings/approve", {"code": asked["code"], "role": "kiosk", "station": "K3"})
    assert _problem(requests.post(path, json={"secret": "wrong"}, timeout=30)) == (404, "unknown_pairing")
    claimed = requests.post(path, json={"secret": asked["secret"]}, timeout=30).json()
    assert Client(server.base, claimed["token"]).get("/venue")["venue"]["id"]
    assert _problem(requests.post(path, json={"secret": asked["secret"]}, timeout=30)) == (410, "pairing_used")


def test_the_openapi_document_is_valid_and_describes_the_answers(
    server: DemoServer, kiosk: Client, adults: Iterator[str]
) -> None:
    """OpenAPI 3.1, and real answers fit its schemas."""
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    assert document["openapi"].startswith("3.1")
    must_be_openapi(document)

    def fits(schema: str, answer: Any) -> None:
        root = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        must_fit(answer, root)

    scanned = kiosk.scan(next(adults))
    fits("ScanAnswer", scanned)
    fits("Visit", kiosk.choose(scanned["visit"]["id"], "health", "social"))
    fits("Services", kiosk.get("/services"))
    fits("VenueAnswer", kiosk.get("/venue"))
    desk = server.counter("health-1")
    fits("CallAnswer", desk.command("/counters/health-1/call-next"))
    fits("StepAnswer", desk.command("/counters/health-1/start"))
    fits("CounterSnapshot", desk.get("/counters/health-1/snapshot"))


def test_a_page_without_its_device_says_what_to_do(server: DemoServer) -> None:
    """No data and no raw error: words in the languages of the venue."""
    for path in ("/kiosk/K1", "/board/hall", "/tablet/bank-1", "/dashboard"):
        answer = requests.get(server.base + path, timeout=30)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "هذه الشاشة غير مرتبطة بعد" in answer.text


def test_a_one_time_link_opens_its_screen_once(server: DemoServer) -> None:
    """The browser that opens it becomes the device; the next one does not."""
    link = server.link("kiosk", "K2")
    browser = requests.Session()
    page = browser.get(link, timeout=10)
    assert (page.status_code, page.url) == (200, f"{server.base}/kiosk/K2")
    assert "riwaq-device" in page.text
    assert browser.get(f"{server.base}/kiosk/K1", timeout=10).status_code == 401, "another station is another device"
    assert requests.get(link, timeout=30).status_code == 401


def test_pages_carry_a_strict_content_policy(server: DemoServer) -> None:
    """No inline script, no foreign origin, no frame."""
    policy = requests.get(f"{server.base}/not-paired", timeout=30).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_clock_cannot_be_set_on_a_real_clock(server: DemoServer) -> None:
    """POST /clock exists only in a demo with a virtual clock."""
    answer = server.client("organizer", "office").raw("POST", "/clock", {"now": "2019-12-27T10:00:00Z"})
    assert _problem(answer) == (404, "not_found")
