"""The welcome desk: finding a visit or a member, walk-ins, new cards, numbers given without paper."""

from __future__ import annotations

import logging

from flask import Response

from checkin_server.domain.members import codes
from checkin_server.domain.refusal import Refusal
from checkin_server.services.members import cards
from checkin_server.services.members.search import find_members
from checkin_server.services.times import milliseconds
from checkin_server.services.venue import Venue
from checkin_server.services.welcome.find_people import find_visit
from checkin_server.services.welcome.give_priority import give_priority
from checkin_server.services.welcome.remember import Remembered, remember
from checkin_server.services.welcome.walk_in import Newcomer, walk_in
from checkin_server.services.welcome.without_paper import give_without_paper
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller
from printers.card_worker import CardPaper
from printers.cards import CardSpec
from printers.render import LayoutError

log = logging.getLogger(__name__)
_DESK = ("welcome",)


def register(api: Api, venue: Venue, paper: CardPaper) -> None:
    """Serve what only the welcome desk may do, by whoever is signed in there."""
    _register_visits(api, venue)
    _register_people(api, venue)
    _register_cards(api, venue, paper)


def _register_visits(api: Api, venue: Venue) -> None:
    @api.operation(
        "GET",
        "/visits",
        roles=_DESK,
        staff=_DESK,
        query=models.NumberQuery,
        answer=models.FoundVisit,
        errors=("no_session", "unknown_visit", "search_limit"),
    )
    def get_visit_by_number(query: models.NumberQuery) -> Result:
        """Find today's visit by its number, and whose it is. Kept in the log."""
        return find_visit(venue, caller().actor, query.number)

    @api.operation(
        "POST",
        "/visits/<visit_id>/handed-over",
        roles=_DESK,
        staff=_DESK,
        body=models.Command,
        answer=models.Visit,
        errors=("no_session", "unknown_visit", "wrong_state", "id_reused"),
    )
    def post_handed_over(visit_id: str, body: models.Command) -> Result:
        """Note that the visitor has the number without paper; the ticket is waited for no longer."""
        return give_without_paper(venue, caller().actor, visit_id, str(body.command_id))

    @api.operation(
        "PUT",
        "/visits/<visit_id>/priority",
        roles=_DESK,
        staff=_DESK,
        body=models.PriorityBody,
        answer=models.Visit,
        errors=("no_session", "unknown_visit", "wrong_state", "no_priority", "id_reused"),
    )
    def put_priority(visit_id: str, body: models.PriorityBody) -> Result:
        """Have a visitor called sooner, for a reason; how much sooner is the venue's setting. Kept in the log."""
        return give_priority(venue, caller().actor, visit_id, str(body.command_id), body.reason)

    @api.operation(
        "PUT",
        "/visits/<visit_id>/remembered",
        roles=_DESK,
        staff=_DESK,
        body=models.RememberedBody,
        answer=models.Visit,
        errors=("no_session", "unknown_visit", "wrong_state", "not_restored", "number_known", "id_reused"),
    )
    def put_remembered(visit_id: str, body: models.RememberedBody) -> Result:
        """Enter what somebody remembers whose visit was lost in a restore; they wait from then on. Kept in the log."""
        came_at = None if body.came_at is None else milliseconds(body.came_at)
        said = Remembered(body.number, came_at)
        return remember(venue, caller().actor, visit_id, str(body.command_id), said)


def _register_people(api: Api, venue: Venue) -> None:
    @api.operation(
        "GET",
        "/members",
        roles=_DESK,
        staff=_DESK,
        query=models.MembersQuery,
        answer=models.FoundMembers,
        errors=("no_session", "reason_needed", "search_limit"),
    )
    def get_members(query: models.MembersQuery) -> Result:
        """Find members by name, at most twenty. Who looked, why, and whom they saw is kept."""
        return find_members(venue, caller().actor, query.q, query.reason)

    @api.operation(
        "POST",
        "/walk-ins",
        roles=_DESK,
        staff=_DESK,
        body=models.WalkInBody,
        answer=models.WalkInAnswer,
        errors=("no_session", "reason_needed", "unknown_member", "unknown_category", "unknown_unit", "id_reused"),
    )
    def post_walk_in(body: models.WalkInBody) -> Result:
        """Let in somebody without a card: a known member, or a person who is registered now."""
        who = body.member if body.person is None else Newcomer(**body.person.model_dump())
        assert who is not None
        return walk_in(venue, caller().actor, str(body.command_id), who, body.reason)


def _register_cards(api: Api, venue: Venue, paper: CardPaper) -> None:
    @api.operation(
        "POST",
        "/members/<member_id>/card",
        roles=_DESK,
        staff=_DESK,
        body=models.NewCardBody,
        answer=models.NewCard,
        errors=("no_session", "reason_needed", "unknown_member", "id_reused"),
    )
    def post_card(member_id: str, body: models.NewCardBody) -> Result:
        """Give a member a new card; older ones are refused from now on."""
        return cards.issue_at_desk(venue, caller().actor, member_id, str(body.command_id), body.reason)

    @api.operation(
        "GET",
        "/members/<member_id>/card",
        roles=_DESK,
        staff=_DESK,
        errors=("no_session", "search_first", "unknown_member", "unavailable"),
    )
    def get_card(member_id: str) -> Result:
        """Lay the member's valid card out as a PDF of a card's size, for who has found the member. Kept in the log."""
        card = cards.paper_at_desk(venue, caller().actor, member_id)
        if isinstance(card, Refusal):
            return card
        spec = CardSpec(
            card.code, card.name_ar, card.name_la, card.category_ar, card.category_fr, short=codes.short(card.code)
        )
        try:
            pdf = paper.pdf(spec, venue.plan.event.name)
        except LayoutError:
            log.exception("a card could not be laid out")
            return Refusal("unavailable")
        return Response(pdf, mimetype="application/pdf")
