"""How quickly a paired device is served: as quickly as any screen asks, and no device as quickly as it could ask.

A stolen tablet has a good token, and a screen's program may go round in circles. What such a device asks for is not
refused, it waits: beyond its pace, and for its own requests that are being answered already. So however much one asks,
the others are answered in between. Its connections are bounded too; of too many the oldest are shut. Times are
monotonic seconds.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import gevent
from gevent.lock import BoundedSemaphore

from checkin_server.common.buckets import Bucket


@dataclass(frozen=True, slots=True)
class Pace:
    """What a device may do; no screen comes near it."""

    requests: tuple[float, float] = (600, 100)
    """So many at once, and so many a second afterwards; a page's files count little."""
    at_once: int = 4
    """Requests of a device that are being answered."""
    connections: int = 256
    """A browser with many screens opens one for each, and shows every token that it has on all of them."""
    devices: int = 4096
    """Devices that are remembered."""


@dataclass(slots=True)
class _Device:
    requests: Bucket
    answering: BoundedSemaphore
    connections: OrderedDict[object, Callable[[], None]] = field(default_factory=OrderedDict)
    waiting: int = 0


class Paces:
    """How much each device has asked for."""

    def __init__(self, pace: Pace | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace or Pace()
        self._clock = clock
        self._by_id: OrderedDict[str, _Device] = OrderedDict()

    def holds(self, device: str, connection: object, shut: Callable[[], None]) -> None:
        """A device has shown its token on a connection; of too many the oldest is shut."""
        one = self._of(device)
        one.connections[connection] = shut
        if len(one.connections) > self._pace.connections:
            _, shut_oldest = one.connections.popitem(last=False)
            shut_oldest()

    def lets_go(self, device: str, connection: object) -> None:
        """A connection has ended."""
        one = self._by_id.get(device)
        if one is not None:
            one.connections.pop(connection, None)

    def wait(self, device: str, cost: float) -> None:
        """Wait until a device's pace allows what costs so much; who asks quickly lets others come first."""
        one, now = self._of(device), self._clock()
        wait = one.requests.owe(now, cost)
        if wait:
            gevent.sleep(wait)
        elif one.requests.left < one.requests.burst * 0.9:
            gevent.sleep(0)

    @contextmanager
    def turn(self, device: str, cost: float) -> Iterator[None]:
        """Answer a request of a device, at its pace and beside few others of its own."""
        self.wait(device, cost)
        one = self._of(device)
        one.waiting += 1
        try:
            with one.answering:
                yield
        finally:
            one.waiting -= 1

    def _of(self, device: str) -> _Device:
        known = self._by_id.get(device)
        if known is None:
            self._forget()
            known = _Device(Bucket.full(*self._pace.requests, self._clock()), BoundedSemaphore(self._pace.at_once))
            self._by_id[device] = known
        else:
            self._by_id.move_to_end(device)
        return known

    def _forget(self) -> None:
        """Forget the one that was silent for longest and has nothing open."""
        if len(self._by_id) < self._pace.devices:
            return
        for device, one in self._by_id.items():
            if not one.connections and not one.waiting:
                del self._by_id[device]
                return
