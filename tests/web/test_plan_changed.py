"""The plan changes overnight or at noon, with people inside: every address and every topic answers all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from checkin_server.domain.plan import Board, Counter, Desk, Kiosk, Plan, Printer, Service
from checkin_server.running.application import Application, Options
from checkin_server.services import access
from checkin_server.services.plans import in_force
from checkin_server.services.visits.apart import Group
from tests.support import checked
from tests.support.small_plan import say, small_plan
from tests.support.venue import FAMILY, PIN, Site, accepted, new_id, restarted, sqlcipher_site

PLACES = (
    ("kiosk", "K1"), ("kiosk", "K2"), ("board", "hall"), ("board", "east"), ("counter", "bank-1"),
    ("counter", "desk-1"), ("counter", "health-1"), ("print_agent", "P1"), ("welcome", "desk"), ("organizer", "office"),
)  # fmt: skip


_LEFT_OUT = ("delete_session", "delete_device", "post_next_job")
"""They end what the others need, or wait."""
_QUERIES = {"/members": "?q=exemple&reason=lost", "/visits": "?number=1"}


def only_the_desk() -> Plan:
    """Return the small plan with nothing left but the desk: all else that the day names is gone."""
    full = small_plan()
    return replace(
        full,
        days=full.days[1:],
        zones={"A": full.zones["A"]},
        categories={"guest": full.categories["guest"]},
        units={"tangier-prefecture": full.units["tangier-prefecture"]},
        booths={"desk": full.booths["desk"]},
        services={"advice": full.services["advice"]},
        counters={"desk-1": replace(full.counters["desk-1"], services=("advice",))},
        boards={"east": replace(full.boards["east"], zones=("A",))},
        kiosks={"K2": replace(full.kiosks["K2"], neighbours=())},
        desks={},
        printers={"P2": full.printers["P2"]},
        offers=(),
        event=replace(full.event, offices=full.event.offices[1:]),
    )


def all_renamed() -> Plan:
    """Return the small plan with another id for each service, counter, booth, zone, board, kiosk, desk and printer."""
    full = small_plan()
    return replace(
        full,
        zones={f"{z.id}2": replace(z, id=f"{z.id}2") for z in full.zones.values()},
        booths={f"{b.id}2": replace(b, id=f"{b.id}2", zone=f"{b.zone}2") for b in full.booths.values()},
        services={
            f"{s.id}2": Service(f"{s.id}2", say(s.id), f"{s.booth}2", s.pictogram, 5.0) for s in full.services.values()
        },
        counters={
            f"{c.id}2": Counter(f"{c.id}2", f"{c.booth}2", c.label, tuple(f"{s}2" for s in c.services))
            for c in full.counters.values()
        },
        boards={"hall2": Board("hall2", say("Hall"), ("A2", "B2", "C2"))},
        kiosks={"K12": Kiosk("K12", "A2", "P12")},
        desks={"desk2": Desk("desk2", "A2", "P12")},
        printers={"P12": Printer("P12", "virtual", 80)},
        offers=(),
    )


@dataclass
class Changed:
    """A server that was started with another plan in the middle of the day."""

    site: Site
    application: Application
    tokens: dict[tuple[str, str], str]
    sessions: dict[tuple[str, str], str]

    def ask(self, place: tuple[str, str], method: str, path: str, body: Any = None) -> Any:
        """Send a request as a device, with its session where it has one."""
        headers = {"Authorization": f"Bearer {self.tokens[place]}", "X-Session": self.sessions.get(place, "")}
        client = self.application.flask.test_client(use_cookies=False)
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)


def _a_day(site: Site) -> None:
    """Play a morning in which everything that there is has happened to somebody."""
    in_force.begin(site.venue)
    for counter in ("bank-1", "bank-2", "health-1", "desk-1"):
        site.press(counter, "open")
    for services in (
        ("bank",),
        ("health", "bank"),
        ("bank", "advice"),
        ("enrolment",),
        ("bank",),
        ("health",),
        ("bank",),
    ):
        site.visitor(*services)
    for service in ("health", "bank", "health", "health", "health"):
        site.visitor(service)
    site.press("bank-1", "call-next", "start")
    accepted(site.at("bank-1", "note", text="Bring the form"))
    site.press("bank-2", "call-next")
    site.press("health-1", "call-next", "start")
    accepted(site.at("health-1", "finish", outcome="referred", office="rabat-office", subject="A case"))
    site.press("health-1", "call-next", "start", "park")
    site.press("desk-1", "call-next", "start")
    accepted(site.at("desk-1", "transfer", service="bank", to="bank-1"))
    family = site.scan(FAMILY[0].code)["visit"]["id"]
    people = [person.id for person in FAMILY[:2]]
    accepted(
        site.choose(family, "bank", party=people[:1], keep_together=False, apart=[Group((people[1],), ("health",))])
    )
    accepted(site.visit_does("hold", site.visitor("health")["id"]))


@pytest.fixture(params=[only_the_desk, all_renamed])
def changed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Changed]:
    """A day under the small plan that goes on under another one."""
    with sqlcipher_site(tmp_path) as before:
        tokens = {place: access.add_device(before.venue, *place).token for place in PLACES}
        before.hire()
        access.add_staff(before.venue, "Salma", "welcome", "3691")
        _a_day(before)
        site, begun = restarted(before, request.param())
        assert begun.changed and begun.released >= 2
        application = Application(site.venue, Options(tmp_path, async_mode="threading"))
        checked.hold(application)
        made = Changed(site, application, tokens, {})
        for place, (name, pin) in ((("counter", "desk-1"), ("Nadia", PIN)), (("welcome", "desk"), ("Salma", "3691"))):
            answer = made.ask(place, "POST", "/session", {"staff": name, "pin": pin})
            if answer.status_code == 200:
                made.sessions[place] = answer.get_json()["session_token"]
        yield made


def _values(site: Site) -> Iterator[dict[str, str]]:
    """Yield what may stand in an address: first what is gone, visit by visit, then what is there."""
    jobs = [row["id"] for row in site.rows("SELECT id FROM print_job")]
    plan = site.plan
    here = {
        "counter_id": next(iter(plan.counters)),
        "board_id": next(iter(plan.boards)),
        "kiosk_id": next(iter(plan.kiosks)),
        "printer_id": next(iter(plan.printers)),
        "service_id": next(iter(plan.services)),
    }
    gone = {"counter_id": "bank-1", "board_id": "hall", "kiosk_id": "K1", "printer_id": "P1", "service_id": "bank"}
    rest = {"day_id": "2019-12-27", "device_id": "d_0", "member_id": site.crowd[0].id if site.crowd else "M0"}
    rest |= {"pairing_id": "a_0", "job_id": jobs[0]}
    for row in site.rows("SELECT id FROM visit WHERE number IS NOT NULL ORDER BY number"):
        yield {**gone, **rest, "visit_id": row["id"]}
        yield {**here, **rest, "visit_id": row["id"]}


def _address(path: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:path:)?(\w+)>", lambda found: values.get(found[1], "x"), path)


def _body(operation: Any, site: Site, visit: str) -> dict[str, Any]:
    """Return a body that fits an operation, and that names what is gone wherever it may."""
    step = site.rows("SELECT id FROM step WHERE visit = :visit ORDER BY position", visit=visit)[0]["id"]
    known = {
        "command_id": new_id(), "scan_id": new_id(), "code": visit, "services": ["bank", *site.plan.services][:2],
        "service": "bank", "counter": "bank-1", "minutes": 5, "scores": {"bank": 4}, "text": "Good", "number": 1,
        "outcome": "referred", "referral": {"office": "rabat-office", "subject": "A case"}, "rule": "stop",
        "reason": "a reason", "step": step, "staff": "Nadia", "pin": PIN, "call": f"{step}.0", "error": "offline",
        "idempotent": True, "state": "ok", "role": "counter", "station": "bank-1", "secret": "nobody-knows-it",
        "category": "active", "unit": "rabat-prefecture", "family": False, "now": "2019-12-27T12:00:00Z",
    }  # fmt: skip
    fields = operation.body.model_fields
    body = {name: known[name] for name in fields if name in known}
    if operation.name == "post_pairing_approve" or (fields.get("code") is not None and "role" in fields):
        body["code"] = "123456"
    return body


def test_every_address_answers_whatever_is_gone(changed: Changed) -> None:
    """As every device, of places that are gone and of those that stayed, about each visit; never by a fault."""
    faults: list[str] = []
    answered: dict[int, int] = {}
    asked: set[tuple[object, ...]] = set()
    for values in _values(changed.site):
        for operation in changed.application.api.operations:
            path = _address(operation.path, values) + _QUERIES.get(operation.path, "")
            for place in PLACES:
                request = (place, operation.method, path)
                if operation.name in _LEFT_OUT or place[0] not in operation.roles or request in asked:
                    continue
                asked.add(request)
                body = _body(operation, changed.site, values["visit_id"]) if operation.body else None
                answer = changed.ask(*request, body)
                answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
                if answer.status_code >= 500:
                    faults.append(f"{request}: {answer.text[:200]}")
    assert not faults, "\n".join(faults)
    assert answered[200] > 100, answered


def test_every_topic_is_made(changed: Changed) -> None:
    """And a device whose place is gone is told so, on the socket too."""
    live = changed.application.live
    topics = [*(f"board:{one}" for one in changed.site.plan.boards), "kiosk", "dashboard", "welcome"]
    for topic in topics + [f"counter:{one}" for one in changed.site.plan.counters]:
        assert live.snapshot(topic)["data"]
    gone = changed.ask(("counter", "bank-1"), "GET", "/venue")
    assert (gone.status_code, gone.get_json()["code"], gone.get_json()["station"]) == (403, "station_gone", "bank-1")
    page = changed.application.flask.test_client(use_cookies=False).get(
        "/tablet/bank-1", headers={"Cookie": f"riwaq_d_x={changed.tokens['counter', 'bank-1']}"}
    )
    assert page.status_code == 303 and page.headers["Location"] == "/not-paired?gone=bank-1"
    socket: Any = changed.application.socketio.test_client(
        changed.application.flask, auth={"token": changed.tokens["counter", "bank-1"]}
    )
    assert not socket.is_connected()


def test_what_is_gone_has_its_name(changed: Changed) -> None:
    """`GET /venue` tells screens, apart from what there is."""
    told = changed.ask(("organizer", "office"), "GET", "/venue").get_json()
    names = {one["id"]: one["name"]["en"] for one in told["gone"]["services"]}
    assert names["bank"] == "Bank" and "bank" not in {one["id"] for one in told["services"]}
    assert {one["id"] for one in told["gone"]["counters"]} >= {"bank-1", "health-1"}
