"""Blocking work, kept off gevent's loop."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")


def off_the_loop(work: Callable[[], _Result]) -> _Result:
    """Run `work` and give its result when it is done, letting other greenlets run meanwhile.

    A socket waits cooperatively after monkey patching; `fsync` and a USB library can't, and would hold up every scan.
    Where gevent has patched the process, the work goes to its real threads; elsewhere this is an ordinary call.
    """
    if "gevent.monkey" in sys.modules:
        from gevent import get_hub, monkey

        if monkey.is_module_patched("threading"):
            result: _Result = get_hub().threadpool.apply(work)
            return result
    return work()
