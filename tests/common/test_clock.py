"""The server's time is what has passed since the machine's clock was believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.common.clock import FOLLOWED_MS, Anchor, SteadyClock, boot_id, boot_ms, machine_ms

SECOND, MINUTE, DAY = 1000, 60_000, 86_400_000
NINE = 1_577_433_600_000


class Machine:
    """A machine whose clock can be set while time passes."""

    def __init__(self) -> None:
        self.passed = 5_000
        self.set_by = NINE

    def boot(self) -> int:
        """Milliseconds since it was started."""
        return self.passed

    def clock(self) -> int:
        """What its clock shows."""
        return self.set_by + self.passed


def steady(machine: Machine) -> SteadyClock:
    """A server's clock on that machine."""
    return SteadyClock(machine.clock, machine.boot, started="this one")


@pytest.mark.parametrize("step", [-40 * MINUTE, DAY, -DAY, 3 * MINUTE, -FOLLOWED_MS - 1, -50 * 365 * DAY])
def test_a_clock_that_is_set_is_not_followed(step: int) -> None:
    """By more than two minutes, in either direction: the look says by how much, time goes on as it went."""
    machine = Machine()
    clock = steady(machine)
    began = clock.now()
    machine.set_by += step
    for second in range(1, 601):
        machine.passed += SECOND
        assert clock.look() == step
        assert clock.now() == began + second * SECOND
    machine.set_by -= step
    machine.passed += SECOND
    assert clock.look() == 0


@pytest.mark.parametrize("step", [90 * SECOND, -90 * SECOND, FOLLOWED_MS, -FOLLOWED_MS, 7])
def test_a_small_difference_is_followed_little_by_little(step: int) -> None:
    """No second lasts longer or shorter than a tenth, and in twenty minutes the two agree."""
    machine = Machine()
    clock = steady(machine)
    machine.set_by += step
    before = clock.now()
    for _ in range(20 * 60 + 1):
        machine.passed += SECOND
        clock.look()
        assert 900 <= clock.now() - before <= 1100
        before = clock.now()
    assert clock.now() == machine.clock()


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(-(10**7), 10**7), st.booleans()), max_size=40))
def test_time_never_goes_back_whatever_the_machine_shows(steps: list[tuple[int, int, bool]]) -> None:
    """Whether it is looked at often or not at all."""
    machine = Machine()
    clock = steady(machine)
    before = clock.now()
    for passed, step, look in steps:
        machine.passed += passed
        machine.set_by += step
        if look:
            clock.look()
        now = clock.now()
        assert before <= now <= before + passed + passed // 10 + 1
        before = now


def test_what_somebody_decides_is_followed_at_once() -> None:
    """Forwards and back."""
    machine = Machine()
    clock = steady(machine)
    machine.set_by -= 40 * MINUTE
    clock.shift(clock.look())
    assert clock.now() == machine.clock() and clock.look() == 0
    clock.set(NINE)
    assert clock.now() == NINE


def test_a_reading_of_another_start_of_the_machine_counts_no_time() -> None:
    """Its count begins anew; time stands rather than goes back."""
    assert Anchor(NINE, 10_000).reached(4) == NINE


def test_the_real_sources_tell_milliseconds() -> None:
    """Of this very machine."""
    assert machine_ms() > NINE
    first = boot_ms()
    assert 0 <= boot_ms() - first < 60_000
    assert boot_id() == boot_id()
