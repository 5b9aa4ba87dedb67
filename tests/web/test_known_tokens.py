"""Tokens that are recognised without asking: after a start, and while somebody guesses."""

from __future__ import annotations

from pathlib import Path

from checkin_server.services import access
from checkin_server.web.auth import Doorkeeper
from checkin_server.web.origins import Origins
from tests.support.venue import sqlcipher_site


def _never() -> bool:
    return False


def test_a_good_token_needs_no_share_of_tries_and_a_guess_does(tmp_path: Path) -> None:
    """However many are guessed at the screens' own address right after a start, none of them is held up."""
    with sqlcipher_site(tmp_path) as site:
        paired = access.add_device(site.venue, "kiosk", next(iter(site.plan.kiosks)))
        doorkeeper = Doorkeeper(site.venue, Origins(()))
        assert not doorkeeper.recognises(paired.token)
        assert doorkeeper.proves(paired.token, _never) is None
        doorkeeper.learn()
        assert doorkeeper.recognises(paired.token) and not doorkeeper.recognises("x" * 43)
        assert doorkeeper.proves(paired.token, _never) == paired.device_id
        assert doorkeeper.proves("x" * 43, _never) is None
        later = access.add_device(site.venue, "kiosk", next(iter(site.plan.kiosks)))
        assert doorkeeper.proves(later.token, lambda: True) == later.device_id


def test_to_be_recognised_opens_nothing(tmp_path: Path) -> None:
    """A device that was cut off is recognised for some seconds still, and is let in no more."""
    with sqlcipher_site(tmp_path) as site:
        paired = access.add_device(site.venue, "kiosk", next(iter(site.plan.kiosks)))
        doorkeeper = Doorkeeper(site.venue, Origins(()))
        doorkeeper.learn()
        access.revoke_device(site.venue, paired.device_id)
        assert doorkeeper.recognises(paired.token)
        assert doorkeeper.proves(paired.token, _never) is None
        assert not doorkeeper.recognises(paired.token)
        doorkeeper.learn()
        assert paired.token not in str(doorkeeper._recognised)
