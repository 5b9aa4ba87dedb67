"""docs/settings.md describes each setting, with its default."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from checkin_server.settings import ENVIRONMENT
from checkin_server.settings.models import SettingsFile, TourFile, VenueFile
from checkin_server.settings.values import Entry, entry_of
from tests.settings.folder import CONFIG

DOC = (CONFIG.parent / "docs" / "settings.md").read_text(encoding="utf-8")
FILES: list[tuple[str, type[Entry]]] = [("settings", SettingsFile), ("venue", VenueFile), ("tour", TourFile)]


def section(heading: str) -> dict[str, str]:
    """Key and default of each row below a heading."""
    match = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL)
    assert match, f'docs/settings.md has no section "{heading}"'
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in match[1].split("\n")]
    return {row[0].strip("`"): row[3] for row in rows if len(row) == 5 and row[0].startswith("`") and row[1] and row[4]}


def written(default: Any) -> str:
    """A default as the page writes it."""
    if default is PydanticUndefined:
        return "required"
    if default is None:
        return "none"
    return "`" + json.dumps(list(default) if isinstance(default, tuple) else default) + "`"


def is_table(annotation: Any) -> bool:
    """Whether a key is a table with a section of its own; a text is described in the row of its key."""
    inner = entry_of(annotation)
    return inner is not None and "ar" not in inner.model_fields


def sections() -> list[Any]:
    """Heading and model of each table of each kind of file."""
    found: dict[str, type[Entry]] = {}
    for name, model in FILES:
        found[f"Top of the {name} file"] = model
        for key, info in model.model_fields.items():
            if is_table(info.annotation):
                inner = entry_of(info.annotation)
                assert inner
                found[f"[[{key}]]" if "tuple" in str(info.annotation) else f"[{key}]"] = inner
    return [pytest.param(heading, model, id=heading) for heading, model in found.items()]


@pytest.mark.parametrize(("heading", "model"), sections())
def test_every_setting_stands_in_the_page_with_its_default(heading: str, model: type[Entry]) -> None:
    """No more, no fewer, and none with another default than the code's."""
    title = f"`{heading}`" if heading.startswith("[") else heading
    expected = {key: written(info.default) for key, info in model.model_fields.items() if not is_table(info.annotation)}
    assert section(title) == expected


def test_every_environment_variable_stands_in_the_page() -> None:
    """With the key it overrides."""
    rows = re.findall(r"^\| `(RIWAQ_[A-Z_]+)` \| `([a-z_]+)` of `\[([a-z]+)\]` \|", DOC, re.MULTILINE)
    assert {variable: (table, key) for variable, key, table in rows} == ENVIRONMENT
