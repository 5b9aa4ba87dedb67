"""A film for Chromium's fake camera: a member's real card, held up by a hand that is not quite still.

Chromium reads a file of JPEG pictures one after the other (4:2:0) in place of a camera, and begins again at its end.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

import pypdfium2
from PIL import Image, ImageFilter

from checkin_server.common.places import FONTS, TEMPLATES
from printers.cards import CardLayout, CardSpec

SIZE = (1280, 720)
CAMERA_SWITCHES = ("--use-fake-device-for-media-stream",)
"""With `camera_file`: what makes Chromium take a film for its camera."""


def camera_file(path: Path) -> str:
    """Return the switch that names the film; it may be written anew between two uses of the camera."""
    return f"--use-file-for-fake-video-capture={path}"


def card(code: str) -> Image.Image:
    """Draw a card as the card printer does: the product's own layout, 300 dots an inch."""
    layout = CardLayout(TEMPLATES / "card.typ", FONTS)
    spec = CardSpec(code, "هبة زرودين", "Hiba Zeroudine", "موظف(ة) مزاول(ة)", "Actif ou active")
    document = pypdfium2.PdfDocument(layout.pdf([spec], event_ar="الأيام", event_fr="Journées", single=True))
    try:
        drawn: Image.Image = document[0].render(scale=300 / 72).to_pil()
        return drawn.convert("RGB")
    finally:
        document.close()


def write_film(path: Path, *shown: Image.Image, empty: int = 3, held: int = 10) -> None:
    """Write a film: an empty hall for `empty` pictures, then each of `shown` for `held` pictures."""
    chance = random.Random(1)
    pictures: list[bytes] = [_jpeg(_scene(None, chance)) for _ in range(empty)]
    for picture in shown:
        pictures += [_jpeg(_scene(picture, chance)) for _ in range(held)]
    path.write_bytes(b"".join(pictures))


def _scene(shown: Image.Image | None, chance: random.Random) -> Image.Image:
    scene = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    if shown is not None:
        held = shown.resize((shown.width * 430 // shown.height, 430))
        held = held.rotate(chance.uniform(-12, 12), Image.Resampling.BICUBIC, expand=True, fillcolor=(96, 84, 72))
        at = [(SIZE[i] - held.size[i]) // 2 + chance.randint(-30, 30) for i in (0, 1)]
        scene.paste(held, (at[0], at[1]))
        scene = scene.filter(ImageFilter.BoxBlur(1))
    return scene


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, subsampling="4:2:0")
    return out.getvalue()
