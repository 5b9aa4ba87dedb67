"""Printer commands that both the job's bytes and the way to the printer know."""

from __future__ import annotations

RASTER = b"\x1dv0\x00"
"""GS v 0: raster image, normal density; then width in bytes and height in rows, low byte first."""
STATUS_REQUEST = b"\x1dr\x01"
"""GS r 1: the paper sensor's state, sent back in print order (unlike DLE EOT, which is answered at once)."""
