"""Whatever key is misspelt, its own line is named."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checkin_server.settings.models import SettingsFile, TourFile, VenueFile
from checkin_server.settings.values import Entry, entry_of
from tests.settings.folder import CONFIG, Folder
from tests.support.faults import Faults

KEY = re.compile(r"^(?:\[\[?([a-z_]+)\]?\]|([a-z_]+)(?:\.([a-z]+))? =)")


def all_keys(model: type[Entry]) -> set[str]:
    """Every key of a file, wherever it stands."""
    found = set(model.model_fields)
    for info in model.model_fields.values():
        inner = entry_of(info.annotation)
        found |= all_keys(inner) if inner else set()
    return found


KNOWN = all_keys(TourFile) | all_keys(VenueFile) | all_keys(SettingsFile)


def places(name: str) -> list[tuple[int, int, int]]:
    """Line, start and end of each part of each key in a shipped file."""
    lines = (CONFIG / name).read_text(encoding="utf-8").split("\n")
    matches = ((number, match) for number, line in enumerate(lines) if (match := KEY.match(line)))
    return [(n, *match.span(group)) for n, match in matches for group in (1, 2, 3) if match[group]]


@st.composite
def misspelt(draw: st.DrawFn, key: str) -> str:
    """One slip: a letter left out, doubled, exchanged, or two swapped."""
    at = draw(st.integers(0, len(key) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz_"))
    slips = [
        key[:at] + key[at + 1 :],
        key[:at] + key[at] + key[at:],
        key[:at] + letter + key[at + 1 :],
        key[:at] + key[at + 1 : at + 2] + key[at] + key[at + 2 :],
    ]
    return draw(st.sampled_from(slips))


def test_any_single_misspelt_key_is_reported_with_its_own_line(faults: Faults) -> None:
    """In the settings, the venue's and the tour's file; and what the slip makes missing is not reported besides."""
    settings(max_examples=faults.times(100, 5000))(is_reported)()


@given(st.data())
def is_reported(data: st.DataObject) -> None:
    """Misspell one key and see what is said."""
    name = data.draw(st.sampled_from(["example.toml", "demo/rabat.toml", "demo/tour.toml"]))
    number, start, end = data.draw(st.sampled_from(places(name)))
    lines = (CONFIG / name).read_text(encoding="utf-8").split("\n")
    key = lines[number][start:end]
    slip = data.draw(misspelt(key))
    assume(slip and slip not in KNOWN)
    lines[number] = lines[number][:start] + slip + lines[number][end:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Folder.copy_to(Path(temporary) / "config")
        (folder.path / name).write_text("\n".join(lines), encoding="utf-8")
        problems = folder.settings_problems()
    reported = [problem for problem in problems if problem.what == "this setting is not known"]
    assert [(problem.line, Path(problem.file).name) for problem in reported] == [(number + 1, Path(name).name)]
    assert reported[0].key.split(".")[-1] == slip
