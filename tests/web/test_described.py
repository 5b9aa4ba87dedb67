"""The server does what its document says, whoever asks: requests that Schemathesis makes of it, with all its checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import requests

from checkin_server.web.auth import STAFFED
from tests.support.described import Plays, Told, ask
from tests.support.faults import Faults
from tests.support.server import Client, DemoServer

BY_ITSELF = ("delete_session", "post_day_close")
"""What ends the session, or the day, of everything that comes after it."""


@dataclass(frozen=True)
class Asker:
    """A device, and who is signed in on it."""

    role: str = ""
    station: str = ""
    person: tuple[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.role or 'nobody'}{', signed in' if self.person else ''}"


ASKERS = [
    Asker(),
    Asker("board", "hall"),
    Asker("print_agent", "P2"),
    Asker("kiosk", "K2"),
    Asker("counter", "bank-2"),
    Asker("counter", "bank-2", ("Nadia", "2580")),
    Asker("welcome", "desk"),
    Asker("welcome", "desk", ("Salma", "3691")),
    Asker("privacy", "office"),
    Asker("privacy", "office", ("Wassila", "8642")),
    Asker("organizer", "office"),
    Asker("organizer", "office", ("Yasmine", "5826")),
]


class Described:
    """A demo's server, its document, and what of its hall can be named in an address."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self.document: dict[str, Any] = requests.get(f"{server.base}/api/v1/openapi.json", timeout=60).json()
        made = server.riwaq("staff", "add", "Wassila", "--role", "privacy", "--pin", "-", stdin="8642")
        assert made.returncode == 0, made.stderr

    def operations(self, role: str) -> list[str]:
        """Return the ids of a role's operations; a stranger's are those of nobody in particular."""
        every = [op for methods in self.document["paths"].values() for op in methods.values()]
        return [op["operationId"] for op in every if role in op.get("x-roles", [""])]

    def headers(self, asker: Asker) -> dict[str, str]:
        """Return what an asker proves itself with, newly signed in."""
        if not asker.role:
            return {}
        if asker.role not in STAFFED:
            return {"Authorization": f"Bearer {self.server.token(asker.role, asker.station)}"}
        # A new one each time: on the last the PIN is locked, as whoever drew wrong ones must find it.
        paired = requests.get(self.server.link(asker.role, asker.station), allow_redirects=False, timeout=60)
        token = next(value for name, value in paired.cookies.items() if name.startswith("riwaq_d_"))
        shown = {"Authorization": f"Bearer {token}"}
        if asker.person:
            body = {"staff": asker.person[0], "pin": asker.person[1]}
            shown["X-Session"] = Client(self.server.base, token).post("/session", body)["session_token"]
        return shown

    @cached_property
    def places(self) -> dict[str, str]:
        """Values of parts of addresses that there are, a visit with a number among them."""
        kiosk = self.server.client("kiosk", "K1")
        card = next(card["code"] for card in self.server.cards() if card["category"] == "active")
        visit = kiosk.scan(card)["visit"]["id"]
        kiosk.choose(visit, "health", "bank")
        day = kiosk.get("/venue")["service_day"]["id"]
        here = {"board_id": "hall", "counter_id": "bank-2", "kiosk_id": "K2", "printer_id": "P2", "service_id": "bank"}
        return {**here, "visit_id": visit, "day_id": day}


@pytest.fixture(scope="module")
def described(shared_demo: DemoServer) -> Iterator[Described]:
    """One server for all; who closes its day comes last."""
    yield Described(shared_demo)


def _agrees(told: Told) -> None:
    """Fail with every difference between the document and the server."""
    assert told.requests, "nothing was asked"
    assert not told.failures, "\n\n".join(f"{kind}\n{what}" for kind, what in told.failures.items())
    assert not [status for status in told.statuses if status >= 500]


@pytest.mark.parametrize(
    ("minutes", "code"),
    [("40.0", "unknown_visit"), ("4e1", "unknown_visit"), ("40.5", "bad_request"), ("1e999", "bad_request"),
     ('"40"', "bad_request"), ("NaN", "bad_request"), ("1e300", "bad_request"), ("true", "bad_request")],
)  # fmt: skip
def test_a_whole_number_is_one_however_it_is_written(described: Described, minutes: str, code: str) -> None:
    """40.0 is an integer to JSON Schema; strings and truths are none."""
    body = f'{{"command_id": "9fa5c0c6-7a1c-4b8e-9d43-0a4a4f4a2a11", "minutes": {minutes}}}'
    headers = {**described.headers(Asker("kiosk", "K2")), "Content-Type": "application/json"}
    address = f"{described.server.base}/api/v1/visits/V0/hold"
    assert requests.post(address, data=body, headers=headers, timeout=60).json()["code"] == code


@pytest.mark.parametrize("asker", ASKERS, ids=str)
def test_what_the_document_allows_is_taken_and_all_else_is_refused_as_it_says(
    described: Described, asker: Asker, faults: Faults
) -> None:
    """With values that no hall knows, as a stranger to it would draw them."""
    operations = [name for name in described.operations(asker.role) if name not in BY_ITSELF]
    phases = ("coverage", "fuzzing") if faults.whole else ("fuzzing",)
    plays = Plays(phases, faults.times(1, 60), faults.seed)
    _agrees(ask(described.server.base, described.headers(asker), operations, plays))


@pytest.mark.parametrize("asker", [one for one in ASKERS if one.role], ids=str)
def test_at_addresses_that_there_are_the_document_holds_too(described: Described, asker: Asker, faults: Faults) -> None:
    """A visit, a counter, a board, a printer of this hall; each bound of each field is played."""
    operations = [name for name in described.operations(asker.role) if name not in BY_ITSELF]
    locked = asker.person is None and any(one.person and one.role == asker.role for one in ASKERS)
    phases = ("fuzzing",) if locked and not faults.whole else ("coverage", "fuzzing")
    plays = Plays(phases, faults.times(1, 60), faults.seed, described.places)
    _agrees(ask(described.server.base, described.headers(asker), operations, plays))


@pytest.mark.parametrize("asker", [one for one in ASKERS if one.person], ids=str)
def test_what_ends_a_session_or_the_day_holds_too(described: Described, asker: Asker, faults: Faults) -> None:
    """By itself, and last."""
    for name in set(BY_ITSELF) & set(described.operations(asker.role)):
        plays = Plays(("coverage", "fuzzing"), faults.times(2, 20), faults.seed, described.places)
        _agrees(ask(described.server.base, described.headers(asker), [name], plays))
