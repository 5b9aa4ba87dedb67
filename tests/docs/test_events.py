"""docs/events.md describes every event that the code writes, with its fields and data."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from checkin_server.db.tx import EVENT_FIELDS
from checkin_server.services.counters.run_counter import _BECOMES
from tests.docs.pages import ROOT, code_names, rows, text_of

_KIND_ARGUMENT = {"emit": 0, "noted": 1, "tell": 2, "_tell": 3}
"""Which argument of each function is the event's kind. `noted` says the one event of a refusal."""


@dataclass(frozen=True)
class Written:
    """An event as some call writes it."""

    fields: frozenset[str]
    data: frozenset[str]


def _kinds(node: ast.expr, module: ast.Module) -> list[str]:
    """The kinds that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _kinds(node.body, module) + _kinds(node.orelse, module)
    assert isinstance(node, ast.JoinedStr), f"an event's kind is not written out: {ast.unparse(node)}"
    first = node.values[0]
    assert isinstance(first, ast.Constant) and len(node.values) == 2
    if first.value == "counter_":
        return [f"counter_{state}" for state in _BECOMES.values() if state != "open"]
    assert first.value == "ticket_", f"another family of events: {first.value!r}"
    ends = [
        ast.literal_eval(call.args[1])
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "self._end"
    ]
    return [f"ticket_{state}" for state in ends]


def _keys(node: ast.expr | None, function: ast.AST) -> frozenset[str]:
    """The keys of a call's data."""
    if isinstance(node, ast.Name):
        node = next(
            a.value
            for a in ast.walk(function)
            if isinstance(a, ast.AnnAssign) and ast.unparse(a.target) == ast.unparse(node)
        )
    if node is None:
        return frozenset()
    assert isinstance(node, ast.Dict), ast.unparse(node)
    return frozenset(str(key.value) for key in node.keys if isinstance(key, ast.Constant))


def _personal(node: ast.expr, function: ast.AST) -> frozenset[str]:
    """What a call keeps beside its event: `members`, and the names of what was typed."""
    if isinstance(node, ast.Name):
        found = [
            a.value for a in ast.walk(function) if isinstance(a, ast.Assign) and ast.unparse(a.targets[0]) == node.id
        ]
        return frozenset().union(*(_personal(value, function) for value in found))
    assert isinstance(node, ast.Call) and ast.unparse(node.func) == "Personal", ast.unparse(node)
    typed = [*node.args[1:], *(keyword.value for keyword in node.keywords if keyword.arg == "typed")]
    return frozenset({"members"} if node.args else ()).union(*(_keys(one, function) for one in typed))


def _emitted_by(function: ast.AST) -> frozenset[str]:
    """The fields of the `emit` inside a function that tells."""
    call = next(c for c in ast.walk(function) if isinstance(c, ast.Call) and ast.unparse(c.func) == "tx.emit")
    return frozenset(str(keyword.arg) for keyword in call.keywords) - {"personal"}


def written_events() -> dict[str, Written]:
    """Every event the server writes, found in its source."""
    sources = {path: ast.parse(path.read_text("utf-8")) for path in (ROOT / "checkin_server").rglob("*.py")}
    tell_fields: dict[str, frozenset[str]] = {}
    for path, module in sources.items():
        for node in ast.walk(module):
            telling = isinstance(node, ast.FunctionDef) and node.name in ("tell", "_tell")
            # A method of that name tells somebody something else.
            if isinstance(node, ast.FunctionDef) and telling and "services" in path.parts and node in module.body:
                tell_fields[node.name] = _emitted_by(node)
    found: dict[str, Written] = {}
    for path, module in sources.items():
        if "services" not in path.parts:
            continue
        for function in ast.walk(module):
            if not isinstance(function, ast.FunctionDef) or function.name in ("tell", "_tell"):
                continue
            for call in ast.walk(function):
                if not isinstance(call, ast.Call):
                    continue
                name = ast.unparse(call.func).split(".")[-1]
                elsewhere = ast.unparse(call.func).startswith(("self.", "socketio", "foretelling"))
                if name not in _KIND_ARGUMENT or elsewhere:
                    continue
                kind = call.args[_KIND_ARGUMENT[name]]
                if name in ("emit", "noted"):
                    place = _KIND_ARGUMENT[name] + 2
                    data = call.args[place] if len(call.args) > place else None
                    fields = frozenset(str(keyword.arg) for keyword in call.keywords) - {"personal"}
                else:
                    data, fields = call.args[5 if name == "tell" else -1], tell_fields[name]
                keys = _keys(data, function)
                for keyword in call.keywords:
                    if keyword.arg == "personal":
                        keys |= _personal(keyword.value, function)
                if name == "tell" and len(call.args) > 6:
                    keys |= _keys(call.args[6], function)
                for each in _kinds(kind, module):
                    known = found.get(each, Written(frozenset(), frozenset()))
                    found[each] = Written(known.fields | fields, known.data | keys)
    return found


def described_events() -> dict[str, Written]:
    """Every event of the page."""
    every = frozenset(EVENT_FIELDS)
    return {
        row[0].strip("`"): Written(
            every if row[2] == "all eight" else frozenset(code_names(row[2])), frozenset(code_names(row[3]))
        )
        for row in rows(text_of("docs/events.md"))
    }


def test_every_event_is_described_and_none_that_is_gone() -> None:
    """Kinds are found by reading the source of all calls that write events."""
    assert described_events().keys() == written_events().keys()


def test_every_event_is_described_with_its_fields_and_data() -> None:
    """No more and no fewer than the code writes."""
    described = described_events()
    for kind, written in written_events().items():
        assert described[kind] == written, kind


def test_events_are_written_by_services_only() -> None:
    """The search above looks there; an event written elsewhere would be missed."""
    elsewhere = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "checkin_server").rglob("*.py")
        if re.search(r"\b(tx\.emit|noted)\(", path.read_text("utf-8")) and "services" not in path.parts
    ]
    assert elsewhere == []
