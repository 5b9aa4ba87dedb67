"""A partner's sheet: its own figures, small ones rounded, and nothing by which another's could be known."""

from __future__ import annotations

from checkin_server.domain.figures import partner
from checkin_server.domain.figures.period import Period, Rows
from tests.domain.figures.hand import MINUTE, OPENS, PLAN, Log

BANKS = {"bank"}
NAMES = ("bank", "desk", "health", "school")
HALL = {
    **PLAN,
    "booths": [{"id": name, "partner": {"en": name}} for name in NAMES],
    "services": [{"id": name, "booth": name} for name in NAMES],
    "counters": [{"id": f"{name}-1", "booth": name, "services": [name]} for name in NAMES],
    "offers": [{"id": "loan", "service": "bank"}, {"id": "care", "service": "health"}],
}


def hall(day: int, **visits: int) -> Log:
    """A day on which so many visits were served at each booth, one after another."""
    log = Log(opens=OPENS + day * 1440 * MINUTE, plan=HALL)
    log.day.id = f"2019-12-{27 + day}"
    number = 0
    for booth, many in visits.items():
        for place in range(many):
            number += 1
            visit = f"v{number}"
            log.come(place, visit, booth)
            log.at(f"{booth}-1", booth, visit, (place + 10, "call"), (place + 11, "start"), (place + 15, "finish"))
            log(place + 16, "feedback_given", visit, scores={booth: 1 + place % 5}, text=False)
    log.end(90)
    return log


def sheet(*logs: Log, secret: str = "s") -> dict[str, Rows]:
    """The bank's sheet of some days."""
    first = logs[0].period()
    return partner.sheet(Period([one for log in logs for one in log.period().days], first.local), BANKS, secret)


def test_only_its_own_booths_stand_in_it_and_no_total() -> None:
    """Services, counters and offers of the bank alone; no dataset of the whole hall."""
    found = sheet(hall(0, bank=30, health=12))
    assert set(found) == {
        *["services", "waits", "service_times", "calls", "opinions", "offers", "counters", "yardstick"]
    }
    keys = {
        row.get("service") or row.get("counter") for name, rows in found.items() for row in rows if name != "yardstick"
    }
    assert keys == {"bank", "bank-1"}
    (row,) = found["services"]
    assert (row["asked"], row["served"]) == (30, 30)


def test_counts_below_five_are_nought_or_five_and_add_up() -> None:
    """Whatever they are: the sum is that of what stands beside it, and no median is of fewer than five."""
    for many in range(1, 13):
        found = sheet(hall(0, bank=many))
        (row,) = found["services"]
        parts = ("served", "transferred", "given_back", "missed_for_good", "abandoned", "still_open")
        assert row["asked"] == sum(row[part] for part in parts)
        assert row["served"] == many if many >= 5 else row["served"] in (0, 5)
        (scores,) = found["opinions"]
        assert scores["scores"] == sum(scores[f"score_{n}"] for n in range(1, 6))
        (waits,) = found["waits"]
        assert (waits["wait_median"] is None) == (many < 5) and waits["wait_longest"] is None
        assert all(
            value in (0, 5) or value >= 5
            for name, value in scores.items()
            if name.startswith("score_") and name != "score_median"
        )


def test_a_cell_is_always_rounded_alike_and_the_likelier_the_nearer() -> None:
    """A function of the cell and of a secret: repeats reveal nothing, and on average nothing is lost."""
    cells = [f"2019-12-27|bank|score_{place}" for place in range(2000)]
    for count in range(1, 5):
        rounded = [partner.round_small(count, cell, "s") for cell in cells]
        assert rounded == [partner.round_small(count, cell, "s") for cell in cells]
        assert rounded != [partner.round_small(count, cell, "another") for cell in cells]
        assert set(rounded) == {0, 5} and abs(sum(rounded) / len(cells) - count) < 0.25
    assert [partner.round_small(count, "c", "s") for count in (0, 5, 6)] == [0, 5, 6]


def test_a_sheet_of_two_days_is_the_sum_of_theirs() -> None:
    """So what a range says more than its days is nothing, also of days that overlap."""
    first, second = hall(0, bank=3, health=9), hall(1, bank=7, health=2)
    both, alone = sheet(first, second), [sheet(first), sheet(second)]
    for name in ("services", "waits", "calls", "opinions", "offers"):
        (row,) = both[name]
        days = [one[name][0] for one in alone]
        for column, value in row.items():
            counted = isinstance(value, int) and not column.endswith(("_median", "_p90")) and column != "target"
            if counted and column not in ("service_level",):
                assert value == sum(day[column] for day in days), (name, column)


def test_nothing_that_happens_at_the_insurers_changes_any_sheet_of_the_banks() -> None:
    """Days, ranges and the tour: with other figures at every other booth the bank's are the same to the letter."""
    few = [hall(0, bank=9, health=2), hall(1, bank=3, health=4), hall(2, bank=6)]
    many = [hall(0, bank=9, health=31, school=8), hall(1, bank=3, desk=17), hall(2, bank=6, health=1)]
    for choice in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
        one, other = (sheet(*(halls[day] for day in choice)) for halls in (few, many))
        assert one["yardstick"] == []
        one.pop("yardstick")
        other.pop("yardstick")
        assert one == other


def test_the_halls_median_is_a_yardstick_from_four_partners_and_twenty_visits_on() -> None:
    """In whole minutes, of visits' mean waits: all waited ten."""
    assert sheet(hall(0, bank=17, desk=1, health=1, school=1))["yardstick"] == [{"hall_wait_median": 10}]
    assert sheet(hall(0, bank=16, desk=1, health=1, school=1))["yardstick"] == []
    assert sheet(hall(0, bank=18, desk=1, health=1))["yardstick"] == []
