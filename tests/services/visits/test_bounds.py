"""Reprints and opinions of one visit are bounded, and a day that is over takes no opinions."""

from __future__ import annotations

from typing import Any

from checkin_server.db import print_jobs
from checkin_server.services.day import open_and_close
from checkin_server.services.visits import actions
from tests.services.conftest import MakeSite
from tests.support.small_plan import small_plan
from tests.support.venue import Site, accepted, new_id, refused


def _says(site: Site, visit: str, **said: Any) -> Any:
    body: dict[str, Any] = {"scores": {}, "text": "More chairs", "kind": None, **said}
    return actions.give_feedback(site.venue, site.kiosk, visit, new_id(), body)


def test_a_ticket_is_printed_again_so_often_within_an_hour(new_site: MakeSite) -> None:
    """Whoever plays with the button empties no roll; an hour later it works again; other visits are not touched."""
    with new_site(plan=small_plan(reprints_an_hour=2)) as site:
        visit = site.visitor("bank")["id"]
        for _ in range(2):
            accepted(site.visit_does("reprint", visit))
        answer = refused(site.visit_does("reprint", visit))
        assert (answer.code, answer.params["limit"]) == ("reprint_limit", 2)
        assert site.one("SELECT count(*) FROM print_job WHERE kind = 'duplicate'") == 2
        accepted(site.visit_does("reprint", site.visitor("bank")["id"]))
        site.wait(61)
        accepted(site.visit_does("reprint", visit))


def test_paper_that_never_came_is_not_counted(new_site: MakeSite) -> None:
    """The button is there for the printer that failed."""
    with new_site(plan=small_plan(reprints_an_hour=1)) as site:
        visit = site.visitor("bank")["id"]
        accepted(site.visit_does("reprint", visit))
        job = site.rows("SELECT id FROM print_job WHERE kind = 'duplicate'")[0]["id"]
        now = site.venue.now()
        site.db.write(lambda tx: print_jobs.move(tx, job, "queued", "failed", now, error="offline"))
        accepted(site.visit_does("reprint", visit))


def test_a_visit_says_what_it_thinks_so_often_within_an_hour(new_site: MakeSite) -> None:
    """What is refused is not kept; what was said before is."""
    with new_site(plan=small_plan(opinions_an_hour=2)) as site:
        visit = site.visitor("bank")["id"]
        assert [_says(site, visit)["outcome"] for _ in range(2)] == ["thanks", "thanks"]
        assert refused(_says(site, visit)).code == "opinions_limit"
        assert site.one("SELECT count(*) FROM feedback") == 2


def test_a_closed_day_takes_opinions_for_so_long(new_site: MakeSite) -> None:
    """On the way out, and not at night."""
    with new_site(plan=small_plan(opinions_minutes=30)) as site:
        visit = site.visitor("bank")["id"]
        open_and_close.close_day(site.venue, anyway=True, now=True)
        site.wait(29)
        assert _says(site, visit)["outcome"] == "thanks"
        site.wait(2)
        assert refused(_says(site, visit)).code == "opinions_over"
