from __future__ import annotations

import os
from pathlib import Path

import pytest

from checkin_server.common import keys
from checkin_server.services.checkup.machine_check import check_key


@pytest.mark.parametrize(
    ("rights", "verdict"), [(0o600, "OK"), (0o400, "OK"), (0o640, "STOP"), (0o604, "STOP"), (0o620, "STOP")]
)
def test_a_key_is_for_its_owner_alone(tmp_path: Path, rights: int, verdict: str) -> None:
    """Neither the group nor others: whoever reads it reads every member's name."""
    path = tmp_path / "database.key"
    keys.make(path)
    os.chmod(path, rights)
    (finding,) = check_key(path)
    assert finding.verdict == verdict
    assert (f"{rights:04o}" in finding.what) == (verdict == "STOP")
