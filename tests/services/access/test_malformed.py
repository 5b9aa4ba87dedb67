"""Codes, tokens, PINs and pairing codes that are nearly right: no fault of the server's, and nobody is let in."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin_server.common.roles import OFFICE
from checkin_server.domain.members import codes
from checkin_server.domain.refusal import Refusal
from checkin_server.domain.texts import code as shown
from checkin_server.services import access
from checkin_server.services.venue import Actor
from checkin_server.services.visits.check_in import check_in
from tests.support.faults import Faults
from tests.support.venue import Site, accepted, sqlcipher_site

_SIGNS = (
    *codes.LETTERS,
    *"CVAEIOUZ0189 -_=+/%;,.:'\"\\<>{}[]()&|`$#@!?*~^",
    *"\0\t\n\r\x1b\x7f\x85\u00e9\u0130\u017f\u0660\u06f1\u200b\u200f\u202e\u2066\ufeff\ufffd\uff23\U0001d400\U0010ffff",
)
_FORGIVEN = str.maketrans("", "", " -\t\n\r\x85\u200f\u2066")


def _nearly(chance: random.Random, right: str) -> str:
    """Change something of a text that is right: signs, case, order, length, its beginning or end."""
    signs = list(right)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(signs) + 1)
        match chance.randrange(7):
            case 0:
                signs[at : at + 1] = [chance.choice(_SIGNS)]
            case 1:
                signs.insert(at, chance.choice(_SIGNS))
            case 2:
                del signs[at : at + chance.choice((1, 1, 5, 40))]
            case 3:
                signs[at:at] = signs[: chance.choice((1, 3, 99))]
            case 4:
                signs = [one.swapcase() if chance.random() < 0.3 else one for one in signs]
            case 5 if at > 1:
                signs[at - 1 : at], signs[at - 2 : at - 1] = signs[at - 2 : at - 1], signs[at - 1 : at]
            case _:
                signs = list("".join(signs).encode()[::-1].decode("latin-1")) if chance.random() < 0.2 else signs * 2
    return "".join(signs)


def _others(chance: random.Random, right: str, count: int) -> Iterator[str]:
    """Yield so many texts that are nearly `right` and mean something else."""
    while count:
        text = _nearly(chance, right)
        if text.strip() != right:
            count -= 1
            yield text


def test_a_code_that_is_nearly_a_card_or_a_ticket_is_another_or_none(faults: Faults) -> None:
    """Only case, spaces, hyphens and bidi marks are forgiven; whatever else is changed never leads to the same card."""
    chance = random.Random(faults.seed)
    for _ in range(faults.times(40, 4_000)):
        right = codes.make(chance.choice((codes.CARD, codes.VISIT)), chance.randbytes(16))
        for text in _others(chance, right, 250):
            read = codes.parse(shown(text))
            same = read is not None and read.text == right
            assert same == (shown(text)[:200].translate(_FORGIVEN).upper() == right and len(text) <= 200), ascii(text)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An open day with some members."""
    with sqlcipher_site(tmp_path, crowd=3) as made:
        yield made


def test_nobody_is_let_in_by_what_is_nearly_a_card_a_ticket_or_a_token(site: Site, faults: Faults) -> None:
    """Each kind of thing that can be shown, changed a little, where it is looked up."""
    chance, venue, times = random.Random(faults.seed), site.venue, faults.times(60, 20_000)
    organizer = access.add_device(venue, "organizer", "office")
    access.add_staff(venue, "Amina", "organizer", "5826")
    session = str(accepted(access.sign_in(venue, organizer.device_id, "Amina", "5826", "organizer"))["session_token"])
    link = access.make_link(venue, "kiosk", "K1")
    card = site.crowd[0].code
    ticket = str(accepted(check_in(venue, site.kiosk, str(uuid.uuid4()), card))["visit"]["id"])
    for right in (card, ticket):
        for text in _others(chance, right, times):
            if shown(text)[:200].translate(_FORGIVEN).upper() != right:
                answer = accepted(check_in(venue, site.kiosk, str(uuid.uuid4()), shown(text[:4096])))
                assert (answer["outcome"], answer["visit"], answer["member"]) == ("refused", None, None), ascii(text)
    for text in _others(chance, organizer.token, times):
        assert access.device_of(venue, text) is None, ascii(text)
    for text in _others(chance, session, times):
        assert access.session_of(venue, text, organizer.device_id) is None, ascii(text)
    for text in _others(chance, link, times):
        assert isinstance(access.claim(venue, text), Refusal), ascii(text)
    office = Actor(organizer.device_id, OFFICE[0], "office", None)
    asked = accepted(access.ask_pairing(venue, access.Askers(), "192.0.2.1"))
    for text in _others(chance, str(asked["code"]), times):
        assert isinstance(access.approve_pairing(venue, office, text, "kiosk", "K1"), Refusal), ascii(text)


def test_nobody_signs_in_with_what_is_nearly_the_pin(site: Site, faults: Faults) -> None:
    """Digits of other scripts are the same digits; nothing else is the PIN, whatever a client sends."""
    venue, chance = site.venue, random.Random(faults.seed)
    access.add_staff(venue, "Amina", "counter", "5826")
    digits = {ord(one): str(value) for value in range(10) for one in (chr(0x660 + value), chr(0x6F0 + value))}
    for count, text in enumerate(_others(chance, "5826", faults.times(20, 2_000))):
        if text.translate(digits) == "5826":
            continue
        device = access.add_device(venue, "counter", f"bank-{1 + count % 2}").device_id
        answer = access.sign_in(venue, device, "Amina", text[:32], "counter")
        assert isinstance(answer, Refusal), ascii(text)
        assert answer.code in ("wrong_pin", "locked")
