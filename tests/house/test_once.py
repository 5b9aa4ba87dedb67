"""What everybody must agree on stands once: sets of states, languages, needs, reasons, roles; limits; places."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin_server.common import limits, places, roles
from checkin_server.domain import admission, boards, plan, priority, steps
from checkin_server.settings.models import VoiceEntry
from printers import ticket

ROOT = Path(__file__).resolve().parents[2]
SETS = {
    "steps.STATES": steps.STATES,
    "steps.OPEN": steps.OPEN,
    "steps.PLACED": steps.PLACED,
    "steps.AT_COUNTER": steps.AT_COUNTER,
    "steps.AWAITING": steps.AWAITING,
    "steps.TO_COME": steps.TO_COME,
    "steps.NOT_AT_COUNTER": steps.NOT_AT_COUNTER,
    "plan.LANGUAGES": plan.LANGUAGES,
    "plan.NEEDS": plan.NEEDS,
    "priority.REASONS": priority.REASONS,
    "admission.REASONS": admission.REASONS,
    "roles.ROLES": roles.ROLES,
    "roles.STAFF_ROLES": roles.STAFF_ROLES,
}
HOME = {
    "checkin_server/domain/steps.py",
    "checkin_server/domain/plan.py",
    "checkin_server/domain/priority.py",
    "checkin_server/domain/admission.py",
    "checkin_server/common/roles.py",
}
"""Where they stand."""
EXCEPTIONS = {
    ("printers/ticket.py", "plan.LANGUAGES"),  # knows nothing of the server; held equal below
    # Numbers on cards that are out: their order never changes, whatever that of the plan does; held equal there.
    ("checkin_server/services/members/cose_card.py", "plan.LANGUAGES"),
}


def sources(*folders: str) -> list[str]:
    """Return our Python files in these folders; a migration says for ever what it said when it was written."""
    listed = subprocess.check_output(["git", "ls-files", *folders], cwd=ROOT, text=True).split()
    return [name for name in listed if name.endswith(".py") and "/migrations/versions/" not in name]


def words_together(tree: ast.AST) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield each place where words stand together as a set: tuples, lists, sets, types of words, arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            parts = node.elts
        elif isinstance(node, ast.Call):
            parts = [part for part in node.args if isinstance(part, ast.Constant)]
        else:
            continue
        words = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if len(words) == len(parts) and words:
            yield node.lineno, frozenset(words)


def typed_again(name: str, text: str) -> list[str]:
    """Return the places of a file where a set that has a name is written out, with that name."""
    found = []
    for line, words in words_together(ast.parse(text)):
        found += [f"{name}:{line} {known}" for known, members in SETS.items() if words == frozenset(members)]
    return found


def test_no_set_that_has_a_name_is_typed_again() -> None:
    """A new state or language is added in one place, and everybody knows of it."""
    found = []
    for name in sources("checkin_server", "kiosk", "booth_display", "printers", "scripts"):
        if name not in HOME:
            found += typed_again(name, (ROOT / name).read_text(encoding="utf-8"))
    excepted = {(hit.split(":")[0], hit.rsplit(" ", 1)[1]) for hit in found} & EXCEPTIONS
    assert [hit for hit in found if (hit.split(":")[0], hit.rsplit(" ", 1)[1]) not in EXCEPTIONS] == []
    assert excepted == EXCEPTIONS, "an exception that nobody needs any more"


@pytest.mark.parametrize(
    "text",
    [
        'placed = ("called", "headed", "serving")',
        'if row["state"] in {"headed", "serving", "called"}: ...',
        'where(is_one_of(step.c.state, "headed", "called", "serving"))',
        'state: Literal["headed", "called", "serving"]',
    ],
)
def test_a_set_is_seen_however_it_is_typed_again(text: str) -> None:
    """As a tuple, a set, arguments of a query, a type; in any order."""
    assert typed_again("x.py", text) == ["x.py:1 steps.PLACED"]


def test_paper_and_texts_know_the_same_languages() -> None:
    """The printers' side stands alone, so it says them a second time."""
    assert ticket.LOCALES == plan.LANGUAGES


def test_the_least_free_disk_stands_once() -> None:
    """`riwaq doctor` and `/readyz` must not disagree."""
    assert limits.LEAST_FREE_BYTES == 200 * 1024 * 1024
    found = [
        name for name in sources("checkin_server") if "200 * 1024 * 1024" in (ROOT / name).read_text(encoding="utf-8")
    ]
    assert found == ["checkin_server/common/limits.py"]


def test_what_is_installed_is_found_in_one_place() -> None:
    """Templates, fonts, the demo's venue: nobody else walks up from their own file to look for them."""
    for path in (places.TICKET_TEMPLATE, places.CARD_TEMPLATE, places.DEMO_VENUE, places.FONTS):
        assert path.exists(), path
    found = []
    for name in sources("checkin_server"):
        text = (ROOT / name).read_text(encoding="utf-8")
        walks = "__file__" in text and ('"config"' in text or '"fonts"' in text)
        if walks and name != "checkin_server/common/places.py":
            found.append(name)
    assert found == []


def test_a_default_of_the_settings_is_the_plans() -> None:
    """What a file leaves out is what a plan made by hand takes."""
    assert VoiceEntry().parts == boards.Voice().parts and VoiceEntry().volume == boards.Voice().volume
    tree = ast.parse((ROOT / "checkin_server/settings/models.py").read_text(encoding="utf-8"))
    own = set()
    for table in tree.body:
        if not isinstance(table, ast.ClassDef):
            continue
        for line in table.body:
            if isinstance(line, ast.AnnAssign) and isinstance(line.value, ast.Constant) and line.value.value:
                own.add(f"{table.name}.{ast.unparse(line.target)}")
    assert own == {"ServerEntry.host", "ServerEntry.port"}, "no plan's, the server's own"
