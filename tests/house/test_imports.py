"""Who may import whom: that setup.cfg says so, and that it is enforced."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A module to change, a line to add to it, and a word of the contract that must then be broken.
TRESPASSES = (
    ("checkin_server/domain/trespass.py", "import click", "the domain imports the standard library only"),
    ("checkin_server/domain/trespass.py", "import checkin_server.db", "the domain imports the standard library only"),
    ("checkin_server/db/trespass.py", "import checkin_server.services", "Layers"),
    ("checkin_server/services/trespass.py", "import checkin_server.web", "Layers"),
    ("checkin_server/services/trespass.py", "import sqlalchemy", "only in checkin_server.db"),
    ("checkin_server/web/trespass.py", "import sqlcipher3", "only in checkin_server.db"),
    ("checkin_server/services/trespass.py", "import flask", "Flask"),
    ("printers/trespass.py", "import flask", "Flask"),
    ("printers/trespass.py", "import checkin_server.domain", "do not import the server"),
    ("kiosk/trespass.py", "import booth_display", "import none of ours"),
    ("checkin_server/trespass.py", "", "Layers"),
    ("checkin_server/services/paper/trespass.py", "import checkin_server.services.visits.view", "Rooms of services"),
    ("checkin_server/services/visits/trespass.py", "import checkin_server.services.counters.undo", "Rooms of services"),
    ("checkin_server/domain/routing/trespass.py", "import checkin_server.domain.forecasts", "Rooms of the domain"),
    ("checkin_server/running/trespass.py", "", "Rooms of a server process"),
    ("checkin_server/venues/trespass.py", "", "Rooms of venues"),
    ("checkin_server/pages/welcome/trespass.py", "import checkin_server.pages.dashboard", "do not import each other"),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code, Python only, to break the rules in."""
    root = tmp_path_factory.mktemp("copy")
    for top in ("kiosk", "booth_display", "printers", "checkin_server", "scripts"):
        for path in (ROOT / top).rglob("*.py"):
            target = root / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "setup.cfg", root / "setup.cfg")
    return root


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of the code in a folder."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={"COLUMNS": "200"})


def test_the_contracts_are_kept(copy: Path) -> None:
    """The code as it is follows them."""
    found = lint_imports(copy)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(("module", "line", "contract"), TRESPASSES)
def test_a_trespass_breaks_its_contract(copy: Path, module: str, line: str, contract: str) -> None:
    """Each rule of docs/architecture.md is enforced: a module that breaks it is named."""
    trespass = copy / module
    trespass.write_text(line + "\n")
    try:
        found = lint_imports(copy)
    finally:
        trespass.unlink()
    assert found.returncode != 0
    broken = [row for row in found.stdout.splitlines() if "BROKEN" in row]
    assert any(contract in row for row in broken), found.stdout + found.stderr
    assert "trespass" in found.stdout


def test_no_contract_leaves_out_a_top_level_package() -> None:
    """Every contract on libraries covers all four packages, so that a new module is covered at once."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    packages = {"kiosk", "booth_display", "printers", "checkin_server"}
    assert set(parser["importlinter"]["root_packages"].split()) == packages
    for name in ("database-only-in-db", "flask-only-at-the-edge"):
        assert set(parser[f"importlinter:contract:{name}"]["source_modules"].split()) == packages
