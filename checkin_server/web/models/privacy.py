"""For who answers for the data: a member's rights, and what is forgotten when."""

from __future__ import annotations

from typing import Literal

from checkin_server.services.privacy.erase import Why as ErasedWhy
from checkin_server.services.privacy.overview import Planned, Purged
from checkin_server.web.models.common import Answer, Body, Command, Reason, Time


class Keeping(Answer):
    """What is overdue to be forgotten, what goes next, and what went."""

    now: Time
    overdue: list[Planned]
    planned: list[Planned]
    done: list[Purged]


class KnownQuery(Body):
    """Why a member is told what is known of them, and in which language: else their own, else French."""

    reason: Reason
    language: Literal["fr", "ar", "en"] | None = None


class ExportQuery(KnownQuery):
    """The same as a file: a page to print, a text, or for programs."""

    form: Literal["html", "txt", "json"] = "html"


class Labelled(Answer):
    """One thing that is known."""

    label: str
    value: str


class Section(Answer):
    """Things of one kind that are known, entry by entry."""

    title: str
    entries: list[list[Labelled]]


class KnownAnswer(Answer):
    """Everything that is known of a member, and who looked at it, in words."""

    member: str
    language: Literal["fr", "ar", "en"]
    made_at: Time
    sections: list[Section]


class EraseBody(Command):
    """Why a member is erased. A choice and no text: a name that is typed here would outlast the erasure."""

    why: ErasedWhy


class ErasedAnswer(Answer):
    """A member was erased: how many visits are nobody's now, and how many texts, tickets and answers went."""

    outcome: Literal["done"]
    visits: int
    rows: int
