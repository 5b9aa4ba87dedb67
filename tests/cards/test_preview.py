"""`riwaq ticket preview`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image

from checkin_server.cli import main
from checkin_server.common.places import TEMPLATES
from checkin_server.domain.plan import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]


def preview(*arguments: str) -> tuple[int, str]:
    """Run the command; give its exit code and what it said."""
    result = CliRunner().invoke(main, ["ticket", "preview", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize(("width", "dots"), [("80", 576), ("58", 384)])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_preview_is_the_printer_s_own_picture(tmp_path: Path, lang: str, width: str, dots: int) -> None:
    """One bit a dot, as wide as the print head, with a code that can be read; no server, no database."""
    out = tmp_path / "ticket.png"
    code, said = preview("--lang", lang, "--width", width, "--out", str(out))
    assert code == 0, said
    picture = Image.open(out)
    assert (picture.mode, picture.width) == ("1", dots)
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text.startswith("V") and len(found.text) == 33


def test_a_bilingual_preview_is_longer(tmp_path: Path) -> None:
    """The second language takes its room."""
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    assert preview("--out", str(one))[0] == preview("--bilingual", "--out", str(two))[0] == 0
    assert Image.open(two).height > Image.open(one).height


def test_a_venue_s_own_plan_and_second_language_are_shown(tmp_path: Path) -> None:
    """The preview of a venue with a second language has it without being asked."""
    shutil.copytree(ROOT / "config" / "demo", tmp_path / "demo")
    shutil.copy(ROOT / "config" / "example.toml", tmp_path)
    venue = tmp_path / "demo" / "rabat.toml"
    heights = []
    for tables in ("", '[tickets]\nsecond_language = "fr"\n\n'):
        venue.write_text(venue.read_text("utf-8").replace("[rules]", f"{tables}[rules]"), encoding="utf-8")
        out = tmp_path / "ticket.png"
        code, said = preview("--config", str(tmp_path / "example.toml"), "--out", str(out))
        assert code == 0, said
        heights.append(Image.open(out).height)
    assert heights[0] < heights[1]


def test_a_mistake_in_the_template_is_told_with_its_line_and_nothing_is_written(tmp_path: Path) -> None:
    """The organiser mends it and tries again."""
    template, out = tmp_path / "ticket.typ", tmp_path / "ticket.png"
    template.write_text("#let x = 1\n#oops()", encoding="utf-8")
    code, said = preview("--template", str(template), "--out", str(out))
    assert code == 1 and "ticket.typ:2" in said
    assert list(tmp_path.iterdir()) == [template]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Not a traceback."""
    code, said = preview("--out", str(tmp_path / "none" / "ticket.png"))
    assert code == 1 and "cannot write" in said


def test_a_watched_template_is_drawn_again_when_it_is_saved(tmp_path: Path) -> None:
    """Also after a mistake was saved in between."""
    template, out = tmp_path / "ticket.typ", tmp_path / "ticket.png"
    shutil.copy(TEMPLATES / "ticket.typ", template)
    good = template.read_text("utf-8")
    command = [sys.executable, "-m", "checkin_server.cli", "ticket", "preview", "--watch"]
    child = subprocess.Popen(
        [*command, "--template", str(template), "--out", str(out)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        first = height_when(out, lambda height: True)
        template.write_text(good + "\n#oops()\n", encoding="utf-8")
        assert child.stderr is not None and "oops" in child.stderr.readline()
        temporary = tmp_path / "saved.typ"
        temporary.write_text(good + "\n#v(100pt)\n", encoding="utf-8")
        os.replace(temporary, template)  # as editors save
        assert height_when(out, lambda height: height != first) == first + 100
    finally:
        child.terminate()
        child.communicate(timeout=10)


def height_when(path: Path, wanted: object) -> int:
    """The height of a picture, once it is as wanted."""
    assert callable(wanted)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if path.exists() and wanted(height := Image.open(path).height):
            return height
        time.sleep(0.05)
    raise AssertionError(f"{path} did not come")
