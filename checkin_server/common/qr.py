"""QR codes as one SVG path, for cards and for tickets that found no paper.

The path goes into the page as it is: no image file, no ``data:`` address, sharp at every size on screen and on paper.
"""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around the code that ISO/IEC 18004 asks for."""


def qr_path(text: str) -> tuple[str, int]:
    """Draw `text` as a QR code.

    Returns the ``d`` of an SVG path, one horizontal run of dark modules a piece, and the side of its square view box
    in modules, quiet zone included.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                runs.append(f"M{x} {y}h{end - x}v1H{x}z")
            x = end + 1
    return "".join(runs), len(rows)


def qr_svg(text: str) -> str:
    """Draw `text` as a whole SVG image, dark on white whatever stands behind it."""
    path, side = qr_path(text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )
