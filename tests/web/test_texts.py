"""Every string of every body, query and path goes through the one cleaner, on both databases."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import pytest
from pydantic import BaseModel

from checkin_server.running.application import Application, Options
from checkin_server.services import access
from checkin_server.web.api import Operation
from checkin_server.web.converters import Part, Way
from checkin_server.web.models.texts import Body
from checkin_server.web.openapi import document
from tests.support.venue import DATABASES, PIN, Site, postgres_site, sqlcipher_site
from tests.web.conftest import InProcess
from tests.web.test_roles import VALUES

PLANTED = ("\0", "a\0b", "\u202eabc", "\u200b" * 3, "e" + "\u0301" * 60, "\x1b[31mred", "\ue000", "\ufeff")
PLACES = {"kiosk": "K1", "board": "hall", "counter": "bank-1", "welcome": "desk", "organizer": "office"}


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield every model that a type holds, however deep."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
        for field in kind.model_fields.values():
            yield from _models(field.annotation)
    for inner in get_args(kind):
        yield from _models(inner)


def test_whatever_is_read_is_a_body_that_looks_at_all_its_strings(in_process: InProcess) -> None:
    """A body, a query, or a part of one that is declared without the rule would be named here."""
    read = [kind for op in in_process.application.api.operations for kind in (op.body, op.query) if kind]
    found = {model for kind in read for model in _models(kind)}
    assert len(found) > 30
    assert {model.__name__ for model in found if not issubclass(model, Body)} == set()


def _strings(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield the schema of every string in a schema that is neither cleaned nor one of a few; keys are strings too."""
    if isinstance(schema, list):
        for each in schema:
            yield from _strings(each)
    elif isinstance(schema, dict):
        if isinstance(schema.get("propertyNames"), dict):
            yield {"type": "string", **schema["propertyNames"]}
        if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format", "x-text"}:
            yield schema
        for name, each in schema.items():
            if name != "propertyNames":
                yield from _strings(each)


def test_the_document_says_of_every_string_that_it_is_clean(in_process: InProcess) -> None:
    """Also where a string has a pattern of its own, and of the keys of mappings."""
    described = document(in_process.application.api.operations)
    bodies = {op.body.__name__ for op in in_process.application.api.operations if op.body}
    said = [described["components"]["schemas"][name] for name in bodies]
    said += [one["schema"] for paths in described["paths"].values() for op in paths.values()
             for one in op.get("parameters", ())]  # fmt: skip
    found = [one for schema in said for one in _strings(schema)]
    assert len(found) > 50
    for sign in ("\x01", "\x99", "\u202e"):
        assert [one for one in found if "pattern" not in one or re.search(one["pattern"], sign)] == []


def test_every_part_of_every_path_is_read_by_the_rule(in_process: InProcess) -> None:
    """Pages, static files and the API alike."""
    converters = [
        each for rule in in_process.application.flask.url_map.iter_rules() for each in rule._converters.values()
    ]
    assert len(converters) > 50
    assert {type(each).__name__ for each in converters if not isinstance(each, Part | Way)} == set()


def _example(schema: Any, known: dict[str, Any]) -> Any:
    """Make a value of a schema, with every field it may have."""
    if "$ref" in schema:
        return _example(known[schema["$ref"].rpartition("/")[2]], known)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "anyOf" in schema and "type" not in schema:
        return _example(next(one for one in schema["anyOf"] if one.get("type") != "null"), known)
    kind = schema["type"]
    if kind == "object":
        fields = {name: _example(one, known) for name, one in schema.get("properties", {}).items()}
        if isinstance(more := schema.get("additionalProperties"), dict):
            fields["bank"] = _example(more, known)
        return fields
    if kind == "array":
        return [_example(schema["items"], known)]
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    return {"uuid": str(uuid.uuid4()), "date-time": "2019-12-27T09:00:00Z"}.get(schema.get("format", ""), "bank")


def _planted(value: Any, sign: str) -> Iterator[Any]:
    """Yield a value once for each of its strings, with `sign` there; keys are strings too."""
    if isinstance(value, str):
        yield sign
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            for each in _planted(inner, sign):
                yield [*value[:at], each, *value[at + 1 :]]
    elif isinstance(value, dict):
        for key, inner in value.items():
            for each in _planted(inner, sign):
                yield {**value, key: each}
            if key == "bank":
                yield {sign: inner}


def _shots(op: Operation, described: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], Any]]:
    """Yield addresses, queries and bodies with a sign in one string of each."""
    known = described["components"]["schemas"]
    asked = {} if op.query is None else op.query.model_json_schema()
    values = {**VALUES, "counter_id": "bank-1", "kiosk_id": "K1", "printer_id": "P1"}
    body = None if op.body is None else _example(known[op.body.__name__], known)
    query = _example(asked, asked.get("$defs", {})) if asked else {}
    for sign in PLANTED:
        for name in re.findall(r"<(\w+)>", op.path):
            yield _address(op.path, {**values, name: quote(sign, safe="")}), query, body
        for each in _planted(query, sign):
            yield _address(op.path, values), each, body
        for each in _planted(body, sign):
            yield _address(op.path, values), query, each


def _address(path: str, values: dict[str, str]) -> str:
    return re.sub(r"<(\w+)>", lambda found: values[found[1]], path)


@pytest.fixture(params=DATABASES)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, Application]]:
    """A day on each database, served inside the test's process."""
    with ExitStack() as stack:
        if request.param == "postgres":
            site = stack.enter_context(postgres_site(request.getfixturevalue("postgres_url"), crowd=3))
        else:
            site = stack.enter_context(sqlcipher_site(tmp_path, crowd=3))
        yield site, Application(site.venue, Options(tmp_path, async_mode="threading"))


def test_no_sign_in_any_string_of_the_api_is_a_fault_of_the_server(served: tuple[Site, Application]) -> None:
    """NUL is what PostgreSQL keeps in no text: it was an error of the server's, wherever it was written."""
    site, application = served
    site.hire()
    access.add_staff(site.venue, "Salma", "welcome", "3691")
    tokens = {role: access.add_device(site.venue, role, place).token for role, place in PLACES.items()}
    client = application.flask.test_client(use_cookies=False)
    headers = {role: {"Authorization": f"Bearer {token}"} for role, token in tokens.items()}
    for role, name, pin in (("counter", "Nadia", PIN), ("welcome", "Salma", "3691")):
        answer = client.post("/api/v1/session", json={"staff": name, "pin": pin}, headers=headers[role])
        headers[role]["X-Session"] = answer.get_json()["session_token"]
    described = document(application.api.operations)
    shots = 0
    for op in application.api.operations:
        role = next((role for role in ("counter", "welcome", *PLACES) if role in op.roles), "")
        if op.name in ("sign_out", "delete_device", "post_next_job"):
            continue
        for address, query, body in _shots(op, described):
            more = {"query_string": query, "json": body, "headers": headers.get(role, {})}
            answer = client.open(f"/api/v1{address}", method=op.method, **more)
            shots += 1
            assert answer.status_code < 500, (op.method, op.path, query, body, answer.get_data(as_text=True))
    assert shots > 500
    kept = json.dumps([dict(row) for row in site.rows("SELECT * FROM event")], default=str, ensure_ascii=False)
    assert not re.search("[\0\u200b\u202e\ue000\x1b]", kept)
