"""What a print agent may ask and say: its own printer only, each command once, and the truth also when it is late."""

from __future__ import annotations

import threading
import time
import uuid
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from checkin_server.services import access
from tests.agent.site import Site, a_site
from tests.support.server import Client, Programs


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[Site]:
    """A venue whose server runs; no agent does."""
    with a_site(tmp_path_factory.mktemp("site"), programs) as running:
        yield running


@pytest.fixture
def agent(site: Site) -> Client:
    """The agent's own voice; the printer is said to be well and its queue is empty."""
    voice = site.agent()
    assert voice.raw("PUT", "/printers/P1/state", {"state": "ok"}).ok
    voice.command("/printers/P1/recover", idempotent=True)
    while (job := voice.post("/printers/P1/next-job", {"wait_s": 0})["job"]) is not None:
        voice.command(f"/print-jobs/{job['id']}/failed", error="left over")
    return voice


def _code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def _id() -> dict[str, str]:
    return {"command_id": str(uuid.uuid4())}


def test_the_next_ticket_comes_laid_out_and_stays_in_the_queue(site: Site, agent: Client) -> None:
    """ESC/POS that ends with a status request, and the picture; asked for twice, it is the same."""
    (job,) = site.arrive()
    found = agent.post("/printers/P1/next-job", {"wait_s": 0})["job"]
    assert (found["id"], found["attempt"]) == (job, 1)
    assert b64decode(found["ticket"]["escpos"]).endswith(b"\x1dr\x01")
    assert b64decode(found["ticket"]["png"]).startswith(b"\x89PNG")
    assert agent.post("/printers/P1/next-job", {"wait_s": 0})["job"] == found
    assert site.states()[job] == "queued"


def test_a_waiting_request_is_answered_when_a_ticket_comes(site: Site, agent: Client) -> None:
    """And without one after the time that was asked for."""
    before = time.monotonic()
    assert agent.post("/printers/P1/next-job", {"wait_s": 1.0})["job"] is None
    assert time.monotonic() - before > 0.9
    answers: list[Any] = []

    def wait() -> None:
        answers.append((site.agent().post("/printers/P1/next-job", {"wait_s": 15})["job"], time.monotonic()))

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.5)
    (job,) = site.arrive()
    came = time.monotonic()
    waiting.join(40)
    assert answers[0][0]["id"] == job and answers[0][1] - came < 10


def test_of_two_that_hold_a_ticket_only_one_may_begin(site: Site, agent: Client) -> None:
    """The second is told in which state the job is."""
    (job,) = site.arrive()
    assert agent.raw("POST", f"/print-jobs/{job}/sending", _id()).json() == {"outcome": "done", "state": "sending"}
    second = agent.raw("POST", f"/print-jobs/{job}/sending", _id())
    assert _code(second) == (409, "wrong_state") and second.json()["state"] == "sending"


def test_every_command_is_done_once(site: Site, agent: Client) -> None:
    """The same id gets the first answer; with another content it is refused."""
    (job,) = site.arrive()
    begin, back = _id(), _id()
    for _ in range(2):
        assert agent.raw("POST", f"/print-jobs/{job}/sending", begin).json()["state"] == "sending"
    assert site.jobs()[job]["attempts"] == 1
    body = {**back, "error": "no_answer", "delay_s": 0}
    assert agent.raw("POST", f"/print-jobs/{job}/retry", body).json()["state"] == "queued"
    assert agent.raw("POST", f"/print-jobs/{job}/sending", _id()).ok
    assert agent.raw("POST", f"/print-jobs/{job}/retry", body).json()["state"] == "queued"
    assert site.states()[job] == "sending", "the repeated command has changed nothing"
    assert _code(agent.raw("POST", f"/print-jobs/{job}/retry", {**body, "error": "reset"})) == (409, "id_reused")
    assert _code(agent.raw("POST", f"/print-jobs/{job}/printed", begin)) == (409, "id_reused")


def test_what_was_given_up_as_uncertain_may_turn_out_to_be_printed(site: Site, agent: Client) -> None:
    """An agent that was away tells late; it can't take a job back that way."""
    (job,) = site.arrive()
    agent.command(f"/print-jobs/{job}/sending")
    assert agent.command("/printers/P1/recover", idempotent=False) == {"outcome": "done", "jobs": 1}
    assert site.states()[job] == "uncertain" and site.jobs()[job]["error"] == "interrupted"
    refused = agent.raw("POST", f"/print-jobs/{job}/retry", {**_id(), "error": "x", "delay_s": 0})
    assert _code(refused) == (409, "wrong_state")
    assert agent.command(f"/print-jobs/{job}/printed")["state"] == "printed"
    assert _code(agent.raw("POST", f"/print-jobs/{job}/uncertain", {**_id(), "error": "x"})) == (409, "wrong_state")


def test_a_ticket_that_was_put_off_comes_when_it_is_due(site: Site, agent: Client) -> None:
    """Not before, and without anybody waking the queue."""
    (job,) = site.arrive()
    agent.command(f"/print-jobs/{job}/retry", error="no_answer", delay_s=1.5)
    assert agent.post("/printers/P1/next-job", {"wait_s": 0})["job"] is None
    assert agent.post("/printers/P1/next-job", {"wait_s": 10})["job"]["id"] == job


def test_an_agent_serves_its_own_printer_and_no_other(site: Site, agent: Client) -> None:
    """Neither that printer's queue nor its jobs; and no agent serves a printer that the server drives."""
    other = Client(site.base, access.add_device(site.venue, "print_agent", "P2").token)
    (job,) = site.arrive()
    for path in ("/printers/P1/next-job", "/printers/P1/recover"):
        assert _code(other.raw("POST", path, {**_id(), "idempotent": False})) == (403, "forbidden")
    assert _code(other.raw("PUT", "/printers/P1/state", {"state": "ok"})) == (403, "forbidden")
    for action in ("sending", "printed", "uncertain", "failed", "retry"):
        refused = other.raw("POST", f"/print-jobs/{job}/{action}", {**_id(), "error": "x"})
        assert refused.status_code in (403, 404), action
    assert site.states()[job] == "queued"
    assert _code(other.raw("POST", "/printers/P2/next-job", {})) == (404, "unknown_printer")
    assert _code(agent.raw("POST", "/print-jobs/p_0/sending", _id())) == (404, "unknown_print_job")
    with pytest.raises(ValueError, match="no printer 'P7'"):
        access.add_device(site.venue, "print_agent", "P7")


def test_what_an_agent_says_of_its_printer_is_shown(site: Site, agent: Client) -> None:
    """Trouble and its cause, until it says otherwise."""
    agent.raw("PUT", "/printers/P1/state", {"state": "trouble", "last_error": "cover_open"})
    assert site.printer()["last_error"] == "cover_open"
    agent.raw("PUT", "/printers/P1/state", {"state": "ok"})
    assert (site.printer()["state"], site.printer()["last_error"]) == ("ok", None)
