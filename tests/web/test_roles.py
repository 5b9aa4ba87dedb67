"""Who may call what, held against a table that a person wrote (`roles.toml`) and not against the code."""

from __future__ import annotations

import re
import tomllib
import uuid
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from checkin_server.common import roles
from tests.web.conftest import STATIONS, InProcess

TABLE = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))
ROLES: list[str] = TABLE["roles"]["all"]
VALUES = {
    "visit_id": "V0",
    "counter_id": "bank-2",
    "board_id": "hall",
    "day_id": "2019-12-27",
    "kiosk_id": "K2",
    "device_id": "d_0",
    "printer_id": "P2",
    "service_id": "bank",
    "job_id": "p_0",
    "member_id": "M0",
    "pairing_id": "a_0",
    "code": "123456",
    "secret": "nobody-knows-it",
    "lang": "fr",
    "changed": "0",
    "name": "none",
    "language": "fr",
    "file": "none.wav",
    "filename": "none.js",
    "role": "kiosk",
}


def allowed(said: str) -> dict[str, bool]:
    """Return who may, and whether somebody must be signed in there; strangers are the role ``""``."""
    if said == "anybody":
        return dict.fromkeys(["", *ROLES], False)
    if said == "every device":
        return dict.fromkeys(ROLES, False)
    return {role.rstrip("*"): role.endswith("*") for role in said.split(", ")}


def ask(
    server: InProcess, role: str, line: str, prefix: str = "/api/v1", session: str = "", **more: Any
) -> TestResponse:
    """Send a line's request as a role's device, with an empty body; with `session` somebody is signed in there."""
    method, path = line.split(" ")
    values = {**VALUES, "station": STATIONS.get(role, "K2")}
    address = prefix + re.sub(r"<(?:path:)?(\w+)>", lambda found: values[found[1]], path)
    headers = {"Authorization": f"Bearer {server.device(role).token}"} if role else {}
    if session:
        headers["X-Session"] = session
    body: dict[str, Any] | None = None if method == "GET" else {}
    return server.client().open(address, method=method, json=body, headers=headers, **more)


def test_the_table_has_a_line_for_every_route_and_no_other(in_process: InProcess) -> None:
    """A new route is decided on here before anybody may call it."""
    routes = {
        f"{method} {rule.rule}"
        for rule in in_process.application.flask.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    written = {line.replace(" ", " /api/v1", 1) for line in TABLE["api"]}
    assert written | set(TABLE["pages"]) | set(TABLE["public"]["addresses"]) == routes


def test_the_roles_of_the_table_are_all_there_are() -> None:
    """A new role is a decision too: for every line of the table."""
    assert set(ROLES) == set(roles.ROLES) == set(TABLE["topics"])


@pytest.mark.parametrize("line", TABLE["api"])
def test_each_operation_is_open_to_its_roles_and_to_nobody_else(in_process: InProcess, line: str) -> None:
    """Tried as every role and as a stranger: forbidden, or turned away until somebody signs in, exactly as written."""
    may = allowed(TABLE["api"][line])
    for role in ["", *ROLES]:
        answer = ask(in_process, role, line)
        code = (answer.get_json(silent=True, force=True) or {}).get("code")
        if role in may:
            assert (code == "no_session") == may[role], (role, code)
            assert code not in ("forbidden", "unauthenticated"), role
            assert answer.status_code < 500, answer.text
        else:
            expected = (403, "forbidden") if role else (401, "unauthenticated")
            assert (answer.status_code, code) == expected, role


@pytest.mark.parametrize("line", TABLE["api"])
def test_each_operation_is_open_to_every_person_who_may_sign_in_there_and_to_no_other_role(
    in_process: InProcess, line: str
) -> None:
    """The device says what can be done; with somebody signed in no role gets more and none less, but for [people]."""
    if line in ("DELETE /session", "POST /session"):
        return
    may = allowed(TABLE["api"][line])
    for role, people in roles.MAY_SIGN_IN.items():
        for person in people:
            answer = ask(in_process, role, line, session=in_process.session(role, person))
            code = (answer.get_json(silent=True, force=True) or {}).get("code")
            if role in may:
                assert code not in ("forbidden", "unauthenticated", "no_session", "session_locked"), (role, person)
                turned_away = person not in TABLE["people"].get(line, person).split(", ")
                assert (code == "wrong_role") == turned_away, (role, person, code)
                assert answer.status_code < 500, answer.text
            else:
                assert (answer.status_code, code) == (403, "forbidden"), (role, person)


def test_what_only_some_people_may_is_written_down_for_lines_of_the_table_alone(in_process: InProcess) -> None:
    """And where nobody need be signed in it would say nothing."""
    for line, people in TABLE["people"].items():
        assert all(allowed(TABLE["api"][line]).values()), line
        assert set(people.split(", ")) <= set(roles.STAFF_ROLES), line
    limited = {f"{op.method} {op.path}" for op in in_process.application.api.operations if op.people}
    assert limited == set(TABLE["people"])


@pytest.mark.parametrize("line", [line for line in TABLE["api"] if not line.startswith("GET ")])
def test_whatever_an_organisers_device_does_needs_a_person(line: str) -> None:
    """By construction, for every line of the table; but for signing in, signing out, and a rehearsal's clock."""
    if line in ("POST /session", "DELETE /session", "POST /clock") or TABLE["api"][line] == "anybody":
        return
    assert not {"organizer", "privacy"} & {role for role, signed in allowed(TABLE["api"][line]).items() if not signed}


@pytest.mark.parametrize("line", TABLE["pages"])
def test_each_screen_opens_in_a_browser_of_its_role_only(in_process: InProcess, line: str) -> None:
    """By the device's cookie; all others are sent to the page that says what to do."""
    may = allowed(TABLE["pages"][line])
    for role in ROLES:
        path = line.split(" ")[1].replace("<station>", STATIONS[role])
        device = in_process.device(role)
        answer = in_process.client().get(path, headers={"Cookie": f"riwaq_{device.device_id}={device.token}"})
        assert answer.status_code == (200 if role in may else 303), role
        if role not in may:
            assert answer.headers["Location"].startswith("/not-paired")
    assert in_process.client().get(line.split(" ")[1].replace("<station>", "K2")).status_code == 303


def test_of_two_screens_in_one_browser_the_named_one_speaks_and_none_is_guessed(in_process: InProcess) -> None:
    """Nor does a cookie under the name of another device prove anything."""
    kiosk, board = in_process.device("kiosk"), in_process.device("board")

    def status(cookies: dict[str, str], speaking: str = "") -> int:
        written = "; ".join(f"riwaq_{device}={token}" for device, token in cookies.items())
        named = {"X-Riwaq-Device": speaking} if speaking else {}
        return in_process.client().get("/api/v1/venue", headers={"Cookie": written, **named}).status_code

    both = {kiosk.device_id: kiosk.token, board.device_id: board.token}
    assert (status(both), status(both, kiosk.device_id), status(both, board.device_id)) == (401, 200, 200)
    assert status({kiosk.device_id: kiosk.token}) == 200
    assert status({board.device_id: kiosk.token}, board.device_id) == 401


@pytest.mark.parametrize("line", TABLE["public"]["addresses"])
def test_public_addresses_ask_nobody_who_they_are(in_process: InProcess, line: str) -> None:
    """A stranger gets an answer, or hears that there is nothing; /not-paired alone is a 401, on purpose."""
    answer = ask(in_process, "", line, prefix="")
    assert answer.status_code in (200, 303, 404) or "not-paired" in line, answer.status_code


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 200), (None, 200), ("http://elsewhere.example", 403), ("null", 403), ("", 403)],
)
def test_another_sites_page_gives_no_commands(in_process: InProcess, origin: str | None, status: int) -> None:
    """A browser says which page it is that asks; our own may, and programs, which say nothing."""
    token = in_process.device("kiosk").token
    headers = {"Authorization": f"Bearer {token}"} | ({} if origin is None else {"Origin": origin})
    body = {"scan_id": str(uuid.uuid4()), "code": "nothing"}
    assert in_process.client().post("/api/v1/scans", json=body, headers=headers).status_code == status


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via"])
def test_metrics_are_closed_through_a_proxy_that_nobody_listed(in_process: InProcess, name: str) -> None:
    """It speaks from this machine for anybody."""
    assert in_process.client().get("/metrics", headers={name: "10.0.0.7"}).status_code == 403


def test_metrics_are_for_this_machine_and_for_organisers(in_process: InProcess) -> None:
    """From another machine every other role is turned away."""
    elsewhere: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    for role in ["", *ROLES]:
        answer = ask(in_process, role, "GET /metrics", prefix="", **elsewhere)
        assert answer.status_code == (200 if role == "organizer" else 403), role


@pytest.mark.parametrize("role", ROLES)
def test_a_socket_gets_the_topics_of_its_role_and_no_other(in_process: InProcess, role: str) -> None:
    """What a device is told the moment it connects."""
    application = in_process.application
    socket: Any = application.socketio.test_client(application.flask, auth={"token": in_process.device(role).token})
    assert socket.is_connected()
    told = [message["args"][0]["topic"] for message in socket.get_received() if message["name"] == "snapshot"]
    socket.disconnect()
    assert told == [topic.replace("X", STATIONS[role]) for topic in TABLE["topics"][role]]
