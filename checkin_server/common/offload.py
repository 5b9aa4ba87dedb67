"""Running blocking native work without stopping everybody else.

Under gevent one thread serves all requests, so an fsync or an argon2 hash would hold them all up; it runs in gevent's
pool of real threads. Without gevent the caller's own thread does it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def offload(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run ``work(*arguments)`` off the event loop where there is one, and return its result."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return work(*arguments)
    from gevent import get_hub

    return get_hub().threadpool.apply(work, arguments)
