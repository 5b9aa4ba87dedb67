"""Everything a screen shows, whole."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Snapshot(BaseModel):
    """Everything a screen shows, whole. A higher `version` of the same `epoch` replaces a lower one."""

    topic: str
    epoch: str
    version: int
    data: dict[str, Any]
