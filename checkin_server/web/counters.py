"""Counter tablets: signing in, and every action on the visitor."""

from __future__ import annotations

from flask import Response

from checkin_server.domain.refusal import Refusal
from checkin_server.services import access, serve
from checkin_server.services.call_next import call_next
from checkin_server.services.run_counter import run_counter
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result, to_json
from checkin_server.web.auth import SESSION_COOKIE, caller, keep_session, session_token
from checkin_server.web.problems import problem

_ERRORS = ("no_session", "unknown_counter", "forbidden", "wrong_state", "id_reused")
_ROLE = ("counter",)


def _not_here(counter_id: str) -> Response | None:
    """Refuse a tablet that acts for another counter than its own."""
    who = caller()
    if counter_id == who.station:
        return None
    return problem("forbidden", detail=f"This tablet is paired with counter {who.station}.", station=who.station)


def register(api: Api, venue: Venue) -> None:
    """Serve `/session` and `/counters/…`."""
    _register_session(api, venue)
    for action in ("open", "pause", "close"):
        _register_state(api, venue, action)
    _register_calls(api, venue)


def _register_session(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/session",
        roles=_ROLE,
        body=models.SignInBody,
        answer=models.Session,
        errors=("wrong_pin", "locked"),
    )
    def post_session(body: models.SignInBody) -> Result:
        """Sign a member of staff in on this paired counter."""
        device = caller().device
        result = access.sign_in(venue, device, body.staff.strip(), body.pin)
        if isinstance(result, Refusal):
            return result
        answer = to_json(result)
        keep_session(answer, device, result["session_token"])
        return answer

    @api.operation("GET", "/session", roles=_ROLE, staff=True, answer=models.Signed, errors=("no_session",))
    def get_session() -> Result:
        """Say who is signed in on this counter."""
        who = caller()
        return {"staff": {"id": who.staff, "name": who.staff_name}}

    @api.operation("DELETE", "/session", roles=_ROLE, answer=models.Done)
    def delete_session() -> Result:
        """Sign out."""
        token = session_token(caller().device)
        if token:
            access.sign_out(venue, token)
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
        if body.outcome == "referred" and body.referral is None:
            return Refusal("bad_request", {"errors": [{"field": "referral", "message": "say where the case goes"}]})
        referral = body.referral if body.outcome == "referred" else None
        ending = serve.Ending(
            body.outcome, referral.office if referral else None, referral.subject if referral else None, body.note
        )
        return _not_here(counter_id) or serve.finish(venue, caller().actor, counter_id, str(body.command_id), ending)

    for path, use_case, summary in (
        ("recall", serve.recall, "Call the visitor once more."),
        ("start", serve.start, "Begin the service."),
        ("no-show", serve.no_show, "Nobody came: free the counter, keep the visitor's place."),
        ("park", serve.park, "Put the step aside until the visitor brings it back."),
    ):

        def act(counter_id: str, body: models.Command, use_case: serve.Action = use_case) -> Result:
            return _not_here(counter_id) or use_case(venue, caller().actor, counter_id, str(body.command_id))

        act.__name__ = "post_" + path.replace("-", "_")
        act.__doc__ = summary
        api.operation(
            "POST",
            f"/counters/<counter_id>/{path}",
            roles=_ROLE,
            staff=True,
            body=models.Command,
            answer=models.StepAnswer,
            errors=_ERRORS,
        )(act)
