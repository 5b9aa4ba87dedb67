"""A demo of one's own plan: what is rehearsed live is the venue of tomorrow, not Rabat."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click
import pytest

from checkin_server import cli
from checkin_server.db import migrate
from checkin_server.db.engine import DatabaseUnusable, sqlcipher_engine
from checkin_server.rehearsal import days
from checkin_server.services.members import enrol
from checkin_server.settings import SettingsError
from checkin_server.venues import demo
from checkin_server.venues.demo import DemoUnusable
from tests.rehearsal import small


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_a_demo_runs_another_venues_file_and_remembers_it(tmp_path: Path) -> None:
    """With invented members; commands on the folder and the next start know the plan as well."""
    file = small.write(tmp_path / "venue")
    demo.set_up(tmp_path / "demo", 20, virtual_clock=True, venue_file=file).close()
    assert list(demo.plan_of(tmp_path / "demo").services) == list(small.SERVICES)
    again = demo.set_up(tmp_path / "demo", 20, virtual_clock=True)
    assert list(again.plan.counters) == [f"{service}-1" for service in small.SERVICES]
    again.close()


def test_a_demo_keeps_the_order_of_services_that_a_scenario_asks_for(tmp_path: Path) -> None:
    """Commands on the folder and the next start know it; another scenario's is another demo."""
    folder = tmp_path / "demo"
    mixed = partial(days.changed, scenario=days.SCENARIOS["mixed"])
    demo.set_up(folder, 20, change=mixed).close()
    kept = {service.id: service.after for service in demo.plan_of(folder).services.values() if service.after}
    assert kept, "mixed has services that come after others"
    again = demo.set_up(folder, 20)
    assert {service.id: service.after for service in again.plan.services.values() if service.after} == kept
    again.close()
    demo.set_up(folder, 20, change=mixed).close()
    with pytest.raises(DemoUnusable, match="another --scenario"):
        demo.set_up(folder, 20, change=lambda plan: plan)


def test_a_folder_of_an_older_release_is_brought_to_this_one(tmp_path: Path) -> None:
    """Whoever tried the last release goes on with the same invented people; a newer release's folder is refused."""
    folder = tmp_path / "demo"
    first = demo.set_up(folder, 20)
    known = enrol.known_members(first.venue)
    first.close()
    engine = sqlcipher_engine(folder / "riwaq.db", demo._key(folder, create=False))
    migrate.downgrade(engine, "0005")
    again = demo.set_up(folder, 20)
    assert enrol.known_members(again.venue) == known
    again.close()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(DatabaseUnusable, match="newer release"):
        demo.set_up(folder, 20)


def test_the_demo_knows_every_scenario_of_its_own_hall() -> None:
    """Those that `riwaq rehearse` knows, but for days in another hall."""
    (option,) = [parameter for parameter in cli.demo.params if parameter.name == "scenario"]
    own = [name for name, scenario in days.SCENARIOS.items() if not scenario.another_hall]
    assert isinstance(option.type, click.Choice) and list(option.type.choices) == own


def test_a_folder_holds_one_venue(tmp_path: Path) -> None:
    """Its numbers and visits belong to that plan."""
    demo.set_up(tmp_path / "demo", 20).close()
    with pytest.raises(DemoUnusable, match="use another --dir"):
        demo.set_up(tmp_path / "demo", 20, venue_file=small.write(tmp_path / "venue"))
    demo.set_up(tmp_path / "demo", 20, venue_file=demo.CONFIG).close()


def test_a_file_that_cannot_be_used_is_not_remembered(tmp_path: Path) -> None:
    """The next start without it is the Rabat edition."""
    bad = tmp_path / "bad.toml"
    bad.write_text("id = 7\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        demo.set_up(tmp_path / "demo", 20, venue_file=bad)
    assert "reception" in demo.plan_of(tmp_path / "demo").services
