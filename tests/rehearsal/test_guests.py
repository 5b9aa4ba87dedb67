"""Simulated visitors are played by members of the demo who are like them, each of a family of its own."""

from __future__ import annotations

import pytest

from checkin_server.common.faults import WrongUse
from checkin_server.rehearsal.guests import Guest, Wanted, cast, members_of
from tests.support.venue import FAMILY, FROM_TANGIER, GUEST, REPLACED, Site


def _family(name: str, *people: tuple[str, tuple[str, ...]]) -> list[Guest]:
    ids = [f"{name}{n}" for n in range(len(people))]
    return [
        Guest(i, f"code-{i}", category, needs, name, tuple(o for o in ids if o != i))
        for i, (category, needs) in zip(ids, people, strict=True)
    ]


PEOPLE = [
    *_family("a", ("active", ())),
    *_family("b", ("active", ()), ("dependant", ()), ("child", ())),
    *_family("c", ("retired", ("wheelchair",))),
    *_family("d", ("active", ()), ("dependant", ())),
]


def test_a_visitor_gets_a_member_of_the_same_category_needs_and_family_size() -> None:
    """The smallest family that will do, so that large ones are left for who needs them."""
    wanted = [
        Wanted("active"),
        Wanted("active", party=3),
        Wanted("retired", ("wheelchair",)),
        Wanted("active", party=2),
    ]
    played = cast(PEOPLE, wanted)
    assert [guest.member for guest, _ in played] == ["a0", "b0", "c0", "d0"]
    assert [like for _, like in played] == wanted


def test_nobody_of_a_family_plays_twice() -> None:
    """Who came along with a relative can't come once more."""
    families = [guest.family for guest, _ in cast(PEOPLE, [Wanted("active")] * 4)]
    assert sorted(families) == ["a", "b", "c", "d"]


def test_who_nobody_is_like_is_played_by_somebody_else_and_says_so() -> None:
    """The world is then played with what the members are really like."""
    ((guest, like),) = cast(_family("a", ("active", ())), [Wanted("widowed", ("low_vision",), 4)])
    assert (guest.member, like) == ("a0", Wanted("active", (), 1))


def test_too_few_families_are_told_with_the_remedy() -> None:
    """Before anybody has scanned a card."""
    with pytest.raises(WrongUse, match="--members"):
        cast(PEOPLE, [Wanted("active")] * 5)


def test_only_members_who_are_let_in_play(site: Site) -> None:
    """With their newest valid card of this event; relatives are those who are let in as well."""
    found = {guest.member: guest for guest in members_of(site.venue, "2019-12-27")}
    assert not {GUEST.id, FROM_TANGIER.id} & found.keys()
    assert found[FAMILY[0].id].relatives == (FAMILY[1].id, FAMILY[2].id)
    assert found[FAMILY[0].id].needs == ("wheelchair",)
    assert site.scan(found[REPLACED.id].code)["outcome"] == "admitted"
