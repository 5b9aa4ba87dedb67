"""From which address each pairing was asked for that still waits: so that one address can't take all of them.

Kept while the server runs and nowhere else; after a restart what waits was asked for by nobody in particular.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Askers:
    """Who asked for what waits."""

    _by_id: dict[str, str] = field(default_factory=dict)

    def note(self, pairing: str, address: str) -> None:
        """Somebody at `address` has asked."""
        self._by_id[pairing] = address

    def of(self, waiting: Iterable[str], address: str) -> list[str]:
        """Return which of these were asked for at `address`, in the order given."""
        return [pairing for pairing in waiting if self._by_id.get(pairing, "") == address]

    def greediest(self, waiting: Iterable[str]) -> str:
        """Return the address that most of these were asked for at."""
        return Counter(self._by_id.get(pairing, "") for pairing in waiting).most_common(1)[0][0]

    def only(self, waiting: Iterable[str]) -> None:
        """Forget all others: they were approved, or have expired."""
        kept = frozenset(waiting)
        for pairing in [one for one in self._by_id if one not in kept]:
            del self._by_id[pairing]
