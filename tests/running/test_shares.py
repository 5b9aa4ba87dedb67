"""What strangers get: each address its own share, all together a bound, and nobody takes another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkin_server.running.shares import Asker, Limits, Shares, key_of

SMALL = Limits(
    connections=(100, 10), requests=(10, 2), tokens=(3, 1), all_requests=(25, 5), kept=4, young_s=2, open=8, all_open=12
)


class Clock:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Time that stands still."""
    return Clock()


@pytest.fixture
def shares(clock: Clock) -> Shares:
    """Small shares."""
    return Shares(SMALL, clock)


def shut_of(shares: Shares, address: str, log: list[str], name: str) -> Callable[[], None]:
    """Open a connection that notes when it is shut."""
    held = shares.arrives(address)
    assert held is not None
    held.shut = lambda: log.append(name)
    return lambda: shares.proves(held)


def test_an_address_has_so_many_requests_at_once_and_so_many_a_second(shares: Shares, clock: Clock) -> None:
    """Beyond that it hears how long to wait; after that time one is let in again."""
    assert [shares.asks("10.0.0.1") for _ in range(10)] == [0.0] * 10
    wait = shares.asks("10.0.0.1")
    assert wait == pytest.approx(0.5)
    clock.now += wait
    assert shares.asks("10.0.0.1") == 0.0
    assert shares.asks("10.0.0.1") > 0


def test_a_flood_from_many_addresses_is_bounded_and_whoever_has_hardly_asked_is_heard(shares: Shares) -> None:
    """A phone that takes many addresses gets little more; a third party's first requests are answered all the same."""
    let_in = sum(shares.asks(f"10.0.1.{host}") == 0.0 for host in range(20) for _ in range(10))
    assert let_in <= 25 + 20 * 3
    assert shares.asks("10.0.2.1") == 0.0


def test_what_has_proved_itself_is_given_back(shares: Shares) -> None:
    """A link that opened costs nothing, however many are opened one after the other."""
    for _ in range(100):
        assert shares.asks("10.0.0.1") == 0.0
        Asker(shares, "10.0.0.1", None, 1.0).prove()


def test_what_is_dear_costs_more(shares: Shares) -> None:
    """Who asks for it is charged, until their share is used up; a device is not."""
    shares.asks("10.0.0.1")
    stranger, device = Asker(shares, "10.0.0.1", None, 1.0), Asker(shares, "10.0.0.1", None, 0.0)
    assert stranger.charge(5) == 0.0
    assert stranger.charge(5) > 0.0
    assert device.charge(500) == 0.0
    stranger.prove()
    assert [shares.asks("10.0.0.1") for _ in range(10)] == [0.0] * 10


def test_screens_that_have_shown_their_token_are_not_counted(shares: Shares, clock: Clock) -> None:
    """Two hundred behind one address, all at once and for ever."""
    log: list[str] = []
    for number in range(200):
        shut_of(shares, "10.0.0.1", log, str(number))()
    clock.now += 100
    assert shares.arrives("10.0.0.1") is not None
    assert log == []


def test_of_many_silent_connections_the_oldest_are_shut_once_they_are_not_young(shares: Shares, clock: Clock) -> None:
    """So one who comes back among them gets in; together they never are more than the bound."""
    log: list[str] = []
    for number in range(SMALL.open):
        shut_of(shares, "10.0.0.1", log, str(number))
    assert shares.arrives("10.0.0.1") is None
    assert log == []
    clock.now += SMALL.young_s
    assert shares.arrives("10.0.0.1") is not None
    assert log == ["0", "1", "2", "3", "4"]


def test_when_all_is_taken_the_address_with_most_gives_way(shares: Shares) -> None:
    """A third party gets in; the one who holds most loses its oldest."""
    log: list[str] = []
    for number in range(8):
        shut_of(shares, "10.0.0.1", log, f"a{number}")
    for number in range(4):
        shut_of(shares, "10.0.0.2", log, f"b{number}")
    assert shares.arrives("10.0.0.3") is not None
    assert log == ["a0"]


def test_connections_that_end_make_room(shares: Shares, clock: Clock) -> None:
    """Opened and closed for a day, nothing is left of it; too quickly, and they are turned away."""
    for _ in range(1000):
        held = shares.arrives("10.0.0.1")
        assert held is not None
        shares.leaves(held)
        shares.leaves(held)
        clock.now += 0.1
    assert sum(shares.arrives("10.0.0.1") is None for _ in range(200)) >= 100


def test_tokens_that_nobody_has_seen_are_tried_a_few_at_a_time(shares: Shares) -> None:
    """Guessing costs the guesser, not the store."""
    assert [shares.tries("10.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert shares.tries("10.0.0.2")


def test_addresses_are_counted_as_a_house_has_them() -> None:
    """IPv4 alone or written as IPv6 is one; of IPv6 one house has a whole network."""
    assert key_of("10.0.0.1") == key_of("::ffff:10.0.0.1") == "10.0.0.1"
    assert key_of("2001:db8::1") == key_of("2001:db8::ffff:1%eth0") != key_of("2001:db8:0:1::1")
    assert key_of("nonsense") == "?"


def test_no_more_addresses_are_remembered_than_the_limit(clock: Clock) -> None:
    """Those who took nothing lately are forgotten; while all have, further ones share one share."""
    shares = Shares(Limits(requests=(2, 1), all_requests=(1e9, 1e9), addresses=100), clock)
    for host in range(5000):
        shares.asks(f"2001:db8:{host:x}::1")
    assert len(shares._by_key) <= 101
    assert shares.asks("2001:db8:ffff::1") > 0
    clock.now += 60
    assert shares.asks("2001:db8:ffff::1") == 0.0
