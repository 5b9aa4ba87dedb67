from __future__ import annotations

import csv
import io
import json

from checkin_server.services.reports import day_log
from tests.support.venue import Site

DAY = "2019-12-27"


def table(site: Site) -> list[dict[str, str]]:
    """Return a day's log as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(day_log.as_csv(site.venue, DAY))))


def test_the_table_has_the_columns_that_the_documents_name_and_leads_to_nobodys_visit(site: Site) -> None:
    """With a visit's reference anybody could look the visit up at a kiosk."""
    visit = site.visitor("bank")
    site.press("bank-1", "open", "call-next")
    text = day_log.as_csv(site.venue, DAY)
    assert text.splitlines()[0] == "seq,at,kind,number,service,counter,device,staff,data"
    assert visit["id"] not in text
    assert {row["number"] for row in table(site)} == {"", "1"}


def test_the_tables_times_are_rfc_3339_and_its_data_is_json(site: Site) -> None:
    """To the second, in UTC; words in every script stand as they are."""
    site.wait(2)
    site.visitor("bank")
    rows = table(site)
    assert rows[0]["kind"] == "day_opened" and rows[0]["at"] == "2019-12-27T08:00:00Z"
    assert {row["at"] for row in rows[1:]} == {"2019-12-27T08:02:00Z"}
    assert all(isinstance(json.loads(row["data"]), dict) for row in rows)


def test_the_table_has_every_event_once_and_in_order(site: Site) -> None:
    """As the log has them; what belongs to no day (a list that was taken in) is not in a day's."""
    site.visitor("bank", "health")
    site.press("bank-1", "open", "call-next", "start", "finish")
    assert [row["kind"] for row in table(site)] == [kind for kind in site.events() if kind != "members_enrolled"]
    numbers = [int(row["seq"]) for row in table(site)]
    assert numbers == sorted(set(numbers))
