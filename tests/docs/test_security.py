"""SECURITY.md says what is defended by which test, and names no test that is not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.docs.pages import ROOT, rows, section, text_of

PAGE = text_of("SECURITY.md")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_in(path: Path) -> set[str]:
    """The tests that a file has."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}


def missing(text: str) -> list[str]:
    """Tests that a text names and that are not there."""
    gone = []
    for file, name in _TEST.findall(text):
        path = ROOT / file
        if not path.is_file() or name not in names_in(path):
            gone.append(f"{file}::{name}")
    return gone


def test_every_threat_has_a_defence_and_a_test_that_is_there() -> None:
    """Whoever renames or removes a test says here what shows it now."""
    threats = list(rows(section(PAGE, "Threats")))
    assert len(threats) >= 25
    for threat, defence, shown_by in threats:
        assert len(threat) > 10, threat
        assert len(defence) > 10, threat
        assert _TEST.sub("", shown_by).strip() == "", f"{threat}: what is not a test of ours in {shown_by}"
        assert _TEST.findall(shown_by), threat
    assert missing(PAGE) == []


def test_a_test_that_is_not_there_is_noticed() -> None:
    """By its file and by its name."""
    here = "tests/docs/test_security.py"
    assert missing(f"`{here}::test_a_test_that_is_not_there_is_noticed`") == []
    assert missing(f"`{here}::test_nothing` `tests/docs/test_nowhere.py::test_x`") == [
        f"{here}::test_nothing",
        "tests/docs/test_nowhere.py::test_x",
    ]


def test_it_says_how_to_report_and_what_is_not_defended() -> None:
    """The two parts that nobody can find in the code."""
    assert "privately" in section(PAGE, "How to report")
    assert section(PAGE, "What is not defended").count("\n- **") >= 8
