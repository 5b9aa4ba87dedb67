"""`make audit`: unsafe places in the source, licences, bills of materials, known faults of what is installed.

Known faults are asked for on the internet. Where nobody answers with data, the line says *NOT CHECKED*: it never
counts as passed. Whatever else goes wrong is a fault of this run. The bills are for whoever must know what is inside
(CycloneDX, `build/*.cdx.json`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
SOURCES = ("checkin_server", "printers", "kiosk", "booth_display")
OLD = "urllib3==1.24.1"
"""A release with faults that have been known since 2019: whoever knows none of it has no data."""

_FREE = re.compile(
    r"\b(MIT|MIT-0|MIT-CMU|0?BSD|Apache|ISC|PSFL?|Python Software Foundation|MPL|Mozilla|LGPL|Lesser General|Zlib"
    r"|ZPL|CC0|OFL|HPND|Unlicense)(?![A-Za-z])",
    re.I,
)
"""Licences that let Riwaq be given on, in SPDX's words and in those of PyPI's classifiers."""
READ_BY_HAND = {"pyrage": "MIT", "sqlcipher3": "Zlib", "xmlhttprequest-ssl": "MIT"}
"""Packages whose data name no licence, and which one their licence file is."""
_AWAY = re.compile(
    r"Max retries|ConnectionError|NewConnectionError|NameResolution|Read timed out|ConnectTimeout|ProxyError|SSLError"
    r"|ServiceError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOAUDIT"
    r"|audit endpoint returned an error|\b(?:403|404|405|407|429|50[0-4]) [A-Z]\w+"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What one check found."""

    state: str
    """``OK``, ``NOT CHECKED`` or ``FAULTS``."""
    about: str
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As it is printed."""
        return "\n".join((f"{self.state:13}{self.about}", *(f"{'':13}{line}" for line in self.more)))


def run(*command: str | Path, timeout: int = 300) -> tuple[int, str, str]:
    """Run a command at the root; return how it ended, and what it said on both ways."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=timeout, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return -1, "", f"could not be run to its end: {error}"
    return done.returncode, done.stdout, done.stderr


def no_data(about: str, said: str) -> Found:
    """What it means that a check gave no data: nobody answered, or it is broken, which is a fault."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    if _AWAY.search(said):
        why = max((line for line in lines if _AWAY.search(line)), key=len)  # the one that says most
        return Found("NOT CHECKED", f"{about}: its data cannot be reached from here", (why.strip()[:160],))
    return Found("FAULTS", f"{about}: the check itself failed", tuple(lines[-5:]))


def parsed(text: str) -> dict[str, Any]:
    """A JSON object, or an empty one where it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def of_pip_audit(about: str, out: str, err: str, *, knows_old: bool) -> Found:
    """Read what pip-audit says.

    A package that its source doesn't know is skipped by it, and still it ends with 0: such a package is not checked.
    """
    packages = parsed(out).get("dependencies")
    if packages is None:
        return no_data(about, err or out)
    bad = [
        f"{each['name']} {each.get('version', '')}: {fault['id']} (mended in {', '.join(fault['fix_versions']) or '?'})"
        for each in packages
        for fault in each.get("vulns", ())
    ]
    skipped = [each["name"] for each in packages if "skip_reason" in each]
    if bad:
        return Found("FAULTS", about, tuple(bad))
    if not knows_old or len(skipped) == len(packages):
        why = f"the source of data that answers here knows no fault of {OLD} either"
        return Found("NOT CHECKED", f"{about}: no data on faults can be reached from here", (why,))
    if skipped:
        return Found("NOT CHECKED", f"{about}: of {len(skipped)} packages of {len(packages)}", (", ".join(skipped),))
    return Found("OK", f"{about} ({len(packages)} packages)")


def of_npm_audit(about: str, out: str, err: str) -> Found:
    """Read what npm audit says."""
    said = parsed(out)
    if "auditReportVersion" not in said:
        return no_data(about, f"{said.get('message', out)}\n{err}")
    bad = [f"{name}: {each.get('severity')}" for name, each in said.get("vulnerabilities", {}).items()]
    return Found("FAULTS", about, tuple(bad)) if bad else Found("OK", about)


def pip_audit() -> Found:
    """Ask for known faults of the Python packages that Riwaq runs on."""
    command = (sys.executable, "-m", "pip_audit", "--disable-pip", "--progress-spinner", "off", "--format", "json")
    BUILD.mkdir(exist_ok=True)
    old = BUILD / "audit-control.txt"
    old.write_text(OLD + "\n", encoding="utf-8")
    _, out, _ = run(*command, "--no-deps", "-r", old)
    old.unlink()
    knows_old = any(each.get("vulns") for each in parsed(out).get("dependencies", ()))
    _, out, err = run(*command, "--require-hashes", "-r", "requirements.lock")
    return of_pip_audit("pip-audit: known faults of Python packages", out, err, knows_old=knows_old)


def npm_audit() -> Found:
    """Ask for known faults of the screens' libraries."""
    code, npm, err = run(ROOT / "scripts" / "find_npm.sh")
    about = "npm audit: known faults of the screens' libraries"
    if code:
        return no_data(about, err)
    _, out, err = run(npm.strip(), "audit", "--omit=dev", "--json")
    return of_npm_audit(about, out, err)


def of_bandit(out: str, err: str) -> Found:
    """Read what bandit says; what it could not read is a fault too."""
    about = "bandit: unsafe places in our source"
    said = parsed(out)
    if "results" not in said or not said.get("metrics", {}).get("_totals", {}).get("loc"):
        return no_data(about, err or out)
    bad = [
        f"{each['filename']}:{each['line_number']} {each['test_id']}: {each['issue_text']}" for each in said["results"]
    ]
    bad += [f"{each['filename']}: {each['reason']}" for each in said.get("errors", ())]
    return (
        Found("FAULTS", about, tuple(bad))
        if bad
        else Found("OK", f"{about} ({said['metrics']['_totals']['loc']} lines)")
    )


def bandit(sources: Sequence[str] = SOURCES) -> Found:
    """Look for unsafe places of middle and of high weight; an exception stands beside its line, with its reason."""
    _, out, err = run(sys.executable, "-m", "bandit", "-q", "-r", "-ll", "-f", "json", *sources)
    return of_bandit(out, err)


def is_free(said: str) -> bool:
    """Whether a licence lets Riwaq be given on: one of those to choose from (OR), each of those that hold (AND)."""
    if re.search(r"\bAND\b.*\bA?GPL|\bA?GPL.*\bAND\b", said):
        return False  # whatever the brackets say: somebody should read it
    return any(
        all(_FREE.search(part) and not re.search(r"\bA?GPL", part, re.I) for part in re.split(r"\s+AND\s+|;", choice))
        for choice in re.split(r"\s+OR\s+", said.strip("() \n"))
    )


def pinned() -> Iterator[str]:
    """Names of the packages of the lock file."""
    for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==", line):
            yield found[1]


def licence_of(expressions: Sequence[str], texts: Sequence[str], classifiers: Sequence[str]) -> str:
    """What a Python package says of its licence: by SPDX, else by a classifier, else the first line of a text."""
    if expressions:
        return expressions[0]
    kinds = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: OSI Approved :: ")]
    return " OR ".join(kinds) or "".join(texts).strip().partition("\n")[0]


def said_licences() -> Iterator[tuple[str, str]]:
    """Each package that runs at a venue, and its licence."""
    for name in pinned():
        about = metadata.metadata(name)
        yield name, licence_of(*(about.get_all(kind) or () for kind in ("License-Expression", "License", "Classifier")))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    for path, each in lock["packages"].items():
        if path and not each.get("dev"):
            yield path.rpartition("node_modules/")[2], each.get("license") or ""


def licences() -> Found:
    """See that everything that runs at a venue may be given on."""
    about = "licences of what runs at a venue"
    said = {name: licence or READ_BY_HAND.get(name, "") for name, licence in said_licences()}
    bad = [f"{name}: {licence or 'says none'}" for name, licence in said.items() if not is_free(licence)]
    return Found("FAULTS", about, tuple(bad)) if bad else Found("OK", f"{about} ({len(said)} packages)")


def bill() -> Found:
    """Write the CycloneDX bills of materials: the Python packages with their hashes, and the screens' libraries."""
    about = "bills of materials (CycloneDX)"
    BUILD.mkdir(exist_ok=True)
    python, screens = BUILD / "riwaq-python.cdx.json", BUILD / "riwaq-screens.cdx.json"
    command = (
        "-m",
        "cyclonedx_py",
        "requirements",
        "requirements.lock",
        "--of",
        "JSON",
        "--output-reproducible",
        "--no-validate",
    )
    code, out, err = run(sys.executable, *command, "-o", python)
    if code or len(parsed(python.read_text("utf-8")).get("components", ())) != len(list(pinned())):
        return Found("FAULTS", about, tuple((err or out).splitlines()[-5:]))
    screens.write_text(json.dumps(bill_of_screens(), indent=2) + "\n", encoding="utf-8")
    return Found("OK", f"{about}: {python.relative_to(ROOT)}, {screens.relative_to(ROOT)}")


def bill_of_screens() -> dict[str, Any]:
    """The bill of package-lock.json; `npm sbom` refuses a project that has no version of its own."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    parts = []
    for path, each in sorted(lock["packages"].items()):
        if not path or each.get("dev"):
            continue
        name, version = path.rpartition("node_modules/")[2], each["version"]
        address = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        parts.append({"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address})
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}


CHECKS: tuple[Callable[[], Found], ...] = (bandit, licences, bill, pip_audit, npm_audit)


def main() -> int:
    """Do all of it; 1 when something was found."""
    states = []
    for check in CHECKS:
        found = check()
        print(found, flush=True)
        states.append(found.state)
    return 1 if "FAULTS" in states else 0


if __name__ == "__main__":
    sys.exit(main())
