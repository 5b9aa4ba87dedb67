"""What a day says afterwards."""

from __future__ import annotations

from pydantic import RootModel

from checkin_server.services.reports.fairness import FairnessOfDay


class FairnessReport(RootModel[FairnessOfDay]):
    """Who was overtaken on a day, and whether the bound held."""
