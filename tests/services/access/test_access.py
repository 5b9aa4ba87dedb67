from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.access import FREE_ATTEMPTS, Paired
from checkin_server.services.venue import Actor
from tests.support.shown import dashboard
from tests.support.venue import PIN, Site, accepted, refused

HOUR = 60
OFFICE = Actor("d_office", "organizer", "office", "u_amina")


def tablet(site: Site, station: str = "bank-1") -> Paired:
    """Pair a counter's tablet."""
    return access.add_device(site.venue, "counter", station)


def sign_in(site: Site, device: str, pin: str = PIN, name: str = "Nadia") -> object:
    """Sign in and return the answer."""
    return access.sign_in(site.venue, device, name, pin)


def lock(site: Site, device: str, name: str = "Nadia") -> None:
    """Spend all free attempts."""
    for _ in range(FREE_ATTEMPTS):
        assert refused(access.sign_in(site.venue, device, name, "0000")).code in ("wrong_pin", "locked")


def shown(site: Site) -> list[dict[str, Any]]:
    """Return what the dashboard calls trouble."""
    found: list[dict[str, Any]] = dashboard.snapshot(site.venue, dict, frozenset())["trouble"]
    return found


# -- devices ------------------------------------------------------------------------------------------------------


def test_a_device_is_known_by_its_token_until_it_is_cut_off(site: Site) -> None:
    """And the second cutting off finds nothing to cut."""
    paired = tablet(site)
    row = access.device_of(site.venue, paired.token)
    assert row is not None
    assert (row["id"], row["role"], row["station"]) == (paired.device_id, "counter", "bank-1")
    assert access.revoke_device(site.venue, paired.device_id)
    assert access.device_of(site.venue, paired.token) is None
    assert not access.revoke_device(site.venue, paired.device_id)
    assert access.revoked_among(site.venue, frozenset({paired.device_id, "d_other"})) == {paired.device_id}


@pytest.mark.parametrize("token", ["", "x", "' OR ''='"])
def test_a_token_nobody_was_given_is_nobody_s(site: Site, token: str) -> None:
    """Neither empty nor clever ones."""
    tablet(site)
    assert access.device_of(site.venue, token) is None


def test_tokens_are_random_and_kept_as_hashes_only(site: Site) -> None:
    """Who reads the database cannot speak as a device."""
    tokens = {tablet(site).token for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens), "256 bits in base 64"
    kept = str(site.rows("SELECT * FROM device"))
    assert not any(token in kept for token in tokens)
    assert "token_hash" not in str(access.list_devices(site.venue))


@pytest.mark.parametrize(
    ("role", "station"), [("kiosk", "K9"), ("board", "bank-1"), ("counter", "K1"), ("cook", "kitchen")]
)
def test_a_device_is_paired_only_for_a_role_and_station_of_the_plan(site: Site, role: str, station: str) -> None:
    """A mistyped station is an error now, not an empty screen tomorrow."""
    with pytest.raises(ValueError, match=f"{station}|{role}"):
        access.add_device(site.venue, role, station)
    with pytest.raises(ValueError, match=f"{station}|{role}"):
        access.make_link(site.venue, role, station)
    assert access.list_devices(site.venue) == []


def test_when_a_device_last_spoke_is_noted(site: Site) -> None:
    """The dashboard tells which screens are silent."""
    paired = tablet(site)
    access.note_seen(site.venue, {paired.device_id: 123, "d_unknown": 5})
    access.note_seen(site.venue, {})
    assert [row["last_seen"] for row in access.list_devices(site.venue)] == [123]


def ask(site: Site) -> dict[str, str]:
    """Let a device ask for a pairing."""
    asked = access.ask_pairing(site.venue, access.Askers(), "")
    assert not isinstance(asked, Refusal)
    return asked


# -- links and pairings -------------------------------------------------------------------------------------------


def test_a_link_makes_one_device_and_only_once(site: Site) -> None:
    """Whoever opens it first becomes that screen."""
    secret = access.make_link(site.venue, "board", "hall")
    paired = access.claim(site.venue, secret)
    assert isinstance(paired, Paired)
    assert (paired.role, paired.station) == ("board", "hall")
    assert access.device_of(site.venue, paired.token) is not None
    assert refused(access.claim(site.venue, secret)).code == "pairing_used"  # type: ignore[arg-type]


def test_a_link_is_good_for_an_hour(site: Site) -> None:
    """A forgotten one opens nothing tomorrow."""
    secret = access.make_link(site.venue, "board", "hall")
    site.wait(access.LINK_MINUTES)
    assert refused(access.claim(site.venue, secret)).code == "pairing_used"  # type: ignore[arg-type]
    assert access.list_devices(site.venue) == []


def test_an_unknown_secret_opens_nothing(site: Site) -> None:
    """Nor does the hash that is kept of one."""
    secret = access.make_link(site.venue, "board", "hall")
    for wrong in ("", "abc", access.digest(secret)):
        assert refused(access.claim(site.venue, wrong)).code == "unknown_pairing"  # type: ignore[arg-type]


def test_a_pairing_waits_for_the_organiser_and_then_gives_its_token_once(site: Site) -> None:
    """Six digits on the screen, approved for a role and station, claimed with the secret."""
    asked = ask(site)
    assert len(asked["code"]) == 6 and asked["code"].isdigit()
    claim = (site.venue, asked["secret"], asked["pairing_id"])
    assert refused(access.claim(*claim)).code == "not_approved"  # type: ignore[arg-type]
    approved = accepted(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K1"))
    assert approved == {"pairing_id": asked["pairing_id"], "role": "kiosk", "station": "K1"}
    paired = access.claim(*claim)
    assert isinstance(paired, Paired) and paired.role == "kiosk"
    assert refused(access.claim(*claim)).code == "pairing_used"  # type: ignore[arg-type]


def test_an_organisers_device_lets_in_none_that_may_do_more_and_the_log_says_who_let_it_in(site: Site) -> None:
    """Who looked at whom is read on a device that only somebody at the server makes."""
    asked = ask(site)
    refusal = refused(access.approve_pairing(site.venue, OFFICE, asked["code"], "privacy", "office"))
    assert (refusal.code, refusal.params) == ("more_rights", {"role": "privacy"})
    accepted(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K1"))
    (told,) = site.rows("SELECT device, staff, data FROM event WHERE kind = 'pairing_approved'")
    assert (told["device"], told["staff"]) == ("d_office", "u_amina") and '"K1"' in told["data"]
    assert access.add_device(site.venue, "privacy", "office").role == "privacy"


def test_a_token_is_good_as_long_as_the_event_and_each_use_rolls_it_on(site: Site) -> None:
    """Forgotten in a drawer it opens nothing next season; a clock that was wrong for a while ends no tablet's."""
    day = 24 * HOUR
    lasts = access.token_ms(site.venue) / 60_000
    assert 3 * day <= lasts <= 60 * day
    paired = tablet(site)
    site.wait(lasts - 1)
    assert access.device_of(site.venue, paired.token) is not None
    access.note_seen(site.venue, {paired.device_id: site.venue.now()})
    site.wait(lasts - 1)
    assert access.device_of(site.venue, paired.token) is not None
    site.wait(1)
    assert access.device_of(site.venue, paired.token) is None
    access.note_seen(site.venue, {paired.device_id: site.venue.now() + 100 * 86_400_000})
    assert access.device_of(site.venue, paired.token) is not None, "a moment to come counts as now"


def test_a_code_is_approved_once_and_only_in_its_time(site: Site) -> None:
    """A wrong, a used and an old code are all unknown."""
    asked = ask(site)
    accepted(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K1"))
    assert refused(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K2")).code == "unknown_code"
    late = ask(site)
    site.wait(access.PAIRING_MINUTES)
    assert refused(access.approve_pairing(site.venue, OFFICE, late["code"], "kiosk", "K1")).code == "unknown_code"
    assert refused(access.claim(site.venue, late["secret"])).code == "pairing_used"  # type: ignore[arg-type]


def test_a_pairing_is_claimed_with_its_own_id(site: Site) -> None:
    """Another pairing's secret does not fit."""
    one, other = ask(site), ask(site)
    accepted(access.approve_pairing(site.venue, OFFICE, other["code"], "kiosk", "K1"))
    refusal = refused(access.claim(site.venue, other["secret"], one["pairing_id"]))  # type: ignore[arg-type]
    assert refusal.code == "unknown_pairing"


def test_only_so_many_devices_of_an_address_may_wait_for_approval(site: Site) -> None:
    """Anybody in the network may ask, without end; who has expired makes room, and what nobody used is removed."""
    askers = access.Askers()

    def ask_from(address: str) -> dict[str, str]:
        asked = access.ask_pairing(site.venue, askers, address)
        assert not isinstance(asked, Refusal)
        return asked

    first = ask_from("10.0.0.1")
    site.wait(1)
    for _ in range(access.OWN_PAIRINGS - 1):
        ask_from("10.0.0.1")
    full = access.ask_pairing(site.venue, askers, "10.0.0.1")
    assert isinstance(full, Refusal) and full.code == "too_many_pairings"
    assert full.params == {"retry_after": (access.PAIRING_MINUTES - 1) * 60}
    ask_from("10.0.0.2")
    accepted(access.approve_pairing(site.venue, OFFICE, first["code"], "board", "hall"))
    ask_from("10.0.0.1")
    site.wait(access.PAIRING_MINUTES)
    assert site.one("SELECT count(*) FROM pairing") == access.OWN_PAIRINGS + 2
    site.wait(access.EXPIRED_KEPT_MS / 60_000)
    ask_from("10.0.0.1")
    assert site.one("SELECT count(*) FROM pairing") == 1


def test_a_pairing_is_not_approved_for_a_station_the_plan_lacks(site: Site) -> None:
    """And waits on for a right one."""
    asked = ask(site)
    assert refused(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K9")).code == "unknown_station"
    accepted(access.approve_pairing(site.venue, OFFICE, asked["code"], "kiosk", "K1"))


# -- staff and sessions -------------------------------------------------------------------------------------------


def test_the_right_pin_begins_a_session_on_that_device_only(site: Site) -> None:
    """A session token carried to another tablet is worth nothing."""
    staff, here, there = site.hire(), tablet(site), tablet(site, "bank-2")
    answer = accepted(access.sign_in(site.venue, here.device_id, "Nadia", PIN))
    assert answer["staff"] == {"id": staff, "name": "Nadia"}
    assert answer["expires_at"] == "2019-12-27T22:00:00Z"
    session = access.session_of(site.venue, answer["session_token"], here.device_id)
    assert session is not None and (session["staff"], session["name"]) == (staff, "Nadia")
    assert access.session_of(site.venue, answer["session_token"], there.device_id) is None
    assert access.session_of(site.venue, "made up", here.device_id) is None


def test_staff_may_sign_in_with_their_id_too(site: Site) -> None:
    """Two people may share a first name."""
    staff, device = site.hire(), tablet(site).device_id
    assert accepted(access.sign_in(site.venue, device, staff, PIN))["staff"]["name"] == "Nadia"


def test_a_session_ends_by_signing_out_by_time_and_by_cutting_off_the_device(site: Site) -> None:
    """After each, the token is nobody's."""
    site.hire()
    device = tablet(site).device_id
    for end in ("sign out", "time", "cut off"):
        token = accepted(access.sign_in(site.venue, device, "Nadia", PIN))["session_token"]
        assert access.session_of(site.venue, token, device) is not None
        if end == "sign out":
            assert access.sign_out(site.venue, token, device)
            assert not access.sign_out(site.venue, token, device)
        elif end == "time":
            site.wait(access.SESSION_HOURS * HOUR)
        else:
            access.revoke_device(site.venue, device)
        assert access.session_of(site.venue, token, device) is None, end


def test_who_was_taken_off_the_staff_list_works_no_more_from_that_moment(site: Site) -> None:
    """The session that runs is over, and the right PIN begins no other, by name or by id."""
    staff_id = site.hire()
    device = tablet(site).device_id
    token = accepted(access.sign_in(site.venue, device, "Nadia", PIN))["session_token"]
    site.db.write(lambda tx: tx.run(text("UPDATE staff SET active = 0")))
    assert access.session_of(site.venue, token, device) is None
    for name in ("Nadia", staff_id):
        assert refused(access.sign_in(site.venue, device, name, PIN)).code == "wrong_pin"


def test_signing_in_ends_the_session_of_whoever_was_there_before(site: Site) -> None:
    """One person works at a tablet."""
    site.hire("Nadia")
    site.hire("Karim", "1379")
    device = tablet(site).device_id
    first = accepted(access.sign_in(site.venue, device, "Nadia", PIN))["session_token"]
    accepted(access.sign_in(site.venue, device, "Karim", "1379"))
    assert access.session_of(site.venue, first, device) is None


def test_a_wrong_pin_says_how_many_attempts_are_left_and_then_locks(site: Site) -> None:
    """Five attempts, then a minute."""
    site.hire()
    device = tablet(site).device_id
    left = [refused(access.sign_in(site.venue, device, "Nadia", "0000")).params for _ in range(FREE_ATTEMPTS)]
    assert left == [*({"attempts_left": n} for n in (4, 3, 2, 1)), {"retry_after": 60}]


def test_while_it_is_locked_even_the_right_pin_is_not_looked_at(site: Site) -> None:
    """And asking does not lengthen the lock."""
    site.hire()
    device = tablet(site).device_id
    lock(site, device)
    site.wait(0.5)
    refusal = refused(access.sign_in(site.venue, device, "Nadia", PIN))
    assert (refusal.code, refusal.params) == ("locked", {"retry_after": 30})
    site.wait(0.5)
    assert accepted(access.sign_in(site.venue, device, "Nadia", PIN))["session_token"]


def test_each_further_wrong_pin_locks_twice_as_long_up_to_an_hour(site: Site) -> None:
    """Ten thousand PINs would take more than a year."""
    site.hire()
    device = tablet(site).device_id
    lock(site, device)
    locks = []
    for _ in range(8):
        site.wait(HOUR)
        locks.append(refused(access.sign_in(site.venue, device, "Nadia", "0000")).params["retry_after"])
    assert locks == [120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_stolen_tablet_locks_itself_and_nobody_out_elsewhere(site: Site) -> None:
    """Guessing somebody's PIN there costs the person nothing here; the id instead of the name gives no new attempts."""
    staff, here, there = site.hire(), tablet(site), tablet(site, "bank-2")
    lock(site, here.device_id)
    assert refused(access.sign_in(site.venue, here.device_id, staff, PIN)).code == "locked"
    assert accepted(access.sign_in(site.venue, there.device_id, staff, PIN))
    assert refused(access.sign_in(site.venue, here.device_id, "Nadia", PIN)).code == "locked", "still locked there"


def test_wrong_pins_are_an_alarm_on_the_dashboard_until_the_lock_ends(site: Site) -> None:
    """It names the place; the log names the device, and the person whose PIN was guessed, if it is somebody's."""
    staff, here = site.hire(), tablet(site)
    lock(site, here.device_id)
    told = next(event for event in site.rows("SELECT * FROM event WHERE kind = 'sign_in_locked'"))
    assert (told["device"], told["staff"]) == (here.device_id, staff)
    alarm = {"code": "sign_in_locked", "role": "counter", "station": "bank-1", "until": "2019-12-27T08:01:00Z"}
    assert alarm in shown(site)
    site.wait(1)
    assert alarm not in shown(site)
    for n in range(FREE_ATTEMPTS):
        refused(access.sign_in(site.venue, tablet(site, "bank-2").device_id, f"Nobody {n}", PIN))
    assert not [one for one in shown(site) if one["code"] == "sign_in_locked"], "one each is no guessing"


def test_a_device_is_locked_for_every_person(site: Site) -> None:
    """Trying one PIN with many names locks the tablet; other tablets go on."""
    site.hire("Nadia")
    here, there = tablet(site), tablet(site, "bank-2")
    for n in range(FREE_ATTEMPTS):
        refused(access.sign_in(site.venue, here.device_id, f"Nobody {n}", PIN))
    assert refused(access.sign_in(site.venue, here.device_id, "Nadia", PIN)).code == "locked"
    assert accepted(access.sign_in(site.venue, there.device_id, "Nadia", PIN))


def test_the_right_pin_forgives_earlier_slips(site: Site) -> None:
    """Four wrong, one right, and five attempts are free again."""
    site.hire()
    device = tablet(site).device_id
    for _ in range(FREE_ATTEMPTS - 1):
        refused(access.sign_in(site.venue, device, "Nadia", "0000"))
    accepted(access.sign_in(site.venue, device, "Nadia", PIN))
    assert site.one("SELECT count(*) FROM throttle") == 0
    assert refused(access.sign_in(site.venue, device, "Nadia", "0000")).params == {"attempts_left": 4}


def test_a_name_that_is_not_on_the_list_answers_like_a_wrong_pin(site: Site) -> None:
    """Nobody learns who works here."""
    site.hire()
    one, other = tablet(site).device_id, tablet(site, "bank-2").device_id
    known = [access.sign_in(site.venue, one, "Nadia", "0000") for _ in range(FREE_ATTEMPTS + 1)]
    unknown = [access.sign_in(site.venue, other, "Nobody", "0000") for _ in range(FREE_ATTEMPTS + 1)]
    assert known == unknown


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣", "12 4", "-123"])
def test_a_pin_is_four_to_eight_digits(site: Site, pin: str) -> None:
    """What a tablet's keypad can type."""
    with pytest.raises(ValueError, match="4 to 8 digits"):
        site.hire("Nadia", pin)


def test_a_pin_is_the_same_in_the_digits_of_every_keyboard(site: Site) -> None:
    """Given in one and typed in another: an Arabic keyboard writes 2580 as ٢٥٨٠, a Persian one as ۲۵۸۰."""
    site.hire("Nadia", "2580")
    site.hire("Karim", "١٣٧٩")
    device = tablet(site).device_id
    for name, typed in (("Nadia", "٢٥٨٠"), ("Nadia", "۲۵۸۰"), ("Karim", "1379"), ("Karim", "١٣٧٩")):
        assert accepted(access.sign_in(site.venue, device, name, typed))["staff"]["name"] == name
    assert refused(access.sign_in(site.venue, device, "Nadia", "٢٥٨١")).code == "wrong_pin"


def test_two_members_of_staff_cannot_have_one_name(site: Site) -> None:
    """The log must say who it was."""
    site.hire("Nadia")
    with pytest.raises(ValueError, match="Nadia is on the staff list already"):
        site.hire("Nadia", "1379")
