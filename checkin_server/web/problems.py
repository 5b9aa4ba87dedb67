"""Errors in one shape: RFC 9457 `application/problem+json` with a stable `code`. Never HTML, never a stack trace."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from checkin_server.db.group_commit import WriterStopped
from checkin_server.db.health import StoreUnavailable
from checkin_server.domain.refusal import Refusal

log = logging.getLogger(__name__)
_RETRY_S = 2
"""After so many seconds what was `unavailable` is worth asking for again."""

CODES: dict[str, tuple[int, str]] = {
    "not_json": (400, "The body must be a JSON object in UTF-8, sent as application/json."),
    "bad_request": (400, "A field is missing or has the wrong type; `errors` names each one."),
    "unseen_text": (422, "A text holds nothing that can be seen, or too little; `errors` says which and how much."),
    "too_large": (413, "The body is larger than this server reads."),
    "https_only": (403, "In the hall this server is asked by HTTPS. `/trust` says how a device learns to trust it."),
    "unauthenticated": (401, "This device is not paired. Pair it, or send its token as `Authorization: Bearer …`."),
    "forbidden": (403, "This device's role does not allow that."),
    "card_needed": (403, "Show this visit's card at this kiosk, or go to the welcome desk; a ticket is not enough."),
    "station_gone": (403, "The place that this device is paired for is no longer in the venue's plan. Pair it anew."),
    "no_session": (401, "Nobody is signed in on this device. Sign in with a PIN."),
    "session_locked": (401, "Nobody has touched this device for a while. The PIN of `staff` goes on."),
    "more_rights": (403, "A device can't let in another one that may do more than itself. Use `riwaq devices`."),
    "reason_needed": (403, "Say why, in a few words that somebody else understands; it is kept in the log."),
    "search_first": (403, "Find this member by a search first: it gives leave until you sign out or the day ends."),
    "search_limit": (429, "So many people were looked up that the next search has to wait; organisers were told."),
    "visit_runs": (409, "A visit of this member runs (`number`, `day`); they can be erased once it has ended."),
    "wrong_pin": (401, "The name or the PIN is not right."),
    "wrong_role": (
        403,
        "This person does not sign in here, or may not do this; `docs/reasons.md` says who does where.",
    ),
    "locked": (429, "Too many wrong PINs. Wait, then try again."),
    "not_found": (404, "There is nothing at this address."),
    "unknown_visit": (404, "There is no such visit."),
    "unknown_counter": (404, "There is no such counter in this venue."),
    "unknown_day": (404, "This day was never opened here."),
    "unknown_service": (404, "There is no such service in this venue."),
    "unknown_board": (404, "There is no such board in this venue."),
    "unknown_kiosk": (404, "There is no such kiosk in this venue."),
    "unknown_printer": (404, "There is no such printer in this venue, or it is not one of those that this is for."),
    "unknown_print_job": (404, "There is no such print job."),
    "unknown_member": (404, "There is no such member, or the member has no valid card."),
    "unknown_staff": (404, "Nobody of this name or id is, or was, on the staff list."),
    "unknown_category": (404, "There is no such category of members in this venue."),
    "unknown_unit": (404, "There is no such unit in this venue."),
    "unknown_station": (404, "This venue has no such place for a device of this role; `detail` names those there are."),
    "unknown_device": (404, "There is no such device, or it was cut off before."),
    "unknown_pairing": (404, "There is no such pairing."),
    "unknown_code": (404, "No device shows this code, or it has expired."),
    "not_approved": (409, "The pairing has not been approved yet."),
    "too_many_pairings": (429, "Too many devices wait for approval. Approve them, or wait until they expire."),
    "too_many_requests": (429, "Too many requests from this address without a paired device. Wait, then try again."),
    "pairing_used": (410, "This pairing was used or has expired. Make a new one."),
    "method_not_allowed": (405, "This address does not take that method."),
    "id_reused": (409, "This id was used for another command. Make a new id."),
    "wrong_state": (409, "The action does not fit; `state` says what is the case."),
    "wrong_time": (409, "This time has passed, or lies behind the day's closing; `closes_at` says when that is."),
    "recall_limit": (409, "This visitor was called again as often as the venue allows; `limit` says how often."),
    "recall_too_soon": (409, "This visitor was called a moment ago; `retry_after` says for how many seconds to wait."),
    "scan_refused": (409, "Whoever was shown is not served here now; `reason` says why. Nothing was changed."),
    "unknown_step": (404, "There is no such step among this counter's services."),
    "no_services": (422, "At least one service must be chosen; to end a visit, use leave."),
    "services_refused": (422, "Some services cannot be given; `refused` names each and why. Nothing was changed."),
    "party_refused": (422, "Some people cannot be in this party; `refused` names each and why. Nothing was changed."),
    "unknown_locale": (422, "This language is not offered."),
    "unknown_office": (422, "There is no such office to refer a case to."),
    "not_restored": (409, "No copy was brought back on this day: nothing of it was lost."),
    "number_known": (409, "Somebody else has this number, or had it before the restore. Look it up."),
    "no_priority": (409, "This venue gives no head start for this reason."),
    "too_late": (409, "This visit ended too long ago for a kiosk. The welcome desk can open it again."),
    "reprint_limit": (
        429,
        "This ticket was printed again as often as the venue allows in an hour.",
    ),
    "opinions_limit": (429, "This visit said what it thinks as often as the venue allows in an hour."),
    "opinions_over": (409, "This day was closed too long ago; opinions about it are not taken any more."),
    "no_printer": (409, "This venue has no printer."),
    "unavailable": (503, "The server cannot do this just now. Try again with the same id."),
    "internal": (500, "Something went wrong here. Nothing was changed; the error was logged under `error_id`."),
}
"""Every code of the API with its status and its meaning; `docs/reasons.md` explains them, a test holds both equal."""

_BY_STATUS = {400: "not_json", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}


def document(code: str, **more: Any) -> str:
    """Write the document of a code; `more` becomes fields of it (`detail` replaces the usual one)."""
    status, meaning = CODES[code]
    fields = {"type": f"urn:riwaq:problem:{code}", "title": meaning, "status": status, "code": code, **more}
    fields.setdefault("detail", meaning)
    return json.dumps(fields, ensure_ascii=False)


def problem(code: str, **more: Any) -> Response:
    """Make the answer for a code, with its `document`."""
    status = CODES[code][0]
    answer = Response(document(code, **more), status, mimetype="application/problem+json")
    if status == 429 and "retry_after" in more:
        answer.headers["Retry-After"] = str(more["retry_after"])
    if status == 503:
        answer.headers["Retry-After"] = str(_RETRY_S)
    if code == "unauthenticated":
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def refused(refusal: Refusal) -> Response:
    """Answer an expected refusal."""
    return problem(refusal.code, **refusal.params)


def register(app: Flask) -> None:
    """Make every error of `app` answer in this shape; screens' pages answer with a plain page of their own."""

    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return Response(status=status, headers=dict(error.get_headers()))
        code = _BY_STATUS.get(status, "bad_request" if status < 500 else "unavailable")
        answer = problem(code, status=status)
        answer.status_code = status
        if status == 405 and (allow := dict(error.get_headers()).get("Allow")):
            answer.headers["Allow"] = allow
        return answer

    @app.errorhandler(WriterStopped)
    @app.errorhandler(StoreUnavailable)
    def unavailable(error: Exception) -> Response | tuple[str, int, dict[str, str]]:
        if request.method == "GET" and "text/html" in request.accept_mimetypes.values():
            # A screen that was switched on meanwhile has no script yet that could wait.
            return render_template("web/one_moment.html"), 503, {"Retry-After": str(_RETRY_S)}
        return problem("unavailable")

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        error_id = secrets.token_hex(4)
        # The path may hold a visit's reference; the rule's pattern does not.
        log.exception("error %s in %s %s", error_id, request.method, request.url_rule)
        return problem("internal", error_id=error_id)
