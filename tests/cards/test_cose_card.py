"""A signed card's bytes: what is in them, that they fit, and that nothing else is ever taken for one."""

from __future__ import annotations

import hashlib
import hmac
import random
from typing import Any

import cbor2
import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st

from checkin_server.domain.card_keys import CardKey
from checkin_server.domain.members import base45, signed
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.members.cose_card import MOST_BYTES, Keys
from tests.support.faults import Faults
from tests.support.signed import KEY, OTHER, PRIVATE, SIGNER, claims, text

KEYS = Keys([KEY])
GOOD = text()
CONTENT = base45.decode(GOOD[3:]) or b""
PAYLOAD = [bytes.fromhex("00112233445566AA"), bytes.fromhex("0102030405060708"), 1, 18257, 18258, "active",
           signed.word_of("rabat-prefecture"), 1]  # fmt: skip
NAMED = bytes.fromhex(SIGNER.id)


def written(content: bytes) -> str:
    """A card of any bytes."""
    return signed.PREFIX + base45.encode(content)


def made(
    payload: Any = None, *, protected: Any = None, unprotected: Any = None, tag: int = 18, raw: bytes = b""
) -> bytes:
    """COSE_Sign1 as RFC 9052 has it, made here and not by the library, rightly signed whatever it holds."""
    head = cbor2.dumps({1: -8, 4: NAMED} if protected is None else protected)
    said = raw or cbor2.dumps(PAYLOAD if payload is None else payload)
    signature = PRIVATE.sign(cbor2.dumps(["Signature1", head, b"", said]))
    return cbor2.dumps(cbor2.CBORTag(tag, [head, {} if unprotected is None else unprotected, said, signature]))


def test_a_card_is_cose_as_the_rfc_writes_it() -> None:
    """Byte for byte what is made by hand here."""
    assert made() == CONTENT


def test_a_card_says_who_may_come_and_no_name() -> None:
    """Pseudonym, card, turn, days, category, unit, language; the key's id is in the header."""
    assert KEYS.read(GOOD) == claims(key=SIGNER.id)
    assert cbor2.loads(cbor2.loads(CONTENT).value[2]) == PAYLOAD


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_largest_card_fits_into_130_bytes_and_a_code_of_version_10(locale: str) -> None:
    """At level Q, whatever the plan's ids are."""
    largest = text(
        card="F" * 16, pseudonym="F" * 16, turn=signed.MOST_TURNS, first_day="2100-01-01", last_day="2148-12-31",
        category=signed.word_of("c" * 40), unit=signed.word_of("u" * 40), locale=locale,
    )  # fmt: skip
    assert len(base45.decode(largest[3:]) or b"") <= MOST_BYTES == 130
    assert len(largest) <= signed.LONGEST_TEXT
    code = qrcode.QRCode(10, qrcode.constants.ERROR_CORRECT_Q)
    code.add_data(largest)
    code.make(fit=False)
    assert code.version == 10
    read = KEYS.read(largest)
    assert isinstance(read, signed.Claims) and read.locale == locale


@pytest.mark.parametrize("shown", [f" {GOOD}", f"{GOOD}\r\n", GOOD.lower()])
def test_a_reader_s_spaces_and_small_letters_are_forgiven(shown: str) -> None:
    """Not those inside: they are signs."""
    assert KEYS.read(shown) == claims(key=SIGNER.id)


def test_cards_of_several_keys_are_taken_and_those_of_others_are_unknown() -> None:
    """A key that was taken out of the settings ends its cards."""
    both = Keys([KEY, CardKey(OTHER.public.hex())])
    assert isinstance(both.read(GOOD), signed.Claims)
    assert isinstance(both.read(text(OTHER)), signed.Claims)
    assert KEYS.read(text(OTHER)) == "unknown_card"
    assert Keys([]).read(GOOD) == "unknown_card"


def test_a_card_counts_no_longer_than_its_key() -> None:
    """Whatever it says itself; a key that lasts longer changes nothing."""
    for last_day, counts_until in (("2019-12-27", "2019-12-27"), ("2020-12-31", "2019-12-28"), (None, "2019-12-28")):
        read = Keys([CardKey(KEY.public, last_day)]).read(GOOD)
        assert isinstance(read, signed.Claims) and read.last_day == counts_until


def _hs256(key: bytes) -> bytes:
    """A MAC made with the public key, which everybody has, in the place of the signature."""
    head = cbor2.dumps({1: 5, 4: NAMED})
    said = cbor2.dumps(PAYLOAD)
    tag = hmac.new(key, cbor2.dumps(["MAC0", head, b"", said]), hashlib.sha256).digest()
    return cbor2.dumps(cbor2.CBORTag(17, [head, {}, said, tag]))


def _after_head(content: bytes, more: bytes) -> bytes:
    return content[:12] + more + content[13:]


FORGED = {
    "an algorithm that is none": made(protected={1: 0, 4: NAMED}),
    "ES256": made(protected={1: -7, 4: NAMED}),
    "HS256 with the public key": _hs256(SIGNER.public),
    "HS256 in a signature's place": made(protected={1: 5, 4: NAMED}),
    "no algorithm": made(protected={4: NAMED}),
    "no key id": made(protected={1: -8}),
    "the key id outside of what is signed": made(protected={1: -8}, unprotected={4: NAMED}),
    "a key id of nobody": made(protected={1: -8, 4: b"\0\0\0\0"}),
    "a key id of another key": made(protected={1: -8, 4: bytes.fromhex(OTHER.id)}),
    "a critical header": made(protected={1: -8, 4: NAMED, 2: [4]}),
    "an unprotected header": made(unprotected={1: 0}),
    "a nonce": made(unprotected={5: b"x"}),
    "COSE_Sign": made(tag=98),
    "COSE_Mac0": made(tag=17),
    "no tag": made()[1:],
    "a tag around the tag": b"\xd8\x3d" + made(),
    "trailing bytes": made() + b"\0",
    "a second card behind it": made() + b"\xf6",
    "a map with a key that stands twice": _after_head(made(), b"\xa2\x01\x00\x01\x00"),
    "a map without an end": _after_head(made(), b"\xbf\xff"),
    "a list without an end": b"\xd2\x9f" + made()[2:] + b"\xff",
    "a payload in pieces": made()[:13] + b"\x5f" + made()[13:-66] + b"\xff" + made()[-66:],
    "a length longer than need be": made()[:13] + b"\x59\x00" + made()[14:],
    "no signature": made()[:-66] + b"\x40",
    "a signature of zeros": made()[:-64] + bytes(64),
    "nothing": b"",
    "a head and nothing else": made()[:8],
    "a payload that is no list": made({1: 2}),
    "a list within lists": made(raw=b"\x81" * 40 + b"\xf6"),
    "a payload with one thing more": made([*PAYLOAD, None]),
    "a payload with one thing less": made(PAYLOAD[:-1]),
    "a payload with trailing bytes": made(raw=cbor2.dumps(PAYLOAD) + b"\0"),
    "a payload list without an end": made(raw=b"\x9f" + cbor2.dumps(PAYLOAD)[1:] + b"\xff"),
    "a number written longer": made(raw=cbor2.dumps(PAYLOAD)[:-1] + b"\x18\x01"),
    "a short card id": made([b"x", *PAYLOAD[1:]]),
    "a card id that is text": made(["00112233", *PAYLOAD[1:]]),
    "a turn below zero": made([*PAYLOAD[:2], -1, *PAYLOAD[3:]]),
    "a turn that is a truth": made([*PAYLOAD[:2], True, *PAYLOAD[3:]]),
    "a turn that is a fraction": made([*PAYLOAD[:2], 1.0, *PAYLOAD[3:]]),
    "a huge day": made([*PAYLOAD[:4], 2**40, *PAYLOAD[5:]]),
    "a language that nobody speaks": made([*PAYLOAD[:7], 4]),
    "an empty category": made([*PAYLOAD[:5], "", *PAYLOAD[6:]]),
    "a long category": made([*PAYLOAD[:5], "categories", *PAYLOAD[6:]]),
    "a date by its tag": made([*PAYLOAD[:3], cbor2.CBORTag(100, 18257), *PAYLOAD[4:]]),
}  # fmt: skip


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED.keys())
def test_no_other_form_is_taken_though_it_be_rightly_signed(content: bytes) -> None:
    """A card has one form; nothing stands in it that is not read."""
    assert KEYS.read(written(content)) in ("malformed_code", "unknown_card")


def test_another_head_is_no_card_of_ours_and_is_looked_at_no_further() -> None:
    """Algorithm, tag and headers are compared as bytes: no key is looked for, nothing is decoded."""
    for name in ("ES256", "HS256 with the public key", "no algorithm", "COSE_Sign", "no tag", "a tag around the tag"):
        assert KEYS.read(written(FORGED[name])) == "malformed_code", name


def test_half_a_card_is_none() -> None:
    """Wherever a scan breaks off, and whatever is behind it."""
    for at in range(len(GOOD)):
        assert isinstance(KEYS.read(GOOD[:at]), str)
        assert isinstance(KEYS.read(GOOD + GOOD[:at]), str) or not at


def test_a_single_turned_bit_makes_it_none() -> None:
    """Each of all bits."""
    for at in range(len(CONTENT) * 8):
        changed = bytearray(CONTENT)
        changed[at // 8] ^= 1 << at % 8
        assert isinstance(KEYS.read(written(bytes(changed))), str), at


_ANYTHING = st.one_of(
    st.text(max_size=300), st.text(base45.ALPHABET, max_size=220), st.binary(max_size=150).map(base45.encode)
)


@settings(max_examples=500, deadline=None)
@given(_ANYTHING)
def test_no_text_trips_the_reader_and_none_is_taken(said: str) -> None:
    """Whatever a scanner or a stranger sends."""
    assert isinstance(KEYS.read(signed.PREFIX + said), str)
    assert isinstance(KEYS.read(said), str)


def test_no_mutation_of_a_good_card_is_taken(faults: Faults) -> None:
    """Bytes and signs changed, doubled, left away, moved, mixed with another card's; a million under `make faults`."""
    chance = random.Random(faults.seed)
    others = [CONTENT, base45.decode(text(OTHER)[3:]) or b"", *FORGED.values()]
    for _ in range(faults.times(10_000, 1_000_000)):
        content = _mutated(chance, others)
        shown = written(content) if chance.random() < 0.8 else _scrambled(chance, GOOD)
        assert shown in (GOOD, written(CONTENT)) or isinstance(KEYS.read(shown), str), shown


def _mutated(chance: random.Random, others: list[bytes]) -> bytes:
    content = bytearray(chance.choice([CONTENT, CONTENT, CONTENT, chance.choice(others)]))
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.randint(0, len(content)) for _ in range(2))
        how = chance.randrange(5)
        if how == 0 and at < len(content):
            content[at] = chance.randrange(256)
        elif how == 1:
            del content[at : at + chance.randint(1, 8)]
        elif how == 2:
            content[at:at] = chance.randbytes(chance.randint(1, 8))
        elif how == 3:
            content[at:to] = chance.choice(others)[at:to]
        else:
            content[at:at] = content[at:to][:16]
    return bytes(content)


def _scrambled(chance: random.Random, good: str) -> str:
    signs = list(good)
    at = chance.randrange(3, len(signs))
    signs[at] = chance.choice(base45.ALPHABET + "é\u0661\x00 ")
    return "".join(signs)
