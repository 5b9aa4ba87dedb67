"""How many files and connections a process may have open: as many as the system lets it."""

from __future__ import annotations

import resource

ENOUGH = 4096
"""Two for each of a thousand screens, as many for those who have proved nothing, and the store's own."""
_MOST = 65_536
"""More than this is never needed, and some systems name a number that they don't keep."""


def allowed() -> int:
    """Return how many a process of ours can get."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return _MOST if hard == resource.RLIM_INFINITY else hard


def raise_limit() -> None:
    """Let this process have as many as it can get; many systems give 1,024 at first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(allowed(), _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
