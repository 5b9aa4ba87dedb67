"""Who has the word: once a call, one voice at a time in earshot."""

from __future__ import annotations

from checkin_server.services.boards.announce import SPEAKING_S, Announcements


class Clock:
    """Time that stands still."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_call_is_said_once_in_an_area() -> None:
    """Also by the same board after a reload, which asks with a new question."""
    word = Announcements(Clock())
    assert word.ask("hall", "d1", "s1|0", "q1").outcome == "speak"
    word.finish("hall", "d1")
    assert word.ask("hall", "d2", "s1|0", "q2").outcome == "said"
    assert word.ask("hall", "d1", "s1|0", "q3").outcome == "said"
    assert word.ask("hall", "d1", "s1|1", "q4").outcome == "speak", "a recall is a call of its own"


def test_a_lost_answer_is_given_again() -> None:
    """The same question once more is no second announcement."""
    word = Announcements(Clock())
    assert word.ask("hall", "d1", "s1|0", "q1").outcome == "speak"
    assert word.ask("hall", "d1", "s1|0", "q1").outcome == "speak"


def test_another_board_in_earshot_waits_until_the_first_has_finished() -> None:
    """And is told when to ask again."""
    word = Announcements(Clock())
    word.ask("hall", "d1", "s1|0", "q1")
    waiting = word.ask("hall", "d2", "s2|0", "q2")
    assert waiting.outcome == "wait"
    assert 0 < waiting.wait_s <= SPEAKING_S
    word.finish("hall", "d2")
    assert word.ask("hall", "d2", "s2|0", "q2").outcome == "wait", "only who speaks can finish"
    word.finish("hall", "d1")
    assert word.ask("hall", "d2", "s2|0", "q2").outcome == "speak"


def test_boards_out_of_earshot_speak_together() -> None:
    """Each area has its own voice, and says what the other has said too."""
    word = Announcements(Clock())
    assert word.ask("hall", "d1", "s1|0", "q1").outcome == "speak"
    assert word.ask("annex", "d2", "s1|0", "q2").outcome == "speak"


def test_a_board_that_vanished_does_not_silence_the_others() -> None:
    """After a while the word is free again."""
    clock = Clock()
    word = Announcements(clock)
    word.ask("hall", "d1", "s1|0", "q1")
    clock.now += SPEAKING_S
    assert word.ask("hall", "d2", "s2|0", "q2").outcome == "speak"
