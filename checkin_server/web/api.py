"""Declaring an API route: address, roles, body and answer in one place.

The declaration is what the router, the doorkeeper and the OpenAPI document are all made from, so they cannot disagree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from checkin_server.common.roles import OFFICE
from checkin_server.domain.refusal import Refusal
from checkin_server.services.once import Kept
from checkin_server.web.auth import PUBLIC, Caller, Doorkeeper, Rule, caller
from checkin_server.web.models.texts import REASON, UNSEEN
from checkin_server.web.problems import problem, refused

PREFIX = "/api/v1"
Result = Mapping[str, object] | Refusal | Response


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    name: str
    summary: str
    roles: frozenset[str]
    staff: frozenset[str]
    body: type[BaseModel] | None
    answer: type[BaseModel] | None
    errors: tuple[str, ...]
    query: type[BaseModel] | None = None
    people: frozenset[str] = frozenset()


class Api:
    """Collects operations and serves them."""

    def __init__(self, doorkeeper: Doorkeeper) -> None:
        self.blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
        self.operations: list[Operation] = []
        self._doorkeeper = doorkeeper

    # size: ten arguments are one declaration, read by name at each route
    def operation(
        self,
        method: str,
        path: str,
        *,
        roles: Iterable[str],
        answer: type[BaseModel] | None = None,
        body: type[BaseModel] | None = None,
        staff: bool | Iterable[str] = False,
        errors: Iterable[str] = (),
        query: type[BaseModel] | None = None,
        alone: bool = False,
        people: Iterable[str] = (),
    ) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        """Serve the function under `path`. It gets the path's values, and `body=` and `query=` when they are declared.

        `staff` says at which roles' devices somebody must be signed in; True stands for counters. The office's devices
        may read by themselves, and whatever else they do needs a person, unless a device may do it `alone`. With
        `people`, only persons of these roles may, on whichever of the devices they are signed in. The first line of the
        docstring is the operation's summary. The function returns the answer, a refusal, or a response.
        """
        allowed = frozenset(roles)
        signed_in = frozenset(("counter",) if staff is True else staff or ())
        persons = frozenset(people)
        if persons:
            signed_in |= allowed
            errors = (*errors, *(code for code in ("no_session", "wrong_role") if code not in errors))
        if method != "GET" and not alone:
            signed_in |= allowed & set(OFFICE)
            errors = (*errors, "no_session") if allowed & set(OFFICE) and "no_session" not in errors else errors

        def register(view: Callable[..., Result]) -> Callable[..., Result]:
            name = view.__name__
            summary = (view.__doc__ or name).strip().splitlines()[0]
            self.operations.append(
                Operation(method, path, name, summary, allowed, signed_in, body, answer, tuple(errors), query, persons)
            )

            def serve(**values: Any) -> Response:
                if body is not None:
                    read = _read(body)
                    if isinstance(read, Response):
                        return read
                    values["body"] = read
                if query is not None:
                    asked = _check(lambda: query.model_validate(request.args.to_dict()))
                    if isinstance(asked, Response):
                        return asked
                    values["query"] = asked
                result = view(**values)
                if isinstance(result, Response):
                    return result
                return refused(result) if isinstance(result, Refusal) else to_json(result)

            self.blueprint.add_url_rule(path, name, serve, methods=[method])
            self._doorkeeper.allow(f"api.{name}", Rule(allowed, signed_in, persons))
            return view

        return register


def to_json(document: Any, status: int = 200) -> Response:
    """Answer with JSON; an answer that was kept goes out as it was written then."""
    text = (
        document.text if isinstance(document, Kept) else json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    )
    return Response(text, status, mimetype="application/json")


def _read(model: type[BaseModel]) -> BaseModel | Response:
    if not request.is_json:
        return problem("not_json")
    sent = request.get_data(cache=False)
    return _check(lambda: _body_of(model, sent))


def _body_of(model: type[BaseModel], sent: bytes) -> BaseModel:
    """Read a body strictly. Raises ValidationError. A whole number is one however it is written: JSON Schema's word."""
    try:
        return model.model_validate_json(sent, strict=True)
    except ValidationError as error:
        if not any(e["type"] == "int_type" and isinstance(e["input"], float) for e in error.errors(include_url=False)):
            raise
        return model.model_validate_json(json.dumps(json.loads(sent, parse_float=_number)), strict=True)


def _number(written: str) -> int | float:
    value = float(written)
    return int(value) if value.is_integer() else value


def _check(read: Callable[[], BaseModel]) -> BaseModel | Response:
    try:
        return read()
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        kinds = {e["type"] for e in found}
        own = next((code for code in (UNSEEN, REASON) if kinds == {code}), "bad_request")
        code = "not_json" if "json_invalid" in kinds else own
        return problem(code, errors=[{"field": _field(e), "message": e["msg"]} for e in found])


def _field(error: ErrorDetails) -> str:
    """Name the field of an error; one of fields that do not go together says itself which."""
    inner = error.get("ctx", {}).get("field")
    return ".".join(str(part) for part in (*error["loc"], *([inner] if inner else ())))


__all__ = ["PREFIX", "PUBLIC", "Api", "Caller", "Operation", "Result", "caller", "to_json"]
