"""For who answers for the data (a person with the role ``privacy``): a member's rights, and what is forgotten when."""

from __future__ import annotations

from pathlib import Path

from flask import Response

from checkin_server.domain.refusal import Refusal
from checkin_server.services.members.search import find_members
from checkin_server.services.privacy import erase, export, overview
from checkin_server.services.privacy.purge import Files
from checkin_server.services.times import rfc3339
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import Api, Result
from checkin_server.web.auth import caller

DEVICES = ("organizer", "privacy")
"""On which devices; a dashboard shows nothing of it to anybody else."""
PEOPLE = ("privacy",)
_FORMS = {"html": "text/html", "txt": "text/plain", "json": "application/octet-stream"}
"""What the browser is told: a file to save, each of them, and none of the API's own answers."""


def register(api: Api, venue: Venue, data_dir: Path) -> None:
    """Serve `/privacy/…`; files of printers lie below `data_dir`."""
    _register_members(api, venue)
    _register_file(api, venue)

    @api.operation("GET", "/privacy", roles=DEVICES, people=PEOPLE, answer=models.Keeping)
    def get_keeping() -> Result:
        """Say what is overdue to be forgotten, what goes next, and what went."""
        return dict(overview.overview(venue))

    @api.operation(
        "POST",
        "/privacy/members/<member_id>/erase",
        roles=DEVICES,
        people=PEOPLE,
        body=models.EraseBody,
        answer=models.ErasedAnswer,
        errors=("search_first", "unknown_member", "visit_runs", "id_reused"),
    )
    def post_erase(member_id: str, body: models.EraseBody) -> Result:
        """Erase a member for good; every count stays. Refused while a visit of theirs runs. Kept in the log."""
        files = Files.of(data_dir)
        return erase.erase_found(venue, files, caller().actor, member_id, str(body.command_id), body.why)


def _register_members(api: Api, venue: Venue) -> None:
    @api.operation(
        "GET",
        "/privacy/members",
        roles=DEVICES,
        people=PEOPLE,
        query=models.MembersQuery,
        answer=models.FoundMembers,
        errors=("reason_needed", "search_limit"),
    )
    def get_members_sought(query: models.MembersQuery) -> Result:
        """Find members by name or whole id, at most twenty. Who looked, why, and whom they saw is kept."""
        return find_members(venue, caller().actor, query.q, query.reason)

    @api.operation(
        "GET",
        "/privacy/members/<member_id>",
        roles=DEVICES,
        people=PEOPLE,
        query=models.KnownQuery,
        answer=models.KnownAnswer,
        errors=("reason_needed", "search_first", "unknown_member"),
    )
    def get_known(member_id: str, query: models.KnownQuery) -> Result:
        """Say everything that is known of a member, and who looked at it. Kept in the log."""
        known = export.export_found(venue, caller().actor, member_id, query.reason)
        if isinstance(known, Refusal):
            return known
        language = export.language_for(known, query.language)
        return {
            "member": member_id,
            "language": language,
            "made_at": rfc3339(known.at),
            "sections": [
                {
                    "title": title,
                    "entries": [[{"label": label, "value": value} for label, value in entry] for entry in entries],
                }
                for title, entries in known.sections(language)
            ],
        }


def _register_file(api: Api, venue: Venue) -> None:
    @api.operation(
        "GET",
        "/privacy/members/<member_id>/export",
        roles=DEVICES,
        people=PEOPLE,
        query=models.ExportQuery,
        errors=("reason_needed", "search_first", "unknown_member"),
    )
    def get_export(member_id: str, query: models.ExportQuery) -> Result:
        """Write everything that is known of a member as a file to save. Kept in the log."""
        known = export.export_found(venue, caller().actor, member_id, query.reason)
        if isinstance(known, Refusal):
            return known
        language = export.language_for(known, query.language)
        written = {"html": known.as_html, "txt": known.as_text}.get(query.form)
        text = known.as_json() if written is None else written(language)
        answer = Response(text, mimetype=_FORMS[query.form])
        answer.headers["Content-Disposition"] = f"attachment; filename=member.{query.form}"
        return answer
