"""Taking a list in, on both databases: whole or not at all, and twice is once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from checkin_server.domain.members import member_list
from checkin_server.services.members.import_members import Outcome, import_members
from tests.members.lists import AMINE, CODE, HEADER, HIND, OTHER_CODE, ROWS, UNIT, Rows
from tests.support.venue import EVENT, OLD_CARD, OTHER_EVENT, REPLACED, Site


def take(site: Site, rows: Rows = ROWS, header: Sequence[str] = HEADER, **how: bool) -> Outcome:
    """Take a list in."""
    return import_members(site.venue, member_list.read(site.plan, [header, *rows]), **how)


def everything(site: Site) -> list[object]:
    """All members and all cards."""
    return [site.rows("SELECT * FROM member ORDER BY id"), site.rows("SELECT * FROM card ORDER BY code")]


def card_of(site: Site, member: str) -> str:
    """The code of a member's only active card."""
    code = site.one("SELECT code FROM card WHERE member = :m AND state = 'active' AND event = :e", m=member, e=EVENT)
    return str(code)


def test_new_members_are_let_in_with_the_code_of_the_list_or_a_new_one(site: Site) -> None:
    """While the server runs: the next scan knows them."""
    assert site.scan(CODE)["reason"] == "unknown_card"
    outcome = take(site)
    assert (outcome.done, outcome.added, outcome.cards, outcome.bad) == (True, 2, 2, [])
    scanned = site.scan(CODE)
    assert scanned["outcome"] == "admitted"
    assert scanned["member"]["display_name"]["ar"] == "أمين مخترع"
    assert site.scan(card_of(site, "L2"))["outcome"] == "admitted"
    (row,) = site.rows("SELECT * FROM member WHERE id = 'L1'")
    assert (row["family"], row["needs"]) == ("LF1", json.dumps(["wheelchair", "low_vision"]))
    assert site.problems() == []


def test_the_same_list_again_changes_nothing(site: Site) -> None:
    """No row, no card and no event."""
    take(site)
    before, events = everything(site), site.events()
    again = take(site)
    assert (again.done, again.nothing_new, again.unchanged) == (False, True, 2)
    assert everything(site) == before and site.events() == events


def test_rows_that_differ_change_their_members_and_no_others(site: Site) -> None:
    """The card stays; who is not in the list stays."""
    take(site)
    card = card_of(site, "L2")
    known = site.one("SELECT count(*) FROM member")
    outcome = take(site, [(*HIND[:3], "retired", *HIND[4:])])
    assert (outcome.added, outcome.changed, outcome.cards) == (0, 1, 0)
    assert site.one("SELECT category FROM member WHERE id = 'L2'") == "retired"
    assert site.one("SELECT count(*) FROM member") == known
    assert card_of(site, "L2") == card


def test_a_column_that_the_list_does_not_have_leaves_what_is_known(site: Site) -> None:
    """A short list with corrections does not wipe languages, families and names in the other script."""
    take(site)
    outcome = take(site, [("L1", "Amine Corrigé", "active", UNIT)], ("member", "nom", "category", "unit"))
    assert outcome.changed == 1
    (row,) = site.rows("SELECT * FROM member WHERE id = 'L1'")
    assert (row["name_la"], row["name_ar"], row["locale"], row["family"]) == (
        "Amine Corrigé",
        "أمين مخترع",
        "fr",
        "LF1",
    )
    assert json.loads(row["needs"]) == ["wheelchair", "low_vision"]


def test_one_bad_row_keeps_the_whole_list_out(site: Site) -> None:
    """Unless it is to be left out; then the rest comes in."""
    before = everything(site)
    rows = [AMINE, (*HIND[:4], "nowhere", *HIND[5:])]
    outcome = take(site, rows)
    assert (outcome.done, outcome.skipped) == (False, 1)
    assert everything(site) == before and "members_imported" not in site.events()
    outcome = take(site, rows, skip_bad=True)
    assert (outcome.done, outcome.added, outcome.skipped) == (True, 1, 1)
    assert site.scan(CODE)["outcome"] == "admitted"


def test_a_dry_run_says_what_would_be_and_writes_nothing(site: Site) -> None:
    """The figures are those of the real run."""
    before, events = everything(site), site.events()
    dry = take(site, dry_run=True)
    assert everything(site) == before and site.events() == events
    real = take(site)
    assert (dry.done, dry.added, dry.cards, real.done) == (False, 2, 2, True)
    assert (real.added, real.cards) == (dry.added, dry.cards)


def test_a_code_that_belongs_to_somebody_else_or_to_another_event_is_bad(site: Site) -> None:
    """One card opens one member's visit."""
    taken = (*HIND[:8], site.crowd[0].code)
    former = (REPLACED.id, *AMINE[1:8], OTHER_EVENT.code)
    outcome = take(site, [taken, former])
    assert [(bad.row, bad.column, bad.why) for bad in outcome.bad] == [
        (2, "code", "other_member"),
        (3, "code", "other_event"),
    ]


def test_an_id_that_lost_its_zeros_is_not_a_second_member(site: Site) -> None:
    """Unless somebody says that it is one."""
    take(site, [("007", *HIND[1:])])
    spoiled = [("7", *HIND[1:])]
    outcome = take(site, spoiled)
    assert [(bad.row, bad.column, bad.why) for bad in outcome.bad] == [(2, "member", "almost_known")]
    assert not outcome.done
    assert take(site, spoiled, ids_as_written=True).added == 1


def test_another_code_in_the_list_replaces_the_card(site: Site) -> None:
    """The old one is refused from then on, and an old list does not bring it back."""
    take(site)
    outcome = take(site, [(*AMINE[:8], OTHER_CODE)])
    assert (outcome.changed, outcome.cards) == (1, 1)
    assert site.scan(CODE)["reason"] == "revoked_card"
    assert site.scan(OTHER_CODE)["outcome"] == "admitted"
    outcome = take(site)
    assert (outcome.nothing_new, outcome.revoked) == (True, 1)
    assert site.scan(CODE)["reason"] == "revoked_card"


def test_a_revoked_card_stays_revoked(site: Site) -> None:
    """And its member gets no second one by the way."""
    row = (REPLACED.id, REPLACED.name_ar, REPLACED.name_la, REPLACED.category, UNIT, "fr", REPLACED.family, "")
    outcome = take(site, [(*row, OLD_CARD.code)])
    assert (outcome.nothing_new, outcome.revoked) == (True, 1)
    assert site.scan(OLD_CARD.code)["reason"] == "revoked_card"


def test_the_event_says_how_many_and_nothing_about_whom(site: Site) -> None:
    """Counts only."""
    take(site, [*ROWS, ("", *HIND[1:])], skip_bad=True)
    (row,) = site.rows("SELECT * FROM event WHERE kind = 'members_imported'")
    assert json.loads(row["data"]) == {"added": 2, "changed": 0, "unchanged": 0, "cards": 2, "skipped": 1}
