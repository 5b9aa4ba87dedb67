"""What strangers get: each address its own share, all together a bound, and nobody takes another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkin_server.running.shares import Asker, Limits, Shares, key_of

SMALL = Limits(
    connections=(100, 10),
    home_connections=(200, 50),
    handshakes=(6, 1),
    home_handshakes=(20, 10),
    all_handshakes=(12, 2),
    requests=(10, 2),
    tokens=(3, 1),
    all_requests=(25, 5),
    first=(3, 0.1),
    kept=4,
    home_kept=9,
    young_s=2,
    open=8,
    home_open=11,
    all_open=12,
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


def test_many_addresses_that_each_ask_slowly_are_bounded_too(shares: Shares, clock: Clock) -> None:
    """None of them goes on being somebody who has hardly asked: all together get what all together may."""
    for host in range(20):
        for _ in range(3):
            shares.asks(f"10.0.1.{host}")
    let_in = 0
    for _ in range(100):
        clock.now += 1
        let_in += sum(shares.asks(f"10.0.1.{host}") == 0.0 for host in range(20))
    assert let_in <= 100 * (SMALL.all_requests[1] + 20 * SMALL.first[1]) + 25


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


def shaken(shares: Shares, address: str, count: int) -> list[float | None]:
    """Begin so many handshakes, on a connection each; return how long they are to wait."""
    waits: list[float | None] = []
    for _ in range(count):
        held = shares.arrives(address)
        assert held is not None
        waits.append(shares.shakes(held))
        shares.leaves(held)
    return waits


def test_handshakes_beyond_a_share_stand_in_a_line_and_the_line_has_an_end(shares: Shares) -> None:
    """Some at once, the next each a moment later, the rest not at all; another address doesn't notice."""
    assert shaken(shares, "10.0.0.1", 12) == [0.0] * 6 + [1.0, 2.0, 3.0, 4.0, None, None]
    assert shaken(shares, "10.0.0.2", 1) == [0.0]


def test_handshakes_from_many_addresses_are_bounded_together_and_a_third_partys_first_ones_go_on(
    shares: Shares,
) -> None:
    """Of a phone that takes twenty addresses no more are begun than all may and each one's first."""
    begun = [wait for host in range(20) for wait in shaken(shares, f"10.0.1.{host}", 6) if wait is not None]
    assert len(begun) <= 12 + 20 * 3
    assert shaken(shares, "10.0.2.1", 2) == [0.0, 0.0]


def test_an_address_that_screens_speak_from_gets_more_and_a_while_after_the_last_of_them_what_others_get(
    shares: Shares, clock: Clock
) -> None:
    """A venue's one router stands for all of its screens; their sockets count as long as they are open."""
    screen = shares.arrives("10.0.0.1")
    assert screen is not None
    shares.proves(screen)
    assert shaken(shares, "10.0.0.1", 20) == [0.0] * 20
    clock.now += 10 * SMALL.home_s
    assert shaken(shares, "10.0.0.1", 20) == [0.0] * 20
    shares.leaves(screen)
    shares.leaves(screen)
    clock.now += SMALL.home_s - 1
    assert shaken(shares, "10.0.0.1", 20) == [0.0] * 20
    clock.now += 10
    assert shaken(shares, "10.0.0.1", 12)[6:] == [1.0, 2.0, 3.0, 4.0, None, None]


def test_the_connection_that_proves_itself_is_given_its_handshake_back(shares: Shares) -> None:
    """However often screens come and go, nothing of the share is used up."""
    for _ in range(100):
        held = shares.arrives("10.0.0.1")
        assert held is not None
        assert shares.shakes(held) == 0.0
        shares.proves(held)
        shares.leaves(held)


def test_beyond_the_share_who_shows_a_token_at_once_is_let_in_and_nobody_else(shares: Shares) -> None:
    """A flood from the screens' own address keeps out none of them; within the share nobody is looked at."""
    looked: list[str] = []

    def shows(what: str, good: bool) -> Callable[[], bool]:
        def look() -> bool:
            looked.append(what)
            return good

        return look

    for _ in range(SMALL.open):
        assert shares.arrives("10.0.0.1", shows("within", False)) is not None
    assert looked == []
    assert shares.arrives("10.0.0.1", shows("nothing", False)) is None
    let_in = shares.arrives("10.0.0.1", shows("a token", True))
    assert let_in is not None and let_in.proved and not let_in.counted
    assert looked == ["nothing", "a token"]


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
