"""Print agents: the next ticket of a printer, what became of it, how the printer is."""

from __future__ import annotations

from base64 import b64encode

from checkin_server.domain.refusal import Refusal
from checkin_server.services.paper.print_agents import PrintAgents
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller

_AGENT = ("print_agent",)
_OF_JOB = ("unknown_print_job", "wrong_state", "id_reused")


def register(api: Api, agents: PrintAgents) -> None:
    """Serve `/printers/{id}/…` and `/print-jobs/{id}/…`, to the agent of that very printer only."""

    @api.operation(
        "POST",
        "/printers/<printer_id>/next-job",
        roles=_AGENT,
        body=models.NextJobBody,
        answer=models.NextJob,
        errors=("unknown_printer", "unavailable"),
    )
    def post_next_job(printer_id: str, body: models.NextJobBody) -> Result:
        """Look up the next ticket to print, laid out; waits for one if asked to. Changes nothing."""
        result = agents.next_job(caller().actor, printer_id, body.wait_s)
        if isinstance(result, Refusal) or result["job"] is None:
            return result
        ticket = result["job"]["ticket"]
        encoded = {"escpos": b64encode(ticket.escpos).decode("ascii"), "png": b64encode(ticket.png).decode("ascii")}
        return {"job": {**result["job"], "ticket": encoded}}

    @api.operation(
        "POST",
        "/printers/<printer_id>/recover",
        roles=_AGENT,
        body=models.RecoverBody,
        answer=models.Recovered,
        errors=("unknown_printer", "id_reused"),
    )
    def post_recover(printer_id: str, body: models.RecoverBody) -> Result:
        """Settle what an agent's earlier run left in `sending`."""
        return agents.recover(caller().actor, printer_id, str(body.command_id), body.idempotent)

    @api.operation(
        "PUT",
        "/printers/<printer_id>/state",
        roles=_AGENT,
        body=models.PrinterStateBody,
        answer=models.Done,
        errors=("unknown_printer",),
    )
    def put_printer_state(printer_id: str, body: models.PrinterStateBody) -> Result:
        """Say how the printer is; every few seconds, else it counts as silent."""
        return agents.report(caller().actor, printer_id, body.model_dump())

    for action, body, summary in _WORDS:
        _register_word(api, agents, action, body, summary)


_WORDS: tuple[tuple[str, type[models.Command], str], ...] = (
    (
        "sending",
        models.Command,
        "Begin to print, just before the first byte; refused when the job is not waiting here.",
    ),
    ("printed", models.Command, "Say that the printer has confirmed the ticket."),
    ("sent", models.Command, "Say that the printer has taken the ticket, and is one that confirms nothing."),
    ("uncertain", models.PrintTroubleBody, "Say that bytes were sent and nobody knows what came out."),
    ("failed", models.PrintTroubleBody, "Say that this ticket can't be printed."),
    ("retry", models.RetryBody, "Give the ticket back: no byte of it was sent."),
)
"""What an agent says of a job: the action, the body and the summary."""


def _register_word(api: Api, agents: PrintAgents, action: str, body_type: type[models.Command], summary: str) -> None:
    def say(job_id: str, body: models.Command) -> Result:
        actor, command_id = caller().actor, str(body.command_id)
        if isinstance(body, models.RetryBody):
            return agents.retry(actor, job_id, command_id, body.error, body.delay_s)
        if action == "sending":
            return agents.sending(actor, job_id, command_id)
        error = body.error if isinstance(body, models.PrintTroubleBody) else None
        return agents.ended(actor, job_id, action, command_id, error)

    say.__name__ = f"post_job_{action}"
    say.__doc__ = summary
    api.operation(
        "POST",
        f"/print-jobs/<job_id>/{action}",
        roles=_AGENT,
        body=body_type,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )(say)
