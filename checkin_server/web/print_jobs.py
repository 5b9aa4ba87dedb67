"""Print agents: the next ticket of a printer, what became of it, how the printer is."""

from __future__ import annotations

from base64 import b64encode

from checkin_server.domain.refusal import Refusal
from checkin_server.services.print_agents import PrintAgents
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

    @api.operation(
        "POST",
        "/print-jobs/<job_id>/sending",
        roles=_AGENT,
        body=models.Command,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )
    def post_job_sending(job_id: str, body: models.Command) -> Result:
        """Begin to print, just before the first byte; refused when the job is not waiting here any more."""
        return agents.sending(caller().actor, job_id, str(body.command_id))

    @api.operation(
        "POST",
        "/print-jobs/<job_id>/printed",
        roles=_AGENT,
        body=models.Command,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )
    def post_job_printed(job_id: str, body: models.Command) -> Result:
        """Say that the printer has confirmed the ticket."""
        return agents.ended(caller().actor, job_id, "printed", str(body.command_id))

    @api.operation(
        "POST",
        "/print-jobs/<job_id>/uncertain",
        roles=_AGENT,
        body=models.PrintTroubleBody,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )
    def post_job_uncertain(job_id: str, body: models.PrintTroubleBody) -> Result:
        """Say that bytes were sent and nobody knows what came out."""
        return agents.ended(caller().actor, job_id, "uncertain", str(body.command_id), body.error)

    @api.operation(
        "POST",
        "/print-jobs/<job_id>/failed",
        roles=_AGENT,
        body=models.PrintTroubleBody,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )
    def post_job_failed(job_id: str, body: models.PrintTroubleBody) -> Result:
        """Say that this ticket can't be printed."""
        return agents.ended(caller().actor, job_id, "failed", str(body.command_id), body.error)

    @api.operation(
        "POST",
        "/print-jobs/<job_id>/retry",
        roles=_AGENT,
        body=models.RetryBody,
        answer=models.PrintJobAnswer,
        errors=_OF_JOB,
    )
    def post_job_retry(job_id: str, body: models.RetryBody) -> Result:
        """Give the ticket back: no byte of it was sent."""
        return agents.retry(caller().actor, job_id, str(body.command_id), body.error, body.delay_s)
