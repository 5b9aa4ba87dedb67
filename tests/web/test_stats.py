"""The day's figures over HTTP, by a real server: as JSON and as CSV, for organisers."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import requests

from checkin_server.domain.figures.dictionary import COLUMNS, DATASETS
from checkin_server.services.reports import figures_worker
from tests.support.schemas import must_fit
from tests.support.server import Client, DemoServer


@pytest.fixture(scope="module")
def server(shared_demo: DemoServer) -> DemoServer:
    """A demo where two have come for their health."""
    kiosk = shared_demo.client("kiosk", "K1")
    codes = [card["code"] for card in shared_demo.cards() if card["category"] == "active"][:2]
    for code in codes:
        kiosk.choose(kiosk.scan(code)["visit"]["id"], "health")
    return shared_demo


@pytest.fixture(scope="module")
def office(server: DemoServer) -> Client:
    """An organiser's dashboard."""
    return server.client("organizer", "office")


def fits(server: DemoServer, answer: Any, schema: str) -> None:
    """The answer is what the document of the API says."""
    document = requests.get(f"{server.base}/api/v1/openapi.json", timeout=30).json()
    must_fit(answer, {"$ref": f"#/components/schemas/{schema}", "components": document["components"]})


def csv_of(office: Client, day: str) -> requests.Response:
    """Ask for a day's table."""
    return office.raw("GET", f"/reports/{day}.csv")


def test_figures_come_with_their_meaning_and_are_those_of_the_table(server: DemoServer, office: Client) -> None:
    """All datasets, of the day that was opened last; the long table says the same."""
    told = office.get("/stats")
    fits(server, told, "Stats")
    assert [one["name"] for one in told["datasets"]] == list(DATASETS)
    by_name = {one["name"]: one["rows"] for one in told["datasets"]}
    (day,) = told["days"]
    assert by_name["glance"][0]["arrivals"] == 2 and told["open_end"] is True
    assert told["labels"]["service"]["health"]["fr"]
    table = csv_of(office, day)
    assert (table.status_code, table.headers["Content-Type"].partition(";")[0]) == (200, "text/csv")
    assert f'filename="riwaq-{day}.csv"' in table.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    asked = {row["row"]: row["value"] for row in rows if (row["dataset"], row["column"]) == ("services", "asked")}
    assert asked == {row["service"]: str(row["asked"]) for row in by_name["services"]} and asked["health"] == "2"


def test_one_dataset_is_asked_for_by_its_name_and_its_day(server: DemoServer, office: Client) -> None:
    """A day that was never opened, and a dataset that there is not, are named."""
    day = office.get("/stats?dataset=glance")["days"][0]
    told = office.get(f"/stats?day={day}&dataset=waits")
    fits(server, told, "Stats")
    assert [one["name"] for one in told["datasets"]] == ["waits"]
    for question, status, code in (("day=2001-01-01", 404, "unknown_day"), ("dataset=ages", 400, "bad_request")):
        answer = office.raw("GET", f"/stats?{question}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert "there are glance" in answer.text
    assert csv_of(office, "2001-01-01").status_code == 404


def test_the_dictionary_explains_every_column(server: DemoServer, office: Client) -> None:
    """In four languages, with the version of each definition."""
    told = office.get("/stats/dictionary")
    fits(server, told, "StatsDictionary")
    assert set(told["columns"]) == set(COLUMNS)
    assert {column for one in told["datasets"] for column in one["columns"]} == set(COLUMNS)


def test_the_child_plays_what_it_is_told_and_knows_nothing_else() -> None:
    """A day of one visit, on its standard input; what it cannot read it does not answer."""
    head = {
        "timezone": "Africa/Casablanca",
        "venue": {"event": "e", "venue": "v", "city": "c"},
        "days": ["2019-12-27"],
        "plans": {},
        "now": {"services": [{"id": "bank"}]},
        "rest_minutes": 2,
        "cap_minutes": 90,
        "after": {},
        "stations": {},
        "words": [],
        "cases": [],
        "secret": "s",
    }
    came = json.dumps({"category": "active", "unit": "u", "locale": "fr"})
    chose = json.dumps({"added": ["bank"], "dropped": [], "back": [], "party_size": 1})
    lines = [
        ["2019-12-27", 0, "member_admitted", "v", None, None, None, None, None, None, 1, came],
        ["2019-12-27", 0, "services_chosen", "v", None, None, None, 7, None, None, 2, chose],
    ]
    told = json.dumps({"head": head, "form": "json", "datasets": ["services"]}) + "\n" + json.dumps(lines) + "\n"
    out = io.BytesIO()
    figures_worker.main(io.BytesIO(told.encode()), out)
    assert json.loads(out.getvalue())["datasets"][0]["rows"][0]["asked"] == 1
