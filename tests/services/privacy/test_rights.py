"""A member's rights: to know all that is kept, and to be forgotten while every count stays; on both databases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkin_server.domain.refusal import Refusal
from checkin_server.domain.retention import KINDS
from checkin_server.services import access
from checkin_server.services.audit.words import kind
from checkin_server.services.day import open_and_close
from checkin_server.services.members.search import find_members
from checkin_server.services.privacy import erase, export, overview, purge
from checkin_server.services.privacy.export_words import LANGUAGES, WORDS
from checkin_server.services.privacy.purge import Files
from checkin_server.services.venue import Actor
from checkin_server.services.visits.actions import give_feedback
from checkin_server.services.welcome.find_people import find_visit
from tests.services.privacy.test_purge import DESK, NO_FILES, everything, figures
from tests.support.databases import sqlcipher_template
from tests.support.pages import holding
from tests.support.venue import FAMILY, PIN, Site, accepted, new_id, refused

MOTHER, FATHER, CHILD = FAMILY
TYPED = ("said-by-her", "noted-of-her", "sought-for-her")


def a_day(site: Site) -> dict[str, Any]:
    """She comes with her child, says something, is noted of and looked at; her husband comes by himself."""
    scanned = site.scan(MOTHER.code)["visit"]["id"]
    visit = accepted(site.choose(scanned, "bank", party=[MOTHER.id, CHILD.id]))
    site.visitor("health", person=FATHER)
    give_feedback(site.venue, site.kiosk, visit["id"], new_id(), {"scores": {"bank": 2}, "text": TYPED[0]})
    site.press("bank-1", "open", "call-next", "start")
    accepted(site.at("bank-1", "note", text=TYPED[1]))
    accepted(find_visit(site.venue, DESK, visit["number"]))
    accepted(find_members(site.venue, DESK, "Amina Zeroud", TYPED[2]))
    return visit


def end(site: Site) -> None:
    """The day is over."""
    site.wait(30)
    open_and_close.close_day(site.venue, anyway=True, now=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_known_is_told_in_words(site: Site, language: str) -> None:
    """Entry, card, visit, services, what was typed, and who looked at her."""
    visit = a_day(site)
    site.hire("Nadia")
    known = export.export(site.venue, MOTHER.id)
    for said in (known.as_text(language), known.as_html(language)):
        for wanted in (
            MOTHER.name_ar, MOTHER.name_la, MOTHER.code, "wheelchair", str(visit["number"]), "bank", *TYPED,
            kind("members_searched", language), kind("visit_looked_up", language),
            WORDS["looked"][LANGUAGES.index(language)],
        ):  # fmt: skip
            assert wanted in said, wanted
    assert site.events()[-1] == "member_exported"


def test_programs_get_the_same_with_times_they_can_read(site: Site) -> None:
    """And the second export says who asked for the first one."""
    visit = a_day(site)
    export.export(site.venue, MOTHER.id)
    told = json.loads(export.export(site.venue, MOTHER.id).as_json())
    assert told["member"]["needs"] == ["wheelchair"] and told["visits"][0]["id"] == visit["id"]
    assert told["visits"][0]["created_at"].endswith("Z") and told["visits"][0]["others"] == 1
    assert [row["text"] for row in told["notes"]] == [TYPED[1]]
    assert {row["kind"] for row in told["looked"]} >= {"visit_looked_up", "members_searched", "member_exported"}
    assert "Amina Zeroud" not in str(told["looked"]) + str(told["events"]), "what was looked for may be another's name"
    assert FATHER.id not in str(told["looked"]) + str(told["events"])
    assert FATHER.name_la not in json.dumps(told["member"]) and told["kept_answers"] > 0


def test_nobody_s_data_are_told_under_another_s_name(site: Site) -> None:
    """What the father did by himself stands in his export alone."""
    a_day(site)
    his = export.export(site.venue, FATHER.id).as_json()
    assert "health" in his and not any(word in his for word in TYPED[:2])
    with pytest.raises(export.NoSuchMember):
        export.export(site.venue, "M000000")


def test_a_member_who_was_erased_is_nowhere_and_every_count_stays(site: Site, request: pytest.FixtureRequest) -> None:
    """Rows, pages and files; the family keeps its visit."""
    visit = a_day(site)
    end(site)
    gone = (MOTHER.id, MOTHER.name_ar, MOTHER.name_la, MOTHER.code, *TYPED)
    before, rows = figures(site), everything(site)
    assert [word for word in gone if word not in rows] == []
    done = erase.erase(site.venue, NO_FILES, MOTHER.id)
    assert done.visits == 1 and done.rows > 3
    rows = everything(site)
    assert [word for word in gone if word in rows] == []
    folder: Path = request.getfixturevalue("tmp_path")
    if (folder / "riwaq.db").exists():
        assert holding(folder / "riwaq.db", sqlcipher_template()[1], *gone) == []
    assert site.rows("SELECT member FROM visit_member WHERE visit = :v", v=visit["id"]) == [{"member": CHILD.id}]
    after = figures(site)
    assert {**after, "log": None} == {**before, "log": None}
    assert [row for row in after["log"] if row["kind"] != "member_erased"] == before["log"]
    assert site.problems() == []
    assert site.events()[-1] == "member_erased"


def test_while_a_visit_runs_nothing_is_erased_and_the_reason_is_said(site: Site) -> None:
    """Also for who is in it with somebody else; once it has left, she can be erased the same day."""
    visit = a_day(site)
    accepted(site.at("bank-1", "finish", outcome="served"))
    before = everything(site)
    for person in (MOTHER, CHILD):
        with pytest.raises(erase.NotErased, match=f"number {visit['number']}"):
            erase.erase(site.venue, NO_FILES, person.id)
    assert everything(site) == before
    accepted(site.visit_does("leave", visit["id"]))
    erase.erase(site.venue, NO_FILES, MOTHER.id)
    assert MOTHER.name_la not in everything(site)
    assert site.scan(MOTHER.code)["reason"] == "unknown_card"
    with pytest.raises(erase.NotErased, match="no member"):
        erase.erase(site.venue, NO_FILES, MOTHER.id)


def test_the_ticket_s_picture_goes_too_and_others_stay(site: Site, tmp_path: Path) -> None:
    """By the print jobs of the visits that were hers."""
    visit = a_day(site)
    end(site)
    folder = tmp_path / "printers" / "P1"
    folder.mkdir(parents=True)
    jobs = site.rows("SELECT id, visit FROM print_job ORDER BY id")
    for job in jobs:
        (folder / f"{job['id']}.png").write_bytes(b"x")
    done = erase.erase(site.venue, Files(tmp_path / "printers"), MOTHER.id)
    mine = [job["id"] for job in jobs if job["visit"] == visit["id"]]
    assert done.files == len(mine) > 0
    assert {path.stem for path in folder.iterdir()} == {job["id"] for job in jobs} - set(mine)


def at_office(site: Site) -> Actor:
    """Hind, who answers for the data, signed in on a dashboard."""
    device = access.add_device(site.venue, "organizer", "office").device_id
    staff = access.add_staff(site.venue, "Hind", "privacy", PIN)
    accepted(access.sign_in(site.venue, device, "Hind", PIN, "organizer"))
    return Actor(device, "organizer", "office", staff)


def test_who_answers_for_the_data_tells_a_member_what_is_known_after_finding_them(site: Site) -> None:
    """The log names who told it and why; and that was read by the member the next time."""
    a_day(site)
    hind = at_office(site)
    asked = "asked by herself"
    assert export.export_found(site.venue, hind, MOTHER.id, asked) == Refusal("search_first")
    accepted(find_members(site.venue, hind, MOTHER.id, asked))
    assert not isinstance(export.export_found(site.venue, hind, MOTHER.id, asked), Refusal)
    again = export.export_found(site.venue, hind, MOTHER.id, asked)
    assert not isinstance(again, Refusal) and export.language_for(again, None) == MOTHER.locale
    told = dict(again.sections("en"))["Who looked at your data"]
    assert [("When", told[-1][0][1]), ("What", "exported a member"), ("Who", "Hind"), ("Where", "organizer office"),
            ("Why", asked)] == told[-1]  # fmt: skip


def test_who_answers_for_the_data_erases_a_member_once_the_visit_has_ended(site: Site, tmp_path: Path) -> None:
    """Refused with the reason before; then gone, also when the answer was lost and the command comes again."""
    visit = a_day(site)
    hind, command = at_office(site), new_id()
    files = Files(tmp_path / "printers")
    assert erase.erase_found(site.venue, files, hind, MOTHER.id, new_id(), "asked") == Refusal("search_first")
    accepted(find_members(site.venue, hind, "amina zeroud", "asked by herself"))
    runs = refused(erase.erase_found(site.venue, files, hind, MOTHER.id, new_id(), "asked"))
    assert (runs.code, runs.params["number"]) == ("visit_runs", visit["number"])
    accepted(site.at("bank-1", "finish", outcome="served"))
    accepted(site.visit_does("leave", visit["id"]))
    folder = tmp_path / "printers" / "P1"
    folder.mkdir(parents=True)
    for job in site.rows("SELECT id FROM print_job WHERE visit = :v", v=visit["id"]):
        (folder / f"{job['id']}.png").write_bytes(b"x")
    done = accepted(erase.erase_found(site.venue, files, hind, MOTHER.id, command, "asked"))
    assert done["outcome"] == "done" and done["visits"] == 1
    assert accepted(erase.erase_found(site.venue, files, hind, MOTHER.id, command, "asked")) == done
    rows = everything(site)
    assert [word for word in (MOTHER.id, MOTHER.name_la, *TYPED, "asked by herself") if word in rows] == []
    assert list(folder.iterdir()) == []
    shown = overview.overview(site.venue)
    assert (shown["done"][0]["kinds"], shown["done"][0]["staff"]) == ([], "Hind")
    assert purge.due(site.venue, files) == [], "pages are written anew once no day is open"
    end(site)
    assert [gone.kinds for gone in purge.due(site.venue, files)] == [("pages",)]
    assert "purged" in site.events()


def test_what_is_overdue_to_be_forgotten_is_said(site: Site) -> None:
    """Apart from what goes next; and what went is listed, newest first."""
    a_day(site)
    end(site)
    assert overview.overview(site.venue)["overdue"] == []
    to_come = overview.overview(site.venue)["planned"]
    assert {one["kind"] for one in to_come} == set(KINDS) and to_come[0]["before"] == "2019-12-28"
    site.wait(60 * 24 * 400)
    late = overview.overview(site.venue)
    assert {one["kind"] for one in late["overdue"]} == set(KINDS) and late["planned"] == []
    purge.due(site.venue, NO_FILES)
    gone = overview.overview(site.venue)
    assert gone["overdue"] == [] and set(gone["done"][0]["kinds"]) == set(KINDS) and not gone["done"][0]["by_hand"]
