"""A paired device that asks without end: it waits, nobody else does."""

from __future__ import annotations

import time
from functools import partial

import gevent
import pytest

from checkin_server.running.paces import Pace, Paces
from checkin_server.running.turns import Turns

QUICK = Pace(requests=(5, 1000), at_once=2, connections=3, devices=2)


def test_of_a_devices_requests_a_few_are_answered_at_a_time_and_anothers_at_once() -> None:
    """Ten come together: two are being answered, and a kiosk's comes in between."""
    paces, log = Paces(QUICK), list[str]()
    together, most = 0, 0

    def ask(device: str) -> None:
        nonlocal together, most
        with paces.turn(device, 1):
            together += device == "d_stolen"
            most = max(most, together)
            gevent.sleep(0.005)
            together -= device == "d_stolen"
            log.append(device)

    asking = [gevent.spawn(ask, device) for device in ["d_stolen"] * 10 + ["d_kiosk"]]
    gevent.joinall(asking, timeout=30, raise_error=True)
    assert most == 2
    assert log.index("d_kiosk") <= 2
    assert len(log) == 11


def test_beyond_its_pace_a_device_waits_and_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many at once, then one after the other as time allows; costs count."""
    slept: list[float] = []
    monkeypatch.setattr(gevent, "sleep", slept.append)
    paces = Paces(Pace(requests=(10, 2)), clock=lambda: 7.0)
    for _ in range(10):
        paces.wait("d_stolen", 1)
    assert not any(slept)
    paces.wait("d_stolen", 1)
    paces.wait("d_stolen", 2)
    assert slept[-2:] == [0.5, 1.5]
    paces.wait("d_kiosk", 1)
    assert slept[-2:] == [0.5, 1.5]


def test_of_too_many_connections_of_a_device_the_oldest_is_shut() -> None:
    """Those that have ended don't count, nor do another device's."""
    paces, shut = Paces(QUICK), list[int]()
    for number in range(3):
        paces.holds("d_stolen", number, partial(shut.append, number))
    paces.holds("d_kiosk", 99, lambda: shut.append(99))
    paces.lets_go("d_stolen", 1)
    paces.holds("d_stolen", 3, lambda: shut.append(3))
    assert shut == []
    paces.holds("d_stolen", 4, lambda: shut.append(4))
    assert shut == [0]


def test_devices_that_have_nothing_open_are_forgotten() -> None:
    """As many are remembered as the limit; a device with a connection is not forgotten."""
    paces = Paces(QUICK)
    paces.holds("d_open", 1, lambda: None)
    for number in range(20):
        paces.wait(f"d_{number}", 1)
    assert len(paces._by_id) <= QUICK.devices
    assert "d_open" in paces._by_id


def test_between_two_turns_of_strangers_others_are_answered() -> None:
    """Twenty strangers at one moment, each busy for a while: what is waited for meanwhile waits for one or two."""
    turns, log = Turns(), list[str]()

    def stranger() -> None:
        turns.next()
        busy_until = time.perf_counter() + 0.003
        while time.perf_counter() < busy_until:
            pass
        log.append("stranger")

    def kiosk() -> None:
        for _ in range(3):
            gevent.sleep(0.001)
        log.append("kiosk")

    gevent.joinall([gevent.spawn(stranger) for _ in range(20)] + [gevent.spawn(kiosk)], timeout=30, raise_error=True)
    assert log.index("kiosk") <= 6
