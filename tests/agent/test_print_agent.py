"""A real server, a real agent process, a printer that keeps a record: what comes out, and what is said of it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from checkin_server.cli import main
from checkin_server.common.places import FONTS, TEMPLATES
from printers.renderer import Renderer
from tests.agent.site import Cable, Site, a_site, spec_of, wait_for
from tests.printers.fake_printer import FakePrinter
from tests.support.faults import Faults
from tests.support.server import Programs


@pytest.fixture
def site(tmp_path: Path, programs: Programs, faults: Faults) -> Iterator[Site]:
    """A venue whose server runs."""
    with a_site(tmp_path, programs, members=max(300, 12 * faults.times(0, 20))) as running:
        yield running


@pytest.fixture
def paper() -> Iterator[FakePrinter]:
    """The printer beside the agent."""
    with FakePrinter() as printer:
        yield printer


def came_out(site: Site, paper: FakePrinter) -> Counter[str]:
    """How often each job's ticket came out whole: what the printer has, compared with what each job looks like."""
    with Renderer(TEMPLATES / "ticket.typ", FONTS) as renderer:
        looks = {renderer.render(spec_of(row), 80).escpos: job for job, row in site.jobs().items()}
    assert len(looks) == len(site.jobs()), "two tickets look the same, so nothing could be said"
    return Counter(looks[ticket] for ticket in paper.tickets)


def test_a_ticket_is_printed_by_the_agent(site: Site, paper: FakePrinter) -> None:
    """The server has no way to the printer; the agent fetches, prints and says so. The dashboard shows the printer."""
    site.start_agent(paper.port)
    jobs = site.arrive(3)
    assert site.settled() == dict.fromkeys(jobs, "printed")
    assert came_out(site, paper) == Counter(jobs)
    wait_for(lambda: site.printer()["state"] == "ok", "the dashboard shows a printer that works", 10)


def test_an_agent_prints_on_a_file_and_into_a_folder(site: Site, tmp_path: Path) -> None:
    """Other ways to a printer, given on the command line; each takes the tickets of its time."""
    agent = site.start_agent_on("file", "--path", str(tmp_path / "paper.bin"))
    first = site.arrive()
    assert site.settled() == dict.fromkeys(first, "printed")
    agent.terminate()
    assert agent.wait(20) == 0
    site.start_agent_on("virtual", "--out", str(tmp_path / "tickets"))
    second = site.arrive()
    assert site.settled() == dict.fromkeys(first + second, "printed")
    assert (tmp_path / "paper.bin").read_bytes().startswith(b"\x1b@")
    assert [path.stem for path in (tmp_path / "tickets").glob("*.bin")] == second


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (("usb", "--vendor", "04b8"), "--transport usb needs --product"),
        (("usb", "--vendor", "epson", "--product", "1"), "'epson' is not a hexadecimal number"),
        (("serial",), "--transport serial needs --device"),
        (("lp",), "--transport lp needs --queue"),
        (("file",), "--transport file needs --path"),
        (("network",), "--transport network needs --host"),
        (("virtual",), "--transport virtual needs --out"),
        (("pigeon",), "'pigeon' is not one of"),
    ],
)
def test_a_way_to_the_printer_must_be_described(tmp_path: Path, way: tuple[str, ...], said: str) -> None:
    """What is missing is named, code 2, before anything is contacted."""
    token = tmp_path / "token"
    token.write_text("t", "utf-8")
    arguments = ["print-agent", "--server", "http://127.0.0.1:1", "--token-file", str(token), "--printer", "P1"]
    shown = CliRunner().invoke(main, [*arguments, "--transport", *way])
    assert shown.exit_code == 2 and said in shown.output


def test_a_waiting_agent_prints_at_once(site: Site, paper: FakePrinter) -> None:
    """A ticket wakes the request that waits for it: no second goes by between the choice and the paper."""
    site.start_agent(paper.port)
    site.arrive()
    site.settled()
    site.arrive()
    wait_for(lambda: len(paper.tickets) == 2, "the second ticket is out", 10)


def test_a_printer_without_paper_keeps_its_tickets_for_a_while(tmp_path: Path, programs: Programs) -> None:
    """What the agent says of its printer is on the dashboard; a neighbour takes the tickets over, none is lost."""
    with a_site(tmp_path, programs, neighbours=True) as site, FakePrinter("paper_out") as paper:
        site.start_agent(paper.port)
        wait_for(lambda: site.printer()["last_error"] == "paper_out", "the dashboard says so")
        jobs = site.arrive(2)
        assert site.settled() == dict.fromkeys(jobs, "printed")
        assert {row["printer"] for row in site.jobs().values()}.isdisjoint({"P1"})
        assert paper.tickets == []


def test_a_cut_network_loses_no_ticket_and_doubles_none(site: Site, paper: FakePrinter, faults: Faults) -> None:
    """Cut at random moments, in the middle of whatever is said: every ticket comes out once and is known to have."""
    paper.fault, paper.delay = "slow", 0.01
    chance = random.Random(faults.seed)
    cable = Cable(site.port)
    try:
        site.start_agent(paper.port, cable.base)
        jobs = []
        for _ in range(faults.times(4, 20)):
            jobs += site.arrive(3)
            time.sleep(chance.uniform(0.1, 1.0))
            cable.cut()
            time.sleep(chance.uniform(0.1, 0.6))
            cable.mend()
        assert site.settled() == dict.fromkeys(jobs, "printed")
    finally:
        cable.close()
    assert came_out(site, paper) == Counter(jobs)


def test_a_killed_server_loses_no_ticket_and_doubles_none(site: Site, paper: FakePrinter, faults: Faults) -> None:
    """SIGKILL while the agent prints, more than once: what came out meanwhile is told to the server once it is back."""
    paper.fault, paper.delay = "slow", 0.01
    chance = random.Random(faults.seed)
    site.start_agent(paper.port)
    jobs = []
    for _ in range(faults.times(2, 20)):
        jobs += site.arrive(5)
        time.sleep(chance.uniform(0.2, 1.0))
        site.kill_server()
        time.sleep(0.5)
        site.start_server()
    assert site.settled() == dict.fromkeys(jobs, "printed")
    assert came_out(site, paper) == Counter(jobs)


def test_a_killed_agent_loses_no_ticket_and_doubles_none(site: Site, paper: FakePrinter, faults: Faults) -> None:
    """SIGKILL at random moments: what is said to be printed came out once; what nobody knows is `uncertain`."""
    paper.fault, paper.delay = "slow", 0.01
    chance = random.Random(faults.seed)
    jobs = []
    kills = faults.times(4, 20)
    for _ in range(kills):
        agent = site.start_agent(paper.port)
        jobs += site.arrive(3)
        time.sleep(chance.uniform(0.4, 2.0))
        agent.kill()
        agent.wait(30)
    site.start_agent(paper.port)
    states = site.settled()
    out = came_out(site, paper)
    assert set(states) == set(jobs)
    assert set(states.values()) <= {"printed", "uncertain"}
    for job, state in states.items():
        assert out[job] == 1 if state == "printed" else out[job] <= 1, (job, state)
    assert list(states.values()).count("printed") >= len(jobs) - kills, "at most one a kill is not known"


def test_what_was_printed_while_the_server_was_away_is_told_by_the_next_run(site: Site, paper: FakePrinter) -> None:
    """The server dies, the ticket comes out, the agent dies too: nobody prints it again, and it is `printed`."""
    paper.fault, paper.delay = "late", 2.0
    agent = site.start_agent(paper.port)
    jobs = site.arrive()
    # Not only `sending` in the database: the agent has to have heard that it is.
    wait_for(lambda: any(job.data for job in paper.jobs), "the ticket is being printed")
    site.kill_server()
    wait_for(lambda: any(job.acknowledged for job in paper.jobs), "the ticket is out")
    wait_for(lambda: '"printed"' in "".join(p.read_text() for p in (site.folder / "agent").glob("*.json")), "kept")
    agent.kill()
    agent.wait(30)
    paper.fault = "ok"
    site.start_server()
    assert site.states() == {jobs[0]: "sending"}
    site.start_agent(paper.port)
    assert site.settled() == {jobs[0]: "printed"}
    assert came_out(site, paper) == Counter(jobs)
    assert list((site.folder / "agent").glob("*.json")) == []


def test_an_agent_stops_at_once_when_told_to(site: Site, paper: FakePrinter) -> None:
    """SIGTERM ends the waiting request: code 0, no traceback."""
    agent = site.start_agent(paper.port)
    wait_for(lambda: site.printer()["state"] == "ok", "it has begun")
    agent.terminate()
    assert agent.wait(15) == 0
    assert "Traceback" not in "".join(site.output)


def test_two_agents_do_not_share_a_folder(site: Site, paper: FakePrinter) -> None:
    """The second one says so and ends with code 2."""
    site.start_agent(paper.port)
    wait_for(lambda: site.printer()["state"] == "ok", "the first one has begun")
    assert site.start_agent(paper.port).wait(20) == 2
    wait_for(lambda: "another print agent" in "".join(site.output), "it says why")


def test_an_agent_that_may_not_print_says_what_to_do(site: Site, paper: FakePrinter) -> None:
    """A token of another role: one line with the command that makes the right one, code 1."""
    site.token_file.write_text(site.kiosk_token, "utf-8")
    assert site.start_agent(paper.port).wait(20) == 1
    wait_for(lambda: "--role print_agent --station P1" in "".join(site.output), "it says what to do")


def test_a_silent_agent_is_trouble_on_the_dashboard(site: Site, paper: FakePrinter) -> None:
    """Fifteen seconds after its last word; and what was being sent is uncertain only much later."""
    agent = site.start_agent(paper.port)
    wait_for(lambda: site.printer()["state"] == "ok", "it has begun")
    agent.kill()
    wait_for(lambda: site.printer()["last_error"] == "agent_silent", "it counts as silent", 25)
