"""docs/runbook.md works: a real venue is set up, backed up and brought back by the page's own steps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from checkin_server.domain.members import member_list, vocabulary
from checkin_server.domain.plan import NEEDS
from tests.docs.pages import ROOT, blocks, code_names, rows, section, text_of
from tests.members.lists import write_xlsx
from tests.support import warm
from tests.support.server import Programs

PAGE = text_of("docs/runbook.md")


class Machine:
    """A machine on which a venue is set up from copies of the example files, as the page says."""

    def __init__(self, folder: Path, riwaq: tuple[str, ...]) -> None:
        self._riwaq = riwaq
        self.etc, self.data = folder / "etc", folder / "data"
        shutil.copytree(ROOT / "config" / "demo", self.etc / "demo")
        text = (ROOT / "config" / "example.toml").read_text(encoding="utf-8")
        text = text.replace("/var/lib/riwaq", str(self.data)).replace("/etc/riwaq", str(self.etc))
        self.config = self.etc / "riwaq.toml"
        self.config.write_text(text, encoding="utf-8")
        self.stick = folder / "usb"
        self.stick.mkdir()
        # A list of the kind that the page describes, for the venue that the example names.
        rows = [("L1", "Hind Inventée", "widowed", "rabat-prefecture")]
        write_xlsx(self.stick / "members.xlsx", rows, header=("Matricule", "Nom", "Catégorie", "Unité"))

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """Run a `riwaq` command of the page, with its paths on this machine."""
        line = line.replace("/etc/riwaq/riwaq.toml", str(self.config)).replace("/media/usb", str(self.stick))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RIWAQ_")}
        return warm.run(
            [*self._riwaq, *line.split()[1:]],
            cwd=self.stick,  # what a command writes beside itself stays out of the sources
            env=environment,
            input="2468\n2468\n" if line.startswith("riwaq staff") else "",  # the PIN that is asked for, twice
            timeout=300,
        )


@pytest.fixture
def machine(tmp_path: Path, programs: Programs) -> Machine:
    """A machine with the files in place and no database yet."""
    return Machine(tmp_path, programs.riwaq)


def commands(*headings: str) -> list[str]:
    """The `riwaq` commands in the blocks below some headings, but those that run a server."""
    lines = [line for heading in headings for block in blocks(section(PAGE, heading)) for line in block.splitlines()]
    return [line.strip() for line in lines if re.match(r" *riwaq (?!serve|demo)", line)]


def test_setting_up_backing_up_and_cutting_off_work_as_they_stand(machine: Machine) -> None:
    """Every command of these sections, one after the other, does what it says."""
    done = 0
    for line in commands("Set a venue up", "The day", "A new release", "Programs that watch or speak for a venue"):
        result = machine.run(line)
        assert result.returncode == 0, f"{line}\n{result.stderr}"
        done += 1
    assert done >= 11
    assert (machine.stick / "rabat-1200.db").stat().st_size > 10_000
    key = machine.etc / "database.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_brought_back_by_the_steps_of_the_page(machine: Machine) -> None:
    """What was there is there, what came after is gone but kept beside it."""
    assert machine.run(commands("Set a venue up")[0]).returncode == 0
    staff = next(line for line in commands("Set a venue up") if line.startswith("riwaq staff add"))
    assert machine.run(staff).returncode == 0
    config = "--config /etc/riwaq/riwaq.toml"
    assert machine.run(f"riwaq db backup /media/usb/rabat-1200.db {config}").returncode == 0
    assert machine.run(f"riwaq devices add --role board --station hall {config}").returncode == 0
    restore, check = commands("Backup and restore")
    restored = machine.run(restore)
    assert restored.returncode == 0, restored.stderr
    assert "sound" in machine.run(check).stdout
    assert machine.run(f"riwaq devices list {config}").stdout == ""
    again = machine.run(staff)
    assert "already" in again.stderr
    (kept,) = machine.data.glob("riwaq-replaced-*.db")
    assert re.match(r"\*riwaq-replaced-\d{8}-\d{6}\.db\*", section(PAGE, "Backup and restore").split("such as ")[1])
    assert str(kept) in restored.stdout


def test_without_its_key_nothing_is_read_and_nothing_overwritten(machine: Machine) -> None:
    """The two messages that the page quotes."""
    assert machine.run(commands("Set a venue up")[0]).returncode == 0
    (machine.etc / "database.key").rename(machine.stick / "database.key")
    quoted = re.findall(r'\*"([^"]+)"\*', section(PAGE, "The key"))
    told = [
        machine.run("riwaq db check --config /etc/riwaq/riwaq.toml"),
        machine.run("riwaq init --config /etc/riwaq/riwaq.toml"),
    ]
    for message, result in zip(quoted, told, strict=True):
        assert result.returncode in (1, 2)
        for part in message.split("…"):
            assert part.strip() in result.stderr
    assert (machine.data / "riwaq.db").exists() and not (machine.etc / "database.key").exists()


def test_every_column_of_a_member_list_is_described() -> None:
    """In the code's order; each other name on the page is understood as that column."""
    table = list(rows(section(PAGE, "Member lists")))
    assert [row[0].strip("`") for row in table] == list(vocabulary.COLUMNS)
    for row in table:
        column = row[0].strip("`")
        assert {member_list.column_named(name) for name in row[3].split(",")} == {column}
        assert (row[1] == "yes") == (column in member_list.REQUIRED)
    assert code_names(next(row[2] for row in table if row[0] == "`needs`")) == set(NEEDS)
