"""Forgetting: planted names are nowhere afterwards, every figure is the same to the last digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from checkin_server.common.faults import WrongUse
from checkin_server.db import hall, purges
from checkin_server.domain.retention import Retention
from checkin_server.services.day import last_tickets, open_and_close
from checkin_server.services.members.search import find_members
from checkin_server.services.privacy import purge
from checkin_server.services.reports import day_log, fairness
from checkin_server.services.times import midnight_after
from checkin_server.services.venue import Actor
from checkin_server.services.visits.actions import give_feedback
from checkin_server.services.visits.choose import Choice, choose
from checkin_server.services.welcome.walk_in import Newcomer, walk_in
from tests.services.conftest import MakeSite
from tests.support.databases import sqlcipher_template
from tests.support.pages import holding
from tests.support.venue import FAMILY, MINUTE, Site, accepted, new_id, postgres_site, small_plan, sqlcipher_site

DESK = Actor("d_desk", "welcome", "desk", "u_salma")
OFFICE = Actor("d_office", "organizer", "dashboard")
NAME = "Zineb-Planted"
TYPED = (
    "opinion-planted", "note-planted", "subject-planted", "ending-planted", "pause-planted", "search-planted",
    "walkin-planted", "turn-planted", "lasttickets-planted",
)  # fmt: skip
DAY = "2019-12-27"
NO_FILES = purge.Files()


def a_day(site: Site) -> list[str]:
    """Play a day on which a name and words are typed wherever one can; return the ids that are in it."""
    venue = site.venue
    new = Newcomer("", NAME, "active", "rabat-prefecture", "fr")
    came = accepted(walk_in(venue, DESK, new_id(), new, "walkin-planted"))
    accepted(find_members(venue, DESK, "Zineb", "search-planted"))
    visit = accepted(choose(venue, DESK, came["visit"]["id"], new_id(), Choice(("bank", "health"))))
    give_feedback(
        venue, site.kiosk, visit["id"], new_id(), {"scores": {"bank": 4}, "text": "opinion-planted", "kind": "opinion"}
    )
    site.visitor("bank", person=FAMILY[0])
    last = site.visitor("bank")
    wish = last_tickets.Wish("stop", "lasttickets-planted")
    accepted(last_tickets.decide(venue, OFFICE, "bank", new_id(), wish))
    site.press("bank-1", "open", "call-next", "start")
    accepted(site.at("bank-1", "note", text="note-planted"))
    ending: dict[str, Any] = {"outcome": "referred", "office": "mutual", "subject": "subject-planted"}
    accepted(site.at("bank-1", "finish", **ending, note="ending-planted"))
    accepted(site.at("bank-1", "scan", number=last["number"], reason="turn-planted"))
    accepted(site.at("bank-1", "finish", outcome="served"))
    accepted(site.at("bank-1", "pause", reason="pause-planted"))
    site.wait(60)
    open_and_close.close_day(venue, anyway=True, now=True)
    return [came["member"]["id"], FAMILY[0].name_la, FAMILY[0].id]


def figures(site: Site) -> dict[str, Any]:
    """All that is counted of the day, and its log to the letter."""
    ended = ("purge_planned", "purged")
    return {
        "steps": site.db.read(lambda tx: hall.step_counts(tx, DAY)),
        "waits": site.db.read(lambda tx: hall.waiting_times(tx, DAY, 20 * MINUTE)),
        "visits": site.db.read(lambda tx: hall.visit_counts(tx, DAY)),
        "arrivals": site.db.read(lambda tx: hall.arrivals(tx, DAY, 0, 900_000)),
        "fairness": fairness.of_day(site.venue, DAY),
        "log": [row for row in day_log.read(site.venue, DAY) if row["kind"] not in ended],
        "opinions": site.rows("SELECT service, score, kind, locale FROM feedback ORDER BY id"),
        "referrals": site.rows("SELECT step, office FROM referral ORDER BY id"),
        "people": site.rows("SELECT number, category, unit, locale, needs, party_size FROM visit ORDER BY number"),
        "prints": site.rows("SELECT printer, kind, state FROM print_job ORDER BY id"),
        "notes": site.rows("SELECT booth, at FROM note ORDER BY id"),
        "problems": site.problems(),
    }


def everything(site: Site) -> str:
    """All rows of all tables as one text."""
    from checkin_server.db.schema import metadata

    return repr([site.rows(f"SELECT * FROM {name}") for name in sorted(metadata.tables)])


def test_what_is_planted_is_nowhere_afterwards_and_figures_are_the_same(site: Site, request: Any) -> None:
    """In no row, and on the file in no page: free ones and the log are read too, decrypted with the key."""
    ids = a_day(site)
    planted = (NAME, *TYPED, *ids)
    before, rows = figures(site), everything(site)
    assert [word for word in planted if word not in rows] == [], "the test plants nothing"
    folder = request.getfixturevalue("tmp_path") if site.db.engine.dialect.name == "sqlite" else None
    if folder is not None:
        assert set(holding(folder / "riwaq.db", sqlcipher_template()[1], *planted)) == set(planted)
    done = purge.by_hand(site.venue, NO_FILES, "2020-03-01")
    assert set(done.kinds) == {"texts", "prints", "links", "members"} and done.rows > 0
    rows = everything(site)
    assert [word for word in planted if word in rows] == []
    if folder is not None:
        assert holding(folder / "riwaq.db", sqlcipher_template()[1], *planted) == []
    assert figures(site) == before


def test_removing_alone_leaves_the_names_in_the_file(tmp_path: Path) -> None:
    """The test above can fail: without the file being written anew a name stays readable in it."""
    with sqlcipher_site(tmp_path) as site:
        a_day(site)
        reach = frozenset({DAY})
        for kind in ("texts", "prints", "links", "members"):
            for part in range(purges.parts(kind)):
                while site.db.write(
                    lambda tx, kind=kind, part=part: purges.remove(tx, kind, part, reach, 2**53)  # type: ignore[misc]
                ):
                    pass
        assert NAME not in everything(site)
        assert holding(tmp_path / "riwaq.db", sqlcipher_template()[1], NAME) == [NAME]


def test_each_kind_goes_when_it_is_due_and_not_before(site: Site) -> None:
    """Links with the end of the tour, texts and prints 30 days after the day, names 30 days after the tour."""
    a_day(site)
    ended = site.clock.now()
    tour = site.one("SELECT due_at FROM purge WHERE kind = 'links'")
    over = midnight_after(ended, site.venue.plan.timezone)
    assert site.one("SELECT due_at FROM purge WHERE kind = 'texts'") == over + 30 * 86_400_000
    gone = {
        "links": ("SELECT count(*) FROM visit_member", tour),
        "texts": ("SELECT count(*) FROM command", site.one("SELECT due_at FROM purge WHERE kind = 'texts'")),
        "prints": ("SELECT count(*) FROM print_job WHERE spec <> '{}'", None),
        "members": ("SELECT count(*) FROM member", site.one("SELECT due_at FROM purge WHERE kind = 'members'")),
    }
    for kind in ("links", "texts", "members"):
        query, due = gone[kind]
        assert due is not None
        site.clock.set(due - 1)
        purge.due(site.venue, NO_FILES)
        assert site.one(query) > 0, kind
        site.clock.set(due)
        (done,) = purge.due(site.venue, NO_FILES)
        assert kind in done.kinds
        assert site.one(query) == 0, kind
        assert purge.due(site.venue, NO_FILES) == []
    assert site.one(gone["prints"][0]) == 0


def test_a_purge_that_was_interrupted_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ended between two of its transactions: the next round, or the next start, does the rest."""
    ids = a_day(site)
    site.clock.set(site.one("SELECT max(due_at) FROM purge"))
    calls = 0

    def power_cut(*arguments: Any, **named: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return purges.remove(*arguments, **named)

    with monkeypatch.context() as cut:
        cut.setattr(purge, "purges", type("Cut", (), {**vars(purges), "remove": staticmethod(power_cut)}))
        with pytest.raises(KeyboardInterrupt):
            purge.due(site.venue, NO_FILES)
    assert site.one("SELECT count(*) FROM purge WHERE begun_at IS NOT NULL AND done_at IS NULL") > 0
    purge.before_serving(site.venue, NO_FILES)
    assert [word for word in (NAME, *TYPED, *ids) if word in everything(site)] == []
    assert site.one("SELECT count(*) FROM purge WHERE done_at IS NULL") == 0


def test_nothing_of_an_open_day_is_forgotten(site: Site) -> None:
    """By hand it says so; by itself it waits until no day is open, so that the hall is not held up."""
    a_day(site)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    site.visitor("health", person=FAMILY[1])
    site.clock.set(site.one("SELECT max(due_at) FROM purge"))
    assert purge.due(site.venue, NO_FILES) == []
    done = purge.by_hand(site.venue, NO_FILES, "2030-01-01")
    assert done.kept_days == ("2019-12-28",)
    assert site.rows("SELECT member FROM visit_member") == [{"member": FAMILY[1].id}]
    assert site.one("SELECT count(*) FROM member") == 1
    assert NAME not in everything(site)


def test_a_day_before_is_forgotten_and_the_next_one_is_not(site: Site) -> None:
    """In the middle of a tour the member list stays, and what belongs to the next day stays whole."""
    a_day(site)
    site.clock.set(site.plan.days[1].opens_at)
    site.open_day(1)
    visit = site.visitor("health", person=FAMILY[1])
    give_feedback(site.venue, site.kiosk, visit["id"], new_id(), {"scores": {}, "text": "of today", "kind": "opinion"})
    open_and_close.close_day(site.venue, anyway=True, now=True)
    members = site.one("SELECT count(*) FROM member")
    done = purge.by_hand(site.venue, NO_FILES, "2019-12-28")
    assert done.kinds == ("texts", "prints", "links")
    rows = everything(site)
    assert [word for word in TYPED if word in rows] == []
    assert "of today" in rows and site.one("SELECT count(*) FROM member") == members
    assert [r["member"] for r in site.rows("SELECT member FROM visit_member")] == [FAMILY[1].id]


def test_a_day_that_is_opened_once_more_is_planned_once_more(site: Site) -> None:
    """What was forgotten of it is not all that there will be."""
    a_day(site)
    purge.by_hand(site.venue, NO_FILES, "2019-12-28")
    site.open_day()
    site.visitor("health")
    open_and_close.close_day(site.venue, anyway=True, now=True)
    assert site.one("SELECT count(*) FROM purge WHERE done_at IS NULL AND kind = 'texts'") == 1
    assert site.one("SELECT count(*) FROM visit_member") == 1


def test_other_settings_are_followed_from_the_next_start_on(new_site: MakeSite) -> None:
    """A venue that keeps texts for three days only."""
    with new_site() as site:
        a_day(site)
        plan = replace(small_plan(), retention=Retention(texts_days=3))
        object.__setattr__(site.venue, "plan", plan)
        site.clock.set(site.clock.now() + 5 * 86_400_000)
        (done, *_) = purge.before_serving(site.venue, NO_FILES)
        assert "opinion-planted" not in everything(site) and done.rows


def test_pictures_of_old_tickets_go_with_their_print_jobs(site: Site, tmp_path: Path) -> None:
    """Those of jobs that nobody knows any more too; the picture of a day to come stays."""
    a_day(site)
    folder = tmp_path / "printers" / "P1"
    folder.mkdir(parents=True)
    old = site.rows("SELECT id FROM print_job ORDER BY id")[0]["id"]
    for name in (f"{old}.png", f"{old}.bin", "p_of_a_lost_database.png"):
        (folder / name).write_bytes(b"x")
    replaced = tmp_path / "riwaq-replaced-20191227-121500.db"
    replaced.write_bytes(b"x")
    done = purge.by_hand(site.venue, purge.Files.of(tmp_path), "2019-12-28")
    assert done.files == 4 and list(folder.iterdir()) == [] and not replaced.exists()


def test_what_is_no_day_is_refused(site: Site) -> None:
    """And nothing is planned."""
    with pytest.raises(WrongUse, match="is no day"):
        purge.by_hand(site.venue, NO_FILES, "yesterday")
    assert site.rows("SELECT * FROM purge") == []


def test_on_postgresql_the_table_files_hold_nothing_of_it(postgres_url: str) -> None:
    """Nor does what the database knows of its columns' values; its log is kept short (docs/privacy.md)."""
    with postgres_site(postgres_url) as site:
        a_day(site)
        _analyze(site)
        files = _table_files(site)
        assert any(NAME.encode() in path.read_bytes() for path in files)
        purge.by_hand(site.venue, NO_FILES, "2020-03-01")
        assert [path.name for path in _table_files(site) if NAME.encode() in path.read_bytes()] == []


def _connected(site: Site) -> psycopg.Connection[Any]:
    url = site.db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True)


def _analyze(site: Site) -> None:
    """Have the database note which values are frequent, as it does by itself after a while: names are among them."""
    with _connected(site) as connection:
        connection.execute("ANALYZE")
        noted = connection.execute(
            "SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE schemaname = 'public'"
        )
        assert NAME in str(noted.fetchall())


def _table_files(site: Site) -> list[Path]:
    with _connected(site) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return [path for path in Path(row[0]).iterdir() if path.is_file()]
