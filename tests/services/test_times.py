from __future__ import annotations

import pytest

from checkin_server.services.times import milliseconds, rfc3339


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (1_577_433_600_000, "2019-12-27T08:00:00Z"),
        (1_577_433_600_007, "2019-12-27T08:00:00.007Z"),
        (0, "1970-01-01T00:00:00Z"),
    ],
)
def test_a_time_is_written_in_utc_and_read_back_the_same(at: int, text: str) -> None:
    """With milliseconds where there are any."""
    assert rfc3339(at) == text
    assert milliseconds(text) == at


def test_no_time_is_written_as_none() -> None:
    """What has not happened has no time, not that of 1970."""
    assert rfc3339(None) is None


def test_an_offset_counts() -> None:
    """Nine o'clock in Rabat is eight in UTC."""
    assert milliseconds("2019-12-27T09:00:00+01:00") == 1_577_433_600_000


@pytest.mark.parametrize("text", ["2019-12-27T09:00:00", "2019-12-27", "nine"])
def test_a_time_without_an_offset_is_refused(text: str) -> None:
    """Whose nine o'clock? The machine's zone must not decide."""
    with pytest.raises(ValueError):
        milliseconds(text)
