"""Expected refusals are values with a stable code, stored and answered like any other outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command was not carried out. Nothing was changed by it."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
