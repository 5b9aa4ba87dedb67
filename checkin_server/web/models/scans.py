"""What a kiosk read, and what the scan led to."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from checkin_server.domain import admission
from checkin_server.web.models.common import Answer, Body, Code, Locale, Time
from checkin_server.web.models.visits import Visit


class ScanBody(Body):
    """What a kiosk read."""

    scan_id: UUID
    code: Code


class DisplayName(Answer):
    """A name in both scripts."""

    ar: str
    la: str


class Relative(Answer):
    """A member of the same family."""

    id: str
    display_name: DisplayName
    category: str
    self: bool
    present: bool
    elsewhere: bool


class Member(Answer):
    """What a kiosk may show of a member."""

    display_name: DisplayName
    category: str
    locale: Locale
    needs: list[str] | None = None
    """At the welcome desk only."""
    party: list[Relative]
    """At a kiosk by given names and initials."""


class ScanAnswer(Answer):
    """What a scan led to."""

    outcome: Literal["admitted", "returning", "refused"]
    reason: admission.Reason | None
    visit: Visit | None
    member: Member | None
    first_seen: Time | None
    reopens: str | None = None
    """With `visit_closed`: the visit that may be opened again from here (`POST /visits/{id}/reopen`)."""
