"""Would a stolen laptop tell anything: disks and swap, as the kernel shows them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checkin_server.common import keys
from checkin_server.services.checkup.secrecy_check import check_disks, check_swap


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    """A key and a database on the disk of this test."""
    for name in ("key", "db"):
        (tmp_path / name).write_text("x")
    return tmp_path / "key", tmp_path / "db"


def kernel(folder: Path, device: int, *stack: str) -> Path:
    """What /sys says of a device that lies on others: each with its dm uuid, or "" for a bare disk."""
    sys = folder / "sys"
    block = sys / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
    for uuid in stack:
        (block / "slaves").mkdir(parents=True)
        if uuid:
            (block / "dm").mkdir()
            (block / "dm" / "uuid").write_text(uuid)
        block = block / "slaves" / "below"
    return sys


@pytest.mark.parametrize(
    ("stack", "verdict"),
    [
        (("",), "NOTE"),
        (("CRYPT-LUKS2-abc", ""), "OK"),
        (("LVM-xyz", "CRYPT-LUKS2-abc", ""), "OK"),
        (("LVM-xyz", ""), "NOTE"),
    ],
)
def test_one_disk_must_be_encrypted(
    place: tuple[Path, Path], tmp_path: Path, stack: tuple[str, ...], verdict: str
) -> None:
    """Itself, or what it lies on."""
    (finding,) = check_disks(*place, kernel(tmp_path, place[0].stat().st_dev, *stack))
    assert finding.verdict == verdict


def test_a_key_under_a_passphrase_may_lie_anywhere(place: tuple[Path, Path], tmp_path: Path) -> None:
    """The file alone opens nothing."""
    place[0].unlink()
    keys.make(place[0])
    keys.protect(place[0], "several long words")
    (finding,) = check_disks(*place, kernel(tmp_path, place[0].stat().st_dev, ""))
    assert finding.verdict == "OK"


def test_two_disks_are_two(place: tuple[Path, Path], tmp_path: Path) -> None:
    """A key that lies on another file system is not taken with the database's."""
    other = next(path for path in (Path("/dev/shm"), Path("/proc")) if path.stat().st_dev != place[1].stat().st_dev)
    (finding,) = check_disks(other / "cpuinfo", place[1], tmp_path)
    assert finding.verdict == "OK" and "different" in finding.what


@pytest.mark.parametrize(
    ("lines", "verdict"), [("", "OK"), ("/dev/zram0 partition 1 0 100\n", "OK"), ("{file} file 1 0 -2\n", "NOTE")]
)
def test_swap_must_not_lie_on_a_bare_disk(tmp_path: Path, lines: str, verdict: str) -> None:
    """Compressed memory is none."""
    (tmp_path / "swapfile").write_text("x")
    swaps = tmp_path / "swaps"
    swaps.write_text("Filename Type Size Used Priority\n" + lines.format(file=tmp_path / "swapfile"))
    (finding,) = check_swap(swaps, tmp_path / "sys")
    assert finding.verdict == verdict
