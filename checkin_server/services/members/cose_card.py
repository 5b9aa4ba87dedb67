"""A signed card's bytes: COSE_Sign1 (RFC 9052) with Ed25519, written and read by `cwt`, in Base45 behind a prefix.

There is one form. The head is compared byte by byte before anything is decoded, so that no other algorithm, structure
or header ever reaches the library; what was verified is encoded again and must give the same bytes, so that nothing
stands in a card that is not read (docs/adr/0025-signed-cards.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cwt import COSE, COSEKey

from checkin_server.domain.card_keys import ID_BYTES, CardKey, key_id
from checkin_server.domain.members import base45, signed
from checkin_server.domain.members.signed import Claims, Unread
from checkin_server.domain.plan import LANGUAGES

MOST_BYTES = 130
"""A QR code of version 10 at level Q holds no more."""
_HEAD = bytes.fromhex("d28449a201270444")
"""Tag 18, four parts, the protected header of nine bytes: algorithm EdDSA (-8), and a key id of four bytes follows."""
_EPOCH = date(1970, 1, 1)
_MOST_DAYS = 0xFFFF
_SPOKEN = ("ar", "fr", "zgh", "en")
"""Languages by the number that cards carry: a new one is added at the end, none is ever moved."""
_COSE = COSE.new()
assert set(_SPOKEN) == set(LANGUAGES), "a language of the product has no number on cards yet"


class Signer:
    """Signs cards with one private key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self.public = private.public_key().public_bytes_raw()
        self.id = key_id(self.public)
        self._key = COSEKey.new(
            {1: 1, 2: bytes.fromhex(self.id), 3: -8, -1: 6, -2: self.public, -4: private.private_bytes_raw()}
        )

    def text(self, claims: Claims) -> str:
        """Write a card: what its QR code holds."""
        made = _COSE.encode_and_sign(
            _payload(claims), self._key, protected={1: -8, 4: bytes.fromhex(self.id)}, unprotected={}
        )
        assert isinstance(made, bytes) and len(made) <= MOST_BYTES, "word_of and the bounds of turn and days see to it"
        return signed.PREFIX + base45.encode(made)


class Keys:
    """The public keys that a venue takes cards of."""

    def __init__(self, keys: Sequence[CardKey]) -> None:
        """Take the keys of a plan."""
        self._last_days = {bytes.fromhex(key.id): key.last_day for key in keys}
        self._keys = {
            bytes.fromhex(key.id): COSEKey.new(
                {1: 1, 2: bytes.fromhex(key.id), 3: -8, -1: 6, -2: bytes.fromhex(key.public)}
            )
            for key in keys
        }

    def read(self, text: str) -> Claims | Unread:
        """Return what a text that begins like a signed card says, or why it says nothing. Never raises."""
        text = text.strip().upper()
        if len(text) > signed.LONGEST_TEXT or not text.startswith(signed.PREFIX):
            return "malformed_code"
        content = base45.decode(text[len(signed.PREFIX) :])
        if content is None or len(content) > MOST_BYTES or not content.startswith(_HEAD):
            return "malformed_code"
        named = content[len(_HEAD) : len(_HEAD) + ID_BYTES]
        key = self._keys.get(named)
        if key is None:
            return "unknown_card"
        try:
            payload = _COSE.decode(content, key)
            claims = _claims(cbor2.loads(payload), named.hex())
        except Exception:  # whatever a decoder trips over, a stranger's bytes must end here
            return "unknown_card"
        # One card has one form: no trailing bytes, no second key of a map, no length that could be written shorter.
        if claims is None or _payload(claims) != payload or not _is_whole(content, named, payload):
            return "malformed_code"
        ends = self._last_days[named]
        return claims if ends is None or claims.last_day <= ends else replace(claims, last_day=ends)


def _is_whole(content: bytes, named: bytes, payload: bytes) -> bool:
    return content[:-64] == _HEAD + named + cbor2.dumps({}) + cbor2.dumps(payload) + b"\x58\x40"


def _payload(claims: Claims) -> bytes:
    return cbor2.dumps(
        [
            bytes.fromhex(claims.card),
            bytes.fromhex(claims.pseudonym),
            claims.turn,
            _number(claims.first_day),
            _number(claims.last_day),
            claims.category,
            claims.unit,
            _SPOKEN.index(claims.locale),
        ]
    )


def _claims(said: Any, key: str) -> Claims | None:
    """Return what verified content says; None when it is not of the one form, whoever signed it."""
    if not isinstance(said, list) or len(said) != 8:
        return None
    card, pseudonym, turn, first, last, category, unit, language = said
    if not all(isinstance(one, bytes) and len(one) == signed.ID_BYTES for one in (card, pseudonym)):
        return None
    numbers = ((turn, signed.MOST_TURNS), (first, _MOST_DAYS), (last, _MOST_DAYS), (language, len(_SPOKEN) - 1))
    if not all(type(one) is int and 0 <= one <= most for one, most in numbers):
        return None
    if not all(isinstance(one, str | bytes) and 0 < len(one) <= 8 for one in (category, unit)):
        return None
    return Claims(
        card.hex().upper(), pseudonym.hex().upper(), turn, _day(first), _day(last), category, unit,
        _SPOKEN[language], key,
    )  # fmt: skip


def _number(day: str) -> int:
    return (date.fromisoformat(day) - _EPOCH).days


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()
