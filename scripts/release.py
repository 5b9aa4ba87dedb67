"""Makes a release in one command: `make release VERSION=0.2.0`.

The number goes into `checkin_server/__init__.py`, what stands under *Unreleased* in CHANGELOG.md becomes the release's
entry, both are committed and tagged `v0.2.0`. Nothing is pushed. Refused, with nothing changed, when the tree has
changes, the number is not above the last one, or there is nothing to release.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_UNRELEASED = "## [Unreleased]\n"


class Refused(Exception):
    """The release can't be made; the message says what to do."""


def with_version(text: str, version: str, *, first: bool = False) -> str:
    """Return `checkin_server/__init__.py` with another version; the `first` release may be the one that is there.

    Raises:
        Refused: `version` is no number of three parts, or not above the one that is there.
    """
    present = re.search(r'^__version__ = "(.*)"$', text, re.MULTILINE)
    if present is None:
        raise Refused("checkin_server/__init__.py names no __version__")
    new, old = _NUMBER.fullmatch(version), _NUMBER.fullmatch(present[1])
    if new is None:
        raise Refused(f"{version!r} is no version: three numbers, for example VERSION=0.2.0")
    numbers = [[int(part) for part in found.groups()] for found in (new, old) if found is not None]
    if numbers[0] < numbers[-1] or (numbers[0] == numbers[-1] and old is not None and not first):
        raise Refused(f"{version} is not above {present[1]}, the release before it")
    return text[: present.start(1)] + version + text[present.end(1) :]


def with_entry(changelog: str, version: str, day: date) -> str:
    """Return CHANGELOG.md with what is unreleased under `version`, and room for what comes next.

    Raises:
        Refused: nothing stands under *Unreleased*.
    """
    before, found, after = changelog.partition(_UNRELEASED)
    entry = re.split(r"^## \[", after, maxsplit=1, flags=re.MULTILINE)[0]
    if not found or not entry.strip():
        raise Refused("CHANGELOG.md has nothing under [Unreleased]: say what this release changes for venues")
    return f"{before}{_UNRELEASED}\n## [{version}] - {day.isoformat()}\n{after}"


def release(root: Path, version: str) -> str:
    """Make the release in the checkout at `root`; return what was done, in words."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout

    if git("status", "--porcelain", "--untracked-files=no").strip():
        raise Refused("the tree has changes that are not committed: commit them or put them aside first")
    tag = f"v{version}"
    if git("tag", "--list", tag).strip():
        raise Refused(f"there is a tag {tag} already")
    module, log = root / "checkin_server" / "__init__.py", root / "CHANGELOG.md"
    texts = {
        module: with_version(module.read_text("utf-8"), version, first=not git("tag", "--list", "v*").strip()),
        log: with_entry(log.read_text("utf-8"), version, datetime.now(UTC).date()),
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    git("add", *(str(path) for path in texts))
    git("commit", "-q", "-m", f"Release {version}")
    git("tag", "-a", tag, "-m", f"Riwaq {version}")
    return f"Released {version}: one commit, tag {tag}. Push both: git push --follow-tags"


def main(arguments: list[str]) -> int:
    """Run the command line; 2 when the release was refused."""
    if len(arguments) != 1:
        print("riwaq: say which: make release VERSION=0.2.0", file=sys.stderr)
        return 2
    try:
        print(release(ROOT, arguments[0]))
    except Refused as refusal:
        print(f"riwaq: {refusal}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
