"""What a process of Riwaq keeps to itself: the files that it writes, and its memory when it dies.

The database's key and members' names are in that memory. A core file, or a debugger of the same user, would have them.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import stat
from pathlib import Path

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def keep_to_itself() -> None:
    """Write files for their owner only from now on, and leave no core: for a process's start.

    Children inherit the first and the limit. The limit alone would not stop a core that is piped to a program
    (``core_pattern``); a process that is not dumpable writes none at all.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, AttributeError):  # another system than Linux
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def take_rights_back(folder: Path) -> int:
    """Take from others what an older release let them read below a folder; return of how many files and folders."""
    changed = 0
    for path in (folder, *folder.rglob("*")):
        with contextlib.suppress(OSError):
            mode = path.lstat().st_mode
            if (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and mode & 0o077:
                path.chmod(mode & 0o700)
                changed += 1
    return changed
