from __future__ import annotations

from functools import partial

import pytest

from checkin_server.common.turns import Turns
from checkin_server.db import days, visits
from checkin_server.db.tx import Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services import access
from checkin_server.services.once import Answer
from checkin_server.services.visits import check_in
from tests.services.conftest import MakeSite
from tests.support.together import together
from tests.support.venue import PIN, Site, accepted, new_id, refused, small_plan

ROUNDS = 4
"""A race shows itself now and then; each is run several times."""


def placed(site: Site) -> list[str]:
    """Return the visits that are at a counter, one entry for each time."""
    return [row["visit"] for row in site.rows("SELECT visit FROM step WHERE state IN ('called', 'serving')")]


def test_eight_threads_that_choose_get_the_numbers_one_to_n_without_a_gap(site: Site) -> None:
    """Each number once, whoever comes first."""
    waiting = [site.scan(site.newcomer().code)["visit"]["id"] for _ in range(32)]

    def choose(mine: list[str]) -> list[int]:
        return [accepted(site.choose(visit, "bank", "health"))["number"] for visit in mine]

    given = together([partial(choose, waiting[k::8]) for k in range(8)])
    assert sorted(number for numbers in given for number in numbers) == list(range(1, 33))
    assert site.numbers() == list(range(1, 33))
    assert site.problems() == []


def test_six_counters_that_call_from_one_queue_never_get_the_same_visit(new_site: MakeSite) -> None:
    """A visitor cannot be in two places."""
    plan = small_plan()
    bank = plan.counters["bank-1"]
    many = {f"bank-{n}": type(bank)(f"bank-{n}", "bank", str(n), ("bank",)) for n in range(1, 7)}
    with new_site(plan=small_plan(counters={**plan.counters, **many})) as site:
        for counter in many:
            site.press(counter, "open")
        waiting = {site.visitor("bank", "health")["id"] for _ in range(12)}
        served: list[str] = []
        for _ in range(2):
            answers = together([partial(site.at, c, "call-next") for c in many])
            called = [accepted(answer)["visit"]["id"] for answer in answers]
            assert len(set(called)) == 6, "six counters, six visitors"
            assert sorted(placed(site)) == sorted(called)
            together([partial(site.press, c, "start", "finish") for c in many])
            served += called
        assert sorted(served) == sorted(waiting)
        assert site.problems() == []


def test_two_booths_that_call_the_same_visitor_at_once_do_not_both_get_them(site: Site) -> None:
    """The visitor waits for both; one is told that nobody is free."""
    site.press("bank-1", "open")
    site.press("health-1", "open")
    for _ in range(ROUNDS):
        site.visitor("bank", "health")
        answers = together([partial(site.press, c, "call-next") for c in ("bank-1", "health-1")])
        assert sorted(answer["outcome"] for answer in answers) == ["called", "nobody"]
        first = "bank-1" if answers[0]["outcome"] == "called" else "health-1"
        other = "health-1" if first == "bank-1" else "bank-1"
        site.press(first, "start", "finish")
        site.press(other, "call-next", "start", "finish")
    assert site.problems() == []


def test_two_identical_commands_at_the_same_time_have_one_effect_and_one_answer(site: Site) -> None:
    """A client that lost its patience asks again before the first answer is there."""
    for _ in range(ROUNDS):
        visit, command = site.scan(site.newcomer().code)["visit"]["id"], new_id()
        answers = together([partial(site.choose, visit, "bank", command=command)] * 4)
        assert all(answer == answers[0] for answer in answers)
        assert len(site.rows("SELECT id FROM step WHERE visit = :v", v=visit)) == 1
        assert len(site.rows("SELECT id FROM print_job WHERE visit = :v", v=visit)) == 1
    assert site.numbers() == list(range(1, ROUNDS + 1))


def test_two_identical_scans_at_the_same_time_admit_once(site: Site) -> None:
    """The second one gets the first one's answer."""
    for _ in range(ROUNDS):
        code, scan = site.newcomer().code, new_id()
        answers = together([partial(site.scan, code, scan)] * 4)
        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["outcome"] == "admitted"
    assert site.one("SELECT admitted FROM service_day") == ROUNDS


def test_a_card_shown_at_two_kiosks_at_once_begins_one_visit(site: Site) -> None:
    """One kiosk admits, the other finds the visit."""
    for _ in range(ROUNDS):
        code = site.newcomer().code
        answers = together([partial(site.scan, code)] * 3)
        assert sorted(answer["outcome"] for answer in answers) == ["admitted", "returning", "returning"]
        assert len({answer["visit"]["id"] for answer in answers}) == 1
    assert site.one("SELECT count(*) FROM visit") == ROUNDS


def test_a_visit_that_chooses_at_two_kiosks_at_once_gets_one_number(site: Site) -> None:
    """Husband and wife at two kiosks: the first choice gives the number, the second keeps it."""
    for expected in range(1, ROUNDS + 1):
        visit = site.scan(site.newcomer().code)["visit"]["id"]
        answers = together([partial(site.choose, visit, s) for s in ("bank", "health", "advice")])
        assert {accepted(answer)["number"] for answer in answers} == {expected}
        assert len(site.rows("SELECT id FROM print_job WHERE visit = :v", v=visit)) == 1
        states = site.rows("SELECT service, state FROM step WHERE visit = :v", v=visit)
        assert [s["state"] for s in states].count("waiting") == 1, "the last choice holds"
    assert site.numbers() == list(range(1, ROUNDS + 1))
    assert site.problems() == []


def test_the_last_place_of_the_day_is_given_once(new_site: MakeSite) -> None:
    """Eight people at eight kiosks, five places."""
    plan = small_plan()
    limited = tuple(type(day)(day.id, day.opens_at, day.closes_at, 5) for day in plan.days)
    with new_site(plan=small_plan(days=limited)) as site:
        codes = [site.newcomer().code for _ in range(8)]
        answers = together([partial(site.scan, c) for c in codes])
        assert [answer["outcome"] for answer in answers].count("admitted") == 5
        assert [answer["reason"] for answer in answers].count("day_full") == 3
        assert site.one("SELECT admitted FROM service_day") == site.one("SELECT count(*) FROM visit") == 5


def test_dropping_a_stop_and_being_called_to_it_at_once_ends_in_one_of_both(site: Site) -> None:
    """Either the stop is dropped and nobody is called, or it is called and the choice is refused."""
    site.press("bank-1", "open")
    for _ in range(ROUNDS * 2):
        visit = site.visitor("bank", "health")["id"]
        choice, call = together([partial(site.choose, visit, "health"), partial(site.at, "bank-1", "call-next")])
        (step,) = site.rows("SELECT state FROM step WHERE visit = :v AND service = 'bank'", v=visit)
        if isinstance(choice, Refusal):
            assert choice.code == "wrong_state"
            assert accepted(call)["outcome"] == "called" and step["state"] == "called"
            site.press("bank-1", "start", "finish")
        else:
            assert accepted(call)["outcome"] == "nobody" and step["state"] == "cancelled"
        assert site.problems() == []


def test_leaving_and_being_called_at_once_ends_in_one_of_both(site: Site) -> None:
    """Nobody is called who has left, and nobody has left who is called."""
    site.press("bank-1", "open")
    for _ in range(ROUNDS):
        visit = site.visitor("bank")["id"]
        left, call = together([partial(site.visit_does, "leave", visit), partial(site.at, "bank-1", "call-next")])
        if isinstance(left, Refusal):
            assert accepted(call)["outcome"] == "called"
            site.press("bank-1", "start", "finish")
        else:
            assert accepted(call)["outcome"] == "nobody"
        assert site.problems() == []


def test_closing_a_counter_and_calling_to_it_at_once_leaves_no_visitor_at_a_closed_counter(site: Site) -> None:
    """Two tablets of one counter, or an organiser and a clerk."""
    for _ in range(ROUNDS):
        site.press("bank-1", "open")
        site.visitor("bank")
        closed, call = together([partial(site.at, "bank-1", "close"), partial(site.at, "bank-1", "call-next")])
        state = site.one("SELECT state FROM counter WHERE id = 'bank-1'")
        if isinstance(closed, Refusal):
            assert accepted(call)["outcome"] == "called" and state == "open"
            site.press("bank-1", "start", "finish")
        else:
            assert refused(call).params["state"] == state == "closed"
            site.press("bank-1", "open", "call-next", "start", "finish")


def test_two_presses_of_next_at_one_counter_call_one_visitor(site: Site) -> None:
    """Two tablets at one counter: the second is told that somebody is called already."""
    site.press("bank-1", "open")
    for _ in range(ROUNDS):
        site.visitor("bank")
        site.visitor("bank")
        answers = together([partial(site.at, "bank-1", "call-next")] * 2)
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        assert [refusal.params for refusal in refusals] == [{"state": "called"}]
        assert len(placed(site)) == 1
        site.press("bank-1", "start", "finish")


def test_finishing_twice_at_once_finishes_once(site: Site) -> None:
    """The second press finds the counter idle."""
    site.press("bank-1", "open")
    for served in range(1, ROUNDS + 1):
        site.visitor("bank")
        site.press("bank-1", "call-next", "start")
        answers = together([partial(site.at, "bank-1", "finish", outcome="referred", office="mutual")] * 2)
        refusals = [answer for answer in answers if isinstance(answer, Refusal)]
        assert [refusal.params for refusal in refusals] == [{"state": "idle"}]
        assert site.events().count("service_finished") == served
        assert site.one("SELECT count(*) FROM referral") == served


def test_guessing_pins_in_parallel_gets_no_more_tries_than_one_after_the_other(site: Site) -> None:
    """Sixteen guesses at once are sixteen attempts; five are looked at, then the door is locked.

    Each round is a device and a person nobody has guessed at before: the race is for the first row.
    """
    for n in range(ROUNDS):
        name = f"Nadia {n}"
        site.hire(name)
        device = access.add_device(site.venue, "counter", "bank-1").device_id
        guesses = [f"{n:04}" for n in range(16)]
        answers = together([partial(access.sign_in, site.venue, device, name, pin) for pin in guesses])
        codes = [refused(answer).code for answer in answers]
        assert codes.count("wrong_pin") <= access.FREE_ATTEMPTS - 1
        assert codes.count("locked") == len(codes) - codes.count("wrong_pin")
        failures = site.one("SELECT failures FROM throttle WHERE key = :key", key=f"device:{device}")
        assert failures == access.FREE_ATTEMPTS, "what was not looked at is not counted"


def test_eight_tablets_that_sign_in_at_once_with_the_right_pin_are_all_let_in(site: Site) -> None:
    """Also while others mistype it, fewer than would lock it one after the other; and those count for nothing then."""
    for n in range(2):
        name = f"Nadia {n}"
        site.hire(name)
        devices = [access.add_device(site.venue, "counter", "bank-1").device_id for _ in range(12)]
        pins = [PIN] * 8 + ["0000"] * (access.FREE_ATTEMPTS - 1)
        answers = together(
            [
                partial(access.sign_in, site.venue, device, name, pin)
                for device, pin in zip(devices, pins[:8] if n == 0 else pins, strict=False)
            ]
        )
        assert all(accepted(answer)["session_token"] for answer in answers[:8])
        assert [refused(answer).code for answer in answers[8:]] == ["wrong_pin"] * len(answers[8:])
        accepted(access.sign_in(site.venue, devices[0], name, PIN))
        staff = [refused(access.sign_in(site.venue, devices[0], name, "0000")).code for _ in range(5)]
        assert staff == ["wrong_pin"] * 4 + ["locked"], "wrong ones still lock"


def test_what_has_one_name_is_done_one_after_the_other_and_nothing_is_kept_of_it() -> None:
    """Two that want the same two names, asked for in either order, never wait for each other for ever."""
    turns, inside, most = Turns(), [0], [0]

    def work(names: tuple[str, ...]) -> None:
        for _ in range(200):
            with turns.of(*names):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    together([partial(work, names) for names in (("a", "b"), ("b", "a"), ("b", "c", "b"), ("b",))])
    assert most == [1]
    assert turns._turns == {}


def test_a_pairing_is_claimed_once_when_two_try_at_once(site: Site) -> None:
    """One device gets the token."""
    for _ in range(ROUNDS):
        secret = access.make_link(site.venue, "board", "hall")
        answers = together([partial(access.claim, site.venue, secret)] * 3)
        assert sum(isinstance(answer, access.Paired) for answer in answers) == 1


def test_a_job_that_raises_leaves_nothing(site: Site) -> None:
    """Neither the number it took nor the event it wrote."""
    visit = site.scan(site.newcomer().code)["visit"]["id"]
    before = site.everything()
    heard: list[str] = []
    site.db.feed.follow(lambda events: heard.extend(event.kind for event in events))

    def half(tx: Tx) -> None:
        visits.choose(tx, visit, days.next_number(tx, "2019-12-27"), "fr", True, 1, site.clock.now())
        tx.emit("services_chosen", site.clock.now(), visit=visit)
        raise LookupError("the roof fell in")

    with pytest.raises(LookupError, match="the roof fell in"):
        site.db.write(half)
    assert site.everything() == before
    assert heard == [], "and nobody heard of it"
    assert accepted(site.choose(visit, "bank"))["number"] == 1


def test_a_failing_job_among_others_harms_none_of_them(site: Site) -> None:
    """The others are committed with it in one group, and their numbers are gapless."""
    waiting = [site.scan(site.newcomer().code)["visit"]["id"] for _ in range(12)]

    def fail(tx: Tx) -> Answer:
        days.next_number(tx, "2019-12-27")
        raise LookupError("only mine")

    def chosen(visit: str) -> Answer:
        return accepted(site.choose(visit, "bank"))

    def failing() -> Answer:
        with pytest.raises(LookupError, match="only mine"):
            site.db.write(fail)
        return {"number": None}

    jobs = [partial(chosen, visit) for visit in waiting]
    answers = together([job for pair in zip(jobs, [failing] * 12, strict=True) for job in pair])
    assert sorted(a["number"] for a in answers if a["number"]) == list(range(1, 13))
    assert site.numbers() == list(range(1, 13))


def test_many_scans_and_choices_while_counters_work_keep_every_promise(site: Site) -> None:
    """A little rush: kiosks and counters at the same time, then everything is sound and nobody is lost."""
    counters = ("bank-1", "bank-2", "health-1", "desk-1")
    for counter in counters:
        site.press(counter, "open")

    def kiosk(people: list[str]) -> list[str]:
        done = []
        for code in people:
            scanned = accepted(check_in.check_in(site.venue, site.kiosk, new_id(), code))
            done.append(accepted(site.choose(scanned["visit"]["id"], "bank", "health", "advice"))["id"])
        return done

    def clerk(counter: str) -> list[str]:
        for _ in range(6):
            if accepted(site.at(counter, "call-next"))["outcome"] == "called":
                site.press(counter, "start", "finish")
        return []

    people = [site.newcomer().code for _ in range(16)]
    jobs = [partial(kiosk, people[k::4]) for k in range(4)] + [partial(clerk, c) for c in counters]
    admitted = [visit for done in together(jobs) for visit in done]
    assert len(set(admitted)) == 16
    assert site.numbers() == list(range(1, 17))
    assert site.problems() == []
    site.wait(5)
    for visit in admitted:
        assert site.look(visit)["next"]["kind"] in ("wait", "go", "done")
