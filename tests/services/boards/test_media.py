"""Which pictures and films boards show: what is in the folder and can be shown; the rest is told with what to do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from checkin_server.domain.boards import Media
from checkin_server.services.boards.media import Item, Playlist, Refused, look_through

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(64)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(64)


def picture(kind: str = "PNG", side: int = 8) -> bytes:
    """Return a real picture."""
    file = io.BytesIO()
    Image.new("RGB", (side, side), "#336699").save(file, kind)
    return file.getvalue()


def told(folder: Path, **limits: int) -> dict[str, str]:
    """Return what is found in a folder: the kind of what is shown, why the rest is not."""
    found = look_through(Media(str(folder), **limits))
    return {one.name: one.kind if isinstance(one, Item) else one.why for one in found}


def test_pictures_and_films_are_shown_in_the_order_of_their_names(tmp_path: Path) -> None:
    """Notes and hidden files are passed over, folders too."""
    for name, content in (
        ("2.jpg", picture("JPEG")),
        ("1.png", picture()),
        ("4.webm", WEBM),
        ("3.MP4", MP4),
        ("5.webp", picture("WEBP")),
        ("read me.txt", b"notes"),
        (".hidden.png", picture()),
    ):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "older").mkdir()
    found = list(look_through(Media(str(tmp_path))))
    assert all(isinstance(one, Item) for one in found)
    assert [one.name for one in found] == ["1.png", "2.jpg", "3.MP4", "4.webm", "5.webp"]
    assert list(told(tmp_path).values()) == ["image", "image", "video", "video", "image"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("cut.png", picture(side=64)[:-40], "is broken"),
        ("none.png", b"no picture at all", "is broken"),
        ("other.png", picture("JPEG"), "is JPEG picture under another name"),
        ("none.mp4", b"no film at all, whatever it says", "is no MP4 film"),
        ("none.webm", MP4, "is no WEBM film"),
        ("plan.pdf", b"%PDF-1.7", "is of a kind that boards don't show"),
    ],
)
def test_what_cannot_be_shown_is_left_out_and_told(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    """With a reason and what to do; what stands beside it is shown."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.png").write_bytes(picture())
    found = {one.name: one for one in look_through(Media(str(tmp_path)))}
    refused = found[name]
    assert isinstance(refused, Refused)
    assert refused.why.startswith(why) and refused.todo
    assert isinstance(found["good.png"], Item)


def test_what_is_larger_than_the_settings_allow_is_left_out(tmp_path: Path) -> None:
    """Boards are small computers; a megabyte is a million bytes, and just that much is still shown."""
    (tmp_path / "large.png").write_bytes(picture() + bytes(1_000_000))
    (tmp_path / "large.mp4").write_bytes(MP4 + bytes(2_000_000))
    (tmp_path / "just.mp4").write_bytes(MP4 + bytes(2_000_000 - len(MP4)))
    assert told(tmp_path, max_image_mb=1, max_video_mb=2) == {
        "just.mp4": "video",
        "large.mp4": "is larger than 2 MB",
        "large.png": "is larger than 1 MB",
    }


def test_a_picture_of_too_many_points_is_left_out_however_small_its_file(tmp_path: Path) -> None:
    """It would take a board's memory."""
    Image.new("1", (8_000, 6_000)).save(tmp_path / "huge.png")
    assert told(tmp_path) == {"huge.png": "has 48 megapixels"}


def test_without_a_folder_or_with_one_that_is_gone_there_is_nothing_and_no_trouble(tmp_path: Path) -> None:
    """Boards show their calls."""
    assert list(look_through(Media())) == []
    assert list(look_through(Media(str(tmp_path / "gone")))) == []


def test_a_playlist_has_only_what_can_be_shown(tmp_path: Path) -> None:
    """By name, with the kind that browsers are told."""
    (tmp_path / "good.png").write_bytes(picture())
    (tmp_path / "bad.png").write_bytes(b"no picture")
    items = Playlist(Media(str(tmp_path))).items()
    assert {name: item.mimetype for name, item in items.items()} == {"good.png": "image/png"}
