"""Spoken guidance at the kiosk: recordings first, the machine's voice in French, silence that says so, and no names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from checkin_server.domain.spoken import kiosk_clips, number_clips
from checkin_server.settings import load_venue
from checkin_server.venues.demo import CONFIG
from tests.screens.kiosk_tour import Hall, in_state, opened, press, show
from tests.support.chromium import another
from tests.support.server import Programs
from tests.voice.recordings import record

HEARD = """() => {
  window.heard = [];
  const names = (files) => files.map((file) => file.split("/").at(-1));
  document.addEventListener("voicestart", ({ detail }) => heard.push(names(detail.files)));
}"""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, programs: Programs) -> Iterator[Hall]:
    """A demo venue where everything the kiosk says is recorded in Arabic."""
    folder = tmp_path_factory.mktemp("guide")
    clips = [*kiosk_clips(load_venue(CONFIG)), *number_clips("ar", 1), *number_clips("ar", 2)]
    record(folder / "venue" / "voice", "ar", clips, 0.03)
    with programs.demo(folder, "--virtual-clock", "--members", "600") as server:
        yield Hall(server)


@pytest.fixture
def page(browser: Browser, hall: Hall) -> Iterator[Page]:
    """A kiosk that may play sound, as the kit sets it up."""
    with another(browser, "--autoplay-policy=no-user-gesture-required") as speaking:
        shown = opened(speaking, hall.server)
        shown.evaluate(HEARD)
        yield shown
        shown.context.close()


def asked(page: Page) -> list[dict[str, str]]:
    """Collect what the page asks to have said."""
    found: list[dict[str, str]] = []

    def keep(request: Any) -> None:
        address = urlsplit(request.url)
        if address.path == "/api/v1/voice":
            found.append({key: values[0] for key, values in parse_qs(address.query).items()})

    page.on("request", keep)
    return found


def heard(page: Page) -> list[list[str]]:
    """Return the files that were played, sentence by sentence."""
    value: list[list[str]] = page.evaluate("window.heard")
    return value


def wait_for(page: Page, fits: Callable[[list[list[str]]], bool]) -> None:
    """Wait until what was heard fits; the page's policy forbids conditions written as text."""
    for _ in range(150):
        if fits(heard(page)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(heard(page))


def first(name: str) -> Callable[[list[list[str]]], bool]:
    """A sentence that begins with this recording was heard."""
    return lambda said: any(files[0] == name for files in said)


def test_each_screen_is_said_and_no_name_leaves_the_screen(page: Page, hall: Hall) -> None:
    """Arabic from recordings, French by the machine, Amazigh not: then the screen says that there is no voice."""
    wanted = asked(page)
    press(page, "access")
    page.click("[data-mode=voice]")
    wait_for(page, first("kiosk-access.wav"))
    press(page, "close-access")
    card = hall.card()
    show(page, card)
    in_state(page, "services")
    name = page.inner_text(".eyebrow")
    wait_for(page, first("kiosk-services.wav"))
    press(page, "say-again")
    wait_for(page, lambda said: [files[0] for files in said].count("kiosk-services.wav") > 1)

    page.click("[data-language=fr]")
    wait_for(page, lambda said: any(re.fullmatch("[0-9a-f]{32}.wav", files[0]) for files in said))
    page.click("[data-language=zgh]")
    expect(page.locator("[data-testid=no-voice]")).to_be_visible()
    page.click("[data-language=ar]")
    expect(page.locator("[data-testid=no-voice]")).to_have_count(0)

    page.click("[data-service=bank]")
    press(page, "confirm")
    in_state(page, "result")
    wait_for(page, first("kiosk-number.wav"))
    said = next(files for files in heard(page) if files[0] == "kiosk-number.wav")
    assert said[1:] == ["1.wav", "kiosk-next-go.wav", "zone-C.wav"]

    everything = json.dumps(wanted, ensure_ascii=False)
    assert name and not [part for part in name.split() if part in everything]
    clips = {clip for one in wanted for clip in one.get("parts", "").split(",") if clip and not clip.isdecimal()}
    assert clips <= set(kiosk_clips(load_venue(CONFIG)))
    press(page, "done")
    count = len(wanted)
    show(page, card)
    in_state(page, "returning")
    assert len(wanted) == count, "the voice ended with the visitor"


def test_keys_hear_where_they_are(page: Page, hall: Hall) -> None:
    """Moving with the arrows says the control's name; a person of the family only by the place in the list."""
    wanted = asked(page)
    page.click("[data-language=fr]")
    press(page, "access")
    page.click("[data-mode=voice]")
    press(page, "close-access")
    show(page, hall.card("fr", family=True))
    in_state(page, "company")
    press(page, "my-family")
    in_state(page, "family")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("button:focus")).to_have_count(1)
    page.wait_for_timeout(300)
    texts = [one.get("text", "") for one in wanted if not one.get("parts")]
    assert texts
    assert any(text.startswith("Personne ") for text in texts)
    names = page.locator(".person strong").all_inner_texts()
    assert not [name for name in names if any(name in text for text in texts)]
