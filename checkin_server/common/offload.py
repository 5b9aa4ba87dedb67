"""Running blocking native work without stopping everybody else.

Under gevent one thread serves all requests, so an fsync or an argon2 hash would hold them all up; it runs in gevent's
pool of real threads. Without gevent the caller's own thread does it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any


class Overdue(Exception):
    """Work has not come back in time, or what was begun before has not: what it was done on does not answer."""


class Apart:
    """Threads of its own for what may never come back, as a disk's work: however much of it hangs, all else goes on.

    As long as something is overdue nothing more is tried, so that a few threads hang and not one for everybody who
    asks. It ends by itself with the first that comes back. Without gevent the caller's own thread does the work.
    """

    _MOST = 32
    """More threads than an embedded database has connections, so that nobody waits for one."""

    def __init__(self) -> None:
        self._pools: dict[Any, Any] = {}
        self._begun: dict[object, float] = {}
        """Until when each piece of work that somebody waits for should come back, in monotonic seconds."""

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run ``work(*arguments)`` in a thread and return its result, however long it takes."""
        pool = self._pool()
        return work(*arguments) if pool is None else _outcome(pool.spawn(_caught, work, arguments))

    def try_to(
        self, work: Callable[..., Any], *arguments: Any, patience_s: float, late: Callable[[Any], None] | None = None
    ) -> Any:
        """The same for at most `patience_s`; raises `Overdue`, at once where earlier work is overdue.

        The work goes on. `late` is called when it has ended with what it returned (None when it raised, or was not even
        begun): what it was done with must not be touched before.
        """
        pool = self._pool()
        if pool is None:
            return work(*arguments)
        now = time.monotonic()
        if len(self._begun) >= self._MOST or any(until < now for until in self._begun.values()):
            if late is not None:
                late(None)
            raise Overdue
        me = object()
        self._begun[me] = now + patience_s
        given = pool.spawn(_caught, work, arguments)
        given.wait(patience_s)
        if given.ready():
            del self._begun[me]
            return _outcome(given)
        given.rawlink(lambda _: self._came_back(me, given, late))
        raise Overdue

    def _came_back(self, me: object, given: Any, late: Callable[[Any], None] | None) -> None:
        from gevent import spawn

        self._begun.pop(me, None)
        if late is not None:
            spawn(late, given.get()[0])

    def _pool(self) -> Any:
        """Return the threads of this event loop; None where there is none."""
        if not _under_gevent():
            return None
        from gevent import get_hub
        from gevent.threadpool import ThreadPool

        hub = get_hub()
        if hub not in self._pools:
            self._pools[hub] = ThreadPool(self._MOST, hub=hub)
        return self._pools[hub]


def offload(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run ``work(*arguments)`` off the event loop where there is one, and return its result."""
    if not _under_gevent():
        return work(*arguments)
    from gevent import get_hub

    return _outcome(get_hub().threadpool.spawn(_caught, work, arguments))


def give_way() -> None:
    """Let others go on for a moment where they share this thread; where they have threads of their own they do anyway.

    A command's own clock may be a faked one, which refuses to wait for no time at all.
    """
    if _under_gevent():
        time.sleep(0)


def _under_gevent() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("threading")


def _outcome(given: Any) -> Any:
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
