"""The order in which the board announces calls: the real module in a real Chromium, with time given by the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

MODULE = Path(__file__).parents[2] / "booth_display" / "board" / "static" / "sequence.js"
NOW = 1_577_433_600_000

SETUP = """async () => {
  const { CallSequence } = await import("/sequence.js");
  window.shown = [];
  window.waiting = [];
  window.sequence = new CallSequence({
    holdMs: 2500,
    later: (run, ms) => waiting.push({ run, ms }),
    onChange: (state) => shown.push({
      large: state.large?.number ?? null, others: state.others.map((call) => call.number), fresh: state.fresh,
    }),
  });
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a `CallSequence` whose time stands still until `wait_hold` is called."""
    context = browser.new_context()
    page = context.new_page()
    page.route("http://board.test/", lambda route: route.fulfill(content_type="text/html", body="<title>board</title>"))
    page.route(
        "http://board.test/sequence.js", lambda route: route.fulfill(path=MODULE, content_type="text/javascript")
    )
    page.goto("http://board.test/")
    page.evaluate(SETUP)
    yield page
    context.close()


def call(number: int, recall: int = 0, seconds_ago: float = 0) -> dict[str, Any]:
    """A call as the snapshot has it."""
    at = NOW - round(seconds_ago * 1000)
    return {"call": f"s{number}", "number": number, "counter": "BANK-1", "recall": recall, "at_ms": at}


def take(page: Page, *calls: dict[str, Any]) -> None:
    """Give the sequence a snapshot with these calls, newest first."""
    page.evaluate(
        """([calls, now]) =>
        sequence.take(calls.map((one) => ({ ...one, at: new Date(one.at_ms).toISOString() })), now)""",
        [list(calls), NOW],
    )


def shown(page: Page) -> list[dict[str, Any]]:
    """What the board was told to draw, in order."""
    seen: list[dict[str, Any]] = page.evaluate("shown")
    return seen


def announced(page: Page) -> list[int]:
    """Numbers that were announced in large, in order."""
    return [state["large"] for state in shown(page) if state["fresh"]]


def wait_hold(page: Page) -> float:
    """Let the large call's time pass; return how long that was to be, in milliseconds."""
    held: float = page.evaluate("(() => { const next = waiting.shift(); next.run(); return next.ms; })()")
    return held


def test_calls_that_come_together_are_each_announced_oldest_first(page: Page) -> None:
    """Four calls in one snapshot stand large one after another, each for 2.5 seconds."""
    take(page)
    take(page, call(4), call(3), call(2), call(1))
    assert announced(page) == [1]
    assert [wait_hold(page) for _ in range(3)] == [2500, 2500, 2500]
    assert announced(page) == [1, 2, 3, 4]
    wait_hold(page)
    assert shown(page)[-1]["large"] == 4


def test_a_call_is_on_the_board_before_its_turn_in_large(page: Page) -> None:
    """Whoever waits for their turn in large is among the last calls at once."""
    take(page)
    take(page, call(2), call(1))
    assert shown(page)[-1] == {"large": 1, "others": [2], "fresh": True}


def test_a_rush_of_more_calls_than_the_server_lists_loses_none(page: Page) -> None:
    """A call that newer ones push out of the snapshot still has its turn in large."""
    calls = [call(number, seconds_ago=20 - number) for number in range(15, 0, -1)]
    take(page)
    take(page, *calls[3:])
    take(page, *calls[:12])
    for _ in range(14):
        wait_hold(page)
    assert announced(page) == list(range(1, 16))


def test_the_large_call_stays_when_nothing_new_comes(page: Page) -> None:
    """The same snapshot again announces nothing."""
    take(page)
    take(page, call(1))
    wait_hold(page)
    take(page, call(1))
    assert announced(page) == [1]
    assert shown(page)[-1] == {"large": 1, "others": [], "fresh": False}


def test_a_board_that_starts_shows_the_newest_call_without_announcing_it(page: Page) -> None:
    """The first snapshot is what was there before; nobody is called by it."""
    take(page, call(2), call(1))
    assert shown(page) == [{"large": 2, "others": [1], "fresh": False}]


def test_a_recall_is_announced_again(page: Page) -> None:
    """A number that is called once more stands large again, also when others were called since."""
    take(page, call(2), call(1))
    take(page, call(2), call(1, recall=1))
    assert announced(page) == [1]


def test_a_recall_of_an_old_call_is_announced(page: Page) -> None:
    """A recall counts from now, however long ago the first call was."""
    take(page, call(1, seconds_ago=300))
    take(page, call(1, recall=1, seconds_ago=300))
    assert announced(page) == [1]


def test_calls_of_a_long_outage_are_listed_and_not_announced(page: Page) -> None:
    """After an outage a board doesn't shout calls of minutes ago: it shows them."""
    take(page, call(1, seconds_ago=500))
    take(page, call(3, seconds_ago=90), call(2, seconds_ago=120), call(1, seconds_ago=500))
    assert announced(page) == []
    assert shown(page)[-1] == {"large": 3, "others": [2, 1], "fresh": False}


def test_a_call_taken_back_leaves_the_board(page: Page) -> None:
    """A call that is no longer in the snapshot is neither large nor listed nor announced later."""
    take(page, call(1))
    take(page, call(3), call(2), call(1))
    take(page, call(2), call(1))
    wait_hold(page)
    take(page, call(1))
    assert announced(page) == [2]
    assert shown(page)[-1] == {"large": 1, "others": [], "fresh": False}


def test_a_number_called_twice_is_listed_once(page: Page) -> None:
    """A visit that was called to its next stop stands on the board with that stop only."""
    first = {**call(7), "call": "s-bank"}
    second = {**call(7), "call": "s-health"}
    take(page, call(8), second, first)
    assert shown(page)[-1] == {"large": 8, "others": [7], "fresh": False}


def test_thirty_calls_at_once_and_a_reconnect_lose_none_and_repeat_none(page: Page) -> None:
    """All thirty stand large, oldest first, also while the snapshot shrinks, and after a gap in which others came."""
    thirty = [call(number, seconds_ago=20 - number / 2) for number in range(30, 0, -1)]
    take(page)
    take(page, *thirty)
    for _ in range(5):
        wait_hold(page)
    take(page, *thirty[:12])  # a minute later the server lists only the newest twelve
    for _ in range(5):
        wait_hold(page)
    # Cut off and back: four more were called meanwhile, two of the old ones are pushed out.
    after = [call(number, seconds_ago=(34 - number) / 2) for number in range(34, 30, -1)]
    take(page, *after, *thirty[:8])
    for _ in range(23):
        wait_hold(page)
    assert announced(page) == list(range(1, 35))
