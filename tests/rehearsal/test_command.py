"""`riwaq rehearse` as it is typed: tables, JSON, pictures, and mistakes with their remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checkin_server.cli import main
from checkin_server.venues.demo import CONFIG
from tests.rehearsal import small
from tests.support.schemas import must_fit


def _riwaq(*words: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", *words, "--jobs", "1"])


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small venue's file."""
    return str(small.write(tmp_path_factory.mktemp("venue")))


def test_a_venues_file_alone_is_rehearsed(venue: str, tmp_path: Path) -> None:
    """Tables on the terminal, a picture in the file, and no bar where there is no terminal."""
    done = _riwaq("--config", venue, "--visitors", "40", "--what-if", "bank=2", "--out", str(tmp_path / "day.png"))
    assert done.exit_code == 0, done.output
    for words in ("Riwaq", "independent tickets", "lower bound", "Insurance", "bank=2", "open a second bank counter"):
        assert words in done.stdout, words
    assert "rehearsing" not in done.output
    assert (tmp_path / "day.png").read_bytes().startswith(b"\x89PNG")


def test_json_is_what_its_schema_says(venue: str) -> None:
    """For programs."""
    schema = json.loads(_riwaq("--json-schema").stdout)
    done = _riwaq("--config", venue, "--visitors", "20", "--seeds", "2", "--json", "--no-advice", "--policy", "riwaq")
    report = json.loads(done.stdout)
    must_fit(report, schema)
    assert report["seeds"] == [1, 2]
    assert [policy["policy"] for policy in report["policies"]] == ["riwaq"]
    assert {service["service"] for service in report["policies"][0]["services"]} == set(small.SERVICES)


def test_a_typed_curve_is_a_scenario(venue: str, tmp_path: Path) -> None:
    """As many come as the file says."""
    (tmp_path / "saturday.csv").write_text("time,visitors\n09:00,20\n10:00,5\n", encoding="utf-8")
    done = _riwaq("--config", venue, "--scenario", str(tmp_path / "saturday.csv"), "--no-advice", "--policy", "riwaq")
    assert done.exit_code == 0, done.output
    assert "25 visits, scenario saturday.csv" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--what-if", "bnak=3"), 'Did you mean "bank"'),
        (("--what-if", "arrivals=evenly"), "write arrivals=slots"),
        (("--ignoring", "130"), "130 is not in the range"),
        (("--scenario", "nothing.csv"), "cannot read nothing.csv"),
        (("--scenario", "busier"), 'Did you mean "busy"'),
        (("--scenario", "2019-12-27"), "give its settings file"),
        (("--out", "day.gif"), "ends in .pdf or .png"),
        (("--out", "/no/such/folder/day.pdf"), "there is no folder /no/such/folder"),
        (("--speed", "10"), "belong to --live"),
        (("--visitors", "0"), "0 is not in the range"),
        (("--live", "http://127.0.0.1:1"), "never on a real venue"),
    ],
)
def test_a_mistake_is_exit_2_and_says_what_to_do(venue: str, words: tuple[str, ...], said: str) -> None:
    """Before anything is played."""
    done = _riwaq("--config", venue, *words)
    assert done.exit_code == 2, done.output
    assert said in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--live", "http://192.168.10.2:8080"), "this machine only"),
        (("--live", "http://127.0.0.1:8080", "--what-if", "bank=3"), "a running demo's is fixed"),
        (("--live", "http://127.0.0.1:8080", "--seeds", "3"), "one day"),
        (("--config", str(CONFIG), "--dir", "x"), "not both"),
    ],
)
def test_a_live_rehearsal_asks_for_a_demo_here(words: tuple[str, ...], said: str) -> None:
    """Never somebody's real day."""
    done = _riwaq(*words)
    assert done.exit_code == 2, done.output
    assert said in done.output
