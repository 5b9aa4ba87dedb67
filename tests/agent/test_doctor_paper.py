"""What the doctor says of paper before the day: tickets without room for all, printers that acknowledge nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checkin_server.common.places import FONTS, TEMPLATES
from checkin_server.domain.plan import Plan, Printer
from checkin_server.services.checkup import machine_check
from checkin_server.services.checkup.doctor import Finding
from checkin_server.services.paper.printing import transport_for
from checkin_server.settings import load_venue
from checkin_server.translations import Catalogues
from checkin_server.venues import demo
from tests.printers.fake_printer import FakePrinter

PLAN = load_venue(demo.CONFIG)


def test_a_plan_whose_longest_ticket_has_no_room_for_all_is_told_beforehand() -> None:
    """Seventeen services on narrow paper: how many have no room, by language; names without end by their service."""
    bank = PLAN.services["bank"]
    long = {language: f"{words} " * 12 for language, words in bank.name.items()}
    services = {f"s{n}": replace(bank, id=f"s{n}", name=long, categories=frozenset()) for n in range(17)}
    services["s3"] = replace(services["s3"], name={**bank.name, "fr": "mot " * 101})
    plan = replace(PLAN, services=services, printers={"P1": Printer("P1", "virtual", 58)})
    room, cut, well = machine_check.check_tickets(plan, Catalogues().words, TEMPLATES / "ticket.typ", FONTS)
    assert room.verdict == "NOTE" and "all 17 services" in room.what and "58 mm" in room.what and "fr: " in room.what
    assert "show this ticket at a kiosk" in room.todo
    assert cut.verdict == "NOTE" and cut.what.endswith("the name of s3")
    assert well.verdict == "OK"


@pytest.fixture
def printer() -> Iterator[FakePrinter]:
    """A printer that tells its state and acknowledges nothing."""
    with FakePrinter("no_ack") as fake:
        yield fake


def asked(printer: FakePrinter, folder: Path, running: dict[str, dict[str, object]], acknowledge: str) -> Finding:
    """What the doctor says of it, where it is a kiosk's only one."""
    own = Printer("P1", "network", 80, host="127.0.0.1", port=printer.port, acknowledge=acknowledge)
    kiosks = {"K1": replace(PLAN.kiosks["K1"], printer="P1", neighbours=())}
    plan: Plan = replace(PLAN, printers={"P1": own}, kiosks=kiosks)
    (found,) = machine_check.check_printers(plan, lambda _: transport_for(own, folder), running)
    return found


def test_a_printer_is_asked_for_an_acknowledgement(printer: FakePrinter, tmp_path: Path) -> None:
    """One that gives none would lose the visitors' trust ticket by ticket; as a setting it is well."""
    found = asked(printer, tmp_path, {}, "status")
    assert found.verdict == "STOP" and "does not acknowledge" in found.what and 'acknowledge = "none"' in found.todo
    found = asked(printer, tmp_path, {}, "none")
    assert found.verdict == "OK" and "does not acknowledge tickets" in found.what
    assert printer.jobs == [], "nothing was printed"


def test_a_printer_that_loses_tickets_is_told_although_it_answers(printer: FakePrinter, tmp_path: Path) -> None:
    """The running server knows what became of its tickets."""
    printer.fault = "ok"
    running = {"P1": {"state": "trouble", "last_error": "loses_tickets", "paper": "ok", "doubted": True}}
    found = asked(printer, tmp_path, dict(running), "status")
    assert found.verdict == "STOP" and "loses_tickets" in found.what and "test print" in found.todo
