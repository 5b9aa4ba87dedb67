"""For organisers: what a day says afterwards, and its figures."""

from __future__ import annotations

from flask import Response

from checkin_server.domain.figures.dictionary import DATASETS
from checkin_server.domain.refusal import Refusal
from checkin_server.services.reports import exports, fairness
from checkin_server.services.reports.beside_server import Figures
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result


def register(api: Api, venue: Venue) -> None:
    """Serve the fairness report and the figures."""
    figures = Figures(venue)

    @api.operation(
        "GET", "/fairness/<day_id>", roles=("organizer",), answer=models.FairnessReport, errors=("unknown_day",)
    )
    def get_fairness(day_id: str) -> Result:
        """Say who was overtaken on a day and by how much, and whether the bound held."""
        return fairness.of_day(venue, day_id)

    @api.operation(
        "GET",
        "/stats",
        roles=("organizer",),
        answer=models.Stats,
        query=models.StatsQuery,
        errors=("unknown_day", "unavailable"),
    )
    def get_stats(query: models.StatsQuery) -> Result:
        """Give a day's figures, `dataset` by name or all: rows, what each column means, what the ids are called."""
        made = figures.of(query.day, "json", tuple(DATASETS) if query.dataset is None else (query.dataset,))
        return made if isinstance(made, Refusal) else Response(made, mimetype="application/json")

    @api.operation("GET", "/stats/dictionary", roles=("organizer",), answer=models.StatsDictionary)
    def get_dictionary() -> Result:
        """Say which datasets there are, and what every column means."""
        return exports.dictionary()

    @api.operation("GET", "/reports/<day_id>.csv", roles=("organizer",), errors=("unknown_day", "unavailable"))
    def get_report(day_id: str) -> Result:
        """Give a day's figures as one long CSV table: ``dataset,row,column,value,unit``."""
        made = figures.of(day_id, "csv", tuple(DATASETS))
        if isinstance(made, Refusal):
            return made
        answer = Response(made, mimetype="text/csv")
        answer.headers["Content-Disposition"] = f'attachment; filename="riwaq-{day_id}.csv"'
        return answer
