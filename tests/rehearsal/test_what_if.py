"""Another number of counters: read, applied to a plan, said in words; slips are named with the remedy."""

from __future__ import annotations

import pytest

from checkin_server.common.faults import WrongUse
from checkin_server.domain.plan import Plan
from checkin_server.rehearsal import what_if
from checkin_server.rehearsal.what_if import Wish


def test_a_booth_gets_as_many_counters_as_wished(plan: Plan) -> None:
    """New ones give what the last one gives; the others stay."""
    more = what_if.apply(plan, what_if.read(plan, ["bank=6", "education+1,reception=1"]))
    assert [c.id for c in what_if.counters_of(more, "bank")] == [f"bank-{n}" for n in range(1, 7)]
    assert {c.services for c in what_if.counters_of(more, "bank")} == {("bank",)}
    assert [c.label for c in what_if.counters_of(more, "education")] == ["1", "2"]
    assert [c.id for c in what_if.counters_of(more, "reception")] == ["reception-1"]
    assert len(more.counters) == len(plan.counters) + 2 + 1 - 1
    assert len(plan.counters) == 21, "the venue's own plan is as it was"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bnak=3", 'no booth or service "bnak".*Did you mean "bank"'),
        ("bank", 'for example "bank=3"'),
        ("bank=three", 'for example "bank=3"'),
        ("bank=0", "closed = true"),
        ("bank=-1", 'for example "bank=3"'),
        ("bank=1000", "1 to 99 counters"),
    ],
)
def test_a_slip_is_named_with_its_remedy(plan: Plan, text: str, said: str) -> None:
    """Exit code 2."""
    with pytest.raises(WrongUse, match=said) as raised:
        what_if.read(plan, [text])
    assert raised.value.exit_code == 2


def test_the_last_word_on_a_booth_counts(plan: Plan) -> None:
    """As with any option given twice."""
    assert what_if.read(plan, ["bank=2", "bank=3"]) == [Wish("bank", 3)]


def test_wishes_are_said_in_words(plan: Plan) -> None:
    """As the advice says them."""
    assert what_if.in_words(plan, what_if.one_more(plan, "education")) == "open a second education counter"
    assert what_if.in_words(plan, Wish("bank", 7)) == "7 instead of 4 bank counters"
    assert str(what_if.one_more(plan, "bank")) == "bank=5"
