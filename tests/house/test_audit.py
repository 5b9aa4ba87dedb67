"""`make audit` says what it found, and what it could not look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts import audit

AWAY = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='pypi.example'): Max retries exceeded"


def pip(*packages: Mapping[str, object]) -> str:
    """What pip-audit writes of packages."""
    return json.dumps({"dependencies": packages, "fixes": []})


SOUND = {"name": "sound", "version": "1.0", "vulns": []}
SKIPPED = {"name": "unheard", "skip_reason": "Dependency not found on PyPI and could not be audited"}
BAD = {"name": "bad", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}


def test_our_source_has_no_unsafe_place_that_nobody_explained() -> None:
    """All of it, of middle and high weight and of whatever certainty."""
    found = audit.bandit()
    assert found.state == "OK", str(found)


@pytest.mark.parametrize(
    "line", ["import pickle\npickle.loads(b'')", "import os\nos.system(input())", "eval(input())", "def broken(:"]
)
def test_an_unsafe_place_and_a_file_that_cannot_be_read_are_found(tmp_path: Path, line: str) -> None:
    """What the check says OK to above, it looks at."""
    (tmp_path / "fine.py").write_text('"""Nothing."""\nX = 1\n', encoding="utf-8")
    (tmp_path / "one.py").write_text(line + "\n", encoding="utf-8")
    found = audit.bandit([str(tmp_path)])
    assert found.state == "FAULTS"
    assert any("one.py" in each for each in found.more)


def test_everything_that_runs_at_a_venue_may_be_given_on() -> None:
    """Python packages and the screens' libraries, each by what it says itself or by its licence file."""
    found = audit.licences()
    assert found.state == "OK", str(found)
    said = dict(audit.said_licences())
    assert len(said) > 80
    assert {name for name, licence in said.items() if not licence} == set(audit.READ_BY_HAND)


@pytest.mark.parametrize(
    "licence", ["MIT", "Apache-2.0 OR BSD-3-Clause", "MIT AND OFL-1.1", "LGPL-3.0-only", "BSD License"]
)
def test_a_free_licence_is_known(licence: str) -> None:
    """By SPDX or as PyPI's classifiers say it."""
    assert audit.is_free(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "",
        "Python :: 3.11",
        "GPL-3.0-or-later",
        "AGPL-3.0",
        "MIT AND GPL-2.0-only",
        "(MIT OR ISC) AND GPL-3.0",
        "Proprietary",
    ],
)
def test_any_other_is_for_people_to_read(licence: str) -> None:
    """A language that a package is written in is no licence, and all that AND joins must be free."""
    assert not audit.is_free(licence)


def test_the_bills_of_materials_name_what_the_lock_files_name() -> None:
    """With versions, and hashes for the Python packages."""
    found = audit.bill()
    assert found.state == "OK", str(found)
    python = json.loads((audit.BUILD / "riwaq-python.cdx.json").read_text("utf-8"))
    assert python["bomFormat"] == "CycloneDX"
    assert {each["name"].lower() for each in python["components"]} == {name.lower() for name in audit.pinned()}
    screens = json.loads((audit.BUILD / "riwaq-screens.cdx.json").read_text("utf-8"))
    assert "pkg:npm/socket.io-client@" in " ".join(each["purl"] for each in screens["components"])
    assert all(each["version"] for each in screens["components"])


@pytest.mark.parametrize(
    ("out", "err", "knows_old", "state"),
    [
        (pip(SOUND), "", True, "OK"),
        (pip(SOUND, BAD), "", True, "FAULTS"),
        (pip(SKIPPED, BAD), "", False, "FAULTS"),
        (pip(SKIPPED, SKIPPED), "", False, "NOT CHECKED"),
        (pip(SOUND), "", False, "NOT CHECKED"),
        (pip(SOUND, SKIPPED), "", True, "NOT CHECKED"),
        ("", AWAY, False, "NOT CHECKED"),
        ("", "No module named pip_audit", False, "FAULTS"),
        ("", "ERROR: hashes do not match the requirements file", False, "FAULTS"),
    ],
)
def test_what_pip_audit_could_not_ask_is_not_checked(out: str, err: str, knows_old: bool, state: str) -> None:
    """A source without data on faults finds none anywhere; a check that is broken is no passed one."""
    assert audit.of_pip_audit("pip-audit", out, err, knows_old=knows_old).state == state


@pytest.mark.parametrize(
    ("out", "err", "state"),
    [
        ('{"auditReportVersion": 2, "vulnerabilities": {}}', "", "OK"),
        ('{"auditReportVersion": 2, "vulnerabilities": {"ws": {"severity": "high"}}}', "", "FAULTS"),
        ('{"message": "405 Method Not Allowed - POST"}', "npm error audit endpoint returned an error", "NOT CHECKED"),
        ("", "npm error code ENOTFOUND", "NOT CHECKED"),
        ('{"error": {"code": "ENOLOCK"}}', "npm error this command requires an existing lockfile", "FAULTS"),
        ("", "", "FAULTS"),
    ],
)
def test_what_npm_audit_could_not_ask_is_not_checked(out: str, err: str, state: str) -> None:
    """Likewise."""
    assert audit.of_npm_audit("npm audit", out, err).state == state


def test_a_command_that_is_not_there_is_a_fault() -> None:
    """Not something that nobody could reach."""
    _, out, err = audit.run("riwaq-no-such-program")
    assert audit.of_npm_audit("npm audit", out, err).state == "FAULTS"
