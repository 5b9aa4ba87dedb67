"""Counter tablets: signing in, and every action on the visitor."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.counters import pass_on, private_notes, scan_here, second_chance, serve
from checkin_server.services.counters.call_next import call_next
from checkin_server.services.counters.run_counter import run_counter
from checkin_server.services.counters.undo import undo
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result, to_json
from checkin_server.web.auth import SESSION_COOKIE, STAFFED, caller, keep_session, session_token
from checkin_server.web.problems import problem

_ERRORS = ("no_session", "session_locked", "unknown_counter", "forbidden", "wrong_state", "id_reused")
_ROLE = ("counter",)


def _not_here(counter_id: str) -> Response | None:
    """Refuse a tablet that acts for another counter than its own."""
    who = caller()
    if counter_id == who.station:
        return None
    return problem("forbidden", detail=f"This tablet is paired with counter {who.station}.", station=who.station)


def register(api: Api, venue: Venue, signed: Callable[[str], None]) -> None:
    """Serve `/session` and `/counters/…`; `signed` hears of devices where somebody has signed in or out."""
    _register_session(api, venue, signed)
    for action in ("open", "pause", "close"):
        _register_state(api, venue, action)
    _register_calls(api, venue)
    _register_with_the_visitor(api, venue)
    _register_sending(api, venue)
    _register_arrivals(api, venue)
    _register_notes(api, venue)


def _register_session(api: Api, venue: Venue, signed: Callable[[str], None]) -> None:
    @api.operation(
        "POST",
        "/session",
        roles=STAFFED,
        body=models.SignInBody,
        answer=models.Session,
        errors=("wrong_pin", "locked", "wrong_role"),
        alone=True,
    )
    def post_session(body: models.SignInBody) -> Result:
        """Sign a person in on this paired counter, welcome desk or dashboard; on a locked one the PIN goes on."""
        device = caller().device
        result = access.sign_in(venue, device, body.staff.strip(), body.pin, caller().role)
        if isinstance(result, Refusal):
            return result
        signed(device)
        answer = to_json(result)
        keep_session(answer, device, result["session_token"])
        return answer

    @api.operation(
        "GET",
        "/session",
        roles=STAFFED,
        staff=STAFFED,
        answer=models.Signed,
        errors=("no_session", "session_locked"),
    )
    def get_session() -> Result:
        """Say who is signed in on this device."""
        person = caller().person
        assert person is not None, "the doorkeeper lets nobody in here who is not signed in"
        return {"staff": person.shown()}

    @api.operation(
        "POST",
        "/session/here",
        roles=STAFFED,
        staff=STAFFED,
        answer=models.Done,
        errors=("no_session", "session_locked"),
    )
    def post_here() -> Result:
        """Say that somebody's hands are on this device: it does not lock yet, the PIN goes on counting."""
        return {"outcome": "done"}

    @api.operation("DELETE", "/session", roles=STAFFED, answer=models.Done, alone=True)
    def delete_session() -> Result:
        """Sign out: the session that is sent ends, if it is one of this device."""
        token = session_token(caller().device)
        if token:
            access.sign_out(venue, token, caller().device)
            signed(caller().device)
        answer = to_json({"outcome": "done"})
        answer.delete_cookie(SESSION_COOKIE + caller().device)
        return answer


def _register_state(api: Api, venue: Venue, action: str) -> None:
    def change(counter_id: str, body: models.CounterBody) -> Result:
        return _not_here(counter_id) or run_counter(
            venue, caller().actor, counter_id, action, str(body.command_id), body.reason
        )

    change.__name__ = f"post_{action}"
    change.__doc__ = f"{action.capitalize()} the counter."
    api.operation(
        "POST",
        f"/counters/<counter_id>/{action}",
        roles=_ROLE,
        staff=True,
        body=models.CounterBody,
        answer=models.CounterAnswer,
        errors=_ERRORS,
    )(change)


def _register_calls(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/counters/<counter_id>/call-next",
        roles=_ROLE,
        staff=True,
        body=models.Command,
        answer=models.CallAnswer,
        errors=_ERRORS,
    )
    def post_call_next(counter_id: str, body: models.Command) -> Result:
        """Call the next visitor to this counter."""
        return _not_here(counter_id) or call_next(venue, caller().actor, counter_id, str(body.command_id))

    @api.operation(
        "POST",
        "/counters/<counter_id>/finish",
        roles=_ROLE,
        staff=True,
        body=models.FinishBody,
        answer=models.StepAnswer,
        errors=(*_ERRORS, "unknown_office"),
    )
    def post_finish(counter_id: str, body: models.FinishBody) -> Result:
        """End the service: served, referred to an office, or incomplete."""
        referral = body.referral if body.outcome == "referred" else None
        ending = serve.Ending(
            body.outcome,
            referral.office if referral else None,
            referral.subject if referral else None,
            body.note,
            body.quick,
        )
        return _not_here(counter_id) or serve.finish(
            venue, caller().actor, counter_id, str(body.command_id), ending, body.step
        )


def _register_with_the_visitor(api: Api, venue: Venue) -> None:
    doings: tuple[tuple[str, serve.Action, str, tuple[str, ...]], ...] = (
        ("recall", serve.recall, "Call the visitor once more.", ("recall_limit", "recall_too_soon")),
        ("start", serve.start, "Begin the service.", ()),
        ("no-show", serve.no_show, "Nobody came: free the counter, keep the visitor's place.", ()),
        ("park", serve.park, "Put the step aside until the visitor brings it back.", ()),
    )
    for path, use_case, summary, errors in doings:

        def act(counter_id: str, body: models.StepCommand, use_case: serve.Action = use_case) -> Result:
            return _not_here(counter_id) or use_case(venue, caller().actor, counter_id, str(body.command_id), body.step)

        act.__name__ = "post_" + path.replace("-", "_")
        act.__doc__ = summary
        api.operation(
            "POST",
            f"/counters/<counter_id>/{path}",
            roles=_ROLE,
            staff=True,
            body=models.StepCommand,
            answer=models.StepAnswer,
            errors=(*_ERRORS, *errors),
        )(act)


def _register_sending(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/counters/<counter_id>/transfer",
        roles=_ROLE,
        staff=True,
        body=models.TransferBody,
        answer=models.StepAnswer,
        errors=(*_ERRORS, "no_services", "services_refused"),
    )
    def post_transfer(counter_id: str, body: models.TransferBody) -> Result:
        """Send the visitor to another service or counter; the number and the time of asking stay."""
        onward = pass_on.Onward(body.service, body.counter)
        return _not_here(counter_id) or pass_on.transfer(
            venue, caller().actor, counter_id, str(body.command_id), onward, body.step
        )

    @api.operation(
        "POST",
        "/counters/<counter_id>/add-service",
        roles=_ROLE,
        staff=True,
        body=models.AddServiceBody,
        answer=models.StepAnswer,
        errors=(*_ERRORS, "no_services", "services_refused"),
    )
    def post_add_service(counter_id: str, body: models.AddServiceBody) -> Result:
        """Let the visitor wait for further services too."""
        return _not_here(counter_id) or pass_on.add_services(
            venue, caller().actor, counter_id, str(body.command_id), tuple(body.services), body.step
        )

    @api.operation(
        "POST",
        "/counters/<counter_id>/undo",
        roles=_ROLE,
        staff=True,
        body=models.UndoBody,
        answer=models.UndoneAnswer,
        errors=_ERRORS,
    )
    def post_undo(counter_id: str, body: models.UndoBody) -> Result:
        """Take the counter's last action back, within ten seconds and while nothing else has happened to it."""
        action = None if body.action_id is None else str(body.action_id)
        return _not_here(counter_id) or undo(venue, caller().actor, counter_id, str(body.command_id), action)


def _register_arrivals(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/counters/<counter_id>/scan",
        roles=_ROLE,
        staff=True,
        body=models.ScanHereBody,
        answer=models.StartedAnswer,
        errors=(*_ERRORS, "reason_needed", "scan_refused", "services_refused"),
    )
    def post_scan_here(counter_id: str, body: models.ScanHereBody) -> Result:
        """Begin the service of whoever shows a ticket or card, or says a number, at this counter."""
        shown = scan_here.Shown(body.code, body.number, body.reason, body.service, body.add)
        return _not_here(counter_id) or scan_here.scan(venue, caller().actor, counter_id, str(body.command_id), shown)

    @api.operation(
        "POST",
        "/counters/<counter_id>/resume",
        roles=_ROLE,
        staff=True,
        body=models.ResumeStepBody,
        answer=models.StepAnswer,
        errors=(*_ERRORS, "unknown_step"),
    )
    def post_resume_here(counter_id: str, body: models.ResumeStepBody) -> Result:
        """Let a step wait again that was set aside or missed, at its old place."""
        return _not_here(counter_id) or second_chance.bring_back(
            venue, caller().actor, counter_id, str(body.command_id), body.step
        )


def _register_notes(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/counters/<counter_id>/note",
        roles=_ROLE,
        staff=True,
        body=models.NoteBody,
        answer=models.StepAnswer,
        errors=_ERRORS,
    )
    def post_note(counter_id: str, body: models.NoteBody) -> Result:
        """Keep a private note about the visitor, for the staff of this booth."""
        return _not_here(counter_id) or private_notes.write(
            venue, caller().actor, counter_id, str(body.command_id), body.text, body.step
        )

    @api.operation(
        "GET",
        "/counters/<counter_id>/notes",
        roles=_ROLE,
        staff=True,
        answer=models.Notes,
        errors=("no_session", "session_locked", "unknown_counter", "forbidden", "wrong_state"),
    )
    def get_notes(counter_id: str) -> Result:
        """Read what this booth has noted about the visitor at the counter; who reads is recorded."""
        return _not_here(counter_id) or private_notes.read(venue, caller().actor, counter_id)
