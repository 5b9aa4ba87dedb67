from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from printers.png import png_bytes


@given(width=st.integers(1, 70), height=st.integers(1, 9), dots=st.binary(min_size=81, max_size=81))
def test_a_picture_is_the_same_after_it_was_a_file(width: int, height: int, dots: bytes) -> None:
    """Another program reads back each dot, whatever the width."""
    across = (width + 7) // 8
    picture = Image.frombytes("1", (width, height), dots[: across * height])
    read = Image.open(io.BytesIO(png_bytes(picture)))
    assert (read.mode, read.size) == ("1", (width, height))
    assert read.convert("L").tobytes() == picture.convert("L").tobytes()


def test_only_pictures_of_one_bit_are_written() -> None:
    """Grey on a ticket would be a mistake before this point."""
    with pytest.raises(ValueError, match="mode L"):
        png_bytes(Image.new("L", (8, 8)))
