"""What a server does by itself, once a second."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from checkin_server.running.rounds import Rounds
from checkin_server.services import access
from tests.support.venue import sqlcipher_site


def test_a_duty_that_fails_holds_up_no_other(tmp_path: Path) -> None:
    """Whatever is wrong with the printers: a device that was revoked is cut off all the same."""
    cut, gone = threading.Event(), []

    def broken() -> None:
        raise RuntimeError("no printer can be looked after")

    def cut_off(device: str) -> None:
        gone.append(device)
        cut.set()

    with sqlcipher_site(tmp_path) as site:
        device = access.add_device(site.venue, "kiosk", next(iter(site.plan.kiosks))).device_id
        access.revoke_device(site.venue, device)
        rounds = Rounds(
            site.venue,
            cast("Any", SimpleNamespace(seen={}, offsets={}, learn=lambda: None)),
            cast("Any", SimpleNamespace(devices=lambda: frozenset({device}), see_who_is_there=lambda: None)),
            cast("Any", SimpleNamespace(look_after=broken)),
            cut_off,
            tmp_path,
        )
        rounds.start()
        try:
            assert cut.wait(30)
        finally:
            rounds.stop()
    assert gone[0] == device
