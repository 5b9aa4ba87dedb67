"""Calls said aloud: real recordings and the machine's voice, through the server, in a real Chromium."""

from __future__ import annotations

import io
import itertools
import json
import uuid
import wave
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from checkin_server.domain.spoken import needed
from checkin_server.services.checkup import voice_check
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG
from tests.screens.booths import screen, visitor
from tests.support.chromium import another
from tests.support.server import Client, DemoServer
from tests.voice.recordings import record

RECORDED = "ar"
HEARD = """() => {
  window.heard = [];
  let began = null;
  document.addEventListener("voicestart", ({ detail }) => { began = { ...detail, from: Date.now() }; });
  document.addEventListener("voiceend", () => heard.push({ ...began, to: Date.now() }));
  document.addEventListener("callsaid", ({ detail }) => heard.push({ call: detail.call, number: detail.number }));
}"""


@pytest.fixture(scope="module", autouse=True)
def recorded(shared_demo: DemoServer) -> None:
    """Everything is recorded in Arabic, and nothing in the other languages."""
    record(shared_demo.folder / "voice", RECORDED, needed(load_venue(CONFIG), RECORDED, 999))


@pytest.fixture(scope="module")
def speaking(browser: Browser) -> Iterator[Browser]:
    """A Chromium that may play sound, as a board's computer is set up."""
    with another(browser, "--autoplay-policy=no-user-gesture-required") as started:
        yield started


def called(server: DemoServer, counter: str, locale: str) -> dict[str, Any]:
    """Call a visitor of a language to a counter; return the call as the hall's board has it."""
    service = counter.partition("-")[0]
    visit = visitor(server, service)
    server.client("kiosk", "K1").choose(visit["id"], service, locale=locale)
    desk = server.counter(counter)
    desk.command(f"/counters/{counter}/call-next")
    calls = server.client("board", "hall").get("/boards/hall/snapshot")["data"]["calls"]
    found: dict[str, Any] = next(call for call in calls if call["number"] == visit["number"])
    return found


def ask(board: Client, station: str, call: dict[str, Any], question: str | None = None) -> Any:
    """Ask for the word to say a call."""
    body = {"command_id": question or str(uuid.uuid4()), "call": call["call"], "recall": call["recall"]}
    return board.post(f"/boards/{station}/announcements", body)


def test_recordings_are_joined_and_the_machine_s_voice_is_marked(shared_demo: DemoServer) -> None:
    """Arabic from recordings; French by the machine, marked as such; Amazigh by nobody, and the answer says so."""
    board = shared_demo.client("board", "hall")
    arabic = called(shared_demo, "health-1", "ar")
    said = ask(board, "hall", arabic)
    assert said["outcome"] == "speak"
    assert not said["synthetic"]
    assert said["files"][0] == "/voice/ar/number.wav"
    assert said["files"][-2:] == ["/voice/ar/counter.wav", "/voice/ar/1.wav"]
    for file in said["files"]:
        assert requests.get(shared_demo.base + file, timeout=30).headers["Content-Type"] == "audio/wav"
    assert ask(board, "hall", arabic)["outcome"] == "said"
    french = ask(board, "hall", called(shared_demo, "health-2", "fr"))
    assert french["synthetic"]
    (file,) = french["files"]
    with wave.open(io.BytesIO(requests.get(shared_demo.base + file, timeout=30).content)) as heard:
        assert heard.getnframes() / heard.getframerate() > 1, "a sentence is longer than a second"
    amazigh = ask(board, "hall", called(shared_demo, "education-1", "zgh"))
    assert (amazigh["outcome"], amazigh["files"], amazigh["synthetic"]) == ("speak", [], False)
    assert "number" in amazigh["missing"]
    board.raw("DELETE", "/boards/hall/announcements")


def test_a_call_that_was_answered_is_not_said(shared_demo: DemoServer) -> None:
    """Nor one that does not exist; nor does a board without a loudspeaker get the word."""
    call = called(shared_demo, "telecoms-1", "fr")
    silent = shared_demo.client("board", "zones-def")
    assert ask(silent, "zones-def", call)["outcome"] == "gone"
    shared_demo.counter("telecoms-1", opened=False).command("/counters/telecoms-1/start")
    board = shared_demo.client("board", "hall")
    assert ask(board, "hall", call)["outcome"] == "gone"
    assert ask(board, "hall", {"call": "s_none.1", "recall": 0})["outcome"] == "gone"


def test_no_file_outside_the_folder_is_served(shared_demo: DemoServer) -> None:
    """Only recordings that were found, under their own names."""
    for path in (
        "/voice/ar/%2e%2e%2fvenue.json",
        "/voice/ar/number.ogg",
        "/voice/xx/number.wav",
        "/voice/rendered/1.wav",
    ):
        assert requests.get(shared_demo.base + path, timeout=30).status_code == 404, path


def test_a_phrase_of_another_screen_is_joined_the_same_way(shared_demo: DemoServer) -> None:
    """A kiosk asks for parts and a text to fall back on."""
    kiosk = shared_demo.client("kiosk", "K1")
    both = kiosk.get("/voice?lang=ar&parts=number,121&text=x")
    assert both["files"] == [f"/voice/ar/{name}.wav" for name in ("number", "100", "and", "21")]
    read = kiosk.get("/voice?lang=fr&parts=kiosk-welcome&text=Bonjour")
    assert read["synthetic"]
    assert read["missing"] == ["kiosk-welcome"]
    assert kiosk.raw("GET", "/voice?lang=xx").status_code == 400


def heard_on(page: Page, calls: int) -> list[dict[str, Any]]:
    """Wait until a board has said so many calls to their ends; return what it did."""
    page.wait_for_function("n => heard.filter((one) => one.to).length >= n", arg=calls, timeout=30_000)
    done: list[dict[str, Any]] = page.evaluate("heard")
    return done


def test_two_boards_in_earshot_say_each_call_once_and_never_at_the_same_time(
    shared_demo: DemoServer, speaking: Browser
) -> None:
    """Calls to a zone that both show, and to one that only the first does; a reload repeats nothing."""
    for counter in ("health-1", "health-2"):
        # Whom an earlier test has called is not waited for; run alone or first, nobody is there.
        desk = shared_demo.counter(counter)
        if desk.get(f"/counters/{counter}/snapshot")["data"]["current"]:
            desk.command(f"/counters/{counter}/no-show")
    with (
        screen(speaking, shared_demo, "board", "hall", 960, 540) as hall,
        screen(speaking, shared_demo, "board", "zone-e", 960, 540) as zone,
    ):
        for page in (hall, zone):
            expect(page.locator("#board[data-voice=ready]")).to_be_visible()
            page.evaluate(HEARD)
        calls = [called(shared_demo, counter, "ar") for counter in ("health-1", "health-2", "insurance-1")]
        hall.wait_for_function("() => heard.some((one) => one.to)", timeout=30_000)
        for page in (hall, zone):
            page.locator("#board[data-voice=ready]").wait_for()
        told: list[dict[str, Any]] = []
        numbers: list[int] = []
        while len(numbers) < len(calls):
            told = [one for page in (hall, zone) for one in page.evaluate("heard")]
            numbers = [one["number"] for one in told if "to" not in one]
            hall.wait_for_timeout(100)
        for page in (hall, zone):
            page.locator("#board[data-voice=ready]").wait_for()
        told = [one for page in (hall, zone) for one in page.evaluate("heard")]
        assert sorted(one["number"] for one in told if "to" not in one) == sorted(call["number"] for call in calls)
        spans = sorted((one["from"], one["to"]) for one in told if "to" in one)
        assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans)), spans
        hall.reload()
        hall.locator("#board[data-voice=ready]").wait_for()
        hall.evaluate(HEARD)
        last = called(shared_demo, "bank-1", "ar")
        again = heard_on(hall, 1)
        assert [one["number"] for one in again if "number" in one] == [last["number"]]


def test_calls_that_come_together_are_said_one_after_another(shared_demo: DemoServer, speaking: Browser) -> None:
    """In the order of the calls, each to its end, none twice."""
    with screen(speaking, shared_demo, "board", "hall", 960, 540) as page:
        expect(page.locator("#board[data-voice=ready]")).to_be_visible()
        page.evaluate(HEARD)
        calls = [called(shared_demo, counter, "ar") for counter in ("social-1", "social-2", "enrolment-1")]
        told = heard_on(page, len(calls))
    assert [one["number"] for one in told if "number" in one] == [call["number"] for call in calls]
    spans = [(one["from"], one["to"]) for one in told if "to" in one]
    assert all(end <= begin for (_, end), (begin, _) in itertools.pairwise(spans)), spans
    assert all(one["chime"] for one in told if "to" in one)


def test_a_board_that_may_not_play_says_so_and_speaks_after_a_touch(shared_demo: DemoServer, browser: Browser) -> None:
    """In French and Arabic; what was called meanwhile and is young is said then."""
    for _ in range(6):
        with (
            another(browser, "--autoplay-policy=document-user-activation-required") as silent,
            screen(silent, shared_demo, "board", "hall", 1920, 1080) as page,
        ):
            muted = page.get_by_test_id("muted")
            page.wait_for_timeout(1500)
            if muted.is_hidden():
                continue  # Chromium let it play all the same, as it does now and then: there is nothing to say
            for language in ("ar", "fr"):  # they take turns
                expect(muted.locator(f"[lang={language}]")).to_be_visible(timeout=40_000)
            page.evaluate(HEARD)
            call = called(shared_demo, "reception-1", "ar")
            expect(page.locator(f"[data-testid=call][data-number='{call['number']}']")).to_be_visible()
            assert page.evaluate("heard") == []
            page.locator("#board").click(position={"x": 400, "y": 500})
            expect(muted).to_be_hidden()
            told = heard_on(page, 1)
        assert call["number"] in [one.get("number") for one in told]
        return
    pytest.fail("no browser of six was forbidden to play")


def test_the_check_lists_exactly_what_is_missing(shared_demo: DemoServer) -> None:
    """Nothing in Arabic; French is spoken by the machine; Amazigh by nobody, which is exit code 1."""
    answer = shared_demo.riwaq("voice", "check", "--numbers", "120", "--json")
    assert answer.returncode == 1
    found = json.loads(answer.stdout)["languages"]
    assert found["ar"]["missing"] == []
    assert {code: one["spoken_by"] for code, one in found.items()} == {
        "ar": "recordings",
        "fr": "machine",
        "zgh": "nobody",
        "en": "machine",
    }
    assert {"and", "number", "1", "99", "100", "booth-bank", "counter"} <= set(found["zgh"]["missing"])
    assert not {"0", "200", "1000", "zone-A"} & set(found["zgh"]["missing"])


def test_missing_recordings_are_listed_short() -> None:
    """Numbers that follow one another are a range."""
    assert list(voice_check.rows(["and", "1", "2", "3", "17", "booth-bank"])) == ["and booth-bank 1-3 17"]
