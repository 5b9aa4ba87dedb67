"""The OpenAPI 3.1 document, written from the same declarations that serve the API."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from typing import Any

from pydantic.json_schema import models_json_schema

from checkin_server import __version__
from checkin_server.common.offload import offload
from checkin_server.domain.texts import CLEAN_PATTERN, SEEN, WRITTEN
from checkin_server.web import models
from checkin_server.web.answers import unchanging
from checkin_server.web.api import PREFIX, PUBLIC, Api, Operation, Result
from checkin_server.web.converters import LONGEST_PART
from checkin_server.web.models.texts import MARK, UNSEEN
from checkin_server.web.problems import CODES

_ALWAYS = ("unauthenticated", "forbidden", "station_gone")
# Whatever asks the store may come at a moment when it can't be asked; a request without a token that is known here is a
# stranger's, whose share is small.
_ANYBODY = ("too_many_requests", "unavailable")
_WITH_BODY = ("not_json", "bad_request", "too_large")


def register(api: Api) -> None:
    """Serve `GET /openapi.json`."""
    # Written once: anybody may ask, and writing it takes as long as a dozen check-ins; the first time, half a second.
    known: list[tuple[bytes, str]] = []
    one_at_a_time = threading.Lock()

    def written() -> tuple[bytes, str]:
        text = json.dumps(document(api.operations), ensure_ascii=False, separators=(",", ":")).encode()
        return text, hashlib.sha256(text).hexdigest()[:16]

    @api.operation("GET", "/openapi.json", roles=PUBLIC, answer=models.OpenApiDocument)
    def get_openapi() -> Result:
        """Describe this API."""
        with one_at_a_time:
            if not known:
                known.append(offload(written))
        return unchanging(*known[0], "application/json")


def document(operations: list[Operation]) -> dict[str, Any]:
    """Write the document of some operations."""
    used = {op.answer for op in operations if op.answer} | {op.body for op in operations if op.body}
    ordered = sorted(used, key=lambda model: model.__name__)
    names, schemas = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    for model in {op.body for op in operations if op.body}:
        _say_clean(schemas["$defs"][names[(model, "validation")]["$ref"].rpartition("/")[2]], schemas["$defs"])
    refs = {model: names[(model, "validation")] for model in ordered}
    paths: dict[str, dict[str, Any]] = {}
    for op in operations:
        address = PREFIX + re.sub(r"<(\w+)>", r"{\1}", op.path)
        paths.setdefault(address, {})[op.method.lower()] = _describe(op, refs)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Riwaq",
            "version": __version__,
            "description": "The day of a travelling outreach event. Errors are RFC 9457 problems with a stable `code`.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": _PROBLEM},
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer", "description": "the token of a paired device"},
                "session": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-Session",
                    "description": "the session of staff signed in on a counter or at the welcome desk",
                },
            },
        },
    }


# `.` and `..` are steps in an address, and are gone before they come here.
_PART = {"type": "string", "minLength": 1, "maxLength": LONGEST_PART, "pattern": rf"^(?!\.{{1,2}}$)[^/{WRITTEN}]+$"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "detail": {"type": "string"},
    },
}


def _describe(op: Operation, refs: dict[Any, Any]) -> dict[str, Any]:
    names = re.findall(r"<(\w+)>", op.path)
    # What breaks the rule of a path's parts is no address, whatever the operation.
    errors = [*op.errors, *(("not_found",) if names else ()), *_ANYBODY]
    if op.roles != PUBLIC:
        errors = [*_ALWAYS, *errors]
    if op.body is not None:
        errors = [*_WITH_BODY, *errors]
    if op.query is not None:
        errors = ["bad_request", *errors]
    if any(model is not None and _must_be_seen(model.model_json_schema()) for model in (op.body, op.query)):
        errors = [*errors, UNSEEN]
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(errors):
        by_status.setdefault(CODES[code][0], []).append(code)
    described: dict[str, Any] = {
        "operationId": op.name,
        "summary": op.summary,
        "responses": {"200": {"description": "Done", **_content(op.answer, refs)}},
    }
    for status, codes in sorted(by_status.items()):
        described["responses"][str(status)] = {
            "description": ", ".join(f"`{code}`" for code in codes),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if names:
        described["parameters"] = [{"name": name, "in": "path", "required": True, "schema": _PART} for name in names]
    if op.query is not None:
        schema = op.query.model_json_schema()
        _say_clean(schema, {})
        described.setdefault("parameters", []).extend(
            {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": shape}
            for name, shape in schema["properties"].items()
        )
        described["responses"]["414"] = {"description": "the address is longer than this server reads"}
    if op.body is not None:
        described["requestBody"] = {"required": True, **_content(op.body, refs)}
    if op.roles != PUBLIC:
        described["security"] = [{"device": [], "session": []} if op.staff else {"device": []}]
        if op.staff and not op.roles <= op.staff:
            # Somebody must be signed in at some of these devices only.
            described["security"].insert(0, {"device": []})
        described["x-roles"] = sorted(op.roles)
        if op.people:
            described["x-people"] = sorted(op.people)
    else:
        described["security"] = []
    return described


def _must_be_seen(schema: Any) -> bool:
    """Whether a text of a schema may be refused because nobody can see it."""
    if isinstance(schema, dict):
        return SEEN in str(schema.get("pattern", "")) or any(map(_must_be_seen, schema.values()))
    return isinstance(schema, list) and any(map(_must_be_seen, schema))


def _say_clean(schema: Any, known: dict[str, Any]) -> None:
    """Say of every string in a body's schema that it must be clean, unless it is cleaned or is one of a few."""
    if isinstance(schema, list):
        for each in schema:
            _say_clean(each, known)
    if not isinstance(schema, dict):
        return
    if isinstance(keys := schema.get("propertyNames"), dict):
        keys.setdefault("type", "string")  # keys are nothing else, and pydantic leaves it out
    if "$ref" in schema:
        _say_clean(known[schema["$ref"].rpartition("/")[2]], known)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "format", "pattern", MARK}:
        schema["pattern"] = CLEAN_PATTERN
    for key in ("properties", "$defs"):
        for each in schema.get(key, {}).values():
            _say_clean(each, known)
    for key in ("items", "prefixItems", "additionalProperties", "propertyNames", "anyOf", "oneOf", "allOf"):
        _say_clean(schema.get(key), known)


def _content(model: Any, refs: dict[Any, Any]) -> dict[str, Any]:
    return {} if model is None else {"content": {"application/json": {"schema": refs[model]}}}
