"""Would a stolen laptop tell anything? Where key and database lie, and where memory may be written to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from checkin_server.common import keys
from checkin_server.services.checkup.doctor import Finding

_SYS, _SWAPS = Path("/sys"), Path("/proc/swaps")


def check_disks(key: Path | None, database: Path | None, sys: Path = _SYS) -> Iterator[Finding]:
    """See that whoever takes the disk with the database has not taken its key with it, readable."""
    if key is None or database is None:
        return
    try:
        devices = [os.stat(path if path.exists() else path.parent).st_dev for path in (key, database)]
    except OSError:
        return  # said by others: there is no key, or no folder
    if keys.is_protected(key):
        yield Finding("secrecy", "OK", "the key is under a passphrase")
    elif devices[0] != devices[1]:
        yield Finding("secrecy", "OK", "key and database lie on different disks or partitions")
    elif encrypted(devices[0], sys):
        yield Finding("secrecy", "OK", "key and database lie on one disk, which is encrypted")
    else:
        todo = "Put the key on a stick that is kept apart, or encrypt the disk (docs/privacy.md)."
        what = "key and database lie on one disk that is not encrypted: who takes the machine can read everything"
        yield Finding("secrecy", "NOTE", what, todo)


def encrypted(device: int, sys: Path = _SYS) -> bool:
    """Say whether what lies on a device (``st_dev``) is encrypted below it: dm-crypt, itself or further down."""
    return _crypt(sys / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}")


def _crypt(block: Path) -> bool:
    try:
        if (block / "dm" / "uuid").read_text("ascii").startswith("CRYPT-"):
            return True
    except OSError:
        pass
    slaves = block / "slaves"
    below = sorted(slaves.iterdir()) if slaves.is_dir() else []
    return bool(below) and all(_crypt(one) for one in below)


def check_swap(swaps: Path = _SWAPS, sys: Path = _SYS) -> Iterator[Finding]:
    """See that the server's memory, with the key in it, is never written to a disk in plain."""
    try:
        places = [line.split()[0] for line in swaps.read_text("utf-8").splitlines()[1:] if line.strip()]
    except OSError:
        return
    bare = [place for place in places if not _swap_is_safe(place, sys)]
    if bare:
        todo = "Turn it off (`swapoff -a`, and in /etc/fstab), or encrypt it: the key may be written there."
        yield Finding("secrecy", "NOTE", f"swap is not encrypted: {', '.join(bare)}", todo)
    else:
        yield Finding("secrecy", "OK", "memory is never written to a disk in plain" if places else "there is no swap")


def _swap_is_safe(place: str, sys: Path) -> bool:
    """Compressed memory is no disk; a partition or a file is safe where it lies encrypted."""
    if Path(place).name.startswith("zram"):
        return True
    try:
        found = os.stat(place)
    except OSError:
        return False
    return encrypted(found.st_rdev or found.st_dev, sys)


def check_backups(folder: Path | None, every_minutes: int, age_s: float | None) -> Iterator[Finding]:
    """See that backups are made, and that the newest is young."""
    if folder is None:
        todo = "Name a folder and recipients under [backup] in the settings (docs/runbook.md)."
        yield Finding("backup", "NOTE", "none is made by itself", todo)
    elif not folder.is_dir():
        yield Finding("backup", "NOTE", f"there is no folder {folder}", "Put the stick in: none is made without it.")
    elif age_s is None:
        yield Finding(
            "backup", "NOTE", f"there is none in {folder} yet", "A running server makes one, or `riwaq db backup`."
        )
    elif every_minutes and age_s > 2 * every_minutes * 60 + 60:
        what = f"the newest is {age_s / 3600:.1f} hours old"
        yield Finding("backup", "NOTE", what, "A running server makes them; or `riwaq db backup --config F`.")
    else:
        yield Finding(
            "backup", "OK", f"the newest in {folder} is {age_s / 60:.0f} minutes old; try it: `riwaq db drill`"
        )
