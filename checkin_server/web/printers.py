"""Printers for organisers: how each is, and a test print."""

from __future__ import annotations

from checkin_server.services.paper.doubted import judge_test
from checkin_server.services.paper.printing import Printing
from checkin_server.services.paper.try_printer import try_printer
from checkin_server.services.snapshots import printers
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller


def register(api: Api, venue: Venue, printing: Printing) -> None:
    """Serve `/printers`."""

    @api.operation("GET", "/printers", roles=("organizer",), answer=models.Printers)
    def get_printers() -> Result:
        """List the printers: state, paper, queue, last error, how the day's tickets ended."""
        return printers.snapshot(venue, printing.states)

    @api.operation(
        "POST",
        "/printers/<printer_id>/test",
        roles=("organizer",),
        body=models.Command,
        answer=models.TestPrint,
        errors=("unknown_printer", "id_reused"),
    )
    def post_test(printer_id: str, body: models.Command) -> Result:
        """Queue a test print on one printer."""
        return try_printer(venue, caller().actor, printer_id, str(body.command_id))

    @api.operation(
        "POST",
        "/printers/<printer_id>/confirm",
        roles=("organizer",),
        body=models.TestJudged,
        answer=models.TestJudgedAnswer,
        errors=("unknown_printer", "unknown_print_job", "wrong_state", "id_reused"),
    )
    def post_confirm(printer_id: str, body: models.TestJudged) -> Result:
        """Say whether a test print came out whole; a printer that lost tickets is believed again when it did."""
        actor, command_id = caller().actor, str(body.command_id)
        return judge_test(venue, printing.doubts, actor, printer_id, body.print_job, body.came_out, command_id)
