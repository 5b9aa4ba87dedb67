"""Pictures and films that boards show beside the calls: what is in the venue's folder, and what of it can be shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from checkin_server.common.offload import offload
from checkin_server.domain.boards import Media

IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
FILMS = {".mp4": "video/mp4", ".webm": "video/webm"}
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_MEGABYTE = 1_000_000
_MOST_PIXELS = 40_000_000
"""A picture of 40 megapixels takes 160 MB in a browser; boards are small computers."""
_LOOK_AGAIN_S = 30.0
_SMALLER = "Make it smaller: 1920 pixels are enough."


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the playlist."""

    name: str
    path: Path
    kind: str
    """``image`` or ``video``."""
    mimetype: str
    changed: int
    """When the file was changed, nanoseconds: part of its address, so that a new one is not taken for the old."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that boards leave out."""

    name: str
    why: str
    todo: str


def look_through(media: Media) -> Iterator[Item | Refused]:
    """Look at every file of the folder, in the order of their names, but for hidden files and notes (.txt, .md)."""
    if not media.folder:
        return
    try:
        paths = sorted(path for path in Path(media.folder).iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return
    except OSError as error:
        yield Refused(media.folder, f"cannot be read: {error.strerror}", "Give the server's user the right to read it.")
        return
    for path in paths:
        if path.is_dir() or path.suffix.lower() in (".txt", ".md"):
            continue
        try:
            yield _look_at(path, media)
        except OSError as error:
            yield Refused(path.name, f"cannot be read: {error.strerror or error}", "Copy it again.")


def _look_at(path: Path, media: Media) -> Item | Refused:
    kind, size, changed = path.suffix.lower(), path.stat().st_size, path.stat().st_mtime_ns
    if kind in IMAGES:
        if size > media.max_image_mb * _MEGABYTE:
            return Refused(path.name, f"is larger than {media.max_image_mb} MB", _SMALLER)
        trouble = _trouble_of_image(path, IMAGES[kind])
        return trouble or Item(path.name, path, "image", IMAGES[kind], changed)
    if kind in FILMS:
        if size > media.max_video_mb * _MEGABYTE:
            return Refused(path.name, f"is larger than {media.max_video_mb} MB", "Make it shorter or of a lower rate.")
        trouble = _trouble_of_film(path, kind)
        return trouble or Item(path.name, path, "video", FILMS[kind], changed)
    return Refused(path.name, "is of a kind that boards don't show", "Use PNG, JPEG, WebP, MP4 (H.264) or WebM.")


def _trouble_of_image(path: Path, mimetype: str) -> Refused | None:
    try:
        with Image.open(path) as image:
            form, pixels = image.format or "", image.width * image.height
            if pixels <= _MOST_PIXELS:
                image.load()  # a file that was cut short shows itself only now
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return Refused(path.name, f"is broken: {error}", "Export it again.")
    if _FORMATS.get(form) != mimetype:
        return Refused(
            path.name, f"is {form or 'no'} picture under another name", "Give it the ending of its own kind."
        )
    if pixels > _MOST_PIXELS:
        return Refused(path.name, f"has {pixels // 1_000_000} megapixels", _SMALLER)
    return None


def _trouble_of_film(path: Path, kind: str) -> Refused | None:
    """See that the file begins as its kind does; whether a board can decode it, the board finds out and skips it."""
    with path.open("rb") as file:
        head = file.read(12)
    sound = head[4:8] == b"ftyp" if kind == ".mp4" else head[:4] == b"\x1a\x45\xdf\xa3"
    return None if sound else Refused(path.name, f"is no {kind[1:].upper()} film", "Export it again.")


class Playlist:
    """The files that can be shown, looked through again now and then."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._items: dict[str, Item] = {}
        self._looked_at = float("-inf")
        self._seen: list[tuple[str, int]] = []
        self._lock = threading.Lock()

    def items(self) -> Mapping[str, Item]:
        """Return what can be shown, by name, in order. Pictures are decoded only when the folder has changed."""
        with self._lock:
            if time.monotonic() - self._looked_at > _LOOK_AGAIN_S:
                self._looked_at = time.monotonic()
                files = _files(self._media.folder)
                if files != self._seen:
                    found = offload(lambda: list(look_through(self._media)))
                    self._items = {item.name: item for item in found if isinstance(item, Item)}
                    self._seen = files
            return self._items


def _files(folder: str) -> list[tuple[str, int]]:
    """Return the folder's files, good ones and bad ones, with when they were changed."""
    try:
        return sorted((path.name, path.stat().st_mtime_ns) for path in Path(folder or "/nowhere").iterdir())
    except OSError:
        return []
