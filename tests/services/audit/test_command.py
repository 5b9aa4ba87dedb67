"""`riwaq audit`: a table that a person reads, the head of the chain, and whether it holds; also while a server runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from checkin_server import commands
from checkin_server.cli import main
from checkin_server.commands import audit as command
from checkin_server.domain.audit import SHOWN
from checkin_server.services.audit import chain, words
from checkin_server.services.audit.words import KINDS, LANGUAGES
from checkin_server.services.members.search import find_members
from tests.services.audit.test_log import desk
from tests.support.venue import FAMILY, Site

MOTHER = FAMILY[0]


@pytest.fixture
def riwaq(site: Site, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what runs the command on the site's venue, which stays open as a server has it."""

    @contextmanager
    def opened(config: object, folder: object) -> Iterator[Any]:
        with commands.plain_errors():
            yield site.venue

    monkeypatch.setattr(command, "opened", opened)

    def run(*said: str) -> Result:
        return CliRunner().invoke(main, ["audit", *said])

    return run


def a_search(site: Site) -> None:
    """Salma looks for somebody, who has come before."""
    site.visitor("bank", person=MOTHER)
    find_members(site.venue, desk(site), "Amina Zeroud", "her card is lost")
    chain.catch_up(site.venue)


def test_a_line_says_when_who_where_what_about_whom_and_why_and_the_last_ones_the_head(site: Site, riwaq: Any) -> None:
    """Newest last; exit 0."""
    a_search(site)
    done = riwaq("--day", "2019-12-27")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    end = chain.head(site.venue)
    assert lines[-2:] == [
        f"Head of the chain: position {end.position}, hash {end.hash}",
        "The log is as it was written.",
    ]
    newest = lines[-4]
    for said in (
        "2019-12-27 09:00:00",
        "Salma",
        "welcome desk",
        "searched for members",
        MOTHER.id,
        "«Amina Zeroud»",
        "her card is lost",
    ):
        assert said in newest, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_that_is_shown_has_words_in_each_language(site: Site, riwaq: Any, language: str) -> None:
    """No code stands in the table."""
    assert KINDS.keys() == SHOWN.keys()
    a_search(site)
    done = riwaq("--lang", language)
    assert done.exit_code == 0 and words.kind("members_searched", language) in done.output
    assert "_" not in done.output.replace("u_", "").replace("d_", ""), done.output


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (("--day", "2019-11-01"), "riwaq day list"),
        (("--member", "M000000"), "no member M000000"),
        (("--staff", "Nobody"), "riwaq staff list"),
        (("--known", "12"), "--known"),
    ],
)
def test_what_the_venue_does_not_know_is_wrong_use_and_says_what_to_do(
    riwaq: Any, said: tuple[str, ...], remedy: str
) -> None:
    """Never an empty table."""
    done = riwaq(*said)
    assert done.exit_code == 2 and remedy in done.output


def test_a_log_that_was_changed_is_said_by_position_and_the_command_fails(site: Site, riwaq: Any) -> None:
    """For programs as well."""
    a_search(site)
    end = chain.head(site.venue)
    noted = f"{end.position}:{end.hash}"
    assert riwaq("--known", noted).exit_code == 0
    site.db.write(lambda tx: tx.run(text("UPDATE event SET staff = 'u_else' WHERE kind = 'members_searched'")))
    done = riwaq()
    assert done.exit_code == 1 and f"position {end.position}: event" in done.output
    told = json.loads(riwaq("--json").output)
    assert [flaw["position"] for flaw in told["chain"]["flaws"]] == [end.position] and not told["chain"]["sound"]
    assert told["entries"][-1]["query"] == "Amina Zeroud" and told["head"]["hash"] == end.hash


def test_an_end_that_was_cut_off_is_found_with_the_head_that_was_noted(site: Site, riwaq: Any) -> None:
    """The chain that is left holds by itself."""
    a_search(site)
    end = chain.head(site.venue)
    site.db.write(lambda tx: tx.run(text("DELETE FROM ledger WHERE position = :it"), it=end.position))
    assert riwaq().exit_code == 0
    done = riwaq("--known", f"{end.position}:{end.hash}")
    assert done.exit_code == 1 and "does NOT go through" in done.output


def test_without_a_question_the_newest_are_shown(site: Site, riwaq: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tour's log fills no terminal; it is said that there is more."""
    monkeypatch.setattr(command, "_NEWEST", 2)
    a_search(site)
    assert len(riwaq().output.splitlines()) == 2 + 1 + 3
    assert len(riwaq("--all").output.splitlines()) > 8
