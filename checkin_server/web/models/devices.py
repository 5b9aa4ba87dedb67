"""Pairing a device."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from checkin_server.common.roles import Role
from checkin_server.web.models.common import Answer, Body, Id


class ApproveBody(Body):
    """What the device that shows this code shall be."""

    code: Annotated[str, Field(pattern=r"^\d{6}$")]
    role: Role
    station: Id


class ClaimBody(Body):
    """The secret that the device was given when it asked."""

    secret: Annotated[str, Field(max_length=200)]


class Pairing(Answer):
    """Show `code` on the device; keep `secret` to claim the token."""

    pairing_id: str
    code: str
    secret: str


class Approved(Answer):
    """The pairing may be claimed."""

    pairing_id: str
    role: str
    station: str


class Token(Answer):
    """The device's token, shown once."""

    device_id: str
    token: str
    role: str
    station: str
