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

    result, error = get_hub().threadpool.apply(_caught, (work, arguments))
    if error is not None:
        raise error
    return result


def _caught(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """Return a result, or what was raised: gevent writes a trace of whatever is raised in its pool, each time."""
    try:
        return work(*arguments), None
    except BaseException as error:
        return None, error
