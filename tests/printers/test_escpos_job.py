from __future__ import annotations

import random
import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers.escpos_job import defuse, job_bytes
from printers.render import DOTS, TicketLayout
from printers.ticket import TicketSpec
from tests.printers import samples
from tests.printers.escpos_reader import read

REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def picture_of(inked: bytes, width: int) -> Image.Image:
    """A picture with these bytes as its black dots."""
    height = max(1, len(inked) * 8 // width)
    return Image.frombytes("1", (width, height), inked.ljust(width // 8 * height, b"\0"), "raw", "1;I")


@pytest.mark.parametrize("width_mm", [80, 58])
@pytest.mark.parametrize("locale", samples.BY_LOCALE)
def test_a_job_is_bands_without_a_gap_then_feed_cut_and_status_request(
    layout: TicketLayout, locale: str, width_mm: int
) -> None:
    """A reader that knows nothing of this project gets the picture back, and the code on it can be scanned."""
    picture = defuse(layout.picture(TicketSpec.from_dict(samples.BY_LOCALE[locale]), width_mm))
    reading = read(job_bytes(picture))
    bands = -(-picture.height // 48)
    assert reading.commands == ["initialise", *["raster"] * bands, "feed", "cut", "status request"]
    assert {band.width for band in reading.images} == {DOTS[width_mm]}
    assert max(band.height for band in reading.images) == 48, "who is cut short in one swallows no more than 6 mm"
    image = reading.picture
    assert image.tobytes() == picture.convert("L").tobytes()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [samples.REFERENCE]


@settings(max_examples=300)
@given(
    inked=st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x00, 0x18, 0x01, 0xFF]), min_size=1, max_size=600),
    width=st.sampled_from([8, 384, 576]),
)
def test_no_job_holds_a_command_that_printers_act_on_at_once(inked: list[int], width: int) -> None:
    """Whatever the picture: no DLE EOT, DLE ENQ or DLE DC4; at most one dot a byte is added, none is lost."""
    picture = picture_of(bytes(inked), width)
    safe = defuse(picture)
    assert not REAL_TIME.search(job_bytes(safe))
    before = picture.tobytes("raw", "1;I")
    after = safe.tobytes("raw", "1;I")
    assert all(new & old == old and (new ^ old).bit_count() <= 1 for new, old in zip(after, before, strict=False))
    assert not any(after[len(before) :])


def test_not_one_of_a_hundred_thousand_random_rasters_holds_such_a_command() -> None:
    """Half of them of bytes that make such commands likely, half of any; each job from its first byte to its last."""
    dice = random.Random(20191227)
    likely = bytes(
        dice.choices((0x10, 0x04, 0x05, 0x14, 0x00, 0x18, 0x01, 0xFF), weights=(4, 2, 2, 2, 1, 1, 1, 1), k=256)
    )
    dangerous = 0
    for number in range(100_000):
        across = dice.choice((1, 2, 48, 72))
        # Small for most, and now and then as tall as a ticket, so that both bytes of the height are tried.
        down = dice.randint(200, 2303) if number % 1000 == 0 else dice.randint(1, 6)
        inked = dice.randbytes(across * down)
        if number % 2:
            inked = inked.translate(likely)
        dangerous += REAL_TIME.search(inked) is not None
        job = job_bytes(defuse(Image.frombytes("1", (across * 8, down), inked, "raw", "1;I")))
        assert not REAL_TIME.search(job), (number, across, down)
    assert dangerous > 20_000, "the rasters are no trial"


@pytest.mark.parametrize("height", [4, 5, 16, 20, 52, 53, 64, 68, 0x0410, 0x0510, 0x1000])
def test_the_height_of_a_band_is_no_command_either(height: int) -> None:
    """One image of 1040 rows would be written as 10 04; what a last band of few rows is, stands behind a zero."""
    picture = picture_of(b"\x04\x05" + bytes(72 * height - 2), 576)
    assert picture.height == height
    assert not REAL_TIME.search(job_bytes(defuse(picture)))


def test_a_harmless_picture_is_not_touched() -> None:
    """Defusing changes nothing where there is nothing to defuse."""
    picture = picture_of(b"\x10\x00\x04" * 72, 576)
    assert defuse(picture) is picture


@pytest.mark.parametrize("picture", [Image.new("L", (576, 10)), Image.new("1", (570, 10)), Image.new("1", (8, 0))])
def test_what_is_no_raster_image_is_refused(picture: Image.Image) -> None:
    """Grey, uneven or empty pictures never become a job."""
    with pytest.raises(ValueError, match="not a raster image"):
        job_bytes(picture)
