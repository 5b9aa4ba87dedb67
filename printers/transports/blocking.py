"""Blocking work, kept off gevent's loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Generic, TypeVar, cast

_Result = TypeVar("_Result")


def off_the_loop(work: Callable[[], _Result]) -> _Result:
    """Run `work` and give its result when it is done, letting other greenlets run meanwhile.

    A socket waits cooperatively after monkey patching; `fsync` and a USB library can't, and would hold up every scan.
    Where gevent has patched the process, the work goes to its real threads; elsewhere this is an ordinary call.
    """
    if "gevent.monkey" in sys.modules:
        from gevent import get_hub, monkey

        if monkey.is_module_patched("threading"):
            return cast(_Result, get_hub().threadpool.apply(_caught, (work,)).get())
    return work()


class _Outcome(Generic[_Result]):
    """What work gave or raised."""

    def __init__(self, result: _Result | None, error: Exception | None) -> None:
        self._result = result
        self._error = error

    def get(self) -> _Result | None:
        """Give the result, or raise the error."""
        if self._error is not None:
            raise self._error
        return self._result


def _caught(work: Callable[[], _Result]) -> _Outcome[_Result]:
    """Carry an error over to the caller: gevent would also print it, each time that a printer is found unplugged."""
    try:
        return _Outcome(work(), None)
    except Exception as error:
        return _Outcome(None, error)
