"""Accounts of staff: disabling, another PIN, unlocking, and who may sign in where."""

from __future__ import annotations

import pytest

from checkin_server.common.roles import STAFF_ROLES
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.access import FREE_ATTEMPTS
from checkin_server.services.day import open_and_close
from tests.support.venue import PIN, Site, accepted, refused


def tablet(site: Site, station: str = "bank-1") -> str:
    """Pair a counter's tablet."""
    return access.add_device(site.venue, "counter", station).device_id


def lock(site: Site, device: str, name: str = "Nadia") -> None:
    """Spend all free attempts."""
    for _ in range(FREE_ATTEMPTS):
        refused(access.sign_in(site.venue, device, name, "0000"))


def test_whoever_is_disabled_is_signed_out_everywhere_and_let_in_nowhere_until_enabled(site: Site) -> None:
    """By name or by id; what is done twice is done once."""
    staff, here, there = site.hire(), tablet(site), tablet(site, "bank-2")
    tokens = [(accepted(access.sign_in(site.venue, one, "Nadia", PIN))["session_token"], one) for one in (here, there)]
    assert access.disable(site.venue, "Nadia")
    assert not access.disable(site.venue, staff)
    assert [access.session_of(site.venue, token, device) for token, device in tokens] == [None, None]
    assert refused(access.sign_in(site.venue, here, "Nadia", PIN)).code == "wrong_pin"
    with pytest.raises(ValueError, match="already"):
        site.hire("Nadia")
    assert access.enable(site.venue, staff)
    assert not access.enable(site.venue, "Nadia")
    assert [access.session_of(site.venue, token, device) for token, device in tokens] == [None, None], "ended is ended"
    assert accepted(access.sign_in(site.venue, here, "Nadia", PIN))
    assert [one for one in site.events() if one.startswith("staff_")][-3:] == [
        "staff_disabled",
        "staff_enabled",
        "staff_signed_in",
    ]


def test_another_pin_ends_the_old_ones_sessions_and_opens_what_it_had_locked(site: Site) -> None:
    """A PIN that somebody saw is worth nothing from that moment."""
    site.hire()
    here, there = tablet(site), tablet(site, "bank-2")
    token = accepted(access.sign_in(site.venue, there, "Nadia", PIN))["session_token"]
    lock(site, here)
    with pytest.raises(ValueError, match="4 to 8 digits"):
        access.set_pin(site.venue, "Nadia", "12")
    access.set_pin(site.venue, "Nadia", "8642")
    assert access.session_of(site.venue, token, there) is None
    assert refused(access.sign_in(site.venue, here, "Nadia", PIN)).code == "wrong_pin"
    assert accepted(access.sign_in(site.venue, here, "Nadia", "8642"))


def test_unlocking_forgets_a_persons_wrong_pins_or_all_of_a_place(site: Site) -> None:
    """A name that is nobody's locks the tablet too: that is unlocked by its place."""
    site.hire()
    site.hire("Karim", "1379")
    here = tablet(site)
    lock(site, here)
    assert access.unlock(site.venue, "Karim") == []
    assert refused(access.sign_in(site.venue, here, "Karim", "1379")).code == "locked"
    assert access.unlock(site.venue, "Nadia") == ["bank-1"]
    assert accepted(access.sign_in(site.venue, here, "Karim", "1379"))
    lock(site, here, "Nobody")
    assert access.unlock(site.venue, "Nadia") == []
    assert access.unlock_at(site.venue, "bank-1") == ["bank-1"]
    assert accepted(access.sign_in(site.venue, here, "Nadia", PIN))
    with pytest.raises(ValueError, match="riwaq devices list"):
        access.unlock_at(site.venue, "bank-2")


def test_the_list_says_who_may_sign_in_where_they_are_and_where_wrong_pins_locked_them(site: Site) -> None:
    """What somebody at the server needs to know before they disable, unlock or give a PIN."""
    site.hire("Karim", "1379")
    site.hire()
    here, there = tablet(site), tablet(site, "bank-2")
    accepted(access.sign_in(site.venue, there, "Nadia", PIN))
    lock(site, here)
    access.disable(site.venue, "Karim")
    shown = [{key: one[key] for key in one if key != "id"} for one in access.list_staff(site.venue)]
    assert shown == [
        {"name": "Karim", "role": "counter", "state": "disabled", "signed_in": [], "locked": []},
        {
            "name": "Nadia",
            "role": "counter",
            "state": "active",
            "signed_in": ["bank-2"],
            "locked": [{"station": "bank-1", "until": "2019-12-27T08:01:00Z"}],
        },
    ]


def test_nobody_of_that_name_is_said_so(site: Site) -> None:
    """Instead of disabling nobody and feeling safe."""
    for change in (access.disable, access.enable, access.unlock):
        with pytest.raises(access.NoSuchStaff, match="riwaq staff list"):
            change(site.venue, "Nadja")
    with pytest.raises(access.NoSuchStaff):
        access.set_pin(site.venue, "Nadja", PIN)


@pytest.mark.parametrize(
    ("device", "may"),
    [
        ("counter", {"counter", "welcome", "organizer", "privacy"}),
        ("welcome", {"welcome", "organizer"}),
        ("organizer", {"organizer", "privacy"}),
        ("privacy", {"privacy"}),
        ("kiosk", set()),
    ],
)
def test_who_may_sign_in_where_goes_by_both_roles(site: Site, device: str, may: set[str]) -> None:
    """Four roles of people at each kind of device."""
    station = {"kiosk": "K1", "counter": "bank-1"}.get(device, "desk")
    paired = access.add_device(site.venue, device, station).device_id
    allowed = set()
    for role in STAFF_ROLES:
        access.add_staff(site.venue, role, role, PIN)
        answer = access.sign_in(site.venue, paired, role, PIN, device)
        if isinstance(answer, Refusal):
            assert answer.code == "wrong_role"
        else:
            allowed.add(role)
    assert allowed == may


def test_when_a_day_ends_all_are_signed_out_but_those_who_run_it(site: Site) -> None:
    """The organiser who ends it opens the next one."""
    staff = access.add_staff(site.venue, "Amina", "organizer", PIN)
    office = access.add_device(site.venue, "organizer", "dashboard").device_id
    desk, counter = access.add_device(site.venue, "welcome", "desk").device_id, tablet(site)
    tokens = {
        device: accepted(access.sign_in(site.venue, device, staff, PIN, role))["session_token"]
        for device, role in ((office, "organizer"), (desk, "welcome"), (counter, "counter"))
    }
    site.wait(1)
    open_and_close.close_day(site.venue, now=True)
    running = {device for device, token in tokens.items() if access.session_of(site.venue, token, device)}
    assert running == {office}
