"""Blocking file work, kept off gevent's loop."""

from __future__ import annotations

import sys
from collections.abc import Callable


def off_the_loop(work: Callable[[], None]) -> None:
    """Run `work` and come back when it is done, letting other greenlets run meanwhile.

    A socket waits cooperatively after monkey patching; `fsync` can't, and would hold up every scan. Where gevent has
    patched the process, the work goes to its real threads; elsewhere this is an ordinary call.
    """
    if "gevent.monkey" in sys.modules:
        from gevent import get_hub, monkey

        if monkey.is_module_patched("threading"):
            get_hub().threadpool.apply(work)
            return
    work()
