"""docs/architecture.md draws what is there: the modules and the layers."""

from __future__ import annotations

import configparser
import re

import pytest

from checkin_server.domain.steps import STATES
from scripts import doc_tables
from tests.docs.pages import ROOT, blocks, rows, section, text_of

PAGE = text_of("docs/architecture.md")


@pytest.mark.parametrize("package", ["checkin_server", "printers", "kiosk", "booth_display"])
def test_every_module_has_its_line(package: str) -> None:
    """None is missing, none is gone, none is empty; `python -m scripts.doc_tables` writes them."""
    match = re.search(rf"<!-- modules of {package}: begin.*?-->\n(.*?)<!-- modules", PAGE, re.DOTALL)
    assert match
    described = {row[0].strip("`"): row[1] for row in rows(match[1])}
    assert described.keys() == doc_tables.modules(package).keys()
    assert all(len(line) > 10 for line in described.values())


@pytest.mark.parametrize(
    ("contract", "first"), [("layers", "cli"), ("rooms-of-services", "checkup"), ("rooms-of-the-domain", "figures")]
)
def test_the_layers_are_those_of_the_import_contract(contract: str, first: str) -> None:
    """Line by line, as `setup.cfg` has them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "setup.cfg", encoding="utf-8")
    enforced = contracts[f"importlinter:contract:{contract}"]["layers"].strip().splitlines()
    block = next(block for block in blocks(PAGE) if block.startswith(first))
    drawn = [re.split(r"  +", line)[0] for line in block.strip().splitlines()]
    assert drawn == [line.strip() for line in enforced]


def test_every_state_of_a_step_is_named() -> None:
    """In the words at the top."""
    words = section(PAGE, "Words")
    assert [state for state in STATES if f"`{state}`" not in words] == []
