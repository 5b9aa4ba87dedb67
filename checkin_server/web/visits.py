"""Kiosk: choosing services, and what a visitor may do afterwards."""

from __future__ import annotations

from flask import Response

from checkin_server.common.qr import qr_svg
from checkin_server.domain.refusal import Refusal
from checkin_server.services.snapshots import kiosk
from checkin_server.services.venue import Venue
from checkin_server.services.visits import actions
from checkin_server.services.visits.apart import Group
from checkin_server.services.visits.choose import Choice, choose
from checkin_server.services.visits.propose_route import propose
from checkin_server.services.visits.reopen import reopen
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller

_KIOSK = ("kiosk", "welcome")
_ERRORS = ("unknown_visit", "wrong_state", "id_reused")


def register(api: Api, venue: Venue) -> None:
    """Serve `/services` and `/visits/…`."""
    _register_choosing(api, venue)
    _register_looking(api, venue)
    _register_place(api, venue)
    _register_again(api, venue)


def _register_choosing(api: Api, venue: Venue) -> None:
    @api.operation("GET", "/services", roles=(*_KIOSK, "board", "counter", "organizer"), answer=models.Services)
    def get_services() -> Result:
        """List the services with their live waits and offers."""
        return kiosk.snapshot(venue)

    @api.operation(
        "PUT",
        "/visits/<visit_id>/services",
        roles=_KIOSK,
        body=models.ChooseBody,
        answer=models.Visit,
        errors=(*_ERRORS, "card_needed", "no_services", "services_refused", "party_refused", "unknown_locale"),
    )
    def put_services(visit_id: str, body: models.ChooseBody) -> Result:
        """Set the services a visit wants; the first time gives the number and prints the ticket.

        A family that splits up names its further groups in `apart`; each gets its own visit, number and ticket.
        """
        groups = tuple(Group(tuple(dict.fromkeys(one.party)), tuple(one.services)) for one in body.apart or ())
        party = None if body.party is None else tuple(body.party)
        wanted = Choice(tuple(body.services), party, body.locale, body.keep_together, groups)
        return choose(venue, caller().actor, visit_id, str(body.command_id), wanted)

    @api.operation(
        "POST",
        "/visits/<visit_id>/route",
        roles=_KIOSK,
        body=models.RouteBody,
        answer=models.Route,
        errors=("unknown_visit", "wrong_state", "services_refused"),
    )
    def post_route(visit_id: str, body: models.RouteBody) -> Result:
        """Propose the order of ticked services, with reasons; nothing is written and no number given."""
        return propose(venue, visit_id, tuple(body.services), None if body.party is None else tuple(body.party))


def _register_looking(api: Api, venue: Venue) -> None:
    @api.operation(
        "GET",
        "/visits/<visit_id>",
        roles=(*_KIOSK, "counter"),
        staff=True,
        answer=models.Visit,
        errors=("no_session", "unknown_visit"),
    )
    def get_visit(visit_id: str) -> Result:
        """Say where a visit stands; nothing of its people but to who has just shown the card, and to the desk."""
        return actions.look(venue, caller().actor, visit_id)

    @api.operation("GET", "/visits/<visit_id>/qr", roles=_KIOSK, errors=("unknown_visit",))
    def get_qr(visit_id: str) -> Result:
        """Draw the visit's reference as a QR code (SVG), to be photographed when there is no paper."""
        visit = actions.look(venue, caller().actor, visit_id)
        if isinstance(visit, Refusal):
            return visit
        return Response(qr_svg(visit["id"]), mimetype="image/svg+xml")


def _register_place(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/visits/<visit_id>/hold",
        roles=_KIOSK,
        body=models.HoldBody,
        answer=models.Visit,
        errors=_ERRORS,
    )
    def post_hold(visit_id: str, body: models.HoldBody) -> Result:
        """Keep the place in every queue without being called for some minutes."""
        return actions.hold(venue, caller().actor, visit_id, str(body.command_id), body.minutes, family=body.family)

    @api.operation(
        "POST", "/visits/<visit_id>/resume", roles=_KIOSK, body=models.ResumeBody, answer=models.Visit, errors=_ERRORS
    )
    def post_resume(visit_id: str, body: models.ResumeBody) -> Result:
        """Lift a hold; parked and missed steps go back to their place. With `steps`, only those are brought back."""
        wanted = None if body.steps is None else tuple(body.steps)
        return actions.resume(venue, caller().actor, visit_id, str(body.command_id), wanted, family=body.family)

    @api.operation(
        "POST",
        "/visits/<visit_id>/leave",
        roles=_KIOSK,
        body=models.FamilyCommand,
        answer=models.Visit,
        errors=(*_ERRORS, "card_needed"),
    )
    def post_leave(visit_id: str, body: models.FamilyCommand) -> Result:
        """End the visit; at a kiosk for who has just shown its card there."""
        return actions.leave(venue, caller().actor, visit_id, str(body.command_id), family=body.family)

    @api.operation(
        "POST",
        "/visits/<visit_id>/reopen",
        roles=_KIOSK,
        staff=("welcome",),
        body=models.FamilyCommand,
        answer=models.Visit,
        errors=(*_ERRORS, "no_session", "too_late"),
    )
    def post_reopen(visit_id: str, body: models.FamilyCommand) -> Result:
        """Let a visit that left by mistake be inside again, at its old places; at a kiosk for two minutes."""
        return reopen(venue, caller().actor, visit_id, str(body.command_id), family=body.family)


def _register_again(api: Api, venue: Venue) -> None:
    @api.operation(
        "POST",
        "/visits/<visit_id>/reprint",
        roles=(*_KIOSK, "counter"),
        staff=True,
        body=models.Command,
        answer=models.Visit,
        errors=(*_ERRORS, "no_session", "no_printer", "reprint_limit"),
    )
    def post_reprint(visit_id: str, body: models.Command) -> Result:
        """Print the ticket again, marked as a duplicate; at a counter by whoever is signed in."""
        return actions.reprint(venue, caller().actor, visit_id, str(body.command_id))

    @api.operation(
        "POST",
        "/visits/<visit_id>/feedback",
        roles=_KIOSK,
        body=models.FeedbackBody,
        answer=models.Thanks,
        errors=("unknown_visit", "services_refused", "opinions_limit", "opinions_over", "id_reused"),
    )
    def post_feedback(visit_id: str, body: models.FeedbackBody) -> Result:
        """Keep an opinion, an expectation or a proposal."""
        said = {"scores": body.scores, "text": body.text, "kind": body.kind, "locale": body.locale}
        return actions.give_feedback(venue, caller().actor, visit_id, str(body.command_id), said)
