"""What is installed, and from where."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from setuptools import find_packages

ROOT = Path(__file__).resolve().parents[2]
HOST_OR_FOLDER = r"(?:https?|file|git\+\w+|ssh)://[^\"\s]*|--(?:extra-)?index-url|--find-links|\"resolved\""
PYTHON_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
TOP_LEVEL = {"kiosk", "booth_display", "printers", "checkin_server"}


def read_lock(name: str) -> dict[str, list[str]]:
    """Return the hashes of each `package==version` of a lock file."""
    pinned: dict[str, list[str]] = {}
    package = ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+(?:\[[a-z,]+\])?==\S+)", line):
            package = found.group(1)
            pinned[package] = []
        elif found := re.match(r"\s+--hash=(sha256:[0-9a-f]{64})", line):
            pinned[package].append(found.group(1))
    return pinned


@pytest.fixture(scope="module")
def setup_cfg() -> configparser.ConfigParser:
    """The parsed setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_with_hashes(name: str) -> None:
    """A changed or substituted download must fail."""
    pinned = read_lock(name)
    assert pinned
    assert [package for package, hashes in pinned.items() if not hashes] == []


@pytest.mark.parametrize("name", [*PYTHON_LOCKS, "package-lock.json"])
def test_a_lock_file_names_no_host_and_no_folder_of_a_machine(name: str) -> None:
    """The lock files hold on every machine, whatever index it uses."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = re.sub(
        r'"funding": \{[^}]*\}', "", text
    )  # where a library's author takes donations: nothing is fetched there
    assert (
        re.findall(r"(?:https?|file|git\+\w+|ssh)://[^\"\s]*|--(?:extra-)?index-url|--find-links|\"resolved\"", text)
        == []
    )


def test_every_npm_package_is_pinned_with_a_hash() -> None:
    """A changed or substituted download must fail."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert [name for name, entry in fetched.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def test_both_python_locks_agree_on_what_they_share() -> None:
    """Installing what the tests need must not change what Riwaq runs on."""
    runtime = dict(package.split("==") for package in read_lock("requirements.lock"))
    development = dict(package.split("==") for package in read_lock("requirements-dev.lock"))
    assert {name: runtime[name] for name in runtime.keys() & development} == {
        name: development[name] for name in runtime.keys() & development
    }


def test_each_name_in_a_requirements_file_is_pinned_in_its_lock() -> None:
    """Somebody who adds a name and forgets `make lock` is told."""
    for lock in PYTHON_LOCKS:
        lines = (ROOT / lock.replace(".lock", ".in")).read_text(encoding="utf-8").splitlines()
        wanted = {re.split(r"[\[<>=~! #]", line, maxsplit=1)[0].lower() for line in lines if line[:1].isalpha()}
        assert wanted - {re.split(r"[\[=]", package, maxsplit=1)[0] for package in read_lock(lock)} == set(), lock


def test_gevent_websocket_is_nowhere() -> None:
    """Merely installed, it changes how gevent's server picks a handler, and breaks the socket."""
    locked = {package.partition("==")[0] for lock in PYTHON_LOCKS for package in read_lock(lock)}
    assert "gevent-websocket" not in locked
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.version("gevent-websocket")


def test_every_package_of_ours_is_packaged(setup_cfg: configparser.ConfigParser) -> None:
    """A folder with Python in it that setup.cfg's patterns miss would be left out of an installed Riwaq."""
    patterns = setup_cfg["options.packages.find"]["include"].split()
    found = set(find_packages(str(ROOT), include=patterns))
    assert {name.partition(".")[0] for name in found} == TOP_LEVEL
    modules = (path for top in TOP_LEVEL for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts)
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in modules}
    assert folders - found == set(), "these folders have no __init__.py"


def test_the_console_script_is_the_command_line(setup_cfg: configparser.ConfigParser) -> None:
    """`riwaq` is checkin_server.cli:main."""
    assert setup_cfg["options.entry_points"]["console_scripts"].split("\n")[1:] == ["riwaq = checkin_server.cli:main"]


def test_top_level_tests_are_ours() -> None:
    """python-barcode installs a top-level `tests` too; from the root, ours must win."""
    command = [sys.executable, "-c", "import tests; print(tests.__file__)"]
    where = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(where) == ROOT / "tests" / "__init__.py"
