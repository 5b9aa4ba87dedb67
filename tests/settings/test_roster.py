"""The demo's invented roster."""

from __future__ import annotations

import csv
import dataclasses
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from checkin_server.domain.admission import REASONS, CardFacts, DayFacts, decide_card
from checkin_server.domain.members import codes
from checkin_server.domain.plan import LANGUAGES, NEEDS, Plan
from checkin_server.venues.roster import Member, Roster, make_roster, write_demo_cards


@pytest.fixture(scope="module")
def roster(rabat: Plan) -> Roster:
    """As many members as the demo has by default."""
    return make_roster(rabat, 3000)


def ordinary(roster: Roster) -> tuple[Member, ...]:
    """All but the one of a unit that is not served."""
    return roster.members[:-1]


def test_the_same_seed_gives_the_same_roster(rabat: Plan, roster: Roster) -> None:
    """A printed card is still good after the demo was started anew."""
    assert make_roster(rabat, 3000) == roster


def test_another_seed_gives_other_people_and_other_codes(rabat: Plan, roster: Roster) -> None:
    """So that two demos can't be mixed up."""
    other = make_roster(rabat, 3000, seed=7)
    assert {card.code for card in other.cards}.isdisjoint(card.code for card in roster.cards)
    assert [m.name_la for m in other.members] != [m.name_la for m in roster.members]


def test_more_members_only_add_to_the_end(rabat: Plan, roster: Roster) -> None:
    """Cards of a small demo are good in a larger one."""
    small = make_roster(rabat, 100)
    assert ordinary(small) == roster.members[:100]
    assert small.cards[:100] == roster.cards[:100]


@pytest.mark.parametrize("members", [1, 2, 50, 3000])
def test_there_are_as_many_ordinary_members_as_asked_for(rabat: Plan, members: int) -> None:
    """With ids that count from 1."""
    made = make_roster(rabat, members)
    assert [m.id for m in ordinary(made)] == [f"M{n:06}" for n in range(1, members + 1)]


def test_no_code_is_used_twice_and_each_can_be_scanned(roster: Roster) -> None:
    """Every code reads as a card."""
    all_codes = [card.code for card in roster.cards]
    assert len(set(all_codes)) == len(all_codes)
    assert all((code := codes.parse(text)) and code.kind == codes.CARD for text in all_codes)


def test_every_value_of_a_member_is_known_to_the_plan(rabat: Plan, roster: Roster) -> None:
    """Categories, served units, languages and needs."""
    for member in ordinary(roster):
        assert member.category in rabat.categories
        assert rabat.units[member.unit].eligible
        assert member.locale in LANGUAGES
        assert set(member.needs) <= set(NEEDS)


def test_names_are_written_in_arabic_and_in_latin_letters(roster: Roster) -> None:
    """The same number of words in both scripts."""
    for member in roster.members:
        assert not any(letter.isascii() and letter.isalpha() for letter in member.name_ar)
        assert not any("\u0600" <= letter <= "\u06ff" for letter in member.name_la)
        assert len(member.name_ar.split()) == len(member.name_la.split()) >= 2


def test_families_are_plausible(roster: Roster) -> None:
    """One head, at most a spouse and a parent, at most four children, all of one unit."""
    families: dict[str, list[Member]] = defaultdict(list)
    for member in ordinary(roster):
        families[member.family].append(member)
    for family in families.values():
        kinds = Counter(member.category for member in family)
        assert family[0].category in {"active", "retired", "widowed"}
        assert kinds["active"] + kinds["retired"] + kinds["widowed"] == 1
        assert kinds["dependant"] <= 2
        assert kinds["child"] <= 4
        assert len({member.unit for member in family}) == 1
    assert 2.2 < len(ordinary(roster)) / len(families) < 4


def test_children_of_a_family_share_one_surname_and_no_first_name(roster: Roster) -> None:
    """Brothers and sisters."""
    children: dict[str, list[list[str]]] = defaultdict(list)
    for member in ordinary(roster):
        if member.category == "child":
            children[member.family].append(member.name_la.split(" ", 1))
    assert any(len(names) > 2 for names in children.values())
    for names in children.values():
        assert len({last for _, last in names}) == 1
        assert len({first for first, _ in names}) >= len(names) - 1  # Nour is a name for both


def test_languages_have_their_shares(rabat: Plan) -> None:
    """Arabic 62, French 20, Amazigh 13, English 5 in a hundred, within two."""
    shares = Counter(member.locale for member in ordinary(make_roster(rabat, 20000)))
    for locale, share in {"ar": 62, "fr": 20, "zgh": 13, "en": 5}.items():
        assert shares[locale] / 200 == pytest.approx(share, abs=2)


def test_every_category_and_every_served_unit_occurs(rabat: Plan, roster: Roster) -> None:
    """A demo in which nobody is widowed would not show what widows see."""
    assert {member.category for member in ordinary(roster)} == set(rabat.categories)
    assert {member.unit for member in ordinary(roster)} == {u.id for u in rabat.units.values() if u.eligible}


def test_each_demonstration_case_shows_what_its_name_says(rabat: Plan, roster: Roster) -> None:
    """The domain decides about each card as the case is called."""
    members = {member.id: member for member in roster.members}
    cards = {card.code: card for card in roster.cards}
    day = rabat.days[0]
    facts = DayFacts(day.id, day.opens_at, day.closes_at, 0, None)
    seen = {}
    for case, text in roster.cases:
        code = codes.parse(text)
        if code is None:
            seen[case] = "malformed_code"
            continue
        card = cards.get(code.text)
        member = members[card.member] if card else None
        known = CardFacts(card.state, card.event, member.category, member.unit) if card and member else None
        decision = decide_card(known, None, facts, rabat, day.opens_at)
        seen[case] = decision.reason or decision.outcome
    assert seen.pop("new_card") == "admitted"
    assert seen == {reason: reason for reason in seen}
    of_the_day = {"outside_hours", "day_full", "visit_closed", "lost_in_restore"}
    assert set(REASONS) - set(seen) == {*of_the_day, "card_out_of_date", "card_elsewhere", "codes_locked"}


def test_the_revoked_card_and_the_new_one_are_the_same_members(roster: Roster) -> None:
    """Whoever lost a card has another."""
    owner = {card.code: card.member for card in roster.cards}
    cases = dict(roster.cases)
    assert owner[cases["revoked_card"]] == owner[cases["new_card"]]


def test_demo_cards_list_each_ordinary_member_with_the_valid_card(roster: Roster, tmp_path: Path) -> None:
    """Exactly the contract's columns; the special codes stand in a file of their own."""
    write_demo_cards(roster, tmp_path / "demo-cards.csv")
    text = (tmp_path / "demo-cards.csv").read_text(encoding="utf-8")
    assert text.split("\n")[0] == "member,code,category,unit,locale,family"
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["member"] for row in rows] == [member.id for member in ordinary(roster)]
    valid = {(card.member, card.code) for card in roster.cards if card.state == "active"}
    assert all((row["member"], row["code"]) in valid for row in rows)
    cases = (tmp_path / "demo-cases.csv").read_text(encoding="utf-8")
    assert [tuple(line.split(",")) for line in cases.splitlines()] == [("case", "code"), *roster.cases]
    refused = {code for case, code in roster.cases if case != "new_card"}
    assert refused.isdisjoint(row["code"] for row in rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo-cards.csv", "demo-cases.csv"]


def test_a_folder_that_cannot_be_written_to_is_an_error_and_leaves_nothing(roster: Roster, tmp_path: Path) -> None:
    """The caller says so in words; no half file is left."""
    with pytest.raises(OSError, match="No such file"):
        write_demo_cards(roster, tmp_path / "missing" / "demo-cards.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_plan_without_the_demos_categories_is_refused(rabat: Plan) -> None:
    """Another tour may have other categories; the roster says which it lacks."""
    others = {key: value for key, value in rabat.categories.items() if key != "widowed"}
    with pytest.raises(ValueError, match="widowed"):
        make_roster(dataclasses.replace(rabat, categories=others), 10)


@pytest.mark.parametrize("members", [0, -1])
def test_an_empty_roster_is_refused(rabat: Plan, members: int) -> None:
    """There would be nobody to scan."""
    with pytest.raises(ValueError, match="at least one"):
        make_roster(rabat, members)


def test_twenty_thousand_members_take_no_seconds(rabat: Plan) -> None:
    """About 0.3 s of a core; ten times that is still no reason to fail on a busy machine."""
    start = time.process_time()
    assert len(make_roster(rabat, 20_000).members) == 20_001
    assert time.process_time() - start < 3
