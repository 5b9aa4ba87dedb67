"""Who really asks, when a proxy stands in front: what a listed proxy says counts, what anybody else says does not."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, and how it was asked for."""

    address: str
    scheme: str | None = None
    """`http` or `https` as the proxy was asked; None where no proxy said."""
    host: str | None = None


class Proxies:
    """The proxies that settings list."""

    def __init__(self, listed: Iterable[str] = ()) -> None:
        """`listed` are addresses or networks. Raises ValueError for anything else."""
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(one) for one in listed)

    def has(self, address: str) -> bool:
        """Whether a listed proxy has this address."""
        if not self._networks:
            return False
        with suppress(ValueError):
            known = ipaddress.ip_address(address.partition("%")[0])
            known = getattr(known, "ipv4_mapped", None) or known
            return any(known in network for network in self._networks)
        return False

    def origin(self, peer: str, headers: Mapping[str, str]) -> Origin:
        """Return who asks: behind listed proxies the last address that is none of theirs."""
        if not self.has(peer):
            return Origin(peer)
        address = peer
        for said in reversed(headers.get("x-forwarded-for", "").split(",")):
            candidate = said.strip()
            try:
                ipaddress.ip_address(candidate)
            except ValueError:
                break
            address = candidate
            if not self.has(candidate):
                break
        scheme = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
        host = headers.get("x-forwarded-host", "").split(",")[-1].strip()
        return Origin(address, scheme if scheme in ("http", "https") else None, host or None)
