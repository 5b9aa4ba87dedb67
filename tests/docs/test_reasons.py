"""docs/reasons.md explains every refusal and every error: what happened, what to do."""

from __future__ import annotations

import ast
import re

from checkin_server.domain.admission import REASONS
from checkin_server.domain.routing import why
from checkin_server.services.paper import doubted, print_agents
from checkin_server.web.problems import CODES
from tests.docs.pages import ROOT, code_names, rows, section, text_of

PAGE = text_of("docs/reasons.md")


def _headings(part: str) -> list[str]:
    return re.findall(r"^### (.+)$", section(PAGE, part), re.MULTILINE)


def _first_cells(part: str) -> set[str]:
    return {name for row in rows(section(PAGE, part)) for name in code_names(row[0])}


def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _reasons_given(path: str) -> set[str]:
    """Values of ``"reason"`` in a file's dictionaries, and what its `_why_not` returns."""
    found: set[str] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "reason" and isinstance(value, ast.Constant):
                    found.add(str(value.value))
        if isinstance(node, ast.FunctionDef) and node.name == "_why_not":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Constant) and inner.value.value:
                    found.add(str(inner.value.value))
    return found


def _first_arguments(path: str, function: str) -> set[str]:
    """Constant first arguments of a file's calls of a function."""
    return {
        str(call.args[0].value)
        for call in ast.walk(_tree(path))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).split(".")[-1] == function
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_reason_of_a_refused_scan_is_explained() -> None:
    """Each once, and none that is gone."""
    assert sorted(_headings("A refused scan")) == sorted(f"`{reason}`" for reason in REASONS)


def test_every_problem_code_is_explained_with_its_status() -> None:
    """Each once, in the order of the code, and none that is gone."""
    assert _headings("Problems") == [f"`{code}` ({status})" for code, (status, _) in CODES.items()]


def test_every_explanation_says_what_happened_and_what_to_do() -> None:
    """A code without a remedy is no explanation."""
    for part in ("A refused scan", "Problems"):
        for heading in _headings(part):
            words = " ".join(section(PAGE, heading).split())
            assert "**What happened.**" in words and "**What to do.**" in words, heading


def test_every_reason_of_a_refused_service_is_explained() -> None:
    """What `domain/choice.py` can answer, and `services/counters/pass_on.py` at a counter."""
    given = _reasons_given("checkin_server/domain/choice.py")
    given |= _reasons_given("checkin_server/services/counters/pass_on.py")
    assert _first_cells("A refused service") == given


def test_every_reason_of_a_visitor_who_is_not_served_here_is_explained() -> None:
    """What `services/counters/scan_here.py` can answer, with the rule in `domain/turns.py`."""
    given = _first_arguments("checkin_server/services/counters/scan_here.py", "_no")
    assert _first_cells("A visitor who comes to a counter") == given | {"needs_reason", "out_of_turn"}


def test_every_reason_why_an_action_cannot_be_undone_is_explained() -> None:
    """What `services/counters/undo.py` can answer, and what any action at a counter can."""
    given = _reasons_given("checkin_server/services/counters/undo.py")
    given |= _reasons_given("checkin_server/services/counters/at_counter.py")
    assert _first_cells("An action that does not fit any more") == given


def test_every_reason_for_a_call_is_explained() -> None:
    """What the router can say of a visitor."""
    assert _first_cells("Why this visitor") == set(why.CODES)


def test_every_reason_of_a_refused_party_is_explained() -> None:
    """What `services/visits/choose.py` can answer, and `services/visits/apart.py` when a family splits up."""
    given = _reasons_given("checkin_server/services/visits/choose.py")
    given |= _reasons_given("checkin_server/services/visits/apart.py")
    assert _first_cells("A refused party") == given


def test_every_trouble_of_a_printer_is_explained() -> None:
    """What transports raise and what the spool adds."""
    raised: set[str] = set()
    for path in ("base", "network", "virtual", "blocking"):
        raised |= _first_arguments(f"printers/transports/{path}.py", "TransportError")
    raised |= _first_arguments("printers/spool.py", "TransportError")
    raised |= _first_arguments("printers/spool.py", "_in_trouble")
    raised |= {print_agents.SILENT, doubted.LOSES_TICKETS}
    explained = _first_cells("When a printer is in trouble")
    assert raised <= explained
    documented = set(re.findall(r"`(\w+)`", text_of("printers/transports/base.py").split("permanent:")[0]))
    assert explained - raised <= documented


def test_every_state_of_a_ticket_is_explained() -> None:
    """What a job can become."""
    states = text_of("checkin_server/db/print_jobs.py").split("``")[1].split(", ")
    assert _first_cells("What a ticket's state means") == set(states)


def test_a_refusal_that_services_give_has_a_code_of_the_api() -> None:
    """`Refusal("x")` with an unknown code would be a fault in the middle of a day."""
    given: set[str] = set()
    for folder in ("domain", "services", "web"):
        for path in (ROOT / "checkin_server" / folder).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            given |= _first_arguments(name, "Refusal") | _first_arguments(name, "problem")
    assert given <= CODES.keys()
