"""`riwaq doctor`: each check is made to fail for real, and says what to do."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checkin_server.common import zones
from checkin_server.common.places import FONTS, TEMPLATES
from checkin_server.services import access
from checkin_server.services.checkup import machine_check
from checkin_server.services.checkup.clock_check import check_clock, check_zone
from checkin_server.services.checkup.doctor import Finding
from checkin_server.services.day import open_and_close
from checkin_server.services.members import enrol
from checkin_server.settings import load_settings, load_venue
from checkin_server.translations import Catalogues
from checkin_server.venues import demo, real, roster
from printers.renderer import RenderedTicket
from printers.transports.base import Paper
from tests.support import warm
from tests.support.ports import free_port
from tests.support.server import DemoServer, Programs

ROOT = Path(__file__).resolve().parents[2]
PLAN = load_venue(demo.CONFIG)


class Place:
    """A real venue that is ready for its day, but that no server runs yet."""

    def __init__(self, folder: Path, riwaq: tuple[str, ...]) -> None:
        self._riwaq = riwaq
        self.folder = folder
        self.port = free_port()
        self.config = folder / "riwaq.toml"
        self.data = folder / "data"
        self.key = folder / "keys" / "database.key"
        shutil.copytree(ROOT / "config" / "demo", folder / "demo")
        self.write("")
        settings = load_settings(self.config, {})
        real.create(settings)
        venue = real.open_venue(settings)
        people = roster.make_roster(settings.plan, 10)
        enrol.enrol(venue, people.members, people.cards)
        access.add_staff(venue, "Salma", "counter", "2468")
        access.add_staff(venue, "Amina", "organizer", "3579")
        for role, stations in (("kiosk", settings.plan.kiosks), ("counter", settings.plan.counters)):
            for station in stations:
                access.add_device(venue, role, station)
        open_and_close.open_day(venue, settings.plan.days[0], venue.now(), venue.now() + 3_600_000)
        venue.db.close()
        # The demo's plan is of 2019; the day of this one is today.
        hall = folder / "demo" / "rabat.toml"
        tour = folder / "demo" / "tour.toml"
        today = f"{zones.local(time.time_ns() // 1_000_000, settings.plan.timezone):%Y-%m-%d}"
        hall.write_text(hall.read_text("utf-8").replace(settings.plan.days[-1].id, today), "utf-8")
        here = next(city for city in settings.plan.event.cities if city.id == settings.plan.city)
        tour.write_text(tour.read_text("utf-8").replace(here.last_day, today), "utf-8")

    def write(self, more: str, *, host: str = "127.0.0.1") -> None:
        """Write the settings file."""
        self.config.write_text(
            f'venue = "demo/rabat.toml"\n[server]\nhost = "{host}"\nport = {self.port}\n[data]\ndir = "{self.data}"\n'
            f'[database]\npath = "riwaq.db"\nkey_file = "{self.key}"\n{more}',
            "utf-8",
        )

    def ask(self) -> tuple[int, dict[str, list[dict[str, str]]]]:
        """Run the doctor; return its exit code and what it found, by check."""
        asked = warm.run([*self._riwaq, "doctor", "--json", "--config", str(self.config)], timeout=300)
        assert asked.stdout, asked.stderr
        document = json.loads(asked.stdout)
        assert document["ok"] == (asked.returncode == 0), "the exit code says the same as the document"
        found: dict[str, list[dict[str, str]]] = {}
        for finding in document["checks"]:
            found.setdefault(finding["check"], []).append(finding)
        return asked.returncode, found

    def stops(self, check: str) -> str:
        """Run the doctor and return why this check, and no other, would stop the day, with what to do."""
        code, found = self.ask()
        stopping = [f for findings in found.values() for f in findings if f["verdict"] == "STOP"]
        assert code == 1 and {f["check"] for f in stopping} == {check}, stopping
        return " ".join(f"{f['what']} {f['todo']}" for f in stopping)


@pytest.fixture
def place(tmp_path: Path, programs: Programs) -> Place:
    """A venue that is ready."""
    return Place(tmp_path, programs.riwaq)


def test_a_venue_that_is_ready_is_called_ready(place: Place) -> None:
    """Exit code 0, nothing stops the day, and every part was looked at."""
    code, found = place.ask()
    assert code == 0, found
    wanted = {"key", "disk", "files", "tickets", "printer", "network", "clock", "database", "day", "members", "staff"}
    # No recordings, certificates or place for backups yet, and the machine's disk is its own affair: notes, and
    # nothing that stops the day.
    notes = {"network", "clock", "voice", "zone", "https", "backup", "secrecy"}
    wanted |= {"media", "voice", "zone", "plan", "numbers", "descriptors", "https", "privacy", "backup", "secrecy"}
    assert wanted | {"devices"} == set(found)
    assert {f["verdict"] for check in wanted - notes for f in found[check]} == {"OK"}


def test_a_running_demo_is_called_ready_in_lines(shared_demo: DemoServer) -> None:
    """One line each, with the verdict first; the server that runs is found."""
    asked = shared_demo.riwaq("doctor", "--port", str(shared_demo.port))
    assert asked.returncode == 0, asked.stdout + asked.stderr
    lines = asked.stdout.strip().splitlines()
    assert all(line.split()[0] in ("OK", "NOTE") for line in lines[:-2])
    assert f"a server answers on port {shared_demo.port}" in asked.stdout
    assert lines[-1].startswith("Ready: 0 to mend")


def test_a_lost_key_stops_the_day(place: Place) -> None:
    """Neither can the database be opened without it."""
    place.key.unlink()
    code, found = place.ask()
    assert code == 1
    assert found["key"][0]["verdict"] == found["database"][0]["verdict"] == "STOP"
    assert "RIWAQ_KEY_FILE" in found["key"][0]["what"]


def test_a_key_that_others_may_read_stops_the_day(place: Place) -> None:
    """With the command that mends it."""
    place.key.chmod(0o644)
    code, found = place.ask()
    assert (code, found["key"][0]["verdict"]) == (1, "STOP")
    assert found["key"][0]["todo"] == f"chmod 600 {place.key}"


def test_a_damaged_database_stops_the_day(place: Place) -> None:
    """A page overwritten in the middle of the file."""
    with (place.data / "riwaq.db").open("r+b") as file:
        for page in range(8, 60):
            file.seek(page * 4096 + 100)
            file.write(os.urandom(64))
    assert "backup" in place.stops("database")


def test_a_database_that_is_not_there_stops_the_day(place: Place) -> None:
    """It names the command that creates one."""
    for file in place.data.glob("riwaq.db*"):
        file.unlink()
    assert "riwaq init" in place.stops("database")


def test_a_data_folder_that_is_not_there_stops_the_day(place: Place) -> None:
    """The disk was not mounted."""
    place.data.rename(place.folder / "elsewhere")
    code, found = place.ask()
    assert code == 1 and found["disk"][0]["verdict"] == "STOP"


def test_a_full_disk_stops_the_day_and_a_small_one_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Less than 200 MB; less than 1 GB."""

    def with_free(count: int) -> Finding:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12 - count, count))
        return next(machine_check.check_disk(tmp_path))

    assert with_free(100 * 2**20).verdict == "STOP"
    assert with_free(500 * 2**20).verdict == "NOTE"
    assert with_free(5 * 2**30).verdict == "OK"


def test_a_missing_font_and_a_missing_pictogram_stop_the_day(tmp_path: Path) -> None:
    """The screens' own files, as an interrupted `make setup` leaves them; who can't read chooses by the pictograms."""
    shared = tmp_path / "shared"
    shutil.copytree(FONTS.parent.parent, shared)
    assert [f.verdict for f in machine_check.check_files(shared, PLAN)] == ["OK"]
    icon = next(iter(PLAN.services.values())).pictogram
    (shared / "vendor" / "icons" / f"{icon}.svg").unlink()
    (lost,) = machine_check.check_files(shared, PLAN)
    assert lost.verdict == "STOP" and icon in lost.what and "venue's file" in lost.todo
    (shared / "vendor" / "fonts" / "NotoSansTifinagh-400.ttf").unlink()
    stopped, _ = machine_check.check_files(shared, PLAN)
    assert stopped.verdict == "STOP" and "NotoSansTifinagh" in stopped.what and "make setup" in stopped.todo


def test_a_broken_template_stops_the_day(tmp_path: Path) -> None:
    """It is the real template with a bracket too many."""
    broken = tmp_path / "ticket.typ"
    broken.write_text((TEMPLATES / "ticket.typ").read_text("utf-8") + "\n#(\n", "utf-8")
    words = Catalogues().words
    assert [f.verdict for f in machine_check.check_tickets(PLAN, words, broken, FONTS)] == ["STOP"]
    assert [f.verdict for f in machine_check.check_tickets(PLAN, words, TEMPLATES / "ticket.typ", FONTS)] == ["OK"]


def test_tickets_without_their_fonts_stop_the_day(tmp_path: Path) -> None:
    """An empty folder of fonts."""
    (found,) = machine_check.check_tickets(PLAN, Catalogues().words, TEMPLATES / "ticket.typ", tmp_path)
    assert found.verdict == "STOP" and "make setup" in found.todo


def test_a_printer_that_does_not_answer_is_noted_while_others_take_over(place: Place) -> None:
    """It is the kiosk's own, but its neighbours work."""
    place.write(f'[[printer]]\nid = "P1"\nkind = "network"\nwidth_mm = 80\nhost = "127.0.0.1"\nport = {free_port()}\n')
    code, found = place.ask()
    first = found["printer"][0]
    assert (code, first["verdict"]) == (0, "NOTE")
    assert "P1" in first["what"] and "unreachable" in first["what"] and "cable" in first["todo"]


def test_a_kiosk_without_any_printer_stops_the_day(place: Place) -> None:
    """All three are dead."""
    place.write(
        "".join(
            f'[[printer]]\nid = "P{n}"\nkind = "network"\nwidth_mm = 80\nhost = "127.0.0.1"\nport = {free_port()}\n'
            for n in (1, 2, 3)
        )
    )
    assert "kiosk K1, K2, K3 has no other" in place.stops("printer")


def test_a_printer_without_paper_is_named_with_what_to_do(place: Place) -> None:
    """A real conversation with a printer that says so."""
    from tests.printers.fake_printer import FakePrinter

    with FakePrinter("paper_out") as printer:
        place.write(
            f'[[printer]]\nid = "P2"\nkind = "network"\nwidth_mm = 80\nhost = "127.0.0.1"\nport = {printer.port}\n'
        )
        _, found = place.ask()
    said = next(f for f in found["printer"] if "P2" in f["what"])
    assert "paper_out" in said["what"] and said["todo"] == "Put in a roll."


def test_an_agents_printer_is_asked_for_at_the_server() -> None:
    """Only its agent reaches it: the server's word counts, and without a server nobody knows."""
    printers = {**PLAN.printers, "P1": replace(PLAN.printers["P1"], kind="agent")}
    plan = replace(PLAN, printers=printers)

    class Well:
        idempotent = True
        acknowledges = True

        def interrupted(self) -> None:
            """Nothing was."""

        def check(self, *, acknowledge: bool = False) -> Paper:
            """All is well."""
            return "ok"

        def send(self, job: str, ticket: RenderedTicket, begin: Callable[[], None] = lambda: None) -> Paper:
            """Never called."""
            return None

    def said(state: dict[str, str | None] | None) -> Finding:
        running = {} if state is None else {"P1": state}
        return next(
            finding
            for finding in machine_check.check_printers(plan, lambda p: None if p == "P1" else Well(), running)
            if finding.what.startswith("P1")
        )

    assert said({"state": "ok", "last_error": None}).verdict == "OK"
    paper = said({"state": "trouble", "last_error": "paper_out"})
    assert (paper.verdict, paper.todo) == ("NOTE", "Put in a roll.")
    assert "riwaq print-agent" in said(None).todo
    low = said({"state": "ok", "last_error": None, "paper": "low"})
    assert (low.verdict, low.todo) == ("NOTE", "Change the roll soon at kiosk K1.")


def test_a_taken_port_stops_the_day(place: Place) -> None:
    """Another program listens there, and it is no Riwaq."""
    with socket.create_server(("127.0.0.1", place.port)):
        assert "another program" in place.stops("network")


def test_an_address_of_another_machine_stops_the_day(place: Place) -> None:
    """The settings were copied from elsewhere."""
    place.write("", host="192.0.2.7")
    assert "cannot listen on 192.0.2.7" in place.stops("network")


def test_addresses_for_the_screens_are_told() -> None:
    """For a server that listens everywhere, each of this machine's; for one that does not, that nobody reaches it."""
    told = list(machine_check.check_network("0.0.0.0", free_port(), None, ["192.0.2.1"]))
    assert [f.verdict for f in told] == ["OK", "OK"] and "http://192.0.2.1:" in told[1].what
    alone = list(machine_check.check_network("127.0.0.1", free_port(), None, ["192.0.2.1"]))
    assert alone[1].verdict == "NOTE" and "0.0.0.0" in alone[1].todo
    assert next(iter(machine_check.check_network("0.0.0.0", free_port(), None, []))).verdict == "OK"


def test_a_server_that_is_not_ready_stops_the_day() -> None:
    """What it says of itself counts."""
    answer = {"ready": False, "checks": {"database": {"ok": True}, "disk": {"ok": False}}}
    found = list(machine_check.check_network("127.0.0.1", free_port(), answer, []))
    assert [f.verdict for f in found] == ["OK", "STOP", "NOTE"] and "disk" in found[1].what


@pytest.mark.parametrize(
    ("now", "verdict", "said"),
    [
        (0, "STOP", "Set the machine's clock"),
        (PLAN.days[0].opens_at, "OK", ""),
        (PLAN.days[-1].opens_at + 90 * 86_400_000, "STOP", "every planned day is over"),
        (PLAN.days[0].opens_at - 30 * 86_400_000, "NOTE", f"the next one is {PLAN.days[0].id}"),
    ],
)
def test_the_clock_must_fit_the_planned_days(now: int, verdict: str, said: str) -> None:
    """1970 after a dead battery; on the day; long after the tour; a month before it."""
    found = list(check_clock(PLAN, now, any_day=False, ntp=True))
    assert found[-1].verdict == verdict and said in str(found[-1])


def test_a_clock_without_the_network_is_only_noted() -> None:
    """Venues without internet are ordinary."""
    (found,) = check_clock(PLAN, PLAN.days[0].opens_at, any_day=False, ntp=False)
    assert found.verdict == "NOTE"


def test_who_shows_other_hours_is_named() -> None:
    """The machine's zone data may be older than ours; nothing of Riwaq goes by them."""
    opens = PLAN.days[0].opens_at
    (same,) = check_zone(PLAN, opens, zones.zone(PLAN.timezone))
    assert same.verdict == "OK" and "UTC+01:00" in same.what
    shown, other = check_zone(PLAN, opens, zones.zone("Asia/Tokyo"))
    assert shown.verdict == "OK" and other.verdict == "NOTE" and "UTC+09:00 now" in other.what
    (_, later) = check_zone(PLAN, opens - 200 * 86_400_000, zones.zone("Europe/Paris"))
    assert "now" in later.what or PLAN.days[0].id in later.what
    (alone,) = check_zone(PLAN, opens, None)
    assert alone.verdict == "OK"
    says = {"utc_offset_s": 3600, "tzdata": zones.VERSION}
    (_,) = check_zone(PLAN, opens, None, says)
    _, older = check_zone(PLAN, opens, None, {**says, "tzdata": "2019a"})
    assert older.verdict == "NOTE" and "tzdata 2019a" in older.what
    _, wrong = check_zone(PLAN, opens, None, {**says, "utc_offset_s": 0})
    assert wrong.verdict == "STOP" and "UTC+00:00" in wrong.what and wrong.todo == "Restart the server"


def test_a_clock_behind_the_last_event_stops_the_day(place: Place) -> None:
    """The database knows of a later moment: the machine's clock has gone back."""
    settings = load_settings(place.config, {})
    venue = real.open_venue(settings)
    ahead = venue.now() + 7_200_000
    venue.db.write(lambda tx: tx.emit("clock_set", ahead, service_day=venue.plan.days[0].id))
    venue.db.close()
    assert "behind what was written last" in place.stops("clock")


def test_nobody_to_sign_in_and_nobody_to_come_stop_the_day(place: Place) -> None:
    """A database as `riwaq init` makes it; no kiosk and no counter is paired either."""
    for file in place.data.glob("riwaq.db*"):
        file.unlink()
    real.create(load_settings(place.config, {}))
    code, found = place.ask()
    assert code == 1
    assert found["members"][0]["verdict"] == found["staff"][0]["verdict"] == "STOP"
    assert "riwaq staff add" in found["staff"][0]["todo"]
    unpaired = {f["what"].split()[3]: f["verdict"] for f in found["devices"] if "not paired" in f["what"]}
    assert unpaired == {"kiosks": "STOP", "counters": "STOP", "boards": "NOTE"}
    assert found["day"][0]["verdict"] == "NOTE"


def test_a_device_that_was_cut_off_counts_as_not_paired(place: Place) -> None:
    """One kiosk of three: a note that names it."""
    venue = real.open_venue(load_settings(place.config, {}))
    device = next(d for d in access.list_devices(venue) if d["role"] == "kiosk" and d["station"] == "K2")
    access.revoke_device(venue, device["id"])
    venue.db.close()
    code, found = place.ask()
    assert code == 0
    assert any("1 of 3 kiosks are not paired: K2" in f["what"] and f["verdict"] == "NOTE" for f in found["devices"])


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings come from the files of each test alone."""
    for name in [name for name in os.environ if name.startswith("RIWAQ_")]:
        monkeypatch.delenv(name)
    yield
