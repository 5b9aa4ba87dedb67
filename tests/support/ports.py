"""Ports nobody uses."""

from __future__ import annotations

import socket

_given: set[int] = set()


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now and that this test run has not given out before.

    Another program could take it before it is used; the system hands such ports out in turn, so that is unlikely.
    """
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port
