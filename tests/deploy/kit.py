"""Installs the kiosk's kit into a folder, and starts a Chromium that is managed by it as a kiosk's is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import find_chromium

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT / "config" / "deploy"
POLICIES = Path("etc/chromium/policies/managed/riwaq.json")


def install(folder: Path, page: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the installer as a technician does, but below a folder."""
    return subprocess.run(
        [KIT / "install-kiosk.sh", page, *more],
        env={**os.environ, "DESTDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=30,
    )


def policies(folder: Path) -> dict[str, Any]:
    """Return the policies that were installed."""
    found: dict[str, Any] = json.loads((folder / POLICIES).read_text(encoding="utf-8"))
    return found


def namespace() -> list[str]:
    """Return the command before a program that gives it mounts of its own.

    Chromium reads its policies from one place in /etc; in a namespace of mounts that place is the test's own. Other
    tests' browsers run at the same time and must not be managed, so there is no other way.
    """
    for command in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        if (
            subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/etc/chromium"], capture_output=True).returncode
            == 0
        ):
            return command
    # A locked-down container forbids mounts to everybody. The summary says so; all else of the kit is still tested.
    pytest.skip(
        "Chromium's policies need a namespace of mounts: run as root with CAP_SYS_ADMIN, or allow user namespaces"
    )


@contextmanager
def managed(browser: Browser, folder: Path, policy: dict[str, Any], *switches: str) -> Iterator[Browser]:
    """Start a Chromium with these policies, beside the one that already runs, and stop it."""
    folder.mkdir(parents=True)
    (folder / "riwaq.json").write_text(json.dumps(policy), encoding="utf-8")
    wrapper = folder / "chromium"
    inside = (
        f"mount -t tmpfs tmpfs /etc/chromium && mkdir -p /etc/chromium/policies/managed"
        f' && cp {folder}/riwaq.json /etc/chromium/policies/managed/ && exec {find_chromium()} "$@"'
    )
    command = " ".join(namespace())
    wrapper.write_text(f"#!/bin/sh\nexec {command} sh -c '{inside}' chromium \"$@\"\n", encoding="utf-8")
    wrapper.chmod(0o755)
    started = browser.browser_type.launch(
        executable_path=wrapper,
        headless=True,
        chromium_sandbox=False,
        args=["--disable-gpu", "--no-first-run", *switches],
    )
    try:
        yield started
    finally:
        started.close()
        shutil.rmtree(folder)
