"""What somebody gets who has proved nothing: a small share of connections and requests, for each address alike.

Whoever shows a device's token is not counted: two hundred screens behind one address are two hundred screens.
Everybody else shares by address, so that one phone can take its own share and no other's; all of them together are
bounded too, as a phone can take many addresses. An address that screens speak from gets more of what is taken before
anybody can show anything, connections and handshakes: it may be a venue's one router. Nothing is exempt, this
machine's own address neither. Times are monotonic seconds.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from checkin_server.common.buckets import Bucket


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a share is: pairs are so many at once, and so many a second afterwards."""

    connections: tuple[float, float] = (600, 60)
    """New connections of an address; those that prove themselves are given back."""
    home_connections: tuple[float, float] = (1200, 240)
    """Of an address that screens speak from."""
    handshakes: tuple[float, float] = (300, 15)
    """TLS handshakes of an address; those whose connection proves itself are given back."""
    home_handshakes: tuple[float, float] = (600, 60)
    all_handshakes: tuple[float, float] = (600, 60)
    """Handshakes of all addresses together from which no screen speaks."""
    looked_at: tuple[float, float] = (200, 200)
    """Connections beyond the share of an address that screens speak from, which have said too little to be known yet:
    they are looked at a moment later once more."""
    in_line_s: float = 4.0
    """A handshake beyond the share waits in a line that is so long at most."""
    home_s: float = 1800.0
    """An address is where screens speak from while one does, and for so long afterwards."""
    requests: tuple[float, float] = (150, 30)
    """Requests of an address."""
    tokens: tuple[float, float] = (400, 20)
    """Tokens of an address that nobody here has seen before, whether they turn out good or not."""
    all_requests: tuple[float, float] = (400, 120)
    """Requests of all addresses together."""
    first: tuple[float, float] = (20, 0.2)
    """What an address may ask beyond what all may together: whoever has hardly asked yet is heard all the same."""
    kept: int = 64
    """Connections of an address that are kept; of more than these the oldest are shut."""
    home_kept: int = 384
    young_s: float = 2.0
    """A connection is not shut before it is so old: many screens may come back at one moment."""
    open: int = 512
    """Connections of an address, young ones too."""
    home_open: int = 896
    all_open: int = 1024
    """Connections of all addresses together."""
    addresses: int = 4096
    """Addresses that are remembered; further ones share one share."""


@dataclass(slots=True, eq=False)
class Held:
    """A connection, until it has proved itself or ends."""

    key: str
    at: float
    shut: Callable[[], None] = lambda: None
    """Hangs up."""
    counted: bool = True
    proved: bool = False
    shaken: bool = False
    """It has taken a handshake."""
    on_trial: bool = False
    """Let in beyond the share, to be looked at once more in a moment."""
    ended: bool = False


@dataclass(slots=True)
class _Address:
    connections: Bucket
    handshakes: Bucket
    requests: Bucket
    first: Bucket
    tokens: Bucket
    held: OrderedDict[Held, None] = field(default_factory=OrderedDict)
    screens: int = 0
    """Open connections that have shown a token."""
    home_until: float | None = None
    """Screens speak from here, or have lately; None: from here nobody has shown a token."""

    def idle(self, now: float) -> bool:
        """Whether nothing is known of it that a new one would not have."""
        buckets = (self.connections, self.handshakes, self.requests, self.first, self.tokens)
        return not self.held and self.home_until is None and all(one.level(now) >= one.burst for one in buckets)


@lru_cache(1024)
def key_of(address: str) -> str:
    """Return what an address is counted as: of IPv6 the network that a house is given, of IPv4 itself."""
    with suppress(ValueError):
        known = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(known, ipaddress.IPv6Address):
            mapped = known.ipv4_mapped
            return str(mapped) if mapped else str(ipaddress.ip_network((known, 64), strict=False))
        return str(known)
    return "?"


class Shares:
    """Who has taken how much."""

    def __init__(self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits or Limits()
        self._clock = clock
        self._by_key: OrderedDict[str, _Address] = OrderedDict()
        self._everybody = Bucket.full(*self.limits.all_requests, clock())
        self._shaking = Bucket.full(*self.limits.all_handshakes, clock())
        self._looked_at = Bucket.full(*self.limits.looked_at, clock())
        self._open = 0

    def arrives(self, address: str, is_known: Callable[[], bool | None] = lambda: False) -> Held | None:
        """Let a connection in; None when it is to be shut at once.

        `is_known` looks whether what it has sent already shows that it belongs here; None: there is not enough of it
        yet. It is asked beyond the share only: so a flood from the screens' own address keeps none of them out.
        """
        key, now = key_of(address), self._clock()
        one = self._of(key, now)
        if self._has_room(one, now):
            held = Held(key, now)
            one.held[held] = None
            self._open += 1
            return held
        known = is_known()
        if known:
            held = Held(key, now, counted=False, proved=True)
            self._is_home(one, now, screens=1)
            return held
        if known is None and one.home_until is not None and self._looked_at.take(now):
            return Held(key, now, counted=False, on_trial=True)
        return None

    def passes(self, held: Held) -> None:
        """A connection on trial has shown that it belongs here."""
        held.on_trial, held.proved = False, True
        self._is_home(self._of(held.key, self._clock()), self._clock(), screens=1)

    def _has_room(self, one: _Address, now: float) -> bool:
        limits, home = self.limits, one.home_until is not None
        if not one.connections.take(now):
            return False
        for _ in range(8):
            oldest = next(iter(one.held), None)
            kept = limits.home_kept if home else limits.kept
            if len(one.held) < kept or oldest is None or now - oldest.at < limits.young_s:
                break
            self._shut(oldest)
        if len(one.held) >= (limits.home_open if home else limits.open):
            return False
        if self._open >= limits.all_open:
            largest = max(self._by_key.values(), key=lambda other: len(other.held))
            if len(largest.held) <= len(one.held) + 1:
                return False
            self._shut(next(iter(largest.held)))
        return True

    def leaves(self, held: Held) -> None:
        """A connection has ended, or is being shut."""
        one = self._by_key.get(held.key)
        if held.counted:
            self._uncount(held)
        elif held.proved and not held.ended and one is not None:
            self._is_home(one, self._clock(), screens=-1)
        held.ended = True

    def _uncount(self, held: Held) -> None:
        held.counted = False
        self._open -= 1
        one = self._by_key.get(held.key)
        if one is not None:
            one.held.pop(held, None)

    def proves(self, held: Held) -> None:
        """A connection has shown that it belongs here."""
        if held.proved or held.ended:
            return
        held.proved = True
        self._uncount(held)
        now = self._clock()
        one = self._of(held.key, now)
        self._is_home(one, now, screens=1)
        one.connections.give_back()
        if held.shaken:
            one.handshakes.give_back()

    def _is_home(self, one: _Address, now: float, screens: int) -> None:
        """Screens speak from this address."""
        one.screens += screens
        if one.home_until is None:
            one.connections.widen(now, *self.limits.home_connections)
            one.handshakes.widen(now, *self.limits.home_handshakes)
        one.home_until = now + self.limits.home_s

    def shakes(self, held: Held) -> float | None:
        """Let a handshake begin after so many seconds; None when it is to be shut instead, as the line is too long."""
        now = self._clock()
        one = self._of(held.key, now)
        home, most_s = one.home_until is not None, self.limits.in_line_s
        wait = one.handshakes.owe(now, 1.0, most_s)
        if wait is None:
            return None
        if not home and not self._shaking.take(now) and not one.first.take(now):
            one.handshakes.give_back()
            return None
        held.shaken = True
        return wait

    def asks(self, address: str, cost: float = 1.0) -> float:
        """Let a request in (0), or say for how many seconds it is to wait."""
        now = self._clock()
        one = self._of(key_of(address), now)
        own = one.requests
        if not own.take(now, cost):
            return own.wait_s(cost)
        if not self._everybody.take(now, cost) and not one.first.take(now, cost):
            own.give_back(cost)
            return self._everybody.wait_s(cost)
        return 0.0

    def gives_back(self, address: str, cost: float = 1.0) -> None:
        """A request has shown after all that it belongs here."""
        self._of(key_of(address), self._clock()).requests.give_back(cost)
        self._everybody.give_back(cost)

    def tries(self, address: str) -> bool:
        """Let a token be looked up that nobody here has seen."""
        now = self._clock()
        return self._of(key_of(address), now).tokens.take(now)

    def _shut(self, held: Held) -> None:
        self.leaves(held)
        held.shut()

    def _of(self, key: str, now: float) -> _Address:
        known = self._by_key.get(key)
        limits = self.limits
        if known is not None:
            self._by_key.move_to_end(key)
            if known.home_until is not None and known.home_until <= now and not known.screens:
                known.home_until = None
                known.connections.widen(now, *limits.connections)
                known.handshakes.widen(now, *limits.handshakes)
            return known
        if len(self._by_key) >= limits.addresses:
            self._forget(now)
            if len(self._by_key) >= limits.addresses and key != "?":
                return self._of("?", now)
        made = _Address(
            Bucket.full(*limits.connections, now),
            Bucket.full(*limits.handshakes, now),
            Bucket.full(*limits.requests, now),
            Bucket.full(*limits.first, now),
            Bucket.full(*limits.tokens, now),
        )
        self._by_key[key] = made
        return made

    def _forget(self, now: float) -> None:
        """Forget those who have taken nothing for a while, the longest silent first."""
        for key in [key for key, _ in zip(self._by_key, range(64), strict=False)]:
            one = self._by_key[key]
            if one.home_until is not None and one.home_until <= now and not one.screens:
                one.home_until = None
            if one.idle(now):
                del self._by_key[key]


class Asker:
    """Who makes a request, for what is answered to it: a route can find out that they belong here."""

    __slots__ = ("_address", "_cost", "_held", "_shares")

    def __init__(self, shares: Shares, address: str, held: Held | None, cost: float) -> None:
        """`cost` is what was taken for the request, 0 when it has shown a token."""
        self._shares, self._address, self._held, self._cost = shares, address, held, cost

    def charge(self, cost: float) -> float:
        """What is asked for is dear: take `cost` more, or say for how many seconds to wait; 0 for whoever belongs."""
        if not self._cost:
            return 0.0
        wait = self._shares.asks(self._address, cost)
        self._cost += 0.0 if wait else cost
        return wait

    def prove(self, further: float = 0.0) -> None:
        """They belong here: give back what was taken for this request, and for `further` ones before."""
        if self._cost + further:
            self._shares.gives_back(self._address, self._cost + further)
            self._cost = 0.0
        if self._held is not None:
            self._shares.proves(self._held)
