"""docs/api.md says what the API is, and its examples work as they stand."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin_server.common.roles import ROLES
from checkin_server.services import access
from checkin_server.web.sockets import topics_of
from scripts import doc_tables
from tests.docs.pages import ROOT, blocks, code_names, prose, rows, section, text_of
from tests.support.server import DemoServer

PAGE = text_of("docs/api.md")


def test_tables_made_from_the_code_are_as_the_code_is() -> None:
    """Operations, roles and errors; run `python -m scripts.doc_tables` after a change."""
    document = doc_tables.openapi()
    assert doc_tables.between(PAGE, "operations", doc_tables.operations_table(document)) == PAGE


def test_every_page_and_probe_outside_the_api_is_listed(shared_demo: DemoServer) -> None:
    """What answers without a declaration of its own stands in the table of pages."""
    from checkin_server.web.front import SCREENS

    listed = " ".join(row[0] for row in rows(section(PAGE, "Health, metrics, pages")))
    for address in ("/healthz", "/readyz", "/metrics", "/pair/", "/not-paired", "/i18n/", "/demo/"):
        assert address in listed
    for screen in SCREENS.values():
        assert screen.partition("{")[0] in listed


def test_every_role_and_its_topic_is_named() -> None:
    """Roles in the text, topics in the table."""
    named = set(re.findall(r"`(\w+)`", section(PAGE, "Who calls")))
    assert set(ROLES) <= named
    described: dict[str, str] = {}
    for row in rows(section(PAGE, "Snapshots and the socket")):
        for role in code_names(row[0]):
            described[role] = row[1].strip("`").replace("<id>", "X")
    assert described == {role: topics_of(role, "X")[0] for role in ROLES if topics_of(role, "X")}


def test_times_that_the_page_promises_are_those_of_the_code() -> None:
    """Session, link and pairing, in words on the page."""
    text = prose(PAGE)
    assert f"lasts {access.SESSION_HOURS} hours" in " ".join(text.split())
    assert (access.LINK_MINUTES, access.PAIRING_MINUTES) == (60, 10)
    assert "within an hour" in text and "within ten minutes" in " ".join(text.split())


@pytest.fixture
def shell(demo: DemoServer, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment in which `riwaq` and the page's address and folder are those of a running demo."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "riwaq"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checkin_server.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (tmp_path / "riwaq-demo").symlink_to(demo.folder)
    yield {**demo.environment, "PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def test_the_day_in_twelve_requests_works_as_it_stands(demo: DemoServer, shell: dict[str, str], tmp_path: Path) -> None:
    """The page's own commands, run in a shell one after the other: the visitor is served at the end."""
    lines = "\n".join(blocks(section(PAGE, "A day in twelve requests"), "sh"))
    assert "http://127.0.0.1:8080" in lines
    script = "set -euo pipefail\n" + lines.replace("http://127.0.0.1:8080", demo.base)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=shell, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert '"code":' not in done.stdout.replace('"code":"longest_wait"', "").replace('"code":"last_stop"', "")
    dashboard = json.loads(done.stdout[done.stdout.rindex('{"topic":"dashboard"') :])["data"]
    assert (dashboard["arrivals"], dashboard["served"]) == (1, 1)


def test_pairing_by_code_works_as_the_page_says(demo: DemoServer, shell: dict[str, str], tmp_path: Path) -> None:
    """With the code, the id and the secret of the page's first answer put into the other two requests."""
    shown = blocks(section(PAGE, "Pairing a device"))[0]
    ask, approve, claim = re.findall(r"^(?:S=.*?^curl|curl).*?(?=^curl|^S=|\Z)", shown, re.M | re.S)
    before = f"API={demo.base}/api/v1\nO={demo.token('organizer', 'office')}\n"

    def run(command: str) -> dict[str, str]:
        done = subprocess.run(["bash", "-c", before + command], cwd=tmp_path, env=shell, capture_output=True, text=True)
        answer: dict[str, str] = json.loads(done.stdout)
        return answer

    asked = run(ask)
    run(approve.replace("123456", asked["code"]))
    paired = run(claim.replace("…", asked["secret"]).replace("PAIRING_ID", asked["pairing_id"]))
    assert (paired["role"], paired["station"]) == ("board", "hall")
