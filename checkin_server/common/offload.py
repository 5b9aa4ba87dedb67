"""Running blocking native work without stopping everybody else.

Under gevent one thread serves all requests, so an fsync or an argon2 hash would hold them all up; it runs in gevent's
pool of real threads. Without gevent the caller's own thread does it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def offload(work: Callable[..., Any], *arguments: Any, patience_s: float | None = None) -> Any:
    """Run ``work(*arguments)`` off the event loop where there is one, and return its result.

    Raises `TimeoutError` when it takes longer than `patience_s`; the work goes on, and what it returns is dropped.
    """
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("threading"):
        return work(*arguments)
    from gevent import get_hub

    given: Any = get_hub().threadpool.spawn(_caught, work, arguments)
    if not given.ready() and patience_s is not None:
        given.wait(patience_s)
        if not given.ready():
            raise TimeoutError
    result, error = given.get()
    if error is not None:
        raise error
    return result


def _caught(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, BaseException | None]:
    """Return a result, or what was raised: gevent writes a trace of whatever is raised in its pool, each time."""
    try:
        return work(*arguments), None
    except BaseException as error:
        return None, error
