"""Commands on pages are commands of `riwaq` and of `make`; every command says what it is for, with an example."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from checkin_server.cli import main
from tests.docs.pages import ROOT, blocks, every_page, inline_code, name_of, section, text_of


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group that does something, with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


COMMANDS = dict(commands(main))


def parse(line: str, *, whole: bool) -> None:
    """Parse a command line as `riwaq` would. One in running text may leave out what the sentence is not about.

    Raises:
        AssertionError: there is no such command.
        click.UsageError: it does not take these words.
    """
    words = shlex.split(line)
    path = next((tuple(words[:n]) for n in (3, 2) if tuple(words[:n]) in COMMANDS), tuple(words[:1]))
    assert path in COMMANDS, f"there is no command `riwaq {line}`"
    try:
        COMMANDS[path].make_context(" ".join(path), words[len(path) :])
    except click.exceptions.Exit:
        pass  # --help
    except click.MissingParameter:
        if whole:
            raise


def mentioned(text: str) -> Iterator[tuple[str, bool]]:
    """Command lines of a page, and whether each is to stand on its own."""
    for block in blocks(text):
        for line in block.splitlines():
            if match := re.search(r"(?:^|[\s/(=])riwaq +((?:[a-z]).*)", line):
                yield match[1].split("|")[0].split("#")[0].strip(), True
    for code in inline_code(text):
        if match := re.match(r"(?:\.venv/bin/)?riwaq ([a-z].*)$", code):
            yield match[1], False


PAGES = [pytest.param(page, id=name_of(page)) for page in every_page()]


@pytest.mark.parametrize("page", PAGES)
def test_every_riwaq_command_on_a_page_is_one(page: Path) -> None:
    """With options and arguments that it takes."""
    text = page.read_text(encoding="utf-8")
    if page.name == "CHANGELOG.md":
        text = text.replace(section(text, "Not there yet"), "")
    for line, whole in mentioned(text):
        if line.endswith(" …"):
            assert isinstance(main.commands.get(line.removesuffix(" …")), click.Group), line
        else:
            parse(line, whole=whole and not set(line.split()) & {"FILE", "ID", "F", "D"})


def test_the_commands_of_the_runbook_are_found() -> None:
    """The search above finds what it looks for: a good many, and each kind."""
    found = [line for line, whole in mentioned(text_of("docs/runbook.md")) if whole]
    assert len(found) >= 15
    for words in COMMANDS:
        assert any(line.startswith(" ".join(words)) for line in found), f"the runbook never uses riwaq {words}"


@pytest.mark.parametrize("words", [pytest.param(words, id="-".join(words)) for words in COMMANDS])
def test_every_command_has_help_with_an_example_that_parses(words: tuple[str, ...]) -> None:
    """`--help` says what it does and shows a line that can be typed."""
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0
    text = " ".join(shown.output.split())
    match = re.search(r"Example: riwaq (.*?)(?: Options:| $|$)", text)
    assert match, shown.output
    assert tuple(match[1].split()[: len(words)]) == words
    parse(match[1], whole=True)


def test_every_make_target_on_a_page_exists() -> None:
    """`make x` on a page is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for page in every_page():
        text = page.read_text(encoding="utf-8")
        told = {match[1] for code in inline_code(text) if (match := re.match(r"make ([a-z]+)\b", code))}
        for block in blocks(text):
            told |= set(re.findall(r"^ *make ([a-z]+)", block, re.MULTILINE))
        assert told <= targets, name_of(page)


def test_every_environment_variable_of_ours_is_described() -> None:
    """In the settings or in the runbook."""
    used: set[str] = set()
    for folder in ("checkin_server", "printers", "kiosk", "booth_display"):
        for path in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r"\bRIWAQ_[A-Z_]+", path.read_text(encoding="utf-8")))
    described = set(re.findall(r"\bRIWAQ_[A-Z_]+", text_of("docs/settings.md") + text_of("docs/runbook.md")))
    assert used == described
