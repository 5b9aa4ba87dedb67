"""Devices: pairing by a code or a one-time link, cutting off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import PUBLIC, Api, Result
from checkin_server.web.auth import Doorkeeper, Rule, belongs, caller, charge, keep_device
from checkin_server.web.front import SCREENS
from checkin_server.web.problems import problem

_WHY = {"pairing_used": "used", "unknown_pairing": "unknown", "not_approved": "waiting"}
"""Why a link opens nothing, as `/not-paired` says it."""


_PAIRING_COST = 3.0
"""A pairing is written down: it costs what so many further requests do."""
_TO_PAIR = 10.0
"""Requests that a pairing by a code may have taken: asking, and asking again whether it is approved."""


def register(api: Api, venue: Venue, doorkeeper: Doorkeeper, cut_off: Callable[[str], None]) -> None:
    """Serve `/pairings` and `/devices`. `cut_off` closes a revoked device's sockets."""
    askers = access.Askers()

    @api.operation("POST", "/pairings", roles=PUBLIC, answer=models.Pairing, errors=("too_many_pairings",))
    def post_pairing() -> Result:
        """Ask to be paired: show the code, keep the secret."""
        if wait := charge(_PAIRING_COST):
            return problem("too_many_requests", retry_after=max(1, round(wait)))
        result = access.ask_pairing(venue, askers, request.remote_addr or "")
        return result if isinstance(result, Refusal) else dict(result)

    @api.operation(
        "POST",
        "/pairings/approve",
        roles=("organizer",),
        body=models.ApproveBody,
        answer=models.Approved,
        errors=("unknown_code", "unknown_station", "more_rights"),
    )
    def post_approval(body: models.ApproveBody) -> Result:
        """Approve the device that shows a code, as a role at a station."""
        result = access.approve_pairing(venue, caller().actor, body.code, body.role, body.station)
        return result if isinstance(result, Refusal) else dict(result)

    @api.operation(
        "POST",
        "/pairings/<pairing_id>/claim",
        roles=PUBLIC,
        body=models.ClaimBody,
        answer=models.Token,
        errors=("unknown_pairing", "not_approved", "pairing_used"),
    )
    def post_claim(pairing_id: str, body: models.ClaimBody) -> Result:
        """Fetch the token of an approved pairing, once."""
        paired = access.claim(venue, body.secret, pairing_id)
        if isinstance(paired, Refusal):
            return paired
        belongs(_TO_PAIR)
        return {
            "device_id": paired.device_id,
            "token": paired.token,
            "role": paired.role,
            "station": paired.station,
        }

    @api.operation(
        "DELETE", "/devices/<device_id>", roles=("organizer",), answer=models.Done, errors=("unknown_device",)
    )
    def delete_device(device_id: str) -> Result:
        """Cut a device off, its socket too."""
        if not access.revoke_device(venue, device_id, caller().actor):
            return Refusal("unknown_device")
        doorkeeper.forget()
        cut_off(device_id)
        return {"outcome": "done"}


def pages(venue: Venue, doorkeeper: Doorkeeper) -> Blueprint:
    """Serve the one-time link, which is also how a browser fetches what was allowed by its code."""
    blueprint = Blueprint("pairing", __name__)
    doorkeeper.allow("pairing.use_link", Rule(PUBLIC))

    @blueprint.get("/pair/<secret>")
    def use_link(secret: str) -> BaseResponse:
        """Make this browser the device that the link was made for; only looking (HEAD) uses nothing up."""
        if request.method == "HEAD":
            return BaseResponse()
        paired = access.claim(venue, secret)
        if isinstance(paired, Refusal):
            return redirect(f"/not-paired?link={_WHY.get(paired.code, '')}", 303)
        belongs()
        answer = redirect(SCREENS.get(paired.role, "/").format(quote(paired.station, safe="")), 303)
        _forget_older(answer, doorkeeper, paired)
        keep_device(answer, paired.device_id, paired.token, access.token_ms(venue))
        return answer

    return blueprint


def _forget_older(answer: BaseResponse, doorkeeper: Doorkeeper, paired: access.Paired) -> None:
    """Drop this browser's older device for the same place, so that the page speaks as the newest one."""
    with contextlib.suppress(KeyError):
        for name, token in request.cookies.items():
            if name.startswith("riwaq_d_"):
                row = doorkeeper.device(token)
                if row is None or (row["role"], row["station"]) == (paired.role, paired.station):
                    answer.delete_cookie(name)
