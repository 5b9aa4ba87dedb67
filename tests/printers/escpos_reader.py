"""A strict reader of print jobs, written from Epson's ESC/POS reference. It shares no code with `printers`.

It knows the few commands a ticket may hold and refuses any other byte, as a check on what would reach a printer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image


class BadJob(ValueError):
    """The bytes are not a well-formed job; says where."""


@dataclass
class Reading:
    """What a printer would do with a job."""

    images: list[Image.Image] = field(default_factory=list)
    """Raster images, black on white."""
    commands: list[str] = field(default_factory=list)
    """Names of the commands in order."""

    @property
    def picture(self) -> Image.Image:
        """The images under each other, as they stand on the paper where nothing stands between them."""
        whole = Image.new("L", (self.images[0].width, sum(image.height for image in self.images)), 255)
        top = 0
        for image in self.images:
            whole.paste(image, (0, top))
            top += image.height
        return whole


def read(job: bytes) -> Reading:
    """Read a job from its first byte to its last."""
    reading = Reading()
    at = 0
    while at < len(job):
        if job[at : at + 2] == b"\x1b\x40":
            reading.commands.append("initialise")
            at += 2
        elif job[at : at + 3] == b"\x1d\x76\x30":
            if len(job) < at + 8 or job[at + 3] != 0:
                raise BadJob(f"raster header at {at}")
            across = job[at + 4] + 256 * job[at + 5]
            down = job[at + 6] + 256 * job[at + 7]
            dots = job[at + 8 : at + 8 + across * down]
            if len(dots) < across * down:
                raise BadJob(f"raster at {at} ends early")
            image = Image.new("L", (across * 8, down), 255)
            pixels = image.load()
            assert pixels is not None
            for y in range(down):
                for x in range(across * 8):
                    if dots[y * across + x // 8] >> (7 - x % 8) & 1:
                        pixels[x, y] = 0
            reading.images.append(image)
            reading.commands.append("raster")
            at += 8 + across * down
        elif job[at : at + 2] == b"\x1b\x64" and len(job) > at + 2:
            reading.commands.append("feed")
            at += 3
        elif job[at : at + 3] == b"\x1d\x56\x42" and len(job) > at + 3:
            reading.commands.append("cut")
            at += 4
        elif job[at : at + 3] == b"\x1d\x72\x01":
            reading.commands.append("status request")
            at += 3
        else:
            raise BadJob(f"unexpected bytes {job[at : at + 4].hex(' ')} at {at}")
    return reading
