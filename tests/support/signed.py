"""Signed cards for tests: one key, and cards with what a test wants to be different."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.members import signed
from checkin_server.domain.members.signed import Claims
from checkin_server.services.members.cose_card import Signer

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = Signer(PRIVATE)
KEY = CardKey(SIGNER.public.hex())
OTHER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
"""A second key."""


def claims(**changes: Any) -> Claims:
    """What an active member of the small plan's prefecture has on their card, for its two days."""
    values: dict[str, Any] = {
        "card": "00112233445566AA",
        "pseudonym": "0102030405060708",
        "turn": 1,
        "first_day": "2019-12-27",
        "last_day": "2019-12-28",
        "category": "active",
        "unit": signed.word_of("rabat-prefecture"),
        "locale": "fr",
    }
    return Claims(**{**values, **changes})


def text(signer: Signer = SIGNER, **changes: Any) -> str:
    """A signed card as it is scanned."""
    return signer.text(claims(**changes))
