"""What is taken away says what the figures say, in each form, and names nobody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin_server.services.reports import exports, figures
from checkin_server.services.reports.exports import Report
from checkin_server.services.visits import actions
from tests.services.reports import simulated
from tests.support.people import FAMILY
from tests.support.venue import Site, accepted, new_id, sqlcipher_site

DAY = "2019-12-27"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A simulated day; one visitor writes what a spreadsheet would take for a formula."""
    folder: Path = tmp_path_factory.mktemp("exports")
    with sqlcipher_site(folder) as made:
        made.hire("Zineb Planted")
        simulated.play(made, seed=5, minutes=25)
        visit = made.visitor("bank")["id"]
        said = {"scores": {"bank": 2}, "text": "=1+1", "kind": "proposal"}
        accepted(actions.give_feedback(made.venue, made.kiosk, visit, new_id(), said))
        yield made


def report(site: Site) -> Report:
    """The organiser's report of the day."""
    head = figures.head_of(site.venue, [DAY])
    return exports.for_organizer(head, figures.period(site.venue, [DAY]))


def test_every_figure_is_the_same_in_json_in_the_long_table_and_in_the_folder(site: Site) -> None:
    """What was not measured is empty in each."""
    told = report(site)
    document, folder = exports.document(told), exports.files(told)
    rows = csv.DictReader(io.StringIO(exports.long_csv(told).decode("utf-8-sig")))
    long = {(row["dataset"], row["row"], row["column"]): row["value"] for row in rows}
    figures_seen = 0
    for dataset in document["datasets"]:
        table = list(csv.DictReader(io.StringIO(folder[f"{dataset['name']}.csv"].decode("utf-8-sig"))))
        assert len(table) == len(dataset["rows"])
        for row, line in zip(dataset["rows"], table, strict=True):
            name = " / ".join(str(row[key]) for key in dataset["keys"])
            for column in set(dataset["columns"]) - set(dataset["keys"]):
                value = "" if row[column] is None else str(row[column])
                assert line[column] == value == long[dataset["name"], name, column]
                figures_seen += 1
    assert figures_seen > 300
    assert set(document["dictionary"]) == {c for one in document["datasets"] for c in one["columns"]}


def test_no_cell_is_a_formula(site: Site) -> None:
    """What begins like one stays text, also where it names a row."""
    told = report(site)
    for content in (exports.long_csv(told), *exports.files(told).values()):
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))], line
    assert b"'=1+1" in exports.files(told)["words.csv"]
    assert [
        row["text"] for one in exports.document(told)["datasets"] if one["name"] == "words" for row in one["rows"]
    ] == ["=1+1"]


def test_no_name_stands_in_any_form_for_anybody(site: Site) -> None:
    """Neither members' nor staff's, nor ids of members, visits, cards."""
    told, head = report(site), figures.head_of(site.venue, [DAY])
    period = told.period
    others = [exports.for_partner(head, period, one) for one in exports.partners_of(period)]
    others += [exports.for_office(head, period, office) for office in exports.offices_of(period)]
    names = [
        "Planted",
        *(text for one in (*FAMILY, *site.crowd) for text in (one.name_la, one.name_ar, one.id, one.code)),
    ]
    names += [row["id"] for row in site.rows("SELECT id FROM visit")] + [head["secret"]] * bool(head["secret"])
    for one in (told, *others):
        for content in (exports.as_json(one), exports.long_csv(one), *exports.files(one).values()):
            text = content.decode()
            assert not [name for name in names if name in text]


def test_an_offices_sheet_is_its_own_cases(site: Site) -> None:
    """Number, service and subject of each; those of another office are not in it."""
    head = figures.head_of(site.venue, [DAY])
    period = figures.period(site.venue, [DAY])
    for office in ("mutual", "rabat-office"):
        ((_, rows),) = exports.for_office(head, period, office).datasets
        kept = site.one(f"SELECT COUNT(*) FROM referral WHERE office = '{office}'")
        assert len(rows) == kept and {row["subject"] for row in rows} <= {"Loan"}
    assert site.one("SELECT COUNT(*) FROM referral") > 0


def test_a_partner_is_found_by_a_booth_or_by_its_name_in_any_language(site: Site) -> None:
    """However it is written."""
    known = exports.partners_of(figures.period(site.venue, [DAY]))
    bank = exports.find_partner(known, "bank")
    assert bank is not None and bank.booths == ("bank",)
    for name in bank.names:
        assert exports.find_partner(known, f" {name.upper()} ") == bank
    assert exports.find_partner(known, "nobody") is None
