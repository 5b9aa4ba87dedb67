"""What organisers are shown of the store: what it has first, and the last figures while none can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkin_server.common.limits import LARGE_LOG_BYTES
from checkin_server.db.health import StoreUnavailable
from checkin_server.services.snapshots.dashboard import Dashboard
from checkin_server.services.store_probe import StoreProbe, StoreState
from tests.support.venue import Site, sqlcipher_site

_WELL = StoreState(None, None, None)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A venue on an encrypted file."""
    with sqlcipher_site(tmp_path) as made:
        yield made


class Shown:
    """A dashboard, and how the store is said to be."""

    def __init__(self, site: Site) -> None:
        self.state = _WELL
        self._topic = Dashboard(site.venue, dict, frozenset, lambda: self.state)

    def __call__(self, state: StoreState) -> dict[str, Any]:
        """Return what is shown."""
        self.state = state
        return dict(self._topic.snapshot())


def test_what_the_store_has_stands_first_and_a_log_that_has_grown_last(site: Site) -> None:
    """One stops the day, the other doesn't."""
    site.visitor("bank")
    shown = Shown(site)
    assert shown(_WELL)["trouble"] == []
    failing = shown(StoreState("disk_full", 12, "2019-12-27"))["trouble"]
    assert failing[0] == {"code": "store_failing", "error": "disk_full", "seconds": 12}
    assert shown(StoreState(None, None, None, None, LARGE_LOG_BYTES))["trouble"] == []
    grown = shown(StoreState(None, None, None, None, LARGE_LOG_BYTES + 2**20))["trouble"]
    assert grown[-1] == {"code": "store_log_large", "megabytes": 129}


def test_while_nothing_can_be_read_the_last_figures_stand_with_what_the_store_has(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The screen that organisers act by must not be the first to go blank."""
    site.visitor("bank")
    shown = Shown(site)
    before = shown(_WELL)
    site.db.close()

    def away(job: Any) -> Any:
        raise StoreUnavailable("unreachable")

    monkeypatch.setattr(site.db, "read", away)
    site.venue.hall.forget()
    told = shown(StoreState("unreachable", 3, None))
    assert told["trouble"][0]["code"] == "store_failing"
    assert (before["old_since"], told["old_since"]) == (None, before["now"]), "it says of when its figures are"
    assert {**told, "trouble": [], "old_since": None} == {**before, "trouble": []}
    with pytest.raises(StoreUnavailable):
        Shown(site)(_WELL)


def test_a_probe_writes_a_row_each_time_and_says_which_day_is_open(site: Site, tmp_path: Path) -> None:
    """A commit of nothing would succeed on a full disk."""
    probe = StoreProbe(site.venue, tmp_path)
    assert probe.store().service_day == "2019-12-27"
    assert site.rows("SELECT id, at FROM probe") == [{"id": 1, "at": site.clock.now()}]
    site.wait(1)
    state = probe.store()
    assert (state.error, state.for_s) == (None, None) and state.log_bytes
    assert site.rows("SELECT at FROM probe") == [{"at": site.clock.now()}]
    assert (probe.disk().free_bytes or 0) > 0


def test_a_question_without_an_answer_is_unknown_for_as_long_as_it_has_none(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks does not wait with it."""
    now = [100.0]
    probe = StoreProbe(site.venue, tmp_path, lambda: now[0])
    probe.ask()
    monkeypatch.setattr(probe, "_running", True)
    for hangs_s, error in ((1, None), (3, "unknown"), (40, "unknown")):
        monkeypatch.setattr(probe, "_asked", 100.0)
        now[0] = 100.0 + hangs_s
        state = probe.store()
        assert (state.error, state.for_s) == (error, hangs_s if error else None)
        assert state.service_day == "2019-12-27"
